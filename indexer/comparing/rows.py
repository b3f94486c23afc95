"""Two texts side by side: which paragraph became which, and what changed in it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from diff_match_patch import diff_match_patch

from indexer.article import Article, BlockKind
from indexer.comparing.words import PATIENCE, Word, Words, compared, words_of

RowKind = Literal["same", "changed", "removed", "added"]
PartKind = Literal["title", "lead"] | BlockKind

ALIKE = 0.4
"""Share of words that two paragraphs have in common if one became the other."""
MOST_PAIRS = 40_000
"""Pairs of paragraphs that are looked at; where more changed at once, they stand as removed and added."""
MOST_PARAGRAPHS = 20_000
"""Paragraphs of a body that are compared; no honest article comes near."""
_FIRST_LETTER = 0x4E00


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One paragraph, before and after."""

    kind: RowKind
    part: PartKind
    words: tuple[Words, ...]
    """In reading order, what was removed before what came for it."""

    @property
    def before(self) -> tuple[Words, ...]:
        """The paragraph as it was; () where there was none."""
        return tuple(some for some in self.words if some.change != "added")

    @property
    def after(self) -> tuple[Words, ...]:
        """The paragraph as it became; () where it went."""
        return tuple(some for some in self.words if some.change != "removed")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    part: PartKind
    words: tuple[Word, ...]

    @property
    def plain(self) -> str:
        return " ".join(word.text for word in self.words)


def rows(before: Article, after: Article) -> tuple[Row, ...]:
    """Title, lead, then the body, paragraph by paragraph."""
    found: list[Row] = []
    parts: tuple[tuple[PartKind, str, str], ...] = (
        ("title", before.title, after.title),
        ("lead", before.lead, after.lead),
    )
    for part, old, new in parts:
        one, other = (_Paragraph(part, words_of(text)) for text in (old, new))
        if one.words or other.words:
            found.append(_row(one, other))
    found += _aligned(_paragraphs(before), _paragraphs(after))
    return tuple(found)


def _paragraphs(article: Article) -> list[_Paragraph]:
    found = (
        _Paragraph(block.kind, words_of(line.replace("\t", " | ")))
        for block in article.blocks
        for line in (block.text.splitlines() if block.kind in ("table", "list") else [block.text])
    )
    return list(islice((paragraph for paragraph in found if paragraph.words), MOST_PARAGRAPHS))


def _aligned(before: Sequence[_Paragraph], after: Sequence[_Paragraph]) -> Iterator[Row]:
    """Paragraphs that are the same hold the others in place."""
    names: dict[str, str] = {}
    one, other = (
        "".join(names.setdefault(paragraph.plain, chr(_FIRST_LETTER + len(names))) for paragraph in text)
        for text in (before, after)
    )
    engine = diff_match_patch()
    engine.Diff_Timeout = PATIENCE
    old, new = iter(before), iter(after)
    removed: list[_Paragraph] = []
    added: list[_Paragraph] = []
    for change, letters in engine.diff_main(one, other, checklines=False):
        if change < 0:
            removed += [next(old) for _ in letters]
        elif change > 0:
            added += [next(new) for _ in letters]
        else:
            yield from _paired(removed, added)
            removed, added = [], []
            for _ in letters:
                next(old)
                paragraph = next(new)
                yield Row(kind="same", part=paragraph.part, words=(Words("same", paragraph.words),))
    yield from _paired(removed, added)


def _paired(removed: Sequence[_Paragraph], added: Sequence[_Paragraph]) -> Iterator[Row]:
    """Between two that are the same: each with the one it became, in their order."""
    at = 0
    start = 0
    for left, right in _pairs(removed, added):
        yield from (_gone(paragraph) for paragraph in removed[at:left])
        yield from (_new(paragraph) for paragraph in added[start:right])
        yield _row(removed[left], added[right])
        at, start = left + 1, right + 1
    yield from (_gone(paragraph) for paragraph in removed[at:])
    yield from (_new(paragraph) for paragraph in added[start:])


def _pairs(removed: Sequence[_Paragraph], added: Sequence[_Paragraph]) -> list[tuple[int, int]]:
    """Pairs in order that have the most in common together (Needleman and Wunsch 1970)."""
    if not removed or not added or len(removed) * len(added) > MOST_PAIRS:
        return []
    old, new = ([Counter(word.text for word in one.words) for one in some] for some in (removed, added))
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for left in reversed(range(len(old))):
        for right in reversed(range(len(new))):
            paired = best[left + 1][right + 1] + likeness[left][right]
            best[left][right] = max(best[left + 1][right], best[left][right + 1], paired)
    found: list[tuple[int, int]] = []
    left = right = 0
    while left < len(old) and right < len(new):
        if best[left][right] == best[left + 1][right]:
            left += 1
        elif best[left][right] == best[left][right + 1]:
            right += 1
        else:
            found.append((left, right))
            left, right = left + 1, right + 1
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of their words; nought where it is too little."""
    share = 2 * (one & other).total() / (one.total() + other.total())
    return share if share >= ALIKE else 0.0


def _row(before: _Paragraph, after: _Paragraph) -> Row:
    if before.plain == after.plain:
        return Row(kind="same", part=after.part, words=(Words("same", after.words),))
    if not before.words or not after.words:
        return _new(after) if after.words else _gone(before)
    return Row(kind="changed", part=after.part, words=compared(before.words, after.words))


def _gone(paragraph: _Paragraph) -> Row:
    return Row(kind="removed", part=paragraph.part, words=(Words("removed", paragraph.words),))


def _new(paragraph: _Paragraph) -> Row:
    return Row(kind="added", part=paragraph.part, words=(Words("added", paragraph.words),))
