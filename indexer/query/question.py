"""A search as the engines are asked it: what matches and how, what scores, what filters, in which order (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from indexer.query.clauses import NOTHING, AllOf, AnyOf, Clause, Constant, Everything, Term
from indexer.query.fields import ALL, Filter, filters
from indexer.query.language import as_words, parse
from indexer.query.lexicon import Lexicon
from indexer.query.matching import ENOUGH, RARE, SHARES, Nearness, is_short, near, strict
from indexer.query.request import SearchRequest, Sort
from indexer.query.results import Mode
from indexer.query.scoring import Weights, score
from indexer.query.understood import Query

Count = Callable[[Clause, int], int]
"""How many articles a clause matches; counting may stop at the number given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """What matches a query, decided without its filters, so that a filter never changes the rule."""

    query: Query
    mode: Mode
    clause: Clause
    complete: Clause | None = None
    """In near mode, what matches strictly and therefore comes first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What an engine answers. `score` is None where the order is that of a field."""

    match: Clause
    score: Clause | None
    filters: Mapping[Filter, Clause]
    sort: Sort

    def under(self, *without: Filter) -> Clause:
        """What matches under every filter but these."""
        return AllOf((self.match, *(clause for name, clause in self.filters.items() if name not in without)))


def decide(text: str, lexicon: Lexicon, count: Count) -> Matching:
    """Choose how a query is matched. What finds nothing as operators is read as words. Raises QueryTooLong."""
    found = _decide(parse(text), lexicon, count)
    if found.query.structured and not count(found.clause, 1):
        words = as_words(text)
        found = _decide(Query(words.root, broken=True), lexicon, count)
    return found


def ask(request: SearchRequest, matching: Matching, lexicon: Lexicon, newest: date | None) -> Question:
    """The question a request puts, given how its words are matched."""
    sort: Sort = request.sort
    if sort == "relevance" and not (matching.query.words or matching.query.beginnings):
        sort = "newest"
    return Question(
        match=matching.clause,
        score=_score(matching, lexicon, newest) if sort == "relevance" else None,
        filters=filters(request),
        sort=sort,
    )


def _decide(query: Query, lexicon: Lexicon, count: Count) -> Matching:
    if not query.root.parts:
        return Matching(query=query, mode="everything", clause=Everything())
    every = strict(query, lexicon)
    if not query.relaxable:
        return Matching(query=query, mode="strict", clause=every)
    complete = count(every, ENOUGH) if is_short(query) else 0
    if complete >= ENOUGH:
        return Matching(query=query, mode="strict", clause=every)
    some, found = _near(query, lexicon, count, alone=not complete)
    if is_short(query) and found == complete:
        return Matching(query=query, mode="strict", clause=every)
    return Matching(query=query, mode="near", clause=some, complete=every if is_short(query) else None)


def _near(query: Query, lexicon: Lexicon, count: Count, *, alone: bool) -> tuple[Clause, int]:
    """The narrowest near match that finds ENOUGH, else the widest there is; and what it finds, at most ENOUGH.

    A rare word is reason enough only if nothing that matches stands beside it (`alone`).
    """
    some, found = NOTHING, 0
    for share in SHARES:
        some = near(query, lexicon, Nearness(share=share))
        found = count(some, ENOUGH)
        if found >= ENOUGH:
            return some, found
    if not alone:
        return some, found
    held = {word.bare: count(Term(ALL, word.bare), RARE + 1) for word in query.words}
    rare = frozenset(word for word, articles in held.items() if 0 < articles <= RARE)
    some = near(query, lexicon, Nearness(share=SHARES[-1], rare=rare))
    return some, count(some, ENOUGH)


def _score(matching: Matching, lexicon: Lexicon, newest: date | None) -> Clause:
    weights = Weights()
    scored = score(matching.query, lexicon, newest, weights)
    if matching.complete is None:
        return scored
    return AnyOf((scored, Constant(matching.complete, weights.complete)))
