"""What a file is made of: the search asked for, what the file tells of it, what it is called."""

import re
from typing import Final

from flask import request

from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.request import SearchRequest
from indexer.query.results import Tally
from webui import addresses, faceting, wording
from webui.arguments import read
from webui.export.writing import About
from webui.language import gettext, moment
from webui.services import services

_NAME_LETTERS: Final = 60


def asked() -> SearchRequest:
    """The search of this request."""
    return read(request.args.items(multi=True), services().labels)


def about(found: Tally) -> About:
    """The query, its filters, the time and the count, as a file tells them."""
    whole = found.request.whole()
    told = [(gettext("Query"), whole.query or gettext("All articles"))]
    told += [
        (faceting.facet_title(facet), ", ".join(faceting.facet_value(facet, value) for value in values))
        for facet, values in whole.filters
    ]
    if whole.since or whole.until:
        told.append((gettext("Published"), wording.days(whole.since, whole.until)))
    return [
        *told,
        (gettext("Order"), wording.sort(whole.sort)),
        (gettext("Articles"), str(found.total)),
        (gettext("Made"), moment(services().clock.now())),
        (gettext("Address"), addresses.in_full(addresses.search(whole))),
    ]


def file_name(wanted: SearchRequest, ending: str) -> str:
    """Letters, digits and hyphens alone: no header is broken by what was typed."""
    words = re.findall(r"[a-z0-9]+", fold(search_text(wanted.query)))
    name = "-".join(["mic", *words])[:_NAME_LETTERS].rstrip("-")
    return f"{name}-{services().clock.now():%Y-%m-%d}.{ending}"
