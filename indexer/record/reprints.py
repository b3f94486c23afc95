"""Groups of near-identical texts, each under the one that leads it, kept in rows as articles come, change and go.

Articles are taken in the order of their `rank`: each becomes a reprint of the first leader whose text is nearly
its own, and leads where there is none. So a reprint is always like its leader, and what is there decides alone,
not the order in which it came. Only articles that share a bucket are compared; a change reaches no further than
those that are connected by buckets.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import insert_new
from indexer.document import IndexedDocument
from indexer.record.links import Related, related
from indexer.record.sketch import RESEMBLANCE, Sketch, resemblance, sketch
from indexer.tables import likeness_buckets, likenesses

_AT_ONCE = 500
_UNDATED = "9999-99-99"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Whose reprint an article is, None where it leads; and which are reprints of it."""

    leader: Related | None
    reprints: tuple[Related, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Member:
    """One article among those that may be reprints of each other."""

    key: str
    rank: str
    leader: str | None
    text: str
    least: bytes
    buckets: tuple[int, ...]

    def is_like(self, other: "_Member") -> bool:
        return self.text == other.text or resemblance(self.least, other.least) >= RESEMBLANCE


def regroup(connection: Connection, documents: Mapping[str, IndexedDocument | None]) -> dict[str, str | None]:
    """Take in articles as they are now, None for those that are gone; returns the leaders that are others now.

    By key of the article; None for what leads from now on.
    """
    touched = _sharing(connection, _buckets_of(connection, documents))
    for start in range(0, len(documents), _AT_ONCE):
        _replace(connection, dict(list(documents.items())[start : start + _AT_ONCE]))
    members = _connected(connection, {*touched, *documents})
    changed = {}
    for key, leader in _led(members.values()).items():
        if members[key].leader != leader:
            changed[key] = leader
            row = sa.update(likenesses).where(likenesses.c.key == key)
            connection.execute(row.values(leader=leader))
    return changed


def leaders(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """Of these articles those that are reprints, with their leaders."""
    reprints = sa.select(likenesses.c.key, likenesses.c.leader).where(
        likenesses.c.key.in_(keys), likenesses.c.leader.is_not(None)
    )
    return {row.key: row.leader for row in connection.execute(reprints)}


def group(connection: Connection, key: str) -> Group:
    """Whose reprint an article is, and which are its own."""
    leader = leaders(connection, [key]).get(key)
    reprints = sa.select(likenesses.c.key).where(likenesses.c.leader == key).order_by(likenesses.c.rank)
    return Group(
        leader=next(iter(related(connection, [leader])), None) if leader else None,
        reprints=related(connection, list(connection.scalars(reprints))),
    )


def rank(document: IndexedDocument) -> str:
    """Who leads a group, the least: what still stands, then the earliest day of publication, then the key."""
    day = document.published.isoformat() if document.published else _UNDATED
    return f"{document.status == 'withdrawn':d}/{day}/{document.key}"


def _led(members: Iterable[_Member]) -> dict[str, str | None]:
    """The leader of each, None for those that lead."""
    leading: dict[int, list[_Member]] = defaultdict(list)
    found: dict[str, str | None] = {}
    for member in sorted(members, key=lambda member: member.rank):
        near = {one.key: one for bucket in member.buckets for one in leading[bucket]}
        candidates = sorted(near.values(), key=lambda one: one.rank)
        leader = next((one.key for one in candidates if member.is_like(one)), None)
        found[member.key] = leader
        if leader is None:
            for bucket in set(member.buckets):
                leading[bucket].append(member)
    return found


def _replace(connection: Connection, documents: Mapping[str, IndexedDocument | None]) -> None:
    """Write the rows of these articles anew; who led them is known until it is decided again."""
    sketches = {key: (document, sketch(document)) for key, document in documents.items() if document}
    led = leaders(connection, list(documents))
    for table in (likenesses, likeness_buckets):
        connection.execute(sa.delete(table).where(table.c.key.in_(list(documents))))
    rows = [
        {"key": key, "text": made.text, "sketch": made.least, "rank": rank(document), "leader": led.get(key)}
        for key, (document, made) in sketches.items()
        if made
    ]
    insert_new(connection, likenesses.c.key, rows)
    insert_new(connection, likeness_buckets.c.key, list(_bucket_rows(sketches)))


def _bucket_rows(sketches: Mapping[str, tuple[IndexedDocument, Sketch | None]]) -> Iterable[dict[str, object]]:
    for key, (_, made) in sketches.items():
        for bucket in set(made.buckets if made else ()):
            yield {"bucket": bucket, "key": key}


def _connected(connection: Connection, keys: Collection[str]) -> dict[str, _Member]:
    """These articles and whatever is connected to them by buckets, over however many others."""
    found: dict[str, _Member] = {}
    wave = set(keys)
    while wave:
        new = _members(connection, sorted(wave))
        found |= new
        wave = _sharing(connection, {bucket for one in new.values() for bucket in one.buckets}) - found.keys()
    return found


def _members(connection: Connection, keys: Sequence[str]) -> dict[str, _Member]:
    found = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        buckets: dict[str, list[int]] = defaultdict(list)
        for row in connection.execute(sa.select(likeness_buckets).where(likeness_buckets.c.key.in_(some))):
            buckets[row.key].append(row.bucket)
        for row in connection.execute(sa.select(likenesses).where(likenesses.c.key.in_(some))):
            found[row.key] = _Member(
                key=row.key,
                rank=row.rank,
                leader=row.leader,
                text=row.text,
                least=row.sketch,
                buckets=tuple(buckets[row.key]),
            )
    return found


def _buckets_of(connection: Connection, keys: Iterable[str]) -> set[int]:
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), _AT_ONCE):
        of_these = likeness_buckets.c.key.in_(wanted[start : start + _AT_ONCE])
        found |= set(connection.scalars(sa.select(likeness_buckets.c.bucket).where(of_these)))
    return found


def _sharing(connection: Connection, buckets: Collection[int]) -> set[str]:
    """Keys of what lies in these buckets."""
    wanted, found = sorted(buckets), set()
    for start in range(0, len(wanted), _AT_ONCE):
        of_these = likeness_buckets.c.bucket.in_(wanted[start : start + _AT_ONCE])
        found |= set(connection.scalars(sa.select(likeness_buckets.c.key).where(of_these).distinct()))
    return found
