"""`province:` in a query becomes a filter, shown as a chip and counted like one that was chosen (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.query.language import FIELDED, parse, plain
from indexer.query.lexicon import Lexicon
from indexer.query.operators import field_of
from indexer.query.request import FACETS, Facet, SearchRequest
from indexer.query.understood import Restricted


def lift(request: SearchRequest, lexicon: Lexicon) -> SearchRequest:
    """The request with the provinces of its query among its filters. Raises QueryTooLong.

    Only what must hold anyway can be lifted: not what is excluded, nor what stands in parentheses or beside OR.
    """
    if ":" not in request.query:
        return request
    query = plain(request.query)
    asked = [part for part in parse(query, lexicon).root.parts if isinstance(part, Restricted)]
    provinces = [part for part in asked if part.field == "province"]
    rest = _without(query, [part.written for part in provinces])
    if not provinces or rest is None:
        return request
    chosen: dict[Facet, tuple[str, ...]] = dict(request.filters)
    for part in provinces:
        facet: Facet = "then" if part.values else "today"
        values = (*chosen.get(facet, ()), *part.values, *part.today)
        chosen[facet] = tuple(dict.fromkeys(values))
    return replace(
        request, query=rest, filters=tuple((facet, chosen[facet]) for facet in FACETS if facet in chosen)
    )


def _without(query: str, values: Sequence[str]) -> str | None:
    """The query without so many operators of these values, the first of each; None if they are not all there."""
    left, kept, done = list(values), list[str](), 0
    for start, end, value in _operators(query):
        if value in left:
            left.remove(value)
            kept.append(query[done:start])
            done = end
    return None if left else " ".join("".join((*kept, query[done:])).split())


def _operators(query: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and value of each `province:` that is not excluded, not quoted and in no parentheses."""
    for found in FIELDED.finditer(query):
        before = query[: found.start()]
        plain = before.count('"') % 2 == 0 and before.count("(") == before.count(")") and not before.endswith("-")
        if plain and field_of(found["name"]) == "province":
            yield found.start(), found.end(), found["value"].strip('"')
