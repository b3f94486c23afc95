"""What every template can use: addresses, words, and the filters that turn our types into text."""

from urllib.parse import quote, urlsplit

from flask import Flask
from markupsafe import Markup

from indexer.query.request import MAX_QUERY, Facet, SearchRequest
from webui import addresses, wording
from webui.accounts.forms import SHORTEST_PASSWORD
from webui.admin import wanted
from webui.arguments import write
from webui.corrections.form import in_words
from webui.search import page, steps
from webui.search.marking import marked
from webui.services import Services

_SHOWN_ADDRESS = 70
"""Characters of an address that are shown."""


def set_up(app: Flask, open_services: Services) -> None:
    """Give an application's templates what they use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "marked": marked,
        "pairs": write,
        "path": lambda address: urlsplit(address).path,
        "with_query": steps.with_query,
        "with_values": steps.with_values,
        "without_filters": steps.without_filters,
        "chips": lambda asked: page.chips(asked, addresses.search),
        "role": wording.role,
        "shown_address": shown_address,
        "outward": addresses.outward,
        "correction": in_words,
        "job_subject": lambda job: wanted.described(job.arguments),
        "bytes": wording.size,
        "share": wording.share,
        "anchor": anchor,
        "typed_day": lambda day: f"{day:%d/%m/%Y}" if day else "",
    }
    app.jinja_env.globals |= _names(open_services)
    app.context_processor(
        lambda: {
            "site_name": wording.archive(open_services.profile.name),
            "here": addresses.here(),
        }
    )


def _names(open_services: Services) -> dict[str, object]:
    """What templates call by name."""
    return {
        "addresses": addresses,
        "wording": wording,
        "profile": open_services.profile,
        "ministry": Markup('<span lang="{}">{}</span>').format(
            open_services.profile.language, open_services.profile.title
        ),
        "default_language": open_services.settings.language,
        "max_query": MAX_QUERY,
        "shortest_password": SHORTEST_PASSWORD,
        "then_names": frozenset(open_services.labels.then),
        "one_value": one_value,
        "vietnamese": page.VIETNAMESE,
        "quoted": quoted,
    }


def one_value(facet: Facet, value: str) -> SearchRequest:
    """Everything of one province, category, year …"""
    return SearchRequest(filters=((facet, (value,)),), sort="newest")


def quoted(text: str) -> SearchRequest:
    """What has exactly these words."""
    return SearchRequest(query=f'"{text.replace(chr(34), " ")}"')


def anchor(name: str) -> str:
    """A name as the end of an address that leads into a page: no two names of one article share one."""
    return quote(name.replace(" ", "-"), safe="").replace("%", ".")


def shown_address(address: str) -> str:
    """An address as people read it: without the scheme, cut in the middle where it is long."""
    text = address.partition("://")[2] or address
    if len(text) <= _SHOWN_ADDRESS:
        return text
    half = _SHOWN_ADDRESS // 2
    return f"{text[:half]}…{text[-half:]}"
