"""The files an article offers: their text page by page, marked where the words of a search stand (pure)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.page import stamp
from indexer.article import Attachment, AttachmentLink
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.highlight import Highlighter
from indexer.query.language import parse
from indexer.query.results import Marked
from indexer.query.spelling import same
from indexer.query.understood import Query
from indexer.record import OfferedFile

LONG = 4_000
"""Characters of a file's text shown at once; the rest opens on request."""
TOGETHER = 10
"""Pages that open together."""

MOST_FOUND = 10
"""Pages of one file that are named and marked."""
LOOKED_AT = 400_000
"""Characters of one article's files in which words are looked for: more would keep the page waiting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One page of a file, counted from 1; 0 for a text that has none. `text` is marked where words stand."""

    number: int = 0
    text: Marked


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """What is shown at once, or opens together."""

    sheets: tuple[Sheet, ...]
    open: bool = False

    @property
    def first(self) -> int:
        """Number of its first page."""
        return self.sheets[0].number

    @property
    def last(self) -> int:
        """Number of its last page."""
        return self.sheets[-1].number


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """One attachment: its link, and what was read of it where it was archived."""

    id: str
    """What it is called in the address of a part of the page."""
    link: AttachmentLink
    read: Attachment | None
    stamp: str = ""
    """Of the capture that can be had here; '' where there is none."""
    found: tuple[int, ...] = ()
    """The first pages on which the words looked for stand."""
    stretches: tuple[Stretch, ...] = ()
    """Its text: what is shown at once, then what opens on request."""


def shown(offered: Iterable[OfferedFile], words: str = "") -> tuple[File, ...]:
    """Every file the article offers, read or not; marked where words of a search stand. Raises QueryTooLong."""
    query = parse(words)
    left = LOOKED_AT if query.words or query.beginnings else 0
    files = []
    for number, file in enumerate(offered, 1):
        read = file.said.attachment if file.said else None
        texts = read.page_texts if read else ()
        marked = _found(texts, query, left)
        left = max(0, left - sum(map(len, texts)))
        files.append(
            File(
                id=f"file-{number}",
                link=file.link,
                read=read,
                stamp=_stamp(file),
                found=tuple(marked),
                stretches=tuple(_paged(texts, marked) if texts else _whole(read.text if read else "")),
            )
        )
    return tuple(files)


def _stamp(file: OfferedFile) -> str:
    said = file.said
    return stamp(said.captured_at, said.payload_digest) if said and said.attachment.is_file else ""


def _whole(text: str) -> Iterator[Stretch]:
    """A text without pages: its beginning, and the rest."""
    beginning = text if len(text) <= LONG else text[:LONG].rsplit(maxsplit=1)[0]
    for part in (beginning, text[len(beginning) :]):
        if part:
            yield Stretch(sheets=(Sheet(text=Marked(text=part)),))


def _paged(texts: Sequence[str], marked: Mapping[int, Marked]) -> Iterator[Stretch]:
    """The first pages, as many as are shown at once but at least one; the others some at a time."""
    sheets = [Sheet(number=at, text=marked.get(at) or Marked(text=text)) for at, text in enumerate(texts, 1)]
    end, length = 1, len(texts[0])
    while end < len(sheets) and length + len(texts[end]) <= LONG:
        length += len(texts[end])
        end += 1
    yield Stretch(sheets=tuple(sheets[:end]), open=True)
    for start in range(end, len(sheets), TOGETHER):
        some = tuple(sheets[start : start + TOGETHER])
        yield Stretch(sheets=some, open=any(sheet.number in marked for sheet in some))


def _found(texts: Sequence[str], query: Query, most: int) -> dict[int, Marked]:
    """By number the first pages that hold the most of a query's words, half of them at least, with their marks.

    They are looked for roughly in the first `most` characters, then marked on the few pages that are named.
    """
    held: dict[int, tuple[int, int]] = {}
    for number, text in enumerate(texts, 1):
        if most <= 0:
            break
        held[number] = _held(text[:most], query)
        most -= len(text)
    best = max(held.values(), default=(0, 0))
    if not best[0] or 2 * best[0] < len(query.words) + len(query.beginnings):
        return {}
    highlighter = Highlighter(query)
    named: dict[int, Marked] = {}
    for number in [number for number, count in held.items() if count == best][: 2 * MOST_FOUND]:
        marked = highlighter.title(texts[number - 1])
        if marked.marks and len(named) < MOST_FOUND:
            named[number] = marked
    return named


def _held(text: str, query: Query) -> tuple[int, int]:
    """How many of a query's words and prefixes a text holds without marks, and how many words with those typed."""
    written = search_text(text)
    words, bare = set(written.split()), set(fold(written).split())
    starts = sum(any(word.startswith(start) for word in bare) for start in query.beginnings)
    found = sum(word.bare in bare or same(word.bare) in bare for word in query.words)
    return starts + found, sum(word.text in words for word in query.words if word.marked)
