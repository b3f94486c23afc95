"""Appends to the archive: records into a file of this process's own, then their rows, together and in order.

A record is in its file at once, so a killed process (kill -9) leaves whole records that the next one adopts. Rows
come in groups: the file is brought to the disk (fdatasync), and only then are the rows of the group committed, in
one transaction. So a row never outlives its record, not even in a power cut, and a crawl at full speed pays for
one sync and one commit in a few dozen pages. At a polite pace a group is one page.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
from crawler.clock import Clock
from crawler.lease import LeaseHeld, Leases
from crawler.page import Capture, FetchedPage
from crawler.tables import warc_files


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Where WARC files are kept, how large they grow, and what their first record says."""

    folder: Path
    database: Database
    clock: Clock
    addresses: Addresses
    size: int
    name: str
    about: Mapping[str, str]


class Writer:
    """The one writer of a process. Use it from one thread."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._leases = Leases(shelf.database, shelf.clock)
        self._group = Group(shelf.database)
        self._file: WarcFile | None = None
        self._number = 0

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
        if self._file and self._file.end >= self._shelf.size:
            self._give_back(is_full=True)

    def open(self) -> list[Recovered]:
        """Take a free file that is not full, and put right what accidents left in any free file; returns that."""
        with self._shelf.database.reading() as connection:
            rows = connection.execute(sa.select(warc_files).where(warc_files.c.state == "open")).all()
        found = [recovered for row in rows if (recovered := self._take(row.id, row.name))]
        if self._file is None:
            self._begin()
        return found

    def close(self) -> None:
        """Write the rows that are missing and give the file back."""
        try:
            with self.committing():
                pass
        finally:
            if self._file:
                self._give_back()
            self._leases.release()

    def _take(self, number: int, name: str) -> Recovered | None:
        """Recover a file unless another process writes it, and go on with it if none was taken before."""
        try:
            self._leases.take(_lease(number))
        except LeaseHeld:
            return None
        path = self._shelf.folder / name
        with self._shelf.database.reading() as connection:  # again: its writer may have gone on until just now
            size = connection.scalar(sa.select(warc_files.c.size).where(warc_files.c.id == number)) or 0
        recovered = recover(self._shelf.database, self._shelf.addresses, path, (number, size))
        if self._file is None and not recovered.missing and recovered.end < self._shelf.size:
            self._number, self._file = number, self._file_at(path, recovered.end)
        else:
            if recovered.missing:
                self._set_state(number, "damaged")
            self._leases.release(_lease(number))
        return recovered or None

    def _begin(self) -> WarcFile:
        """Begin a new file, its row and lease first: a file without a row could belong to anybody."""
        now = self._shelf.clock.now()
        name = f"{self._shelf.name}-{now:%Y%m%d%H%M%S}-{token_hex(3)}.warc.gz"
        with self._shelf.database.writing() as connection:
            row = {"name": name, "state": "open", "size": 0, "opened_at": now}
            self._number = connection.execute(sa.insert(warc_files).returning(warc_files.c.id), row).scalar_one()
            self._leases.take_in(connection, _lease(self._number))
        self._file = self._file_at(self._shelf.folder / name, 0)
        return self._file

    def _file_at(self, path: Path, end: int) -> WarcFile:
        file = WarcFile(path, end=end)
        if end == 0:
            file.append(records.warcinfo(path.name, self._shelf.about))
        return file

    def _give_back(self, *, is_full: bool = False) -> None:
        assert self._file is not None
        self._file.close()
        self._file = None
        if is_full:
            self._set_state(self._number, "closed")
        self._leases.release(_lease(self._number))

    def _set_state(self, number: int, state: str) -> None:
        with self._shelf.database.writing() as connection:
            connection.execute(sa.update(warc_files).where(warc_files.c.id == number).values(state=state))


def _lease(number: int) -> str:
    return f"warc:{number}"
