"""The archive: everything that was answered, byte for byte, in WARC files any tool reads; append only."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import VERSION
from config.database import Database, sequences
from config.settings import Settings
from crawler.address import Address, Addresses, Key
from crawler.archive import records
from crawler.archive.files import ArchiveError, read_member
from crawler.archive.group import SEQUENCE
from crawler.archive.recovery import Recovered
from crawler.archive.rows import CAPTURES, select
from crawler.archive.writer import Shelf, Writer
from crawler.clock import Clock
from crawler.page import Capture, FetchedPage, Headers
from crawler.tables import captures, warc_files

__all__ = ["Archive", "ArchiveError", "Recovered", "open_archive"]

_OF_THE_BODY = frozenset(
    {"content-encoding", "content-length", "content-type", "transfer-encoding", "content-range"}
)
"""Headers that describe the stored body: those of a 304 do not replace them (RFC 9111, 3.2)."""


class Archive:
    """Reads captures from any thread or process; appends through one writer, opened when it is first needed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._database = shelf.database
        self._writer: Writer | None = None

    # ---- reading ---------------------------------------------------------------------------------------------

    @property
    def last_sequence(self) -> int:
        """The last number of the archive's change sequence."""
        with self._database.reading() as connection:
            return int(connection.scalar(sa.select(sequences.c.value).where(sequences.c.name == SEQUENCE)) or 0)

    def changes(self, after: int, limit: int = 200) -> Iterator[tuple[list[Capture], int]]:
        """Batches of captures after a number of the change sequence, each with the number of its last."""
        while True:
            later = captures.c.sequence > after
            with self._database.reading() as connection:
                batch = list(select(connection, CAPTURES.where(later).order_by(captures.c.sequence).limit(limit)))
            if not batch:
                return
            after = batch[-1].sequence
            yield batch, after

    def captures(self, *, key: Key | None = None, canonical: str | None = None) -> list[Capture]:
        """Captures of an article or document, or of a canonical address, by the time they were made."""
        wanted = captures.c.key == str(key) if key else captures.c.canonical == canonical
        with self._database.reading() as connection:
            return list(
                select(connection, CAPTURES.where(wanted).order_by(captures.c.captured_at, captures.c.sequence))
            )

    def has(self, canonical: str, captured_at: datetime) -> bool:
        """Whether there is a capture of that canonical address and moment."""
        here = sa.and_(captures.c.canonical == canonical, captures.c.captured_at == captured_at)
        with self._database.reading() as connection:
            return connection.scalar(sa.select(captures.c.id).where(here).limit(1)) is not None

    def capture(self, number: int) -> Capture | None:
        """One capture by its id."""
        with self._database.reading() as connection:
            return next(select(connection, CAPTURES.where(captures.c.id == number)), None)

    def check(self) -> None:
        """Raise ArchiveError where none of the files is there: another folder, say, or one that is not mounted."""
        with self._database.reading() as connection:
            names = connection.scalars(sa.select(warc_files.c.name).where(warc_files.c.size > 0)).all()
        if names and not any((self._shelf.folder / name).exists() for name in names):
            raise ArchiveError(f"MIC_ARCHIVE: none of the archive's {len(names)} files is in {self._shelf.folder}")

    def read(self, capture: Capture) -> FetchedPage:
        """What was answered. A revisit has the payload it refers to; a 304 counts as the answer it confirms.

        Raises ArchiveError when the file is missing or damaged.
        """
        page = self._read(capture)
        if capture.revisit_of is None:
            return page
        original = self.capture(capture.revisit_of)
        if original is None:
            raise ArchiveError(f"{capture.url}: the capture it refers to is not in the archive")
        return _merged(page, self._read(original))

    def _read(self, capture: Capture) -> FetchedPage:
        path = self._shelf.folder / capture.warc
        try:
            return records.read(read_member(path, capture.offset, capture.length)).page
        except records.RecordError as error:
            raise ArchiveError(f"{path} at {capture.offset}: {error}") from error

    # ---- appending -------------------------------------------------------------------------------------------

    def append(
        self, page: FetchedPage, address: Address, *, source: str = "crawl", body_of: int | None = None
    ) -> Capture:
        """Store one answer, or why there was none, and return its capture once both are on the disk.

        `body_of` is the capture whose payload a 304 confirms. Raises ArchiveError.
        """
        self.write(page, address, source=source, body_of=body_of)
        with self.committing() as (_, written):
            return written[-1]

    def write(
        self, page: FetchedPage, address: Address, *, source: str = "crawl", body_of: int | None = None
    ) -> None:
        """Store one answer whose row comes with the next `committing`."""
        self._open_writer().write(page, address, source=source, body_of=body_of)

    def committing(self) -> AbstractContextManager[tuple[Connection, list[Capture]]]:
        """A transaction that writes the rows of all that was written; what the caller adds goes with them."""
        return self._open_writer().committing()

    def recover(self) -> list[Recovered]:
        """Put right what accidents left in files nobody writes. Does nothing once something was written."""
        if self._writer is not None:
            return []
        self._writer = Writer(self._shelf)
        return self._writer.open()

    def close(self) -> None:
        """Write the rows that are missing and give the file back."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def _open_writer(self) -> Writer:
        if self._writer is None:
            self.recover()
        assert self._writer is not None
        return self._writer


def open_archive(settings: Settings, database: Database, addresses: Addresses, clock: Clock) -> Archive:
    """The archive these settings name. Nothing is opened or made before it is needed."""
    about = {
        "software": f"mic-archive/{VERSION}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": Path(settings.site).stem,
        "operator": settings.contact,
        "robots": "obey (RFC 9309)",
    }
    shelf = Shelf(
        folder=Path(settings.archive),
        database=database,
        clock=clock,
        addresses=addresses,
        size=settings.warc_size,
        name=Path(settings.site).stem,
        about=about,
    )
    return Archive(shelf)


def _merged(page: FetchedPage, original: FetchedPage) -> FetchedPage:
    """A revisit with the payload of its original; a 304 is the stored answer, its headers brought up to date."""
    confirmed = page.status == 304  # noqa: PLR2004 - Not Modified
    return FetchedPage(
        url=page.url,
        captured_at=page.captured_at,
        status=original.status if confirmed else page.status,
        status_line=original.status_line if confirmed else page.status_line,
        headers=_fresher(original.headers, page.headers) if confirmed else page.headers,
        payload=original.payload,
        truncated=original.truncated,
        peer=page.peer,
    )


def _fresher(stored: Headers, newer: Headers) -> Headers:
    """Stored headers, those named anew replaced (RFC 9111, 4.3.4)."""
    update = tuple((name, value) for name, value in newer if name.lower() not in _OF_THE_BODY)
    named = {name.lower() for name, _ in update}
    return tuple((name, value) for name, value in stored if name.lower() not in named) + update
