"""The articles before and after one in the result list that led to it: the list's address is all that is known."""

from dataclasses import dataclass, replace

from crawler.address import Key
from indexer.query.cursor import Position
from indexer.query.request import MAX_DEPTH, SORTS, SearchRequest
from indexer.query.results import Hit, SearchResults
from webui import asking, outage


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """Another article of the list, and the page of the list it stands on."""

    key: Key
    title: str
    language: str
    request: SearchRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an article stands in a list."""

    number: int
    total: int
    previous: Neighbour | None
    next: Neighbour | None


def place(key: Key, request: SearchRequest) -> Place | None:
    """The article's place in a list; None where it is not on that page of it, or not all is known of the list."""
    return outage.ask(lambda: _place(key, request), None)


def _place(key: Key, request: SearchRequest) -> Place | None:
    found = asking.search(request)
    at = next((index for index, hit in enumerate(found.hits) if hit.key == key), None)
    if at is None or found.partial:
        return None
    return Place(
        number=_before(request) + at + 1,
        total=found.total,
        previous=_previous(found, at),
        next=_next(found, at),
    )


def _before(request: SearchRequest) -> int:
    """How many stand on earlier pages."""
    if request.after:
        positions = (Position.read(request.after, sort) for sort in SORTS)
        return next((position.rank for position in positions if position), 0)
    return (request.page - 1) * request.size


def _previous(found: SearchResults, at: int) -> Neighbour | None:
    request = found.request
    if at > 0:
        return _neighbour(found.hits[at - 1], request)
    if request.after or request.page == 1:
        return None
    before = replace(request, page=request.page - 1)
    hits = asking.search(before).hits
    return _neighbour(hits[-1], before) if hits else None


def _next(found: SearchResults, at: int) -> Neighbour | None:
    request = found.request
    if at + 1 < len(found.hits):
        return _neighbour(found.hits[at + 1], request)
    if not found.next:
        return None
    by_page = not request.after and (request.page + 1) * request.size <= MAX_DEPTH
    after = replace(request, page=request.page + 1) if by_page else replace(request, page=1, after=found.next)
    hits = asking.search(after).hits
    return _neighbour(hits[0], after) if hits else None


def _neighbour(hit: Hit, request: SearchRequest) -> Neighbour:
    return Neighbour(key=hit.key, title=hit.title.text, language=hit.language, request=request)
