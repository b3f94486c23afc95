"""How a search is answered: the same steps over whichever engine reads the index."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from indexer.engines.entry import NO_TEXTS, Texts
from indexer.language.collation import collation_key
from indexer.query.clauses import AllOf, Clause, Keyword, Term
from indexer.query.cursor import Position
from indexer.query.fields import LEADERS, filters
from indexer.query.highlight import Highlighter
from indexer.query.lexicon import Lexicon
from indexer.query.lifting import lift
from indexer.query.question import Matching, Question, ask, decide
from indexer.query.request import FACETS, MAX_DEPTH, MAX_SIZE, Facet, SearchRequest
from indexer.query.results import Because, Explained, FacetCounts, FacetValue, Hit, SearchResults, Tally, YearCount
from indexer.query.scoring import reasons

EXACTLY = 2**31 - 1
"""Counted to where every article counts: engines take no larger number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Which hits are wanted: `size` of them, from the one numbered `first` (from 0), or those behind `after`."""

    first: int = 0
    size: int
    after: Position | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One hit without marks and snippets. `order` is what it is sorted by: a field's value, or the key."""

    hit: Hit
    order: str
    texts: Texts = NO_TEXTS


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an engine says to a question. Each facet is counted under all filters but its own."""

    total: int = 0
    rows: tuple[Row, ...] = ()
    facets: Mapping[Facet, Mapping[str, int]] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    """Under all filters but the year, the month and the days."""
    undated: int = 0
    partial: bool = False


class Reader(Protocol):
    """One state of an index, for the length of one search. Every method may raise IndexUnavailable."""

    @property
    def partial(self) -> bool:
        """Whether what was counted so far is a part: some of the engine did not answer."""

    def count(self, clause: Clause, most: int, *, ahead: bool = False) -> int:
        """How many articles match; may stop counting at `most`. `ahead`: their facets are asked for next."""

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:
        """How many articles hold each word; may stop counting one at `most`."""

    def newest(self) -> date | None:
        """The last day an article was published on."""

    def ask(self, question: Question, page: Page) -> Answer:
        """Total, counts and one page of rows with their texts."""

    def top(self, question: Question, size: int) -> tuple[Row, ...]:
        """The first rows only, without texts and counts."""

    def rows(self, question: Question) -> Iterator[Row]:
        """Every row in order, without texts, in constant memory."""

    def find(self, key: str) -> Row | None:
        """One article with its texts."""


def search(reader: Reader, request: SearchRequest, lexicon: Lexicon) -> SearchResults:
    """Answer a search. Raises QueryTooLong."""
    began = time.perf_counter()
    request = _sensible(lift(request, lexicon))
    matching, question = _question(reader, request, lexicon, facets=True)
    page = _page(request, question)
    answer = reader.ask(question, page)
    if answer.total and not answer.rows and page.first:
        request = replace(request, page=(min(answer.total, MAX_DEPTH) - 1) // request.size + 1)
        page = _page(request, question)
        answer = reader.ask(question, page)
    rows = answer.rows[: request.size]
    return SearchResults(
        request=request,
        mode=matching.mode,
        understood=matching.query,
        read_as=" ".join(word.text for word in matching.query.words) if matching.query.broken else "",
        total=answer.total,
        hits=tuple(_shown(rows, matching)),
        facets=tuple(_facet(name, answer.facets.get(name, {}), request.values(name)) for name in FACETS),
        years=tuple(YearCount(year=int(year), count=count) for year, count in sorted(answer.years.items())),
        undated=answer.undated,
        next=_cursor(question, page, rows) if len(answer.rows) > request.size else "",
        partial=answer.partial,
        took_ms=(time.perf_counter() - began) * 1_000,
    )


def tally(reader: Reader, request: SearchRequest, lexicon: Lexicon) -> Tally:
    """How much a search finds. Raises QueryTooLong."""
    request = _sensible(lift(request, lexicon))
    matching, question = _question(reader, request, lexicon)
    total = reader.count(question.under(), EXACTLY)
    return Tally(request=request, mode=matching.mode, total=total, partial=reader.partial)


def scan(reader: Reader, request: SearchRequest, lexicon: Lexicon) -> Iterator[Hit]:
    """Every hit of a search in its order. Raises QueryTooLong."""
    _, question = _question(reader, lift(request, lexicon), lexicon)
    return (row.hit for row in reader.rows(question))


def explain(reader: Reader, request: SearchRequest, lexicon: Lexicon) -> tuple[Explained, ...]:
    """Why the hits of one page are where they are: each reason is asked alone, of these articles only."""
    request = _sensible(lift(request, lexicon))
    matching, question = _question(reader, request, lexicon, facets=True)
    rows = reader.ask(question, _page(request, question)).rows[: request.size]
    keys = tuple(str(row.hit.key) for row in rows)
    added: dict[str, list[Because]] = {key: [] for key in keys}
    if question.score is not None and keys:
        for reason in reasons(matching.scored, lexicon, reader.newest()):
            alone = AllOf((Keyword("key", keys), reason.clause))
            for row in reader.top(
                Question(match=alone, score=reason.clause, filters={}, sort="relevance"), len(keys)
            ):
                added[str(row.hit.key)].append(Because(why=reason.why, adds=row.hit.score or 0.0))
    return tuple(
        Explained(hit=row.hit, because=tuple(sorted(added[key], key=lambda one: -one.adds)))
        for key, row in zip(keys, rows, strict=True)
    )


def ranked(reader: Reader, clause: Clause, size: int) -> Sequence[Hit]:
    """The first hits of a clause tree by its own score."""
    question = Question(match=clause, score=clause, filters={}, sort="relevance")
    return tuple(row.hit for row in reader.top(question, size))


def _question(
    reader: Reader, request: SearchRequest, lexicon: Lexicon, *, facets: bool = False
) -> tuple[Matching, Question]:
    """How a request is matched, and what is asked then; `facets` tells whether they are asked for with it."""
    ahead = facets and filters(request).keys() == {"reprint"}
    matching = decide(request.query, lexicon, _Leaders(reader=reader, ahead=ahead))
    return matching, ask(request, matching, lexicon, reader.newest())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Leaders:
    """Counts articles and leaves reprints out, as results do that nobody has filtered."""

    reader: Reader
    ahead: bool
    """Whether what is counted may be the whole result."""

    def count(self, clause: Clause, most: int) -> int:
        return self.reader.count(AllOf((clause, LEADERS)), most, ahead=self.ahead)

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:
        return self.reader.count_each(terms, most)


def _sensible(request: SearchRequest) -> SearchRequest:
    """The nearest request that can be answered."""
    size = min(max(request.size, 1), MAX_SIZE)
    return replace(request, size=size, page=min(max(request.page, 1), MAX_DEPTH // size))


def _page(request: SearchRequest, question: Question) -> Page:
    """One hit more than is shown tells whether another page follows."""
    after = Position.read(request.after, question.sort) if request.after else None
    first = after.rank if after else (request.page - 1) * request.size
    return Page(first=first, size=request.size + 1, after=after)


def _cursor(question: Question, page: Page, rows: tuple[Row, ...]) -> str:
    last = rows[-1]
    rank = page.first + len(rows)
    return Position(sort=question.sort, order=last.order, score=last.hit.score or 0.0, rank=rank).write()


def _shown(rows: tuple[Row, ...], matching: Matching) -> Iterator[Hit]:
    highlighter = Highlighter(matching.query)
    for row in rows:
        texts = row.texts
        yield replace(
            row.hit,
            title=highlighter.title(row.hit.title.text),
            snippets=highlighter.snippets(texts.lead, texts.body, texts.attachments),
        )


def _facet(name: Facet, counts: Mapping[str, int], chosen: tuple[str, ...]) -> FacetCounts:
    everything = {**dict.fromkeys(chosen, 0), **counts}
    ordered = sorted(everything.items(), key=lambda pair: (-pair[1], collation_key(pair[0])))
    return FacetCounts(
        facet=name,
        values=tuple(FacetValue(value=value, count=count, chosen=value in chosen) for value, count in ordered),
    )
