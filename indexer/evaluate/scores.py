"""The usual scores of a ranking (pure)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

DEPTH = 10
"""Hits of each answer that are looked at: the @10 of the scores."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A query and the ids of the documents that answer it."""

    query: str
    relevant: frozenset[str]

    def typed(self, way: Callable[[str], str]) -> Self:
        """The same, typed another way."""
        return replace(self, query=way(self.query))


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
    found: tuple[tuple[str, ...], ...] = ()
    """Of each query, the ids of its first hits."""

    def as_json(self) -> dict[str, float]:
        """The scores by the names they are printed under."""
        return {
            f"mrr@{DEPTH}": round(self.mrr, 4),
            f"ndcg@{DEPTH}": round(self.ndcg, 4),
            f"recall@{DEPTH}": round(self.recall, 4),
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
        }


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
