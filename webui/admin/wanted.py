"""What an administrator asks to be crawled again: read from a form, checked, worded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from crawler.address import Addresses
from indexer.jobs.tasks import SEARCH
from indexer.query.language import QueryTooLong
from indexer.query.request import SearchRequest
from webui.arguments import read, write
from webui.faceting import facet_value
from webui.language import gettext
from webui.services import Services
from webui.wording import days

MOST_URLS = 200
"""Addresses in one recrawl; a category or a search takes more."""
KINDS: Final = ("urls", "category", "search", "site")


class WantedError(ValueError):
    """What is asked for makes no sense; the message is for the one who asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One recrawl that was asked for: as the job takes it, as people read it, as a form asks for it again."""

    arguments: Mapping[str, Any]
    words: str
    field: tuple[str, str]


def wanted(form: MultiDict[str, str], open_services: Services) -> Wanted | None:
    """What the form asks for, None where it is empty. Raises WantedError."""
    kind = next((kind for kind in KINDS if kind in form), None)
    match kind:
        case "urls":
            return _urls(form["urls"], open_services)
        case "category":
            return _category(form["category"], open_services)
        case "search":
            return _search(form["search"], open_services)
        case "site":
            return Wanted(arguments={"site": True}, words=gettext("the whole site"), field=("site", "1"))
        case _:
            return None


def described(arguments: Mapping[str, Any]) -> str:
    """A job's arguments in words."""
    match dict(arguments):
        case {"urls": [url]}:
            return str(url)
        case {"urls": [*urls]}:
            return gettext("%(n)s addresses", n=len(urls))
        case {"category": name}:
            return gettext("category %(name)s", name=name)
        case {"search": str(text)}:
            return _in_words(SEARCH.load(text))
        case {"site": _}:
            return gettext("the whole site")
        case _:
            return ""


def _urls(text: str, open_services: Services) -> Wanted:
    urls = list(dict.fromkeys(text.split()))
    if not urls:
        raise WantedError(gettext("Give at least one address."))
    if len(urls) > MOST_URLS:
        raise WantedError(
            gettext("At most %(n)s addresses at a time; a category or a search takes more.", n=MOST_URLS)
        )
    addresses = Addresses(open_services.profile)
    for url in urls:
        address = addresses.read(url)
        if not address.allowed:
            raise WantedError(gettext("%(url)s may not be fetched: %(why)s", url=url[:200], why=address.why))
    arguments = {"urls": urls}
    return Wanted(arguments=arguments, words=described(arguments), field=("urls", "\n".join(urls)))


def _category(name: str, open_services: Services) -> Wanted:
    if name not in open_services.profile.categories.values():
        raise WantedError(gettext("There is no category of that name."))
    arguments = {"category": name}
    return Wanted(arguments=arguments, words=described(arguments), field=("category", name))


def _search(text: str, open_services: Services) -> Wanted:
    """A query string, or the whole address of a result list."""
    query = text.strip().partition("#")[0].rpartition("?")[2]
    try:
        found = read(parse_qsl(query), open_services.labels)
    except QueryTooLong as error:
        raise WantedError(gettext("The query is too long")) from error
    asked = replace(found, sort="relevance", page=1, size=SearchRequest().size, after="")
    if asked == SearchRequest():
        raise WantedError(gettext("That search finds everything; recrawl the whole site instead."))
    field = ("search", urlencode(write(asked)))
    return Wanted(arguments={"search": SEARCH.dump(asked)}, words=_in_words(asked), field=field)


def _in_words(asked: SearchRequest) -> str:
    parts = [f"“{asked.query}”"] if asked.query else []
    parts += [facet_value(facet, value) for facet, values in asked.filters for value in values]
    parts += [days(asked.since, asked.until)] if asked.since or asked.until else []
    return gettext("articles found by: %(search)s", search=" · ".join(parts))
