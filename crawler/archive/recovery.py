"""What is put right in a WARC file whose writer was killed or lost its power."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from config.database import Database
from crawler.address import Addresses
from crawler.archive import records
from crawler.archive.files import Member, cut, members
from crawler.archive.group import Group, Place
from crawler.page import Capture
from crawler.tables import warc_files

AT_ONCE = 200
"""Rows made in one transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """What an accident left in one file."""

    warc: str
    end: int = 0
    """Where the last whole record ends."""
    adopted: tuple[Capture, ...] = ()
    """Whole records that had no rows."""
    cut: int = 0
    """Bytes of a torn record that were cut off."""
    missing: int = 0
    """Bytes that have rows but are not there: the disk lost what it had confirmed. The file is left as it is."""

    def __bool__(self) -> bool:
        return bool(self.adopted or self.cut or self.missing)


def recover(database: Database, addresses: Addresses, path: Path, file: tuple[int, int]) -> Recovered:
    """Put right the file with this number, whose records have rows up to this size. Raises ArchiveError."""
    number, size = file
    present = path.stat().st_size if path.exists() else 0
    if present < size:
        return Recovered(warc=path.name, missing=size - present)
    group, end, adopted = Group(database), size, list[Capture]()
    for member, record in _records(path, size) if present else ():
        end = member.offset + member.length
        if record.type in ("response", "revisit", "metadata"):
            payload = group.revisited(record.page, record.payload_digest, refers=record.refers)
            place = Place(number, path.name, member.offset, member.length)
            group.add(record.page, addresses.read(record.page.url), payload, place, record.source)
        if len(group) >= AT_ONCE:
            adopted += _commit(database, group, number, end)
    adopted += _commit(database, group, number, end)
    return Recovered(warc=path.name, end=end, adopted=tuple(adopted), cut=cut(path, end) if present else 0)


def _records(path: Path, start: int) -> Iterator[tuple[Member, records.Record]]:
    """Whole records in their order, up to the first that is torn."""
    for member in members(path, start):
        try:
            yield member, records.read(member.data)
        except records.RecordError:
            return


def _commit(database: Database, group: Group, number: int, end: int) -> list[Capture]:
    with database.writing() as connection:
        adopted = group.insert(connection)
        connection.execute(sa.update(warc_files).where(warc_files.c.id == number).values(size=end))
    group.clear()
    return adopted
