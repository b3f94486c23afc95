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

BREAKS = {
    "marked, beside plain syllables": NO_ORDER,
    "marked, both sets, beside the robust mix": NO_ORDER,
    "unmarked": MARKS_ALONE,
    "half marked": MARKS_ALONE,
    "decomposed": NEVER_COMPOSED,
    "newer tones": TONES_AS_TYPED,
    "i and y": ONE_SPELLING,
    "telex left": EVERY_WORD,
    "one letter wrong": EVERY_WORD,
    "share matched by long queries": ONE_PAIR,
}
"""By the gate that has to notice."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The public texts in an index."""

    collection: Collection
    folder: Path
    lexicon: Lexicon

    def gates(self, gate: str, broken: Broken) -> list[Gate]:
        """What is judged of both sets; only what concerns one gate is measured, and the others mean nothing."""
        names = {document.key: document.url for document in self.collection.documents}
        index = EmbeddedIndex(self.folder, replace(self.lexicon, tuning=broken.tuning))
        with pytest.MonkeyPatch.context() as meanwhile:
            for name, instead in broken.code:
                meanwhile.setattr(name, instead)
            normalise._piece.cache_clear()
            ready = Evaluation(index, names)
            sets = {
                name: _measured(ready, self.collection.half(name, "test"), gate) for name in self.collection.sets
            }
        normalise._piece.cache_clear()
        index.close()
        return list(judge(sets))


def _measured(ready: Evaluation, queries: list[Judged], gate: str) -> Measured:
    way = WAYS.get(gate)
    some = [judged for judged in queries if way is None or way(judged.query) != judged.query]
    some = some[:: EVERY if gate.startswith("marked") else max(1, len(some) // FEW)]
    marked = ready.order(some)
    plain, mix = (
        ready.baseline(name, some) if name in gate else marked for name in ("plain syllables", "robust mix")
    )
    typed = {gate: ready.order([one.typed(way) for one in some])} if way else {}
    long = [judged for judged in some if len(judged.query.split()) >= LONG]
    return Measured(
        page=dict.fromkeys(WAYS, marked) | typed, plain=dict.fromkeys(WAYS, plain), mix=mix, long=ready.order(long)
    )


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> Texts:
    collection, lexicon = read_collection(Path(os.environ["SHARED_DATA"])), Lexicon.of(load_vocabulary())
    index = EmbeddedIndex(tmp_path_factory.mktemp("texts"), lexicon)
    fill(index, collection.documents)
    index.close()
    return Texts(collection, index._root, lexicon)


@pytest.mark.parametrize("gate", BREAKS)
def test_a_gate_turns_red_when_what_it_guards_is_broken(texts, gate):
    before, after = (
        [one for one in texts.gates(gate, broken) if one.name.endswith(gate)]
        for broken in (Broken(), BREAKS[gate])
    )
    for there, here in zip(before, after, strict=True):
        print(f"{there.name}: {there.value:.4f} of {there.limit:.4f}, broken {here.value:.4f} of {here.limit:.4f}")
    assert any(there.kept and not here.kept for there, here in zip(before, after, strict=True))


def test_every_gate_is_broken_once(texts):
    names = {one.name for one in texts.gates("newer tones", Broken())}
    assert {name for name in names if not name.endswith(tuple(BREAKS))} == set()
    assert {gate for gate in BREAKS if not any(name.endswith(gate) for name in names)} == set()
