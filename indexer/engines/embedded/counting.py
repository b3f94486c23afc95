"""How many articles match, in all and by facet: counted once for each state of an index, then remembered."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from tantivy import Searcher

from indexer.engines.embedded.translating import Translator
from indexer.query.clauses import Clause
from indexer.query.fields import MAX_FACET_VALUES

Counts = Mapping[str, Mapping[str, int]]
"""By field, then by value."""


class Counting:
    """Counts in one state of an index; what the last `remembered` clauses match is kept. Safe to share.

    Another page, order or language of a result then counts nothing again. Nothing here refers to itself: a state
    that is over is given back at once, with the files it holds open.
    """

    def __init__(self, searcher: Searcher, translator: Translator, remembered: int) -> None:
        self.matching: Callable[[Clause], int] = lru_cache(remembered)(partial(_matching, searcher, translator))
        """How many articles match."""
        self.by_value: Callable[[Clause, tuple[str, ...]], Counts] = lru_cache(remembered)(
            partial(_by_value, searcher, translator)
        )
        """How many of those that match have each value of some fields: one pass for all."""


def _matching(searcher: Searcher, translator: Translator, clause: Clause) -> int:
    found = searcher.search(translator.matching(clause), limit=1, count=True)
    return int(found.count)  # type: ignore[attr-defined]  # the stub does not know it


def _by_value(searcher: Searcher, translator: Translator, clause: Clause, fields: tuple[str, ...]) -> Counts:
    asked = {field: {"terms": {"field": field, "size": MAX_FACET_VALUES}} for field in fields}
    said: dict[str, Any] = searcher.aggregate(translator.matching(clause), asked)
    return {field: {value["key"]: value["doc_count"] for value in said[field]["buckets"]} for field in fields}
