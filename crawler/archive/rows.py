"""The `captures` rows: what a record is known by without opening its file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.address import Address, Key
from crawler.archive.records import Body
from crawler.page import Capture, FetchedPage
from crawler.tables import captures, warc_files

_KNOWN = [column for column in captures.c if column is not captures.c.warc]
CAPTURES = sa.select(*_KNOWN, warc_files.c.name.label("warc")).join(warc_files)
"""Everything a Capture is made of; add a condition and an order."""

_BODY = (
    sa.select(
        captures.c.id,
        captures.c.url,
        captures.c.captured_at,
        captures.c.payload_digest,
        captures.c.payload_size,
        captures.c.media_type,
    )
    .where(captures.c.revisit_of.is_(None))
    .limit(1)
)
_BODY_BY_DIGEST = _BODY.where(captures.c.payload_digest == sa.bindparam("digest"), captures.c.truncated == "")
_BODY_BY_ID = _BODY.where(captures.c.id == sa.bindparam("id"))


def body_with_digest(connection: Connection, digest: str) -> Body | None:
    """The whole payload with that digest, whichever capture holds it."""
    row = connection.execute(_BODY_BY_DIGEST, {"digest": digest}).mappings().one_or_none()
    return Body(**row) if row else None


def body_of(connection: Connection, capture: int) -> Body | None:
    """The payload of one capture."""
    row = connection.execute(_BODY_BY_ID, {"id": capture}).mappings().one_or_none()
    return Body(**row) if row else None


def describe(page: FetchedPage, address: Address, body: Body, source: str) -> dict[str, Any]:
    """The row of an answer but for its place and number; `body` is its own or the one it refers to."""
    return {
        "url": page.url,
        "canonical": address.canonical,
        "kind": address.kind,
        "key": str(address.key) if address.key else None,
        "captured_at": page.captured_at,
        "status": page.status,
        "media_type": _storable(body.media_type)[:120],
        "payload_digest": body.payload_digest,
        "payload_size": body.payload_size,
        "location": _absolute(page.url, page.location),
        "error": _storable(page.error),
        "truncated": page.truncated[:16],
        "source": source[:200],
    }


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that are complete."""
    connection.execute(sa.insert(captures), list(rows))


def to_capture(values: Mapping[str, Any]) -> Capture:
    """A row of CAPTURES as a Capture."""
    key = values["key"]
    return Capture(**(dict(values) | {"key": Key.parse(key) if key else None}))


def select(connection: Connection, statement: sa.Select[*tuple[Any, ...]]) -> Iterator[Capture]:
    """Captures of a statement that begins with CAPTURES."""
    return (to_capture({str(name): row[name] for name in row}) for row in connection.execute(statement).mappings())


def _absolute(url: str, location: str) -> str:
    try:
        return _storable(urljoin(url, location)) if location else ""
    except ValueError:
        return _storable(location)


def _storable(text: str) -> str:
    """Text that any database takes: without NUL, and without bytes that are no letters."""
    return text.replace("\0", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
