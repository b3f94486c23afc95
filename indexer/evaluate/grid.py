"""Other weights and rules, measured on the tuning half: what the present ones were chosen from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any

from config.settings import Settings
from indexer.document import IndexedDocument
from indexer.engines.opening import open_index
from indexer.evaluate.collection import Collection
from indexer.evaluate.scratch import Evaluation, fill
from indexer.evaluate.typing import WAYS
from indexer.query.lexicon import Lexicon
from indexer.query.tuning import Tuning

Figure = float | tuple[float, ...] | tuple[tuple[int, float], ...]

MARKED = ("marked",)
BOTH = ("marked", "unmarked")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """Values tried instead of one present figure, the others as they are; ways of typing that are measured."""

    name: str
    values: tuple[Figure, ...]
    ways: tuple[str, ...] = MARKED


OF_TEXTS = (
    Tried(name="weights.accented", values=(0.25, 0.75), ways=BOTH),
    Tried(name="weights.folded_pair", values=(0.25, 0.4, 0.6, 0.75), ways=BOTH),
    Tried(name="weights.accented_pair", values=(0.15, 0.35, 0.5), ways=BOTH),
    Tried(name="weights.lead", values=(0, 0.15, 0.45, 0.6, 1.2), ways=BOTH),
    Tried(name="opening", values=(15, 20, 25, 35, 40, 60, 90)),
    Tried(name="rules.shares", values=((0.25,), (0.34,), (0.5, 0.34, 0.25))),
    Tried(name="rules.first", values=(0, 6)),
    Tried(name="rules.least", values=(1, 2)),
    Tried(name="rules.rare", values=(0, 10, 30)),
    Tried(name="rules.enough", values=(1, 20)),
)
"""What public texts can tell: they have one field and no date. `opening`: words that stand for the lead."""

OF_ARTICLES = (
    Tried(name="weights.title", values=(0, 1, 3)),
    Tried(name="weights.lead", values=(0, 0.15, 0.6, 1.2)),
    Tried(name="weights.title_phrase", values=(0, 0.5, 2)),
    Tried(name="weights.exact_title", values=(0,)),
    Tried(name="weights.abbreviation", values=(0, 0.25, 1)),
    Tried(name="weights.meant", values=(0, 0.25, 1)),
    Tried(name="weights.reading", values=(0,)),
    Tried(name="weights.complete", values=(0,)),
    Tried(name="weights.issued", values=(0,)),
    Tried(name="weights.cited", values=(0,)),
    Tried(name="weights.recency", values=((), ((365, 0.6), (3 * 365, 0.6), (8 * 365, 0.3)))),
)
"""What articles can tell that have titles, leads, numbers and dates."""


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


def points(tried: Sequence[Tried]) -> int:
    """How many points a grid has."""
    return 1 + sum(len(one.values) for one in tried)


def grid(settings: Settings, lexicon: Lexicon, collection: Collection, tried: Sequence[Tried]) -> Iterator[Point]:
    """Measure each choice on the embedded engine, the present figures first."""
    with _filled(settings, collection.documents) as open_with:
        yield _point(open_with(lexicon), collection, "nothing", None, BOTH)
        for one in tried:
            for value in one.values if one.name != "opening" else ():
                changed = replace(lexicon, tuning=_with(lexicon.tuning, one.name, value))
                yield _point(open_with(changed), collection, one.name, value, one.ways)
    for words in (value for one in tried if one.name == "opening" for value in one.values):
        assert isinstance(words, int)
        cut = [_opened(document, words) for document in collection.documents]
        with _filled(settings, cut) as open_with:
            yield _point(open_with(lexicon), collection, "opening", words, MARKED)


@contextmanager
def _filled(settings: Settings, documents: Sequence[IndexedDocument]) -> Iterator[Callable[[Lexicon], Evaluation]]:
    """A scratch index of some documents, to be opened with any lexicon."""
    names = {document.key: document.url for document in documents}
    with TemporaryDirectory(prefix="evaluate-") as folder:
        scratch = settings.model_copy(update={"engine": "embedded", "index": folder})
        index = open_index(scratch, Lexicon())
        fill(index, documents)
        index.close()
        yield lambda lexicon: Evaluation(open_index(scratch, lexicon), names)


def _opened(document: IndexedDocument, words: int) -> IndexedDocument:
    """A document without a lead, its first words made one."""
    said = document.body.split()
    return replace(document, lead=" ".join(said[:words]), body=" ".join(said[words:]))


def _with(tuning: Tuning, name: str, value: Figure) -> Tuning:
    group, _, figure = name.partition(".")
    changed: dict[str, Any] = {group: replace(getattr(tuning, group), **{figure: value})}
    return replace(tuning, **changed)


def _point(
    ready: Evaluation, collection: Collection, name: str, value: Figure | None, ways: Sequence[str]
) -> Point:
    found = {
        chosen: {
            way: ready.order([judged.typed(WAYS[way]) for judged in collection.half(chosen, "tuning")])
            for way in ways
        }
        for chosen in collection.sets
    }
    return Point(
        name=name,
        value=value,
        mrr={chosen: {way: scores.mrr for way, scores in ways.items()} for chosen, ways in found.items()},
        matched={chosen: ways["marked"].matched for chosen, ways in found.items()},
    )
