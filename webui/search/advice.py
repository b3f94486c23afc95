"""What to try when nothing was found: filters that stand in the way, nearest searches that find something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.engines import SearchIndex
from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults
from webui import faceting, wording
from webui.language import gettext
from webui.search import steps

MOST = 3
"""Searches offered of each kind."""
TRIES = 6
"""Searches tried of each kind: an empty page must not cost more than a full one by much."""
_OPERATORS = re.compile(r"[\"“”()*]|(?<!\S)-?[^\W\d_][\w-]*:(?=\S)|(?<!\S)-(?=\S)|(?<!\S)(?:OR|AND)(?!\S)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A search that finds something."""

    label: str
    request: SearchRequest
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """What helps after an empty result."""

    removals: tuple[Offer, ...] = ()
    """The same search without one of its filters, the one that finds most first."""
    searches: tuple[Offer, ...] = ()
    """Other queries, the nearest first."""


def advise(index: SearchIndex, results: SearchResults) -> Advice:
    """Find out what would find something. May raise IndexUnavailable."""
    removals = sorted(_tried(index, _removals(results.request), TRIES), key=lambda offer: -offer.total)
    searches = _tried(index, _searches(results), MOST)
    return Advice(removals=tuple(removals[:MOST]), searches=tuple(searches))


def _tried(index: SearchIndex, candidates: Iterator[tuple[str, SearchRequest]], enough: int) -> list[Offer]:
    offers: list[Offer] = []
    for _, (label, request) in zip(range(TRIES), candidates, strict=False):
        total = index.tally(request).total
        if total:
            offers.append(Offer(label=label, request=request, total=total))
        if len(offers) == enough:
            break
    return offers


def _removals(request: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    for facet, values in request.filters:
        shown = ", ".join(faceting.facet_value(facet, value) for value in values)
        label = gettext("without %(filter)s: %(value)s", filter=faceting.facet_title(facet), value=shown)
        yield label, steps.with_values(request, facet, ())
    if request.since or request.until:
        span = wording.days(request.since, request.until)
        label = gettext("without %(filter)s: %(value)s", filter=gettext("Published"), value=span)
        yield label, steps.without_days(request)


def _searches(results: SearchResults) -> Iterator[tuple[str, SearchRequest]]:
    request = results.request
    seen = {request}
    for query in _queries(request.query, results.correction):
        for near in (steps.with_query(request, query), SearchRequest(query=query)):
            if near not in seen:
                seen.add(near)
                yield query, near


def _queries(query: str, correction: str) -> Iterator[str]:
    """The correction, the query itself (without filters), its bare words, its two halves, its single words."""
    if correction:
        yield correction
    yield query
    words = _OPERATORS.sub(" ", query).split()
    yield " ".join(words)
    if len(words) > 2:  # noqa: PLR2004 - two words have no halves but themselves
        middle = (len(words) + 1) // 2
        yield " ".join(words[:middle])
        yield " ".join(words[middle:])
    elif len(words) > 1:
        yield from sorted(words, key=len, reverse=True)
