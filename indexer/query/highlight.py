"""Shows why an article was found: marks in its title, its best two fragments (pure, the same for both engines).

Words are compared as search text and marked in the text people see, through the normaliser's offsets.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.language.folding import fold
from indexer.language.normalise import normalise, search_text
from indexer.query.results import Marked
from indexer.query.understood import Query

FRAGMENT = 260
"""Characters of a fragment; a longer sentence is cut around its first mark."""

FRAGMENTS = 2
LONGEST = 2 * FRAGMENT
"""Characters looked at together: a table without a full stop is no reason to read all of it closely."""

LOOKED_AT = 8
"""Sentences with the most of the query's words that are looked at closely."""

_SENTENCE = re.compile(r"(?<=[^\s.]{4}[.!?…])\s+|[\n\r\f]+")
"""Where a sentence ends. Four letters before the dot: "TP. HCM" and "GS. TS." are no ends."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a sentence holds of the query: numbers of its words to be marked, of those joined with the next."""

    place: int
    text: str
    shown: tuple[int, ...]
    together: frozenset[int]
    words: frozenset[str]

    @property
    def worth(self) -> float:
        """Different words count most, then those that stand together, then all."""
        return len(self.words) + len(self.together) + len(self.shown) / 100


class Highlighter:
    """Marks what one query found: the reading that was typed where it is there, else every reading of a word."""

    def __init__(self, query: Query) -> None:
        self._typed: dict[str, set[str]] = {}
        for word in query.words:
            self._typed.setdefault(word.bare, set()).add(word.text)
        self._neighbours = {(one.bare, next_.bare) for run in query.runs for one, next_ in pairwise(run)}
        self._starts = query.beginnings
        self._sought = (*self._typed, *self._starts)

    def title(self, text: str) -> Marked:
        """The whole text with its marks."""
        return Marked(text=text, marks=_marks(self._look(0, text)) if self._sought else ())

    def snippets(self, *texts: str) -> tuple[Marked, ...]:
        """The best two fragments in reading order; the beginning where nothing in these texts was found."""
        best = self._best(_sentences(texts)) if self._sought else []
        if best:
            return tuple(_cut(found.text, _marks(found)) for found in sorted(best, key=lambda found: found.place))
        start = next(_sentences(texts), None)
        return (_cut(start, ()),) if start else ()

    def _best(self, sentences: Iterator[str]) -> list[_Found]:
        """Those with the most words of the query, each adding to those before it."""
        looked_at = [self._look(place, text) for place, text in self._promising(sentences)]
        left = [found for found in looked_at if found.shown]
        chosen: list[_Found] = []
        new: set[str] = set()
        while left and len(chosen) < FRAGMENTS:
            best = max(left, key=lambda found: (len(found.words - new), found.worth, -found.place))
            left.remove(best)
            chosen.append(best)
            new |= best.words
        return chosen

    def _promising(self, sentences: Iterator[str]) -> list[tuple[int, str]]:
        """A cheap look at every sentence: words are sought as pieces of text, which finds too many, never too few.

        Only "&" is understood by nobody but the normaliser, which joins what stands around it.
        """
        rated: list[tuple[int, int, str]] = []
        for place, text in enumerate(sentences):
            bare = fold(text.lower())
            count = sum(word in bare for word in self._sought) or int("&" in text)
            if count:
                rated.append((-count, place, text))
        return [(place, text) for _, place, text in sorted(rated)[:LOOKED_AT]]

    def _look(self, place: int, text: str) -> _Found:
        normal = search_text(text)
        words, bare = normal.split(), fold(normal).split()
        hits = self._hits(words, bare)
        together = {i for i in range(len(hits) - 1) if hits[i] and hits[i + 1] and self._follow(bare[i : i + 2])}
        in_run = together | {i + 1 for i in together}
        beside = {bare[i] for i in in_run}
        shown = tuple(i for i, hit in enumerate(hits) if hit and (i in in_run or bare[i] not in beside))
        return _Found(place, text, shown, frozenset(together), frozenset(bare[i] for i in shown))

    def _hits(self, words: Sequence[str], bare: Sequence[str]) -> list[bool]:
        """For each word whether it answers the query: as typed, or else in any reading."""
        hits = [word in self._typed or word.startswith(self._starts) for word in bare]
        as_typed = [hit and self._as_typed(*word) for hit, *word in zip(hits, words, bare, strict=True)]
        return as_typed if any(as_typed) else hits

    def _as_typed(self, word: str, bare: str) -> bool:
        typed = self._typed.get(bare, set())
        return not typed or bare in typed or word in typed or word == bare

    def _follow(self, two: Sequence[str]) -> bool:
        return (two[0], two[1]) in self._neighbours


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for sentence in _SENTENCE.split(text):
            rest = sentence.strip()
            while len(rest) > LONGEST:
                end = rest.rfind(" ", LONGEST // 2, LONGEST)
                end = LONGEST if end < 0 else end
                yield rest[:end]
                rest = rest[end:].lstrip()
            if rest:
                yield rest


def _marks(found: _Found) -> tuple[tuple[int, int], ...]:
    """Start and end of what is marked, in order; what overlaps is made one."""
    if not found.shown:
        return ()
    offsets = normalise(found.text).offsets
    spans = ((offsets[i][0], offsets[i + 1 if i in found.together else i][1]) for i in found.shown)
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return tuple(united)


def _cut(text: str, marks: tuple[tuple[int, int], ...]) -> Marked:
    """The sentence, or the part of a long one that begins a little before its first mark, between words."""
    if len(text) <= FRAGMENT:
        return Marked(text=text, marks=marks)
    first = marks[0][0] if marks else 0
    start = _border(text, max(0, min(first - FRAGMENT // 4, len(text) - FRAGMENT)))
    end = start + FRAGMENT
    end = len(text) if end >= len(text) else max(text.rfind(" ", first + 1, end), start + FRAGMENT // 2)
    before, after = "… " * (start > 0), " …" * (end < len(text))
    shift = len(before) - start
    kept = tuple((a + shift, b + shift) for a, b in marks if a >= start and b <= end)
    return Marked(text=f"{before}{text[start:end]}{after}", marks=kept)


def _border(text: str, place: int) -> int:
    """The first beginning of a word at or after a place, if there is one near."""
    space = text.find(" ", place, place + 40) if place else -1
    return place if space < 0 else space + 1
