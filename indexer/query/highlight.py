"""Shows why an article was found: marks in its title, its best two fragments (pure, the same for both engines).

Words are sought roughly in the whole text, then read by the normaliser in the few fragments that are shown: its
offsets lead from search text to the letters people see.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

from indexer.language.folding import fold
from indexer.language.normalise import normalise
from indexer.query.results import Marked
from indexer.query.sentences import parts, pieces, starts
from indexer.query.spelling import meant, same, same_marked
from indexer.query.understood import Query, Word

FRAGMENT = 260
"""Characters of a fragment; a longer sentence is cut around its first mark."""

FRAGMENTS = 2
LONGEST = 2 * FRAGMENT
"""Characters read together: a table without a full stop is no reason to read all of it closely."""

MOST = 60
"""Fragments of one article that are looked at: a book with a word in every sentence is not read to its end."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A sentence, or a part of a long one, that seems to hold words of the query."""

    text: str
    words: frozenset[str]
    together: int
    """Pairs of neighbours in the query that are neighbours here."""
    as_typed: int
    """Words with the marks that were typed."""


class Highlighter:
    """Marks what one query found: the reading that was typed where it is there, else every reading of a word.

    Words that were quoted count only where the whole phrase stands.
    """

    def __init__(self, query: Query) -> None:
        spellings = {word: _spellings(word) for word in query.words}
        self._typed: dict[str, set[str]] = {}
        for ways in spellings.values():
            for bare, texts in ways.items():
                self._typed.setdefault(bare, set()).update(texts)
        self._neighbours = {
            together
            for run in query.runs
            for one, next_ in pairwise(run)
            for together in product(spellings[one], spellings[next_])
        }
        self._phrases = query.phrases
        quoted = {phrase.words for phrase in self._phrases}
        loose = {word.bare for run in query.runs if run not in quoted for word in run}
        self._quoted = {word.bare for words in quoted for word in words} - loose
        self._all = [frozenset(ways) for word, ways in spellings.items() if word.bare not in self._quoted]
        self._whole = sum(len(run) - 1 for run in query.runs)
        self._marked = sum(word.marked for word in spellings)
        self._starts = query.beginnings
        self._sought = _pattern(tuple(self._typed), self._starts)

    def title(self, text: str) -> Marked:
        """The whole text with its marks."""
        text = unicodedata.normalize("NFC", text)
        return self._read(text) if self._sought and self._sought.search(_bare(text)) else Marked(text=text)

    def snippets(self, *texts: str) -> tuple[Marked, ...]:
        """The best two fragments in reading order; the beginning where nothing in these texts was found."""
        found = list(self._enough(fragment for text in texts for fragment in self._fragments(text)))
        shown = []
        for fragment in _best(found):
            marked = self._read(fragment.text)
            if marked.marks:
                shown.append(_cut(marked))
        if shown:
            return tuple(shown)
        start = next((piece for text in texts for piece in pieces(text[:LONGEST])), "")
        return (_cut(Marked(text=unicodedata.normalize("NFC", start))),) if start else ()

    def _enough(self, fragments: Iterable[_Fragment]) -> Iterator[_Fragment]:
        """Fragments until as many as are shown hold everything that was asked for, or many hold a part of it."""
        whole = 0
        for fragment in islice(fragments, MOST):
            yield fragment
            whole += self._is_whole(fragment)
            if whole == FRAGMENTS:
                return

    def _is_whole(self, fragment: _Fragment) -> bool:
        """Whether it holds every word and every pair of neighbours, marks as they were typed."""
        if fragment.together < self._whole or fragment.as_typed < self._marked:
            return False
        return not self._starts and all(not fragment.words.isdisjoint(ways) for ways in self._all)

    def _fragments(self, text: str) -> Iterator[_Fragment]:
        """Every fragment of a text in which something was found at a rough look, in its order."""
        if not (text and self._sought):
            return
        for part in parts(text):
            yield from self._in_part(unicodedata.normalize("NFC", part), self._sought)

    def _in_part(self, text: str, sought: re.Pattern[str]) -> Iterator[_Fragment]:
        found = list(sought.finditer(_bare(text)))
        if not found:
            return
        borders = [*starts(text), len(text) + 1]
        at = 0
        while at < len(found):
            sentence = bisect_right(borders, found[at].start()) - 1
            start = max(borders[sentence], found[at].start() - FRAGMENT // 2)
            if borders[sentence + 1] - borders[sentence] <= LONGEST:
                start = borders[sentence]
            end = min(borders[sentence + 1], start + LONGEST)
            after = at + 1
            while after < len(found) and found[after].end() <= end:
                after += 1
            yield self._fragment(text, (start, end), found[at:after])
            at = after

    def _fragment(self, text: str, span: tuple[int, int], found: Sequence[re.Match[str]]) -> _Fragment:
        pairs = [
            (first[0], second[0])
            for first, second in pairwise(found)
            if first.end() + 1 == second.start() and (first[0], second[0]) in self._neighbours
        ]
        beside = {word for pair in pairs for word in pair}
        words = [match[0] for match in found if match[0] in beside or match[0] not in self._quoted]
        as_typed = {
            match[0] for match in found if text[slice(*match.span())].lower() in self._typed.get(match[0], ())
        }
        return _Fragment(_trimmed(text, span), frozenset(words), len(pairs), len(as_typed))

    def _read(self, text: str) -> Marked:
        """The text with marks on exactly what answers the query.

        A word beside its neighbour of the query is marked with it; where it is, it is not marked standing alone:
        half of the texts that speak of "Long An" speak of "an toàn" too.
        """
        normal = normalise(text)
        words, bare = normal.text.split(), fold(normal.text).split()
        hits = self._hits(words, bare)
        together = {
            i for i, two in enumerate(pairwise(bare)) if hits[i] and hits[i + 1] and two in self._neighbours
        }
        in_run = together | {i + 1 for i in together}
        beside = {bare[i] for i in in_run}
        shown = [i for i, hit in enumerate(hits) if hit and (i in in_run or bare[i] not in beside)]
        ends = [i + 1 if i in together else i for i in shown]
        spans = [(normal.offsets[i][0], normal.offsets[end][1]) for i, end in zip(shown, ends, strict=True)]
        return Marked(text=text, marks=_united(spans))

    def _hits(self, words: Sequence[str], bare: Sequence[str]) -> list[bool]:
        """For each word whether it answers the query: as typed, or else in any reading."""
        hits = [word in self._typed or word.startswith(self._starts) for word in bare]
        as_typed = [hit and self._as_typed(*word) for hit, *word in zip(hits, words, bare, strict=True)]
        shown = as_typed if any(as_typed) else hits
        if not self._quoted:
            return shown
        inside = self._in_phrases(words, bare)
        return [i in inside or (hit and bare[i] not in self._quoted) for i, hit in enumerate(shown)]

    def _in_phrases(self, words: Sequence[str], bare: Sequence[str]) -> set[int]:
        """Which words stand in a whole phrase; its marks count if any was typed."""
        found: set[int] = set()
        for phrase in self._phrases:
            wanted = [word.text if phrase.marked else word.bare for word in phrase.words]
            text = words if phrase.marked else bare
            for start in range(len(text) - len(wanted) + 1):
                if text[start : start + len(wanted)] == wanted:
                    found.update(range(start, start + len(wanted)))
        return found

    def _as_typed(self, word: str, bare: str) -> bool:
        typed = self._typed.get(bare, set())
        return not typed or bare in typed or word in typed or word == bare


def _spellings(word: Word) -> dict[str, set[str]]:
    """A word without marks and with those that were typed; its other spelling; what a slip may have meant."""
    found = {word.bare: {word.text}}
    if other := same(word.bare):
        found.setdefault(other, set()).add(same_marked(word.text) or other)
    for bare in meant(word.bare):
        found.setdefault(bare, set())
    return found


def _pattern(words: tuple[str, ...], starts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds words in text without marks, and every "&": only the normaliser knows what it makes one word."""
    if not (words or starts):
        return None
    ways = [re.escape(word) for word in words] + [rf"{re.escape(start)}[^\W_]*" for start in starts]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(ways)})(?![^\W_])|&")


def _bare(text: str) -> str:
    """Lower case without marks, letter for letter: as long as the text."""
    bare = fold(text.lower())
    if len(bare) == len(text):
        return bare
    return "".join((fold(letter.lower()) or " ")[0] for letter in text)


def _best(found: Sequence[_Fragment]) -> list[_Fragment]:
    """The fragments with the most words of the query, each adding to the one before it; in reading order."""
    left, chosen = list(enumerate(found)), list[tuple[int, _Fragment]]()
    shown: frozenset[str] = frozenset()
    while left and len(chosen) < FRAGMENTS:
        best = max(left, key=lambda one: (len(one[1].words - shown), one[1].together, one[1].as_typed, -one[0]))
        left.remove(best)
        chosen.append(best)
        shown |= best[1].words
    return [fragment for _, fragment in sorted(chosen, key=lambda one: one[0])]


def _trimmed(text: str, span: tuple[int, int]) -> str:
    """The text of a span without the half words at its ends."""
    start, end = span
    if start > 0 and not text[start - 1].isspace():
        start = _border(text, start)
    if end < len(text) and not text[end - 1].isspace():
        end = max(text.rfind(" ", start, end), start + FRAGMENT)
    return text[start:end].strip()


def _united(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order; what overlaps is made one."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return tuple(united)


def _cut(marked: Marked) -> Marked:
    """A sentence, or the part of a long one that begins a little before its first mark, between words."""
    text = marked.text
    if len(text) <= FRAGMENT:
        return marked
    first = marked.marks[0][0] if marked.marks else 0
    start = _border(text, max(0, min(first - FRAGMENT // 4, len(text) - FRAGMENT)))
    end = start + FRAGMENT
    end = len(text) if end >= len(text) else max(text.rfind(" ", first + 1, end), start + FRAGMENT // 2)
    before, after = "… " * (start > 0), " …" * (end < len(text))
    shift = len(before) - start
    kept = tuple((a + shift, b + shift) for a, b in marked.marks if a >= start and b <= end)
    return Marked(text=f"{before}{text[start:end]}{after}", marks=kept)


def _border(text: str, place: int) -> int:
    """The first beginning of a word at or after a place, if there is one near."""
    space = text.find(" ", place, place + 40) if place else -1
    return place if space < 0 else space + 1
