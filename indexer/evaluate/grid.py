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

WEIGHTS: Mapping[str, Sequence[float]] = {
    "accented": (0.25, 0.35, 0.5, 0.65),
    "folded_pair": (0.25, 0.35, 0.5, 0.6, 0.75, 1.0),
    "accented_pair": (0.15, 0.25, 0.3, 0.4, 0.5),
    "meant": (0.0, 0.25, 0.5, 1.0),
}
RULES: Mapping[str, Sequence[float]] = {
    "share": (0.15, 0.2, 0.25, 0.34, 0.5),
    "least": (1, 2, 3, 4),
    "rare": (0, 10, 20, 30, 60),
    "enough": (1, 5, 10, 20, 40),
    "short": (0, 4, 6, 8),
}
"""What is tried of each, the others as they are."""

MEASURED = ("marked", "unmarked", "one letter wrong")


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One choice: MRR of each set and way of typing; the share of the collection that matches at the median."""

    name: str
    value: float
    present: bool
    mrr: Mapping[str, Mapping[str, float]]
    matched: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """The figures by the names they are printed under."""
        return {
            "changed": self.name,
            "to": self.value,
            "present": self.present,
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
        for group, names in (("weights", WEIGHTS), ("rules", RULES)):
            for name, values in names.items():
                for value in values:
                    tuning = _with(lexicon.tuning, group, name, value)
                    tried = open_index(scratch, replace(lexicon, tuning=tuning))
                    ready = Evaluation(tried, {document.key: document.url for document in collection.documents})
                    yield _point(ready, collection, name, value, present=tuning == lexicon.tuning)
                    tried.close()


def _with(tuning: Tuning, group: str, name: str, value: float) -> Tuning:
    changed: dict[str, Any] = {group: replace(getattr(tuning, group), **{name: value})}
    return replace(tuning, **changed)


def _point(ready: Evaluation, collection: Collection, name: str, value: float, *, present: bool) -> Point:
    found = {
        chosen: {
            way: ready.page([judged.typed(WAYS[way]) for judged in collection.half(chosen, "tuning")])
            for way in MEASURED
        }
        for chosen in collection.sets
    }
    return Point(
        name=name,
        value=value,
        present=present,
        mrr={chosen: {way: scores.mrr for way, scores in ways.items()} for chosen, ways in found.items()},
        matched={chosen: ways["marked"].matched for chosen, ways in found.items()},
    )
