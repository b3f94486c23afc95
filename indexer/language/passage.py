"""One piece of an article that is read for names and numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from indexer.article import Article, Part, Where
from indexer.language.view import View


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A text and where it stands in its article."""

    part: Part
    index: int = 0
    text: str

    @cached_property
    def view(self) -> View:
        """The text as names and numbers are looked for in it."""
        return View.of(self.text)

    def where(self, start: int, end: int) -> Where:
        """The place in the article of a part of the view."""
        first, last = self.view.span(start, end)
        return Where(part=self.part, index=self.index, start=first, end=last)

    def written(self, start: int, end: int) -> str:
        """The original of a part of the view."""
        return self.text[slice(*self.view.span(start, end))]


def passages_of(article: Article) -> tuple[Passage, ...]:
    """Title, lead and blocks of an article. Captions are left out: they name what is seen elsewhere too."""
    head: Iterable[Passage] = (
        Passage(part="title", text=article.title),
        Passage(part="lead", text=article.lead),
    )
    body = (
        Passage(part="body", index=index, text=block.text)
        for index, block in enumerate(article.blocks)
        if block.kind != "caption"
    )
    return tuple(passage for passage in (*head, *body) if passage.text)
