"""Records that are in a file already and get their rows together, numbered in the order they were written."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database, next_in_sequence
from crawler.address import Address
from crawler.archive import rows
from crawler.archive.records import Body, digest
from crawler.page import Capture, FetchedPage
from crawler.tables import warc_files

SEQUENCE = "archive"
"""Name of the archive's change sequence."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: the file's number and name, and the member's bytes."""

    number: int
    name: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Payload:
    """What an answer holds, and the stored payload it stands for instead, if any."""

    own: Body
    original: Body | None = None

    @property
    def body(self) -> Body:
        """The payload that counts."""
        return self.original or self.own


@dataclass(frozen=True, slots=True)
class _Pending:
    row: dict[str, Any]
    payload: Payload
    name: str


class Group:
    """Rows to come. What is in the group already can be referred to before it has a number."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: list[_Pending] = []
        self._bodies: dict[str, Body] = {}
        self._ends: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def payload(self, page: FetchedPage, body_of: int | None) -> Payload:
        """What a new answer holds; a 304 stands for the payload of the capture `body_of`."""
        if page.status == HTTPStatus.NOT_MODIFIED and body_of is not None:
            with self._database.reading() as connection:
                return Payload(_own(page, ""), rows.body_of(connection, body_of))
        payload_digest = digest(page.payload) if page.status else ""
        whole = page.payload and not page.truncated
        return Payload(_own(page, payload_digest), self.stored(payload_digest) if whole else None)

    def stored(self, payload_digest: str) -> Body | None:
        """The payload with that digest, in this group or in the archive."""
        if payload_digest in self._bodies:
            return self._bodies[payload_digest]
        with self._database.reading() as connection:
            return rows.body_with_digest(connection, payload_digest)

    def revisited(self, page: FetchedPage, payload_digest: str, *, refers: bool) -> Payload:
        """What an answer holds whose record was found in a file."""
        return Payload(_own(page, payload_digest), self.stored(payload_digest) if refers else None)

    def add(self, page: FetchedPage, address: Address, payload: Payload, place: Place, source: str) -> None:
        """Note a record that is in a file."""
        row = rows.describe(page, address, payload.body, source)
        row |= {"warc": place.number, "offset": place.offset, "length": place.length}
        if payload.original is None and page.payload and not page.truncated:
            self._bodies[payload.own.payload_digest] = payload.own
        self._pending.append(_Pending(row, payload, place.name))
        self._ends[place.number] = place.offset + place.length

    def insert(self, connection: Connection) -> list[Capture]:
        """Write the rows in the caller's transaction. Ids are numbers of the sequence, so known beforehand."""
        if not self._pending:
            return []
        first = next_in_sequence(connection, SEQUENCE, len(self._pending)) - len(self._pending) + 1
        complete = []
        for number, pending in enumerate(self._pending, first):
            pending.payload.own.id = number
            original = pending.payload.original
            complete.append(
                pending.row | {"id": number, "sequence": number, "revisit_of": original.id if original else None}
            )
        rows.insert(connection, complete)
        for number, end in self._ends.items():
            connection.execute(sa.update(warc_files).where(warc_files.c.id == number).values(size=end))
        return [
            rows.to_capture(row | {"warc": pending.name})
            for row, pending in zip(complete, self._pending, strict=True)
        ]

    def clear(self) -> None:
        """Forget them, once their transaction is committed."""
        self._pending.clear()
        self._bodies.clear()
        self._ends.clear()


def _own(page: FetchedPage, payload_digest: str) -> Body:
    return Body(page.url, page.captured_at, payload_digest, len(page.payload), page.media_type)
