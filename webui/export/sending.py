"""A whole result sent as a file while it is made, for whoever asked: a form or a program."""

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import structlog
from flask import Response, abort, stream_with_context

from indexer.engines import IndexOutdated, IndexUnavailable
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.request import SearchRequest
from indexer.query.results import Hit, SearchResults
from webui import addresses, asking, faceting, wording
from webui.export.columns import COLUMNS
from webui.export.writing import FORMS, About, Row
from webui.language import gettext, moment
from webui.services import services

AT_ONCE: Final = 2
"""Files made at the same time by one process: each keeps a thread and the disk busy for as long as it lasts."""
_NAME_LETTERS: Final = 60
_making = threading.BoundedSemaphore(AT_ONCE)
_log = structlog.get_logger(__name__)


def sent(asked: SearchRequest, ending: str, names: tuple[str, ...]) -> Response:
    """Everything a search finds as a file of one of the FORMS, with these columns. 429 while others are made."""
    made = FORMS[ending]
    found = asking.search(replace(asked, size=1))
    rows = _rows(asking.scan(found.request.whole()), names)
    pieces = _to_the_end(made.write(_about(found), names, rows))
    answer = Response(stream_with_context(pieces), content_type=made.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(found.request, ending)}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    if not _making.acquire(blocking=False):
        abort(429)
    answer.call_on_close(_making.release)
    return answer


def _to_the_end(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What is sent; where the engine fails half-way the connection breaks, and no part passes for the whole."""
    try:
        yield from pieces
    except (IndexUnavailable, IndexOutdated) as error:
        _log.error("export cut short", reason=str(error))
        raise


def _rows(hits: Iterable[Hit], names: tuple[str, ...]) -> Iterator[Row]:
    readers = [COLUMNS[name].read for name in names]
    return ([reader(hit) for reader in readers] for hit in hits)


def _about(found: SearchResults) -> About:
    """The query, its filters, the time and the count, as the file tells them."""
    asked = found.request.whole()
    told = [(gettext("Query"), asked.query or gettext("All articles"))]
    told += [
        (faceting.facet_title(facet), ", ".join(faceting.facet_value(facet, value) for value in values))
        for facet, values in asked.filters
    ]
    if asked.since or asked.until:
        told.append((gettext("Published"), wording.days(asked.since, asked.until)))
    return [
        *told,
        (gettext("Order"), wording.sort(asked.sort)),
        (gettext("Articles"), str(found.total)),
        (gettext("Made"), moment(services().clock.now())),
        (gettext("Address"), addresses.in_full(addresses.search(asked))),
    ]


def _file_name(asked: SearchRequest, ending: str) -> str:
    """Letters, digits and hyphens alone: no header is broken by what was typed."""
    words = re.findall(r"[a-z0-9]+", fold(search_text(asked.query)))
    name = "-".join(["mic", *words])[:_NAME_LETTERS].rstrip("-")
    return f"{name}-{services().clock.now():%Y-%m-%d}.{ending}"
