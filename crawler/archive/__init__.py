"""The archive: everything that was answered, byte for byte, in WARC files any tool reads; append only."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config import VERSION
from config.database import Database, sequences
from config.settings import Settings
from crawler.address import Address, Addresses, Key
from crawler.archive import extents, nearest, records
from crawler.archive.extents import Extent
from crawler.archive.files import ArchiveError
from crawler.archive.group import SEQUENCE
from crawler.archive.recovery import Recovered
from crawler.archive.rows import CAPTURES, select
from crawler.archive.state import ArchiveState, FileState, check, elsewhere, give_up, state
from crawler.archive.storage import StorageError, open_storage
from crawler.archive.uploading import Uploaded
from crawler.archive.writer import Shelf, Writer
from crawler.clock import Clock
from crawler.page import Capture, FetchedPage, Headers
from crawler.tables import captures, payload_labels

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveState",
    "FileState",
    "Recovered",
    "StorageError",
    "Uploaded",
    "open_archive",
]

_OF_THE_BODY = frozenset(
    {"content-encoding", "content-length", "content-type", "transfer-encoding", "content-range"}
)
"""Headers that describe the stored body: those of a 304 do not replace them (RFC 9111, 3.2)."""

_AT = sa.select(captures.c.url, captures.c.payload_digest).where(
    captures.c.canonical == sa.bindparam("canonical"), captures.c.captured_at == sa.bindparam("captured_at")
)


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
        """Batches of captures after a number of the change sequence, each with the number of its last.

        Ends before a capture that lies in another machine's spool: it is read once it is stored.
        """
        while True:
            later = captures.c.sequence > after
            with self._database.reading() as connection:
                batch = list(select(connection, CAPTURES.where(later).order_by(captures.c.sequence).limit(limit)))
                missing = elsewhere(connection, self._shelf.storage) if batch else frozenset()
            end = next((number for number, capture in enumerate(batch) if capture.warc in missing), len(batch))
            batch = batch[:end]
            if not batch:
                return
            after = batch[-1].sequence
            yield batch, after

    def captures(
        self, *, key: Key | None = None, canonical: str | None = None, captured_at: datetime | None = None
    ) -> list[Capture]:
        """Captures of an article or document, or of a canonical address, by the time they were made."""
        wanted = captures.c.key == str(key) if key else captures.c.canonical == canonical
        if captured_at:
            wanted = sa.and_(wanted, captures.c.captured_at == captured_at)
        with self._database.reading() as connection:
            return list(
                select(connection, CAPTURES.where(wanted).order_by(captures.c.captured_at, captures.c.sequence))
            )

    def has(self, canonical: str, url: str, captured_at: datetime, payload_digest: str) -> bool:
        """Whether there is this capture. In one second one address may have led to another form of itself."""
        with self._database.reading() as connection:
            there = connection.execute(_AT, {"canonical": canonical, "captured_at": captured_at})
            return any((row.url, row.payload_digest) == (url, payload_digest) for row in there)

    def original(self, label: str) -> Capture | None:
        """The capture that holds the payload with that digest, ours or one another tool gave it."""
        ours = sa.select(payload_labels.c.payload_digest).where(payload_labels.c.label == label)
        wanted = captures.c.payload_digest.in_(sa.union_all(sa.select(sa.literal(label)), ours))
        whole = sa.and_(wanted, captures.c.revisit_of.is_(None), captures.c.truncated == "")
        with self._database.reading() as connection:
            return next(select(connection, CAPTURES.where(whole).limit(1)), None)

    def capture(self, number: int) -> Capture | None:
        """One capture by its id."""
        with self._database.reading() as connection:
            return next(select(connection, CAPTURES.where(captures.c.id == number)), None)

    def with_digest(self, payload_digest: str, limit: int) -> list[Capture]:
        """Captures of a payload, the first of them, by the time they were made."""
        wanted = CAPTURES.where(captures.c.payload_digest == payload_digest)
        with self._database.reading() as connection:
            return list(
                select(connection, wanted.order_by(captures.c.captured_at, captures.c.sequence).limit(limit))
            )

    def nearest(self, canonical: str, at: datetime) -> Capture | None:
        """The good answer of an address that is nearest in time; a redirect where there was never another."""
        with self._database.reading() as connection:
            return nearest.good(connection, canonical, at) or nearest.redirect(connection, canonical, at)

    def held(self, canonicals: Collection[str]) -> frozenset[str]:
        """Those of these addresses of which there is a good answer, or a redirect to another address."""
        with self._database.reading() as connection:
            return nearest.held(connection, canonicals)

    def digest_of(self, capture: Capture) -> str:
        """The digest of its payload, computed anew from the file it lies in. Raises ArchiveError."""
        return records.digest(self.read(capture).payload)

    def check(self) -> None:
        """Raise ArchiveError where none of the files is there: another folder, say, or storage that is away."""
        check(self._database, self._shelf.storage)

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
        try:
            return records.read(self.member(capture)).page
        except records.RecordError as error:
            raise ArchiveError(f"{capture.warc} at {capture.offset}: {error}") from error

    def member(self, capture: Capture) -> bytes:
        """The record as it lies in its file. Raises ArchiveError."""
        return self._shelf.storage.read(capture.warc, capture.offset, capture.length)

    def files(self) -> list[str]:
        """Names of the files that hold captures, the oldest first."""
        return extents.names(self._database)

    def extents(self, name: str, last: int) -> Iterator[Extent]:
        """The captures of a file in the order in which they lie there, up to a number of the change sequence."""
        return extents.of_file(self._database, name, last)

    def extent(self, capture: Capture) -> Extent:
        """Where a capture lies, with its request."""
        return extents.extent(self._database, capture)

    def bytes_of(self, extent: Extent) -> bytes:
        """A record, and its request if it has one, as they lie in their file. Raises ArchiveError."""
        capture = extent.capture
        return self._shelf.storage.read(capture.warc, capture.offset, extent.end - capture.offset)

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

    def state(self) -> ArchiveState:
        """How the files are."""
        return state(self._database, self._shelf.storage)

    def upload(self, tell: Callable[[str], None]) -> Uploaded:
        """Close the files that nobody writes, and move what is full to object storage, now.

        `tell` gets the name of each. Does nothing where the archive is a folder. Raises ArchiveError.
        """
        if self._shelf.storage.remote is None:
            return Uploaded(failed={})
        return self._open_writer().upload(tell)

    def give_up(self, name: str) -> bool:
        """Call a file damaged whose spool is lost; False where there is nothing to be given up."""
        return give_up(self._database, name)

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
        storage=open_storage(settings.archive, Path(settings.spool)),
        database=database,
        clock=clock,
        addresses=addresses,
        size=settings.warc_size,
        age=timedelta(hours=settings.warc_hours),
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
