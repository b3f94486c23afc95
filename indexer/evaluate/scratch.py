"""Documents in an index of their own, asked as the search page would ask, and as plainer searches would."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from config.settings import Settings
from crawler.address import Key
from indexer.document import Change, IndexedDocument
from indexer.engines import SearchIndex
from indexer.engines.opening import open_index
from indexer.evaluate.scores import DEPTH, Judged, Scores, percentile, rate
from indexer.language.normalise import word_pairs
from indexer.query.clauses import AnyOf, Boost, Clause, Term
from indexer.query.fields import Analysis, at
from indexer.query.language import QueryTooLong, read_words
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.query.understood import Word

AT_ONCE = 500


def fill(index: SearchIndex, documents: Sequence[IndexedDocument]) -> None:
    """Index documents, some hundred at once."""
    for start in range(0, len(documents), AT_ONCE):
        part = documents[start : start + AT_ONCE]
        changes = [
            Change(sequence=number, key=document.key, document=document)
            for number, document in enumerate(part, start + 1)
        ]
        index.apply(changes, start + len(part))


Find = Callable[[str], tuple[Sequence[Key], int]]
"""A query to the keys of its first hits, and how many articles match."""


class Evaluation:
    """Documents in a scratch index, ready to be asked."""

    def __init__(self, index: SearchIndex, names: Mapping[Key, str]) -> None:
        self._index, self._names = index, names

    def page(self, queries: Sequence[Judged]) -> Scores:
        """What the search page finds."""
        return self._measure(self._as_the_page, queries)

    def order(self, queries: Sequence[Judged]) -> Scores:
        """The same, found without counts and snippets: quicker where only the order is measured."""
        return self._measure(self._in_order, queries)

    def baselines(self, queries: Sequence[Judged]) -> dict[str, Scores]:
        """What one would get from simpler rankings in the same index, any word being enough to match."""
        return {name: self.baseline(name, queries) for name in BASELINES}

    def baseline(self, name: str, queries: Sequence[Judged]) -> Scores:
        """What one of BASELINES finds."""
        return self._measure(self._by_words(BASELINES[name]), queries)

    def _as_the_page(self, query: str) -> tuple[Sequence[Key], int]:
        try:
            results = self._index.search(SearchRequest(query=query, size=DEPTH))
        except QueryTooLong:
            return (), 0
        return [hit.key for hit in results.hits], results.total

    def _in_order(self, query: str) -> tuple[Sequence[Key], int]:
        keys = [hit.key for hit in self._index.scan(SearchRequest(query=query))]
        return keys[:DEPTH], len(keys)

    def _by_words(self, clause: Callable[[Sequence[Word]], Clause]) -> Find:
        def find(query: str) -> tuple[Sequence[Key], int]:
            return [hit.key for hit in self._index.ranked(clause(read_words(query)), DEPTH)], 0

        return find

    def _measure(self, find: Find, queries: Sequence[Judged]) -> Scores:
        rated, times, matched, found = [], [], [], []
        for judged in queries:
            began = time.perf_counter()
            keys, total = find(judged.query)
            times.append((time.perf_counter() - began) * 1_000)
            matched.append(total / max(1, len(self._names)))
            found.append(tuple(self._names[key] for key in keys))
            rated.append(rate(found[-1], judged.relevant))
        mrr, ndcg, recall = (statistics.fmean(column) for column in zip(*rated, strict=True))
        return Scores(
            mrr=mrr,
            ndcg=ndcg,
            recall=recall,
            p50_ms=percentile(times, 0.50),
            p95_ms=percentile(times, 0.95),
            matched=statistics.median(matched),
            found=tuple(found),
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
                fill(scratch, documents)
                yield Evaluation(scratch, {document.key: document.url for document in documents})
            finally:
                scratch.discard()
        finally:
            root.close()


def _plain(words: Sequence[Word]) -> Clause:
    return AnyOf(tuple(_terms("", [word.text for word in words])))


def _folded(words: Sequence[Word]) -> Clause:
    return AnyOf(tuple(_terms("fold", [word.bare for word in words])))


def _mixed(words: Sequence[Word]) -> Clause:
    text, bare = [word.text for word in words], [word.bare for word in words]
    weighed = (
        (_terms("fold", bare), 1.0),
        (_terms("", text), 0.5),
        (_terms("fold_bi", word_pairs(bare)), 0.5),
        (_terms("bi", word_pairs(text)), 0.25),
    )
    return AnyOf(tuple(Boost(term, weight) for terms, weight in weighed for term in terms))


def _terms(analysis: Analysis, tokens: Sequence[str]) -> Iterator[Term]:
    return (Term(at(field, analysis), token) for token in dict.fromkeys(tokens) for field in ("title", "body"))


BASELINES: Mapping[str, Callable[[Sequence[Word]], Clause]] = {
    "plain syllables": _plain,
    "folded syllables": _folded,
    "robust mix": _mixed,
}
"""Rankings to compare with: words as they are written; without marks; both, with their pairs, at fixed weights."""
