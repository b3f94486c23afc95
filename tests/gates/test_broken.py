"""Each gate can be missed: what it guards is broken on purpose, and queries that passed before do no more."""

import os
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from config.vocabulary import load_vocabulary
from indexer.engines.embedded import EmbeddedIndex
from indexer.evaluate import Evaluation, Judged
from indexer.evaluate.collection import Collection, read_collection
from indexer.evaluate.gates import LONG, Gate, Measured, judge
from indexer.evaluate.scratch import fill
from indexer.evaluate.typing import WAYS
from indexer.language import normalise
from indexer.query.lexicon import Lexicon
from indexer.query.tuning import Rules, Tuning, Weights
from tests.gates.test_gates import EVERY

pytestmark = pytest.mark.skipif("SHARED_DATA" not in os.environ, reason="SHARED_DATA is not set")

FEW = 20
"""Queries asked of each set, evenly spread; of a way of typing, such as it makes others of.

They do not tell which of two rankings is better: of marked queries as many are asked as in `test_gates`.
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong with a search: its figures, or names of the code that are something else meanwhile."""

    tuning: Tuning = field(default_factory=Tuning)
    code: tuple[tuple[str, object], ...] = ()


def _nothing(_word: str) -> str:
    return ""


def _as_typed(text: str) -> str:
    """Search text whose marks are characters of their own where they were typed so."""
    found = normalise.search_text(text)
    return found if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFD", found)


NO_ORDER = Broken(
    Tuning(
        weights=Weights(folded=0, accented=0, folded_pair=0, accented_pair=0, complete=0, reading=0, exact_title=0)
    )
)
MARKS_ALONE = Broken(Tuning(weights=Weights(folded=0, folded_pair=0)))
EVERY_WORD = Broken(Tuning(rules=Rules(short=99, enough=0)))
ONE_PAIR = Broken(Tuning(rules=Rules(shares=(), least=1, enough=1_000_000)))
ONE_SPELLING = Broken(
    code=(
        ("indexer.query.matching.same", _nothing),
        ("indexer.query.scoring.same", _nothing),
        ("indexer.query.scoring.same_marked", _nothing),
    )
)
NEVER_COMPOSED = Broken(
    code=(("indexer.query.language.search_text", _as_typed), ("indexer.query.language.plain", str))
)
TONES_AS_TYPED = Broken(code=(("indexer.language.normalise._FINAL_TONES", ()),))

MARKED = ("marked, beside plain syllables", "marked, both sets, beside the robust mix")
BREAKS = [
    (MARKED, NO_ORDER),
    (("unmarked",), MARKS_ALONE),
    (("half marked",), MARKS_ALONE),
    (("decomposed",), NEVER_COMPOSED),
    (("newer tones",), TONES_AS_TYPED),
    (("i and y",), ONE_SPELLING),
    (("telex left",), EVERY_WORD),
    (("one letter wrong",), EVERY_WORD),
    (("share matched by long queries",), ONE_PAIR),
]
"""What is broken, behind the gates that have to notice."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The public texts in an index."""

    collection: Collection
    folder: Path
    lexicon: Lexicon

    def gates(self, names: tuple[str, ...], broken: Broken) -> list[Gate]:
        """What is judged of both sets; only what concerns these gates is measured, and the others mean nothing."""
        urls = {document.key: document.url for document in self.collection.documents}
        index = EmbeddedIndex(self.folder, replace(self.lexicon, tuning=broken.tuning))
        with pytest.MonkeyPatch.context() as meanwhile:
            for name, instead in broken.code:
                meanwhile.setattr(name, instead)
            normalise._piece.cache_clear()
            ready = Evaluation(index, urls)
            halves = {name: self.collection.half(name, "test") for name in self.collection.sets}
            sets = {name: _measured(ready, queries, names) for name, queries in halves.items()}
        normalise._piece.cache_clear()
        index.close()
        return list(judge(sets))


def _measured(ready: Evaluation, queries: list[Judged], names: tuple[str, ...]) -> Measured:
    way = WAYS.get(names[0])
    some = [judged for judged in queries if way is None or way(judged.query) != judged.query]
    some = some[:: EVERY if names == MARKED else max(1, len(some) // FEW)]
    marked = ready.order(some)
    plain, mix = (
        ready.baseline(name, some) if names == MARKED else marked for name in ("plain syllables", "robust mix")
    )
    typed = {names[0]: ready.order([one.typed(way) for one in some])} if way else {}
    long = [judged for judged in some if len(judged.query.split()) >= LONG]
    return Measured(
        page=dict.fromkeys(WAYS, marked) | typed,
        plain=dict.fromkeys(WAYS, plain),
        mix=mix,
        long=ready.order(long) if "long" in names[0] else marked,
    )


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> Texts:
    collection, lexicon = read_collection(Path(os.environ["SHARED_DATA"])), Lexicon.of(load_vocabulary())
    index = EmbeddedIndex(tmp_path_factory.mktemp("texts"), lexicon)
    fill(index, collection.documents)
    index.close()
    return Texts(collection, index._root, lexicon)


@pytest.mark.parametrize(("names", "broken"), BREAKS, ids=[names[0] for names, _ in BREAKS])
def test_a_gate_turns_red_when_what_it_guards_is_broken(texts, names, broken):
    before, after = texts.gates(names, Broken()), texts.gates(names, broken)
    turned = {there.name for there, here in zip(before, after, strict=True) if there.kept and not here.kept}
    for one in (one for one in (*before, *after) if one.name.endswith(names)):
        print(f"{one.name}: {one.value:.4f}, at stake {one.limit:.4f}, {'kept' if one.kept else 'missed'}")
    for name in names:
        assert any(one.endswith(name) for one in turned), name


def test_every_gate_is_broken_once(texts):
    broken = tuple(name for names, _ in BREAKS for name in names)
    assert all(gate.name.endswith(broken) for gate in texts.gates(("newer tones",), Broken()))
