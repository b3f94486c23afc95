"""The texts of an article, read for names and numbers as one."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from indexer.article import Block, Part, Where
from indexer.language.view import View

APART = "\n\n\n"
"""Between two passages: no rule reaches across an empty line."""


LONGEST = 500_000
"""Characters of one article that are read for names and numbers; the longest law has 300,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A text and where it stands in its article."""

    part: Part
    index: int = 0
    text: str


class Passages:
    """Several passages in reading order. Joined, they cost half of what they cost one by one."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = tuple(_within(passages, LONGEST))
        starts: list[int] = []
        length = 0
        for passage in self._passages:
            starts.append(length)
            length += len(passage.text) + len(APART)
        self._starts: Sequence[int] = starts

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages)

    @classmethod
    def of(cls, title: str, lead: str, blocks: Iterable[Block]) -> "Passages":
        """Title, lead and blocks of an article. Captions are left out: they name what is seen elsewhere too."""
        body = (
            Passage(part="body", index=index, text=block.text)
            for index, block in enumerate(blocks)
            if block.kind != "caption"
        )
        head = (Passage(part="title", text=title), Passage(part="lead", text=lead))
        return cls(passage for passage in (*head, *body) if passage.text)

    @cached_property
    def _joined(self) -> str:
        return APART.join(passage.text for passage in self._passages)

    @cached_property
    def _view(self) -> View:
        return View.of(self._joined)

    @property
    def text(self) -> str:
        """All of them, as names and numbers are looked for."""
        return self._view.text

    def passage(self, place: int) -> Passage:
        """The passage a place of the text belongs to."""
        return self._passages[bisect_right(self._starts, self._view.span(place, place)[0]) - 1]

    def where(self, start: int, end: int) -> Where:
        """The place in the article of a part of the text."""
        first, last = self._view.span(start, end)
        index = bisect_right(self._starts, first) - 1
        passage, begin = self._passages[index], self._starts[index]
        return Where(part=passage.part, index=passage.index, start=first - begin, end=last - begin)

    def written(self, start: int, end: int) -> str:
        """The original of a part of the text."""
        return self._joined[slice(*self._view.span(start, end))]

    def between(self, before: Where, after: Where) -> str | None:
        """The original between two places of one passage; None where they are not in one."""
        if (before.part, before.index) != (after.part, after.index):
            return None
        passages = (one for one in self._passages if (one.part, one.index) == (before.part, before.index))
        return next(passages).text[before.end : after.start]


def _within(passages: Iterable[Passage], most: int) -> Iterator[Passage]:
    """The passages that begin within so many characters."""
    length = 0
    for passage in passages:
        if length > most:
            return
        length += len(passage.text)
        yield replace(passage, text=passage.text[:most]) if len(passage.text) > most else passage
