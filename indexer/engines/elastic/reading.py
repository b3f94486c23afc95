"""An index in Elasticsearch, as one search reads it."""

import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from elasticsearch import Elasticsearch

from indexer.engines.answering import Answer, Page, Row
from indexer.engines.elastic.client import engine_errors, for_reading
from indexer.engines.elastic.translating import Json, query, scored
from indexer.engines.entry import NO_TEXTS, read_hit, read_texts
from indexer.query.clauses import AllOf, Clause, Keyword, Term
from indexer.query.fields import MAX_FACET_VALUES, Filter
from indexer.query.question import Question
from indexer.query.request import FACETS, Facet

CHUNK = 1_000
"""Rows read at once where all are wanted."""

SCAN_SECONDS = 30.0
"""What one request of a scan may take."""

KEEP = "5m"
"""How long the state a scan reads is kept between two of its requests."""

_SORTS: Mapping[str, list[Json]] = {
    "relevance": [{"_score": "desc"}, {"key": "asc"}],
    "newest": [{"newest": "desc"}],
    "oldest": [{"oldest": "asc"}],
    "changed": [{"changed": "desc"}],
}


class ElasticReader:
    """A Reader that gives up at `until` (monotonic seconds). `index` is an alias or a generation."""

    def __init__(self, client: Elasticsearch, index: str, newest: date | None, until: float) -> None:
        self._client, self._index, self._newest, self._until = client, index, newest, until
        self.partial = False
        """Whether what was counted so far is a part: some shards did not answer."""

    def newest(self) -> date | None:
        """The last day an article was published on, as known some seconds ago."""
        return self._newest

    def last_day(self) -> date | None:
        """Ask for the last day an article was published on."""
        dated = Question(match=Keyword("dated", ("yes",)), score=None, filters={}, sort="newest")
        rows = self.top(dated, 1)
        return rows[0].hit.published if rows else None

    def count(self, clause: Clause, most: int, *, ahead: bool = False) -> int:  # noqa: ARG002 - it is cheap
        """How many articles match, at most `most`."""
        with engine_errors():
            said = self._hurried().search(
                index=self._index,
                query={"bool": {"filter": [query(clause)]}},
                size=0,
                track_total_hits=most,
            )
        self.partial |= _in_part(said)
        return int(said["hits"]["total"]["value"])

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:  # noqa: ARG002 - it counts no less
        """How many articles hold each word, all in one request that reads no postings."""
        if not terms:
            return []
        with engine_errors():
            said = self._hurried().search(
                index=self._index,
                size=0,
                track_total_hits=False,
                aggregations={"held": {"filters": {"filters": [query(term) for term in terms]}}},
            )
        return [bucket["doc_count"] for bucket in said["aggregations"]["held"]["buckets"]]

    def ask(self, question: Question, page: Page) -> Answer:
        """Everything in one request: filters that a facet leaves out are applied after counting."""
        later = _later(question)
        now = [question.match, *(clause for name, clause in question.filters.items() if name not in later)]
        with engine_errors():
            said = self._hurried().search(
                index=self._index,
                query=scored(question, now),
                post_filter=query(AllOf(tuple(question.filters[name] for name in later))) if later else None,
                aggregations=_aggregations(question, later),
                track_total_hits=True,
                source_includes=["card", "shown"],
                timeout=f"{max(1, int(self._left() * 800))}ms",
                **self._paging(question, page),
            )
        counts = _counts(said["aggregations"])
        return Answer(
            total=said["hits"]["total"]["value"],
            rows=tuple(_row(hit) for hit in said["hits"]["hits"]),
            facets={facet: counts[facet] for facet in FACETS},
            years=counts["years"],
            undated=counts["dated or not"].get("no", 0),
            partial=_in_part(said),
        )

    def top(self, question: Question, size: int) -> tuple[Row, ...]:
        """The first rows only, without texts and counts."""
        with engine_errors():
            said = self._hurried().search(
                index=self._index,
                query=scored(question, [question.under()]),
                source_includes=["card"],
                track_total_hits=False,
                **self._paging(question, Page(size=size)),
            )
        return tuple(_row(hit) for hit in said["hits"]["hits"])

    def rows(self, question: Question) -> Iterator[Row]:
        """Every row in order, out of the state the index is in when the first is asked for; none is left out."""
        client = for_reading(self._client, SCAN_SECONDS)
        with engine_errors():
            point = client.open_point_in_time(index=self._index, keep_alive=KEEP)["id"]
        after: list[Any] | None = None
        try:
            while True:
                with engine_errors():
                    said = client.search(
                        pit={"id": point, "keep_alive": KEEP},
                        query=scored(question, [question.under()]),
                        source_includes=["card"],
                        track_total_hits=False,
                        sort=_SORTS[question.sort],
                        size=CHUNK,
                        search_after=after,
                        allow_partial_search_results=False,
                    )
                hits = said["hits"]["hits"]
                yield from map(_row, hits)
                if len(hits) < CHUNK:
                    return
                point, after = said["pit_id"], hits[-1]["sort"]
        finally:
            with engine_errors():
                client.close_point_in_time(id=point)

    def find(self, key: str) -> Row | None:
        """One article with its texts."""
        with engine_errors():
            said = self._hurried().search(
                index=self._index,
                query={"term": {"key": {"value": key}}},
                source_includes=["card", "shown"],
                size=1,
            )
        hits = said["hits"]["hits"]
        return _row(hits[0]) if hits else None

    def _hurried(self) -> Elasticsearch:
        return for_reading(self._client, self._left())

    def _left(self) -> float:
        return max(0.05, self._until - time.monotonic())

    def _paging(self, question: Question, page: Page) -> Json:
        paging: Json = {
            "sort": _SORTS[question.sort],
            "size": page.size,
            # The same query goes to the same copies of the shards, whose scores differ a little.
            "preference": f"q{zlib.crc32(repr(question.match).encode('utf-8', 'replace'))}",
        }
        if question.sort == "relevance":
            paging["search_type"] = "dfs_query_then_fetch"
        if page.after is None:
            return paging | {"from_": page.first}
        order = page.after.order
        return paging | {"search_after": [page.after.score, order] if question.sort == "relevance" else [order]}


def _in_part(said: Any) -> bool:
    return bool(said["timed_out"] or said["_shards"]["failed"])


def _later(question: Question) -> set[Filter]:
    """Filters that something is counted without: those of the facets, and the days (the years leave them out)."""
    return {name for name in question.filters if name == "days" or name in FACETS}


def _aggregations(question: Question, later: set[Filter]) -> Json:
    """Each count under the filters that apply to it, of those that come later."""
    asked: dict[str, tuple[str, set[Filter]]] = {"dated or not": ("dated", later)}
    asked |= {facet: (facet, later - {facet}) for facet in FACETS}
    asked["years"] = ("year", later - {"year", "month", "days"})
    return {
        name: {
            "filter": query(AllOf(tuple(question.filters[filter_] for filter_ in sorted(filters)))),
            "aggregations": {"values": {"terms": {"field": field, "size": MAX_FACET_VALUES}}},
        }
        for name, (field, filters) in asked.items()
    }


def _counts(said: Json) -> dict[Facet | str, dict[str, int]]:
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in group["values"]["buckets"]}
        for name, group in said.items()
    }


def _row(hit: Json) -> Row:
    source = hit["_source"]
    return Row(
        hit=read_hit(source["card"], hit["_score"]),
        order=hit["sort"][-1] if "sort" in hit else hit["_id"],
        texts=read_texts(source["shown"]) if "shown" in source else NO_TEXTS,
    )
