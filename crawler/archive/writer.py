"""Appends to the archive: records into a file of this process's own, then their rows, together and in order.

A record is in its file at once, so a killed process (kill -9) leaves whole records that the next one adopts. Rows
come in groups: the file is brought to the disk (fdatasync), and only then are the rows of the group committed, in
one transaction. So a row never outlives its record, not even in a power cut, and a crawl at full speed pays for
one sync and one commit in a few dozen pages. At a polite pace a group is one page.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database
from crawler.address import Address, Addresses
from crawler.archive import records
from crawler.archive.files import WarcFile
from crawler.archive.group import Group, Place
from crawler.archive.recovery import Recovered, recover
from crawler.archive.storage import Storage
from crawler.archive.uploading import Uploaded, Uploader, Uploads, lease_name
from crawler.clock import Clock
from crawler.lease import LeaseHeld, Leases
from crawler.page import Capture, FetchedPage
from crawler.tables import warc_files


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Where WARC files are kept, how large and (on their way to object storage) old they grow, how they begin."""

    storage: Storage
    database: Database
    clock: Clock
    addresses: Addresses
    size: int
    age: timedelta
    name: str
    about: Mapping[str, str]

    @property
    def uploads(self) -> Uploads:
        """What moves full files on."""
        return Uploads(self.database, self.storage, self.clock)

    def is_full(self, size: int, opened_at: datetime) -> bool:
        """Whether a file of that size, begun at that moment, is to be given up for the next."""
        is_old = self.storage.remote is not None and self.clock.now() - opened_at >= self.age
        return size >= self.size or is_old


class Writer:
    """The one writer of a process. Use it from one thread."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._leases = Leases(shelf.database, shelf.clock)
        self._group = Group(shelf.database)
        self._file: WarcFile | None = None
        self._number = 0
        self._opened_at = shelf.clock.now()
        self._uploader = Uploader(shelf.uploads) if shelf.storage.remote else None

    def __len__(self) -> int:
        """Records that have no rows yet."""
        return len(self._group)

    def write(self, page: FetchedPage, address: Address, *, source: str, body_of: int | None) -> None:
        """Put an answer into the file. Raises ArchiveError, and LeaseHeld when another process took the file."""
        file = self._file or self._begin()
        payload = self._group.payload(page, body_of)
        main, request = records.answer(page, payload.body.payload_digest, payload.original, source)
        offset = file.append(main + request)
        place = Place(self._number, file.path.name, offset, len(main))
        self._group.add(page, address, payload, place, source)

    @contextmanager
    def committing(self) -> Iterator[tuple[Connection, list[Capture]]]:
        """A transaction that writes the rows of what was written since the last one, and whatever the block adds.

        Raises ArchiveError; whenever it fails, the records wait for the next transaction or the next process.
        """
        if self._file and self._group:
            self._file.sync()
        with self._shelf.database.writing() as connection:
            self._leases.keep(connection)
            yield connection, self._group.insert(connection)
        self._group.clear()
        if self._file and self._shelf.is_full(self._file.end, self._opened_at):
            self._give_back(is_full=True)

    def open(self) -> list[Recovered]:
        """Take a free file that is not full, and put right what accidents left in any free file; returns that."""
        with self._shelf.database.reading() as connection:
            rows = connection.execute(sa.select(warc_files).where(warc_files.c.state == "open")).all()
        found = [recovered for row in rows if (recovered := self._take(row.id, row.name, row.opened_at))]
        self._upload()
        return found

    def upload(self, tell: Callable[[str], None]) -> Uploaded:
        """Give up all files that no other process writes, however small; upload them now. Raises ArchiveError."""
        with self.committing():
            pass
        while self._file:
            self._give_back(is_full=True)
            self.open()
        return self._uploader.now(tell) if self._uploader else Uploaded(failed={})

    def close(self) -> None:
        """Write the rows that are missing, give the file back, and upload what can be uploaded."""
        try:
            with self.committing():
                pass
        finally:
            if self._file:
                self._give_back()
            self._leases.release()
            if self._uploader:
                self._uploader.close()

    def _upload(self) -> None:
        if self._uploader:
            self._uploader.wake()

    def _take(self, number: int, name: str, opened_at: datetime) -> Recovered | None:
        """Recover a file unless another process writes it, and go on with it if none was taken before."""
        path = self._shelf.storage.folder / name
        if self._shelf.storage.remote and not path.exists():
            return None  # it lies in another machine's spool
        try:
            self._leases.take(lease_name(number))
        except LeaseHeld:
            return None
        with self._shelf.database.reading() as connection:  # again: its writer may have gone on until just now
            row = connection.execute(sa.select(warc_files).where(warc_files.c.id == number)).one()
        if row.state != "open":
            self._leases.release(lease_name(number))
            return None
        recovered = recover(self._shelf.database, self._shelf.addresses, path, (number, row.size))
        self._go_on(path, recovered, number, opened_at)
        return recovered or None

    def _go_on(self, path: Path, recovered: Recovered, number: int, opened_at: datetime) -> None:
        """Take a file that was put right for this writer's, or give it back as what it is."""
        is_full = self._shelf.is_full(recovered.end, opened_at)
        if self._file is None and not recovered.missing and not is_full:
            self._number, self._file, self._opened_at = number, self._file_at(path, recovered.end), opened_at
            return
        if recovered.missing:
            self._set_state(number, "damaged")
        elif is_full:
            self._set_state(number, self._shelf.storage.full, recovered.end)
        self._leases.release(lease_name(number))

    def _begin(self) -> WarcFile:
        """Begin a new file, its row and lease first: a file without a row could belong to anybody."""
        now = self._shelf.clock.now()
        name = f"{self._shelf.name}-{now:%Y%m%d%H%M%S}-{token_hex(3)}.warc.gz"
        with self._shelf.database.writing() as connection:
            row = {"name": name, "state": "open", "size": 0, "opened_at": now}
            self._number = connection.execute(sa.insert(warc_files).returning(warc_files.c.id), row).scalar_one()
            self._leases.take_in(connection, lease_name(self._number))
        self._opened_at = now
        self._file = self._file_at(self._shelf.storage.folder / name, 0)
        return self._file

    def _file_at(self, path: Path, end: int) -> WarcFile:
        file = WarcFile(path, end=end)
        if end == 0:
            file.append(records.warcinfo(path.name, self._shelf.about))
        return file

    def _give_back(self, *, is_full: bool = False) -> None:
        assert self._file is not None
        end = self._file.end
        self._file.close()
        self._file = None
        if is_full:
            self._set_state(self._number, self._shelf.storage.full, end)
        self._leases.release(lease_name(self._number))
        if is_full:
            self._upload()

    def _set_state(self, number: int, state: str, size: int | None = None) -> None:
        """Name the state of a file; also its size, once nothing is added any more (a request may come last)."""
        values = {"state": state} | ({} if size is None else {"size": size})
        with self._shelf.database.writing() as connection:
            connection.execute(sa.update(warc_files).where(warc_files.c.id == number).values(**values))
