"""Other weights and rules, measured on the tuning half: what the present ones were chosen from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any

from config.settings import Settings
from indexer.engines.opening import open_index
from indexer.evaluate.collection import Collection
from indexer.evaluate.scratch import Evaluation, fill
from indexer.evaluate.typing import WAYS
from indexer.query.lexicon import Lexicon
from indexer.query.tuning import Tuning

Figure = float | tuple[float, ...]

TRIED: Mapping[str, Sequence[Figure]] = {
    "weights.accented": (0.25, 0.75),
    "weights.folded_pair": (0.25, 0.4, 0.6, 0.75),
    "weights.accented_pair": (0.15, 0.25, 0.5),
    "rules.shares": ((0.25,), (0.34,), (0.5, 0.34, 0.25)),
    "rules.first": (0, 6),
    "rules.least": (1, 2),
    "rules.rare": (0, 10, 30),
    "rules.enough": (1, 20),
}
"""What is tried instead of each present figure, the others as they are."""

MEASURED = ("marked", "unmarked")


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One choice: MRR of each set and way of typing; the share of the collection that matches at the median."""

    name: str
    value: Figure | None
    mrr: Mapping[str, Mapping[str, float]]
    matched: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """The figures by the names they are printed under."""
        return {
            "changed": self.name,
            "to": self.value,
            "mrr@10": {name: {way: round(mrr, 4) for way, mrr in ways.items()} for name, ways in self.mrr.items()},
            "matched": {name: round(matched, 4) for name, matched in self.matched.items()},
        }


def grid(settings: Settings, lexicon: Lexicon, collection: Collection) -> Iterator[Point]:
    """Measure each choice on the embedded engine."""
    with TemporaryDirectory(prefix="evaluate-") as folder:
        scratch = settings.model_copy(update={"engine": "embedded", "index": folder})
        index = open_index(scratch, lexicon)
        fill(index, collection.documents)
        index.close()
        names = {document.key: document.url for document in collection.documents}
        for name, value, tuning in choices(lexicon.tuning):
            tried = open_index(scratch, replace(lexicon, tuning=tuning))
            yield _point(Evaluation(tried, names), collection, name, value)
            tried.close()


def choices(present: Tuning) -> Iterator[tuple[str, Figure | None, Tuning]]:
    """The present figures, then every other: what is changed, to what, and all of them."""
    yield "nothing", None, present
    for name, values in TRIED.items():
        for value in values:
            yield name, value, _with(present, name, value)


def _with(tuning: Tuning, name: str, value: Figure) -> Tuning:
    group, _, figure = name.partition(".")
    changed: dict[str, Any] = {group: replace(getattr(tuning, group), **{figure: value})}
    return replace(tuning, **changed)


def _point(ready: Evaluation, collection: Collection, name: str, value: Figure | None) -> Point:
    found = {
        chosen: {
            way: ready.order([judged.typed(WAYS[way]) for judged in collection.half(chosen, "tuning")])
            for way in MEASURED
        }
        for chosen in collection.sets
    }
    return Point(
        name=name,
        value=value,
        mrr={chosen: {way: scores.mrr for way, scores in ways.items()} for chosen, ways in found.items()},
        matched={chosen: ways["marked"].matched for chosen, ways in found.items()},
    )
