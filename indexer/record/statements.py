"""Rows of what was said, each thing once, however often it is said."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import insert_new
from indexer.tables import files, mentions, observations, statements

T = TypeVar("T")

_SPEAKING = (observations, mentions, files)
_AT_ONCE = 500


def store_statements(connection: Connection, said: Sequence[str]) -> dict[str, int]:
    """Write what is not written yet; returns the number of each statement."""
    digests = {text: sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in said}
    known = _numbers(connection, list(digests.values()))
    new = [{"digest": digest, "said": text} for text, digest in digests.items() if digest not in known]
    insert_new(connection, statements.c.id, new)
    if new:
        known |= _numbers(connection, [row["digest"] for row in new])
    return {text: known[digest] for text, digest in digests.items()}


def load_statements(connection: Connection, numbers: Iterable[int], load: Callable[[str], T]) -> Mapping[int, T]:
    """What these statements say, each read once."""
    wanted, found = sorted(set(numbers)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        of_these = statements.c.id.in_(wanted[start : start + _AT_ONCE])
        for row in connection.execute(sa.select(statements.c.id, statements.c.said).where(of_these)):
            found[row.id] = load(row.said)
    return found


def forget_unused(connection: Connection, numbers: Iterable[int]) -> None:
    """Remove those of these statements that nothing refers to any more."""
    wanted = sorted(set(numbers))
    used = [sa.exists().where(table.c.statement == statements.c.id) for table in _SPEAKING]
    for start in range(0, len(wanted), _AT_ONCE):
        of_these = statements.c.id.in_(wanted[start : start + _AT_ONCE])
        connection.execute(sa.delete(statements).where(of_these, ~sa.or_(*used)))


def _numbers(connection: Connection, digests: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(digests), _AT_ONCE):
        of_these = statements.c.digest.in_(digests[start : start + _AT_ONCE])
        rows = connection.execute(sa.select(statements.c.digest, statements.c.id).where(of_these))
        found |= {row.digest: row.id for row in rows}
    return found
