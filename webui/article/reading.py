"""An article's body as it is read: pieces in order, lists gathered, tables split into cells (pure)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from indexer.article import Absence, Article, Block, BlockKind
from indexer.record import History, Snapshot
from webui.article.marking import Evidence, Marks, Run

MOST_EVENTS = 20
"""Lines of the time line beside an article; the page of captures has them all."""

Runs = tuple[Run, ...]
_LINE = re.compile(r"[^\n\r]+")
_CELL = re.compile(r"(?<=[\t\n\r])[^\t\n\r]*|^[^\t\n\r]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One piece of the page. `rows` holds a table's cells, or a list's entries one to a row."""

    kind: BlockKind
    runs: Runs = ()
    rows: tuple[tuple[Runs, ...], ...] = ()


def pieces(blocks: Sequence[Block], marks: Marks) -> tuple[Piece, ...]:
    """Blocks as they are laid out; neighbouring list entries become one list."""
    found: list[Piece] = []
    for is_list, group in groupby(enumerate(blocks), lambda numbered: numbered[1].kind == "list"):
        if is_list:
            entries = [entry for index, block in group for entry in _cells(block.text, index, marks, _LINE)]
            found.append(Piece(kind="list", rows=tuple((entry,) for entry in entries)))
        else:
            found.extend(_piece(index, block, marks) for index, block in group)
    return tuple(found)


def _piece(index: int, block: Block, marks: Marks) -> Piece:
    if block.kind != "table":
        return Piece(kind=block.kind, runs=marks.runs("body", index))
    rows = (
        tuple(_cells(block.text[: line.end()], index, marks, _CELL, line.start()))
        for line in _LINE.finditer(block.text)
        if line[0].strip()
    )
    return Piece(kind="table", rows=tuple(rows))


def _cells(text: str, index: int, marks: Marks, pattern: re.Pattern[str], start: int = 0) -> Iterator[Runs]:
    """Lines or cells without the space around them; of cells, empty ones too."""
    for match in pattern.finditer(text, start):
        inner = match[0].strip()
        at = match.start() + match[0].find(inner)
        if inner or pattern is _CELL:
            yield marks.runs("body", index, at, at + len(inner))


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of an article's history: a moment at which it was seen, or a time in which a server had it not."""

    at: datetime
    snapshot: Snapshot | None = None
    before: Snapshot | None = None
    """The version before, where this one begins another."""
    absence: Absence | None = None
    server: str = ""

    def shows(self, other: Snapshot) -> bool:
        """Whether it is a moment of the version another shows."""
        return self.snapshot is not None and self.snapshot.version is other.version


def versions(history: History, shown: Snapshot) -> tuple[Event, ...]:
    """What became of the article, the last first: its versions, and times in which it was gone.

    Of many the last ones, the one that is `shown`, and the first.
    """
    events = _ordered(history.firsts(), history)
    if len(events) <= MOST_EVENTS:
        return events
    return (
        *events[: MOST_EVENTS - 2],
        *(one for one in events[MOST_EVENTS - 2 : -1] if one.shows(shown)),
        events[-1],
    )


def changes(history: History) -> int:
    """How many lines those would be if all were shown."""
    return len(history.record.versions) + sum(len(standing.absences) for standing in history.record.standings)


def captures(history: History) -> tuple[Event, ...]:
    """Every moment at which it was seen, the last first, and times in which it was gone."""
    return _ordered(history.snapshots, history)


def _ordered(seen: Iterable[Snapshot], history: History) -> tuple[Event, ...]:
    before = {id(one): earlier for earlier, one in pairwise(history.firsts())}
    moments = (Event(at=one.at, snapshot=one, before=before.get(id(one))) for one in seen)
    absences = [
        Event(at=absence.since, absence=absence, server=standing.server)
        for standing in history.record.standings
        for absence in standing.absences
    ]
    return tuple(sorted([*moments, *absences], key=lambda event: event.at, reverse=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One province the article speaks of: its name then, what it belongs to today, as what it is named."""

    then: str
    today: tuple[str, ...]
    roles: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def places(article: Article, marks: Marks) -> tuple[Place, ...]:
    """Provinces named, each once, those the article is about first."""
    today: dict[str, dict[str, None]] = {}
    roles: dict[str, dict[str, None]] = {}
    for mention in sorted(article.places, key=lambda place: place.role not in ("subject", "issuer")):
        for name in mention.then or mention.today:
            today.setdefault(name, {}).update(dict.fromkeys(mention.today))
            roles.setdefault(name, {})[mention.role] = None
    return tuple(
        Place(then=name, today=tuple(today[name]), roles=tuple(roles[name]), evidence=marks.evidence(name))
        for name in today
    )


def about(article: Article) -> tuple[str, ...]:
    """Provinces it is about, each once."""
    mentions = [place for place in article.places if place.role in ("subject", "issuer")]
    return tuple(dict.fromkeys(name for place in mentions for name in place.then or place.today))
