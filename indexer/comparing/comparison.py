"""What two moments of an article differ in, with a summary for those who have no time for the whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from indexer.article import Article
from indexer.comparing.rows import Row, RowKind, rows
from indexer.record import OfferedFile, Snapshot
from indexer.record.meaning import path

MOST_FIGURES = 6
"""Changed figures that a summary names."""
_LONGEST_FIGURE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class FileChange:
    """A file that came, went, or has another content now."""

    kind: Literal["added", "removed", "replaced"]
    name: str
    pages_before: int | None = None
    pages_after: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """What the pages say beside the text, and say otherwise: no change of what the article means."""

    field: Literal["date", "author", "category"]
    before: str
    """A day as ISO writes it."""
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two moments of one article."""

    before: Snapshot
    after: Snapshot
    rows: tuple[Row, ...]
    files: tuple[FileChange, ...]
    details: tuple[Detail, ...]

    @property
    def is_same(self) -> bool:
        """Whether text and files are the same."""
        return not self.files and all(row.kind == "same" for row in self.rows)

    @property
    def words_added(self) -> int:
        """Words that came."""
        return sum(some.count for row in self.rows for some in row.words if some.change == "added")

    @property
    def words_removed(self) -> int:
        """Words that went."""
        return sum(some.count for row in self.rows for some in row.words if some.change == "removed")

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Numbers, days and codes with what stands in their place now, the first few."""
        return tuple(dict.fromkeys(_figures(self.rows)))[:MOST_FIGURES]

    def kind_of(self, part: Literal["title", "lead"]) -> RowKind:
        """What became of the title or the lead; `same` where there is none."""
        return next((row.kind for row in self.rows if row.part == part), "same")

    def paragraphs(self, kind: RowKind) -> int:
        """Paragraphs of the body that came, went, changed, or are the same."""
        return sum(row.kind == kind and row.part not in ("title", "lead") for row in self.rows)


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """What differs between what an article said at one moment and at another."""
    return Comparison(
        before=before,
        after=after,
        rows=rows(before.article, after.article),
        files=tuple(_files(before.files, after.files)),
        details=tuple(_details(before.article, after.article)),
    )


def _figures(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for one, other in pairwise(row.words):
            if (one.change, other.change) == ("removed", "added"):
                texts = one.text, other.text
                is_short = max(map(len, texts)) <= _LONGEST_FIGURE
                if is_short and all(any(letter.isdigit() for letter in text) for text in texts):
                    yield texts


def _files(before: Sequence[OfferedFile], after: Sequence[OfferedFile]) -> Iterator[FileChange]:
    """A file is the same one where its path is; on another host, too."""
    old, new = ({path(file.link.address): file for file in files} for files in (before, after))
    for name, file in old.items():
        if name not in new:
            yield FileChange(kind="removed", name=file.link.name, pages_before=_pages(file))
        elif new[name].payload_digest != file.payload_digest:
            pages = {"pages_before": _pages(file), "pages_after": _pages(new[name])}
            yield FileChange(kind="replaced", name=new[name].link.name, **pages)
    for name, file in new.items():
        if name not in old:
            yield FileChange(kind="added", name=file.link.name, pages_after=_pages(file))


def _pages(file: OfferedFile) -> int | None:
    return file.said.attachment.pages if file.said else None


def _details(before: Article, after: Article) -> Iterator[Detail]:
    """Only what both say: a form of the page that leaves something out does not contradict the other."""
    days = [article.published.day.isoformat() if article.published else "" for article in (before, after)]
    fields: tuple[tuple[Literal["date", "author", "category"], str, str], ...] = (
        ("date", days[0], days[1]),
        ("author", before.author, after.author),
        ("category", before.category, after.category),
    )
    for field, old, new in fields:
        if old and new and old != new:
            yield Detail(field=field, before=old, after=new)
