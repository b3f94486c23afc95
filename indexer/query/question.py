"""A search as the engines are asked it: what matches and how, what scores, what filters, in which order (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from indexer.query.clauses import NOTHING, AllOf, AnyOf, Clause, Everything, Keyword, Term
from indexer.query.fields import Filter, filters, headings
from indexer.query.language import as_words, parse
from indexer.query.lexicon import Lexicon
from indexer.query.matching import Nearness, is_short, near, number_keys, numbers_in, operands, rarest, strict
from indexer.query.request import SearchRequest, Sort
from indexer.query.results import Mode
from indexer.query.scoring import Scored, reasons
from indexer.query.understood import Query


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """What matches a query, decided without its filters, so that a filter never changes the rule."""

    scored: Scored
    mode: Mode
    clause: Clause

    @property
    def query(self) -> Query:
        """The query as it was understood."""
        return self.scored.query

    @property
    def ranks(self) -> bool:
        """Whether there is anything that makes one article match better than another."""
        query = self.query
        return bool(query.words or query.beginnings or any(operands(query.root)))


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


class Counts(Protocol):
    """Who counts articles."""

    def count(self, clause: Clause, most: int) -> int:
        """How many articles a clause matches; counting may stop at `most`."""

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:
        """How many articles hold each word; counting one may stop at `most`."""


def decide(text: str, lexicon: Lexicon, counts: Counts) -> Matching:
    """Choose how a query is matched. What finds nothing as operators is read as words. Raises QueryTooLong.

    A title that was pasted is no query, though what it holds may look like operators.
    """
    query = parse(text, lexicon)
    words = as_words(text)
    if query.structured:
        if not (query.excludes and _is_title(text, counts)):
            found = _decide(query, text, lexicon, counts)
            if counts.count(found.clause, 1):
                return found
        query = Query(words.root, broken=True)
    return _decide(query, text, lexicon, counts)


def ask(request: SearchRequest, matching: Matching, lexicon: Lexicon, newest: date | None) -> Question:
    """The question a request puts, given how its words are matched."""
    sort: Sort = request.sort
    if sort == "relevance" and not matching.ranks:
        sort = "newest"
    scored = AnyOf(tuple(reason.clause for reason in reasons(matching.scored, lexicon, newest)))
    return Question(
        match=matching.clause,
        score=scored if sort == "relevance" else None,
        filters=filters(request),
        sort=sort,
    )


def _is_title(text: str, counts: Counts) -> bool:
    heading = headings(text)[:1]
    return bool(heading) and counts.count(Keyword("heading", heading), 1) > 0


def _decide(query: Query, text: str, lexicon: Lexicon, counts: Counts) -> Matching:
    if not query.root.parts:
        return Matching(scored=Scored(query=query), mode="everything", clause=Everything())
    numbers = () if query.structured else number_keys(text, lexicon)
    scored = Scored(query=query, numbers=numbers, typed=text)
    every = _or_numbered(strict(query, lexicon), query, numbers)
    rules = lexicon.tuning.rules
    strictly = Matching(scored=scored, mode="strict", clause=every)
    if not query.relaxable:
        return strictly
    short = is_short(query, rules.short)
    complete = counts.count(every, rules.enough) if short or numbers else 0
    if complete >= (1 if numbers else rules.enough):
        return strictly
    means_all = is_short(query, rules.first)
    some, found = _near(query, lexicon, counts, alone=not (complete and means_all))
    if short and found == complete:
        return strictly
    return Matching(scored=replace(scored, complete=every if means_all else None), mode="near", clause=some)


def _or_numbered(every: Clause, query: Query, numbers: tuple[str, ...]) -> Clause:
    """All words, or what has the number that was typed; beside other words, what issues the document is enough."""
    if numbers:
        return AnyOf((every, Keyword("numbers", numbers)))
    standing = () if query.structured else numbers_in(tuple(word.bare for word in run) for run in query.runs)
    return AnyOf((every, Keyword("issues", standing))) if standing else every


def _near(query: Query, lexicon: Lexicon, counts: Counts, *, alone: bool) -> tuple[Clause, int]:
    """The narrowest near match that finds enough, else the widest; and what it finds, as far as it is counted.

    `alone` tells whether a rare word is reason enough.
    """
    rules = lexicon.tuning.rules
    rare = tuple(rarest(query, rules, counts.count_each)) if alone else ()
    steps = [Nearness(share=share, least=rules.least, rare=rare) for share in rules.shares]
    some, found = NOTHING, 0
    for nearness in (*steps, Nearness(share=0, rare=rare)):
        some = near(query, lexicon, nearness)
        found = counts.count(some, rules.enough)
        if found >= rules.enough:
            break
    return some, found
