"""How much there is to be had of many articles: their files, and the captures of their pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.tables import captures
from indexer.tables import file_uses, files

_TOGETHER: Final = 500
"""Keys of one query."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Counts, and bytes as they lie in the archive (captures) or as they were answered (files)."""

    files: int = 0
    file_bytes: int = 0
    captures: int = 0
    capture_bytes: int = 0


def sizes(connection: Connection, keys: Sequence[str]) -> Sizes:
    """Of every file these articles ever offered the largest capture; of their pages all captures."""
    total = Sizes()
    for some in _batches(keys):
        total = _sum(total, _of(connection, some))
    return total


def _of(connection: Connection, keys: Sequence[str]) -> Sizes:
    largest = (
        sa.select(
            sa.func.max(captures.c.payload_size).label("size"), sa.func.sum(captures.c.length).label("packed")
        )
        .select_from(file_uses.join(files, files.c.address == file_uses.c.address).join(captures))
        .where(file_uses.c.key.in_(keys))
        .group_by(file_uses.c.key, file_uses.c.address)
        .subquery()
    )
    counted = sa.select(sa.func.count(), sa.func.sum(largest.c.size), sa.func.sum(largest.c.packed))
    offered, offered_bytes, packed = connection.execute(counted.select_from(largest)).one()
    of_pages = sa.select(sa.func.count(), sa.func.sum(captures.c.length)).where(captures.c.key.in_(keys))
    seen, seen_bytes = connection.execute(of_pages).one()
    return Sizes(
        files=offered,
        file_bytes=int(offered_bytes or 0),
        captures=seen,
        capture_bytes=int(seen_bytes or 0) + int(packed or 0),
    )


def _sum(one: Sizes, other: Sizes) -> Sizes:
    return Sizes(
        files=one.files + other.files,
        file_bytes=one.file_bytes + other.file_bytes,
        captures=one.captures + other.captures,
        capture_bytes=one.capture_bytes + other.capture_bytes,
    )


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, _TOGETHER)):
        yield some
