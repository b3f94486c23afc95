"""The project's own gates: what the search page has to find on the test halves, and what plainer searches find."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from indexer.evaluate.collection import Collection
from indexer.evaluate.scores import Judged, Scores
from indexer.evaluate.scratch import Evaluation
from indexer.evaluate.typing import WAYS

OF_MARKED: Mapping[str, float] = {
    "unmarked": 0.98,
    "half marked": 0.98,
    "i and y": 0.98,
    "telex left": 0.9,
    "one letter wrong": 0.9,
}
"""Least share of the score of marked queries that each other way of typing keeps."""

SAME_HITS = ("decomposed", "newer tones")
"""Ways of typing that find the same hits in the same order; the mean score of hundreds of queries hardly tells."""

ABOVE_MIX = 0.005
"""What marked queries score more than the robust mix, over both sets, though the mix lets any word match."""

MOST_MATCHED = 0.05
"""Share of the collection that a long query matches at most, at the median."""

LONG = 7
"""Words of a query that is matched nearly from the start."""

SAME = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """One figure, what it has to be, and what plain syllables score on the same queries."""

    name: str
    value: float
    limit: float
    kept: bool
    plain_syllables: float | None = None

    def as_json(self) -> dict[str, object]:
        """The gate by the names it is printed under."""
        said = {"gate": self.name, "value": round(self.value, 4), "limit": round(self.limit, 4), "kept": self.kept}
        return said | {"plain syllables": self.plain_syllables and round(self.plain_syllables, 4)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """The scores of one set, by way of typing, of the page and of two plainer rankings."""

    page: Mapping[str, Scores]
    plain: Mapping[str, Scores]
    mix: Scores
    long: Scores


def measure(ready: Evaluation, queries: list[Judged]) -> Measured:
    """Ask one set in every way."""
    typed = {name: [judged.typed(way) for judged in queries] for name, way in WAYS.items()}
    long = [judged for judged in queries if len(judged.query.split()) >= LONG]
    return Measured(
        page={name: ready.page(asked) for name, asked in typed.items()},
        plain={name: ready.baseline("plain syllables", asked) for name, asked in typed.items()},
        mix=ready.baseline("robust mix", queries),
        long=ready.page(long),
    )


def judge(measured: Mapping[str, Measured]) -> Iterator[Gate]:
    """Every gate of some sets."""
    for name, of in measured.items():
        yield from _of_set(name, of)
    ours, mix = (_mean(measured, score) for score in (lambda of: of.page["marked"].mrr, lambda of: of.mix.mrr))
    plain = _mean(measured, lambda of: of.plain["marked"].mrr)
    yield _at_least("marked, both sets, beside the robust mix", ours, mix + ABOVE_MIX, plain)


def _of_set(name: str, of: Measured) -> Iterator[Gate]:
    marked = of.page["marked"].mrr
    yield _at_least(
        f"{name}: marked, beside plain syllables", marked, of.plain["marked"].mrr, of.plain["marked"].mrr
    )
    for way, share in OF_MARKED.items():
        yield _at_least(f"{name}: {way}", of.page[way].mrr, share * marked, of.plain[way].mrr)
    for way in SAME_HITS:
        same = (_same_hits(scores[way], scores["marked"]) for scores in (of.page, of.plain))
        yield _at_least(f"{name}: {way}", next(same), 1.0, next(same))
    matched = of.long.matched
    yield Gate(
        name=f"{name}: share matched by long queries",
        value=matched,
        limit=MOST_MATCHED,
        kept=matched <= MOST_MATCHED,
    )


def _at_least(name: str, value: float, limit: float, plain: float) -> Gate:
    return Gate(name=name, value=value, limit=limit, kept=value >= limit - SAME, plain_syllables=plain)


def _same_hits(one: Scores, other: Scores) -> float:
    """Share of the queries that have the same first hits in both."""
    same = [here == there for here, there in zip(one.found, other.found, strict=True)]
    return sum(same) / max(1, len(same))


def _mean(measured: Mapping[str, Measured], score: Callable[[Measured], float]) -> float:
    return sum(map(score, measured.values())) / len(measured)


def gates(ready: Evaluation, collection: Collection, every: int = 1) -> list[Gate]:
    """Measure and judge the test halves, or one query of so many in them."""
    return list(judge({name: measure(ready, collection.half(name, "test")[::every]) for name in collection.sets}))
