"""One state of an embedded index, as searches read it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property

from tantivy import DocAddress, Index, Order, Query, Searcher

from indexer.engines import IndexUnavailable
from indexer.engines.answering import Answer, Page, Row
from indexer.engines.embedded.counting import Counting
from indexer.engines.embedded.ranking import Ranking
from indexer.engines.embedded.scanning import BY_DAY, days
from indexer.engines.embedded.schema import CURSOR_KEY
from indexer.engines.embedded.translating import Translator
from indexer.engines.entry import NO_TEXTS, order, read_hit, read_texts
from indexer.query.clauses import AllOf, Clause, Keyword, Term
from indexer.query.cursor import Position
from indexer.query.question import Question
from indexer.query.request import FACETS

CHUNK = 500
"""Rows read at once where all are wanted in the order of a field."""

RANKED_CHUNK = 5_000
"""The same by relevance, where each chunk ranks everything again."""

COMMON = 50
"""Times what is counted to: a word in so many articles is not rare, however many of them were removed since."""

_DIRECTIONS = {"newest": Order.Desc, "oldest": Order.Asc, "changed": Order.Desc}


@contextmanager
def engine_errors() -> Iterator[None]:
    """What tantivy and the file system raise, as the reason the index is not available."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = str(error)
        if isinstance(error, OSError) and error.strerror:
            reason = f"{error.filename or ''}: {error.strerror}".removeprefix(": ")
        raise IndexUnavailable(f"the embedded index (MIC_INDEX) cannot be used: {reason}") from error


class Snapshot:
    """A Reader of what was committed when it was made. Safe to share between threads."""

    partial = False

    def __init__(self, index: Index, remembered: int) -> None:
        self._index = index
        self._searcher: Searcher = index.searcher()
        self._translator = Translator(index.schema)
        self._counting = Counting(self._searcher, self._translator, remembered)

    @cached_property
    def cursor(self) -> int:
        """How far in the record's change sequence it has come."""
        found = self._first(self._translator.matching(Keyword("key", (CURSOR_KEY,))))
        return int(self._searcher.doc(found).get_first("cursor") or 0) if found else 0

    @cached_property
    def documents(self) -> int:
        """Articles in it."""
        with engine_errors():
            return self._searcher.num_docs - (self._first(self._cursor_query()) is not None)

    @cached_property
    def _newest(self) -> date | None:
        with engine_errors():
            query = self._translator.matching(Keyword("dated", ("yes",)))
            hits = self._searcher.search(query, limit=1, order_by_field="day", order=Order.Desc, count=False).hits
            return date.fromordinal(hits[0][0]) if hits else None

    def newest(self) -> date | None:
        """The last day an article was published on."""
        return self._newest

    def count(self, clause: Clause, most: int, *, ahead: bool = False) -> int:  # noqa: ARG002 - none stops here
        """How many articles match; `ahead`, every facet is counted with them."""
        with engine_errors():
            if ahead:
                return sum(self._counting.by_value(clause, FACETS)["dated"].values())
            return self._counting.matching(clause)

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:
        """How many articles hold each word; of common ones, how many did before some were removed."""
        with engine_errors():
            held = [self._searcher.doc_freq(term.field, term.token) for term in terms]
            return [
                self._counting.matching(term) if articles <= COMMON * most else most
                for term, articles in zip(terms, held, strict=True)
            ]

    def ask(self, question: Question, page: Page) -> Answer:
        """Total, counts and one page of rows with their texts."""
        with engine_errors():
            counts = self._counts(question)
            return Answer(
                total=sum(counts["all"].values()),
                rows=tuple(self._page(question, page)),
                facets={facet: counts[facet] for facet in FACETS},
                years=counts["years"],
                undated=counts["all"].get("no", 0),
            )

    def top(self, question: Question, size: int) -> tuple[Row, ...]:
        """The first rows only, without texts and counts."""
        with engine_errors():
            return tuple(self._page(question, Page(size=size), texts=False))

    def rows(self, question: Question) -> Iterator[Row]:
        """Every row in order, without texts; all out of this one state of the index."""
        if question.sort in BY_DAY:
            return self._by_day(question)
        return self._by_pages(question)

    def _by_day(self, question: Question) -> Iterator[Row]:
        """By the day, then what is not dated."""
        newest = question.sort == "newest"
        dated, undated = (AllOf((question.under(), Keyword("dated", (known,)))) for known in ("yes", "no"))
        groups = days(self._searcher, lambda some: self._translator.matching(AllOf((dated, some))), newest=newest)
        while True:
            with engine_errors():
                group = next(groups, None)
                rows = [self._row(address, "", texts=False) for address in group or ()]
            if group is None:
                break
            yield from sorted(rows, key=_in_its_day, reverse=newest)
        yield from self._by_pages(replace(question, match=undated, filters={}))

    def _by_pages(self, question: Question) -> Iterator[Row]:
        size = RANKED_CHUNK if question.sort == "relevance" else CHUNK
        page = Page(size=size)
        while True:
            with engine_errors():
                chunk = list(self._page(question, page, texts=False))
            yield from chunk
            if len(chunk) < size:
                return
            last, rank = chunk[-1], page.first + size
            score = last.hit.score or 0.0
            after = Position(sort=question.sort, order=last.order, score=score, rank=rank)
            page = Page(first=rank, size=size, after=after)

    def find(self, key: str) -> Row | None:
        """One article with its texts."""
        with engine_errors():
            found = self._first(self._translator.matching(Keyword("key", (key,))))
            return self._row(found, order=key) if found else None

    def _counts(self, question: Question) -> dict[str, Mapping[str, int]]:
        """Every facet under the filters that are not its own, in as few passes as there are different filters."""
        wanted: dict[str, tuple[Clause, str]] = {facet: (question.under(facet), facet) for facet in FACETS}
        wanted["all"] = question.under(), "dated"
        wanted["years"] = question.under("year", "month", "days"), "year"
        fields: dict[Clause, set[str]] = {}
        for clause, field in wanted.values():
            fields.setdefault(clause, set()).add(field)
        counted = {
            clause: self._counting.by_value(clause, tuple(facet for facet in FACETS if facet in asked))
            for clause, asked in fields.items()
        }
        return {name: counted[clause][field] for name, (clause, field) in wanted.items()}

    def _page(self, question: Question, page: Page, *, texts: bool = True) -> Iterator[Row]:
        query = self._translator.scoring(question)
        if question.sort == "relevance":
            ranking = Ranking(self._searcher, query, self._key)
            ranked = ranking.after(page.after, page.size) if page.after else ranking.page(page.first, page.size)
            return (self._row(hit.address, hit.key, hit.score, texts=texts) for hit in ranked)
        return (
            self._row(address, order, texts=texts) for order, address in self._sorted(query, question.sort, page)
        )

    def _sorted(self, query: Query, sort: str, page: Page) -> Sequence[tuple[str, DocAddress]]:
        offset = page.first
        if page.after:
            limits = (
                f"{{* TO {page.after.order}}}"
                if _DIRECTIONS[sort] == Order.Desc
                else f"{{{page.after.order} TO *}}"
            )
            behind = self._index.parse_query(f"{sort}:{limits}")
            query, offset = query.and_must_match(behind), 0
        hits = self._searcher.search(
            query,
            limit=page.size,
            offset=offset,
            order_by_field=sort,
            order=_DIRECTIONS[sort],
            count=False,
        ).hits
        return [(str(order), address) for order, address in hits]

    def _row(self, address: DocAddress, order: str, score: float | None = None, *, texts: bool = True) -> Row:
        stored = self._searcher.doc(address)
        return Row(
            hit=read_hit(stored.get_first("card") or b"", score),
            order=order,
            texts=read_texts(stored.get_first("shown") or b"") if texts else NO_TEXTS,
        )

    def _key(self, address: DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("key"))

    def _first(self, query: Query) -> DocAddress | None:
        hits = self._searcher.search(query, limit=1, count=False).hits
        return hits[0][1] if hits else None

    def _cursor_query(self) -> Query:
        return self._translator.matching(Keyword("key", (CURSOR_KEY,)))


def _in_its_day(row: Row) -> str:
    return order(None, str(row.hit.key), "")
