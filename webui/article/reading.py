"""An article's body as it is read: pieces in order, lists gathered, tables split into cells (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from indexer.article import Absence, Article, Attachment, AttachmentLink, Block, BlockKind, Version
from indexer.record import ArticleRecord

LONG = 4_000
"""Characters of a file's text shown at once; the rest opens on request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One piece of the page. `rows` holds a table's cells, or a list's entries one to a row."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """One attachment: its link, and what was read of it where it was archived."""

    link: AttachmentLink
    read: Attachment | None

    @property
    def beginning(self) -> str:
        """What is shown of its text at once."""
        text = self.read.text if self.read else ""
        return text if len(text) <= LONG else text[:LONG].rsplit(maxsplit=1)[0]

    @property
    def rest(self) -> str:
        """What opens on request."""
        return self.read.text[len(self.beginning) :] if self.read else ""


def pieces(blocks: Sequence[Block]) -> tuple[Piece, ...]:
    """Blocks as they are laid out; neighbouring list entries become one list."""
    found: list[Piece] = []
    for is_list, group in groupby(blocks, lambda block: block.kind == "list"):
        if is_list:
            entries = [line for block in group for line in block.text.splitlines() if line.strip()]
            found.append(Piece(kind="list", rows=tuple((entry.strip(),) for entry in entries)))
        else:
            found.extend(_piece(block) for block in group)
    return tuple(found)


def _piece(block: Block) -> Piece:
    if block.kind == "table":
        lines = [line for line in block.text.splitlines() if line.strip()]
        return Piece(kind="table", rows=tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines))
    return Piece(kind=block.kind, text=block.text)


def files(record: ArticleRecord) -> tuple[File, ...]:
    """Every file the article offers, read or not."""
    read = {file.address: file for file in record.files}
    return tuple(File(link=link, read=read.get(link.address)) for link in record.article.attachments)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of an article's history: a version of it, or a time in which a server did not have it."""

    at: datetime
    version: Version | None = None
    absence: Absence | None = None
    server: str = ""


def history(record: ArticleRecord) -> tuple[Event, ...]:
    """What became of the article, the last first."""
    events = [Event(at=version.captured_at, version=version) for version in record.versions]
    events += [
        Event(at=absence.since, absence=absence, server=standing.server)
        for standing in record.standings
        for absence in standing.absences
    ]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One province the article speaks of: its name then, what it belongs to today, as what it is named."""

    then: str
    today: tuple[str, ...]
    roles: tuple[str, ...]


def places(article: Article) -> tuple[Place, ...]:
    """Provinces named, each once, those the article is about first."""
    today: dict[str, dict[str, None]] = {}
    roles: dict[str, dict[str, None]] = {}
    for mention in sorted(article.places, key=lambda place: place.role not in ("subject", "issuer")):
        for name in mention.then or mention.today:
            today.setdefault(name, {}).update(dict.fromkeys(mention.today))
            roles.setdefault(name, {})[mention.role] = None
    return tuple(Place(then=name, today=tuple(today[name]), roles=tuple(roles[name])) for name in today)


def about(article: Article) -> tuple[str, ...]:
    """Provinces it is about, each once."""
    mentions = [place for place in article.places if place.role in ("subject", "issuer")]
    return tuple(dict.fromkeys(name for place in mentions for name in place.then or place.today))
