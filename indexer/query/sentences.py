"""Where the sentences of a text begin, and a long text taken in parts (pure)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from indexer.language.folding import fold

PART = 4_000
"""Characters searched at once, so that what is long costs nothing behind the place where enough is found."""

_STOP = re.compile(r"[.!?…][\"”’»)\]]*\s+|[\n\r\f]+")
"""Where a sentence may end."""

_VOWELS = frozenset("aeiouy")


def parts(text: str) -> Iterator[str]:
    """A text in parts that end with a paragraph, a sentence or at least a word, where there is such an end."""
    done = 0
    while len(text) - done > PART:
        ends = (text.rfind(border, done, done + PART) + len(border) for border in ("\n", ". ", " "))
        end = next((end for end in ends if end > done + PART // 2), done + PART)
        yield text[done:end]
        done = end
    yield text[done:]


def starts(text: str) -> Iterator[int]:
    """Where the sentences of a text begin. "TP. HCM", "GS. TS. Nam" and "1. Nội dung" are one each."""
    yield 0
    for stop in _STOP.finditer(text):
        start = stop.end()
        if text[stop.start()] == "." and (_shortened(text, stop.start()) or text[start : start + 1].islower()):
            continue
        yield start


def _shortened(text: str, dot: int) -> bool:
    """Whether the dot stands behind an abbreviation or the number of an item, not behind a word."""
    before = text[max(0, dot - 6) : dot].replace(".", " ").rsplit(None, 1)
    word = before[-1].lstrip('(["“') if before else ""
    if word.isdigit():
        return len(word) < 3  # noqa: PLR2004 - a year ends a sentence, the number of an item does not
    return word[:1].isupper() and (len(word) == 1 or _VOWELS.isdisjoint(fold(word.lower())))


def pieces(text: str) -> Iterator[str]:
    """The sentences of a text that are not empty."""
    return (piece for one, other in pairwise([*starts(text), len(text)]) if (piece := text[one:other].strip()))
