"""Captures in the order in which they lie in their files, each with the request that follows it there."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from config.database import Database
from crawler.archive.rows import CAPTURES, select
from crawler.page import Capture
from crawler.tables import captures, warc_files


@dataclass(frozen=True, slots=True)
class Extent:
    """One capture; its record and whatever follows up to the next capture end at `end`."""

    capture: Capture
    end: int


def names(database: Database) -> list[str]:
    """Files that hold captures, the oldest first."""
    used = sa.select(captures.c.id).where(captures.c.warc == warc_files.c.id).exists()
    with database.reading() as connection:
        return list(connection.scalars(sa.select(warc_files.c.name).where(used).order_by(warc_files.c.id)))


def of_file(database: Database, name: str, last: int, limit: int = 500) -> Iterator[Extent]:
    """Extents of one file, but for captures after the sequence number `last`."""
    held: Capture | None = None
    after = -1
    while True:
        here = sa.and_(warc_files.c.name == name, captures.c.offset > after, captures.c.sequence <= last)
        with database.reading() as connection:
            found = list(select(connection, CAPTURES.where(here).order_by(captures.c.offset).limit(limit)))
        for capture in found:
            if held:
                yield Extent(held, capture.offset)
            held = capture
        if len(found) < limit:
            break
        after = found[-1].offset
    if held:
        yield extent(database, held)


def extent(database: Database, capture: Capture) -> Extent:
    """The extent of one capture."""
    following = sa.select(sa.func.min(captures.c.offset)).join(warc_files)
    following = following.where(warc_files.c.name == capture.warc, captures.c.offset > capture.offset)
    size = sa.select(warc_files.c.size).where(warc_files.c.name == capture.warc)
    with database.reading() as connection:
        end = connection.scalar(following) or connection.scalar(size) or 0
    return Extent(capture, max(end, capture.offset + capture.length))
