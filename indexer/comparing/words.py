"""Texts compared by words: Vietnamese syllables with their marks, numbers and document codes whole."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Literal

from diff_match_patch import diff_match_patch

from indexer.language.letters import visible

Change = Literal["same", "removed", "added"]

PATIENCE = 0.5
"""Seconds after which a comparison takes what it has, if not the shortest: texts made to harm would take hours."""

_LETTER = r"(?:[^\W_][\u0300-\u036f]*)"
_PIECE = re.compile(
    rf"(?P<code>{_LETTER}*\d{_LETTER}*(?:(?:[/-]{_LETTER}+)|(?:(?<=\d)[.,:](?=\d){_LETTER}+))*%?)"
    rf"|(?P<word>{_LETTER}+)"
    r"|(?P<sign>\S)"
)
_CHANGES: dict[int, Change] = {-1: "removed", 0: "same", 1: "added"}
MOST_WORDS = 300_000
"""Words of a paragraph that are compared."""
_FIRST_LETTER, _LETTERS = 0x20000, 42_000
"""Ideographs that stand for words while texts are compared: to the library they are letters, signs are not."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word or sign, and whether a space stands before it."""

    text: str
    spaced: bool

    @property
    def is_word(self) -> bool:
        """False for a sign."""
        return any(letter.isalnum() for letter in self.text)


@dataclass(frozen=True, slots=True)
class Words:
    """Neighbouring words that became of a text the same way."""

    change: Change
    words: tuple[Word, ...]

    @property
    def spaced(self) -> bool:
        """Whether a space stands before them."""
        return self.words[0].spaced

    @property
    def text(self) -> str:
        """As they are read."""
        return "".join(f"{' ' * word.spaced}{word.text}" for word in self.words).strip()

    @property
    def count(self) -> int:
        """How many words; signs do not count."""
        return sum(word.is_word for word in self.words)


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text; how letters are composed and how wide spaces are makes no difference."""
    text = visible(text)
    return tuple(
        Word(match[0], spaced=match.start() > 0 and text[match.start() - 1].isspace())
        for match in islice(_PIECE.finditer(text), MOST_WORDS)
    )


def compared(before: Sequence[Word], after: Sequence[Word]) -> tuple[Words, ...]:
    """Which words went, which came: changed places read as people would tell them, not as few as can be."""
    names: dict[str, str] = {}
    one, other = ("".join(_letter(names, word) for word in words) for words in (before, after))
    engine = diff_match_patch()
    engine.Diff_Timeout = PATIENCE
    edits = engine.diff_main(one, other, checklines=False)
    engine.diff_cleanupSemantic(edits)
    return tuple(_united(_told(edits, before, after)))


def _letter(names: dict[str, str], word: Word) -> str:
    if len(word.text) == 1 and not word.is_word and word.text < chr(_FIRST_LETTER):
        return word.text
    return names.setdefault(
        word.text, chr(_FIRST_LETTER + len(names) % _LETTERS + len(names) // _LETTERS * 0x10000)
    )


def _told(
    edits: Iterable[tuple[int, str]], before: Sequence[Word], after: Sequence[Word]
) -> Iterator[tuple[Change, tuple[Word, ...]]]:
    old, new = iter(before), iter(after)
    for change, letters in edits:
        removed = tuple(next(old) for _ in letters) if change <= 0 else ()
        added = tuple(next(new) for _ in letters) if change >= 0 else ()
        yield _CHANGES[change], added or removed


def _united(told: Iterable[tuple[Change, tuple[Word, ...]]]) -> Iterator[Words]:
    for change, group in groupby(told, lambda one: one[0]):
        words = tuple(word for _, some in group for word in some)
        if words:
            yield Words(change, words)
