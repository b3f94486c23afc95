"""How well the search page finds: the usual scores over any documents and queries, in an index of its own."""

import json
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.settings import Settings
from crawler.address import Key
from indexer.document import Change, IndexedDocument
from indexer.engines import SearchIndex
from indexer.engines.opening import open_index
from indexer.query.clauses import AnyOf, Clause, Term
from indexer.query.fields import at
from indexer.query.language import QueryTooLong, read_words
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.query.understood import Word

DEPTH = 10
"""Hits of each answer that are looked at: the @10 of the scores."""

AT_ONCE = 500


class BadInput(Exception):  # noqa: N818 - the message is for whoever wrote the file
    """A file of documents or queries cannot be used; the message names the file, the line and the mistake."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A query and the ids of the documents that answer it."""

    query: str
    relevant: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """Means over all queries, between 0 and 1, and the time one answer takes, in milliseconds."""

    mrr: float
    ndcg: float
    recall: float
    p50_ms: float
    p95_ms: float
    matched: float
    """Share of the documents that match, at the median."""

    def as_json(self) -> dict[str, float]:
        """The scores by the names they are printed under."""
        return {
            f"mrr@{DEPTH}": round(self.mrr, 4),
            f"ndcg@{DEPTH}": round(self.ndcg, 4),
            f"recall@{DEPTH}": round(self.recall, 4),
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
        }


Find = Callable[[str], tuple[Sequence[Key], int]]
"""A query to the keys of its first hits, and how many articles match."""


class Evaluation:
    """Documents in a scratch index, ready to be asked."""

    def __init__(self, index: SearchIndex, names: Mapping[Key, str]) -> None:
        self._index, self._names = index, names

    def page(self, queries: Sequence[Judged]) -> Scores:
        """What the search page finds."""
        return self._measure(self._as_the_page, queries)

    def baselines(self, queries: Sequence[Judged]) -> dict[str, Scores]:
        """What one would get from words alone, any of them matching: as they are written, and without marks."""
        return {
            "plain syllables": self._measure(self._by_words(_plain), queries),
            "folded syllables": self._measure(self._by_words(_folded), queries),
        }

    def _as_the_page(self, query: str) -> tuple[Sequence[Key], int]:
        try:
            results = self._index.search(SearchRequest(query=query, size=DEPTH))
        except QueryTooLong:
            return (), 0
        return [hit.key for hit in results.hits], results.total

    def _by_words(self, clause: Callable[[Sequence[Word]], Clause]) -> Find:
        def find(query: str) -> tuple[Sequence[Key], int]:
            return [hit.key for hit in self._index.ranked(clause(read_words(query)), DEPTH)], 0

        return find

    def _measure(self, find: Find, queries: Sequence[Judged]) -> Scores:
        rated, times, matched = [], [], []
        for judged in queries:
            began = time.perf_counter()
            keys, total = find(judged.query)
            times.append((time.perf_counter() - began) * 1_000)
            matched.append(total / max(1, len(self._names)))
            rated.append(rate([self._names[key] for key in keys], judged.relevant))
        mrr, ndcg, recall = (statistics.fmean(column) for column in zip(*rated, strict=True))
        return Scores(
            mrr=mrr,
            ndcg=ndcg,
            recall=recall,
            p50_ms=percentile(times, 0.50),
            p95_ms=percentile(times, 0.95),
            matched=statistics.median(matched),
        )


@contextmanager
def evaluation(settings: Settings, lexicon: Lexicon, documents: Sequence[IndexedDocument]) -> Iterator[Evaluation]:
    """Index documents (their ids are their addresses) in a scratch index for the length of a block."""
    with TemporaryDirectory(prefix="evaluate-") as folder:
        name = f"{settings.elastic_name}-evaluate"
        root = open_index(settings.model_copy(update={"index": folder, "elastic_name": name}), lexicon)
        try:
            scratch = root.begin_generation()
            try:
                for start in range(0, len(documents), AT_ONCE):
                    part = documents[start : start + AT_ONCE]
                    changes = [
                        Change(sequence=number, key=document.key, document=document)
                        for number, document in enumerate(part, start + 1)
                    ]
                    scratch.apply(changes, start + len(part))
                yield Evaluation(scratch, {document.key: document.url for document in documents})
            finally:
                scratch.discard()
        finally:
            root.close()


def read_documents(path: Path) -> list[IndexedDocument]:
    """Documents of a JSON Lines file, `{"id","title","text"}`; any text may be an id. Raises BadInput."""
    documents = []
    for number, said in enumerate(_lines(path, ("id", "text")), 1):
        documents.append(
            IndexedDocument(
                key=Key(family="evaluated", id=str(number)),
                url=str(said["id"]),
                title=str(said.get("title") or ""),
                body=str(said["text"]),
                captured_at=datetime(2000, 1, 1, tzinfo=UTC),
            ),
        )
    return documents


def read_queries(path: Path) -> list[Judged]:
    """Queries of a JSON Lines file, `{"query","relevant":[ids]}`. Raises BadInput."""
    queries = []
    for said in _lines(path, ("query", "relevant")):
        if not isinstance(said["relevant"], list):
            raise BadInput(f"{path}: 'relevant' of {said['query']!r} is no list of ids")
        queries.append(Judged(query=str(said["query"]), relevant=frozenset(map(str, said["relevant"]))))
    return queries


def rate(found: Sequence[str], relevant: frozenset[str]) -> tuple[float, float, float]:
    """Reciprocal rank, normalised discounted gain and recall of the first DEPTH found; all relevant are equal."""
    ranks = [rank for rank, name in enumerate(found[:DEPTH], 1) if name in relevant]
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), DEPTH) + 1))
    gain = sum(1 / math.log2(rank + 1) for rank in ranks)
    return (
        1 / ranks[0] if ranks else 0.0,
        gain / ideal if ideal else 0.0,
        len(ranks) / len(relevant) if relevant else 0.0,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _plain(words: Sequence[Word]) -> Clause:
    return AnyOf(tuple(Term(field, word.text) for word in dict.fromkeys(words) for field in ("title", "body")))


def _folded(words: Sequence[Word]) -> Clause:
    bare = dict.fromkeys(word.bare for word in words)
    return AnyOf(tuple(Term(at(field, "fold"), word) for word in bare for field in ("title", "body")))


def _lines(path: Path, needed: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, each with all that is needed."""
    read = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as error:
            raise BadInput(f"{path}, line {number}: {error}") from error
        missing = [name for name in needed if not isinstance(said, dict) or name not in said]
        if missing:
            raise BadInput(f"{path}, line {number}: no {missing[0]!r}")
        read.append(said)
    if not read:
        raise BadInput(f"{path}: empty")
    return read
