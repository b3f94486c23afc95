"""Guesses what somebody meant to type, out of the words and word pairs of the archive's own titles (pure).

Words near to each typed one come from symspellpy (symmetric deletes, Garbe 2012), on letters without marks; which
of them, and with which marks, is the most probable sequence of word pairs (Viterbi; pairs never seen back off to
single words as in Brants et al. 2007) at the least cost of changing what was typed.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

from symspellpy import SymSpell, Verbosity

from indexer.language.folding import fold
from indexer.language.normalise import JOINED, search_text
from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults, Tally
from indexer.query.spelling import telex
from indexer.query.understood import Word

LONGEST = 12
"""Words of a query that is looked at: nobody mistypes a pasted paragraph."""
DISTANCE = 2
"""Letters that may differ."""
SHORT = 3
"""Letters of a word of which only one may differ."""
NEAR = 12
FORMS = 5
"""Spellings tried for a word, and ways to put marks on each."""
SLIP = 4.0
"""Cost of a changed letter, as a logarithm of probability."""
OTHER_MARKS = 2.0
"""Cost of other marks than those typed; where none were typed, putting them on costs nothing."""
FEW = 5
"""A query that finds as many articles with all of its words is believed."""
_BACK_OFF = 0.4
_UNSEEN = 0.5


@dataclass(frozen=True, slots=True)
class _Guess:
    text: str
    cost: float


_JOINED = {f" {search_text(name)} ": f" {name} " for name in sorted(JOINED, key=len, reverse=True)}


def _written(words: str) -> str:
    """Search text with names such as TT&TT, which stand in it three times over, as people write them."""
    text = f" {words} "
    for joined, name in _JOINED.items():
        text = text.replace(joined, name)
    return text[1:-1]


class Corrector:
    """The words of some titles, and which follows which."""

    def __init__(self, words: Counter[str], pairs: Counter[tuple[str, str]]) -> None:
        self._words, self._pairs = words, pairs
        self._all = max(1, words.total())
        self._forms: dict[str, list[str]] = {}
        for word, _ in words.most_common():
            self._forms.setdefault(fold(word), []).append(word)
        self._near = SymSpell(max_dictionary_edit_distance=DISTANCE, prefix_length=7)
        for bare, forms in self._forms.items():
            if bare.isalpha() and (count := sum(words[form] for form in forms)) > 1:
                self._near.create_dictionary_entry(bare, count)

    @classmethod
    def of(cls, titles: Iterable[str]) -> Self:
        """Count the words of titles."""
        words, pairs = Counter[str](), Counter[tuple[str, str]]()
        for title in titles:
            run = search_text(title).split()
            words.update(run)
            pairs.update(pairwise(run))
        return cls(words, pairs)

    def correct(self, typed: Sequence[Word]) -> str:
        """What was probably meant, with its marks; '' where it is what was typed, but for marks left out."""
        if not 0 < len(typed) <= LONGEST:
            return ""
        best = self._most_probable([self._guesses(word) for word in typed])
        as_typed = all(
            text == word.text or (fold(text) == word.bare and not word.marked)
            for text, word in zip(best, typed, strict=True)
        )
        return "" if as_typed else _written(" ".join(best))

    def _guesses(self, word: Word) -> list[_Guess]:
        """What a word may have been meant to be, itself first."""
        found = {word.text: 0.0}
        for bare, slips in self._spellings(word.bare):
            for form in self._forms.get(bare, ())[:FORMS]:
                other = OTHER_MARKS if word.marked and form != word.text and bare == word.bare else 0.0
                found.setdefault(form, slips * SLIP + other)
        return [_Guess(text, cost) for text, cost in found.items()]

    def _spellings(self, bare: str) -> Iterable[tuple[str, float]]:
        yield bare, 0.0
        if not bare.isalpha():
            return
        if keys := telex(bare):
            yield keys, 0.5
        most = 1 if len(bare) <= SHORT else DISTANCE
        near = self._near.lookup(bare, Verbosity.ALL, max_edit_distance=most)
        yield from ((one.term, float(one.distance)) for one in near[:NEAR] if one.distance)

    def _most_probable(self, guesses: Sequence[Sequence[_Guess]]) -> list[str]:
        ways: dict[str, tuple[float, list[str]]] = {
            one.text: (self._alone(one.text) - one.cost, [one.text]) for one in guesses[0]
        }
        for following in guesses[1:]:
            further: dict[str, tuple[float, list[str]]] = {}
            for one in following:
                score, way = max(
                    ((so_far + self._after(before, one.text), way) for before, (so_far, way) in ways.items()),
                    key=lambda scored: scored[0],
                )
                further[one.text] = (score - one.cost, [*way, one.text])
            ways = further
        return max(ways.values(), key=lambda scored: scored[0])[1]

    def _alone(self, word: str) -> float:
        return math.log(max(self._words[word], _UNSEEN) / self._all)

    def _after(self, before: str, word: str) -> float:
        together = self._pairs[before, word]
        if together:
            return math.log(together / self._words[before])
        return math.log(_BACK_OFF) + self._alone(word)


def may_be_corrected(found: SearchResults) -> bool:
    """Whether a result is the beginning of one that words alone asked for, and is not to be believed as it is."""
    asked, understood = found.request, found.understood
    if asked.page > 1 or asked.after or understood.structured or not any(understood.runs):
        return False
    return found.mode != "strict" or found.total < FEW


def correction(found: SearchResults, corrector: Corrector, tally: Callable[[SearchRequest], Tally]) -> str:
    """Another query, if it finds more, or all words together where those asked for never were; else ''."""
    query = corrector.correct([word for run in found.understood.runs for word in run])
    if not query:
        return ""
    other = tally(replace(found.request, query=query))
    together = other.mode == "strict" and other.total > 0
    return query if (together and found.mode == "near") or other.total > found.total else ""
