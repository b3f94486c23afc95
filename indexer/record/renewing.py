"""Articles merged anew, with their relations to others; what is another then takes a new number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.database import next_in_sequence
from config.site import Withdrawal
from crawler.address import Key
from indexer.article import DocumentNumber
from indexer.document import IndexedDocument
from indexer.record import documents
from indexer.record.codec import DOCUMENT, digest
from indexer.record.gathering import gather
from indexer.record.links import store_uses
from indexer.record.merging import ArticleRecord
from indexer.record.reprints import leaders, regroup
from indexer.tables import articles

NAME = "record"
"""Name of the record's change sequence, and of its cursor into the archive's."""

_KEYS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class _Merged:
    """One key as it is now. `document` is None where nothing is to be found of it: no article, or withheld."""

    key: str
    document: IndexedDocument | None
    numbers: tuple[DocumentNumber, ...] = ()
    meaning_digest: str = ""
    missing_since: datetime | None = None

    @property
    def relations(self) -> str:
        """Digest of what its relations to others follow from."""
        return digest(DOCUMENT.dump(self.document), [str(one) for one in self.numbers]) if self.document else ""


def renew(connection: Connection, keys: Iterable[str], rule: Withdrawal) -> dict[str, bool]:
    """Merge these keys anew and keep what is another; True for those that mean something else than before."""
    wanted = sorted(keys)
    changed: dict[str, bool] = {}
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        changed |= _renew(connection, wanted[start : start + _KEYS_AT_ONCE], rule)
    return changed


def _renew(connection: Connection, keys: Sequence[str], rule: Withdrawal) -> dict[str, bool]:
    kept = ("key", "digest", "meaning_digest", "missing_since", "relations")
    rows = connection.execute(sa.select(*(articles.c[name] for name in kept)).where(articles.c.key.in_(keys)))
    known = {row.key: row for row in rows}
    records = gather(connection, keys, rule)
    merged = {key: _merged(key, records.get(key)) for key in keys if key in known or key in records}
    related = {key: one.relations for key, one in merged.items()}
    led = _related_anew(
        connection,
        {key: one for key, one in merged.items() if key not in known or known[key].relations != related[key]},
    )
    led_before = leaders(connection, list(merged))
    for key, one in merged.items():
        row = _row(one, led_before.get(key)) | {"relations": related[key]}
        _keep(connection, known.get(key), row)
    for key in sorted(led.keys() - merged.keys()):
        _lead_anew(connection, key, led[key])
    return {
        key: key not in known or known[key].meaning_digest != one.meaning_digest for key, one in merged.items()
    }


def _related_anew(connection: Connection, others: Mapping[str, _Merged]) -> dict[str, str | None]:
    """Write the relations of articles that are others now; returns whose leader is another."""
    store_uses(connection, {key: one.numbers for key, one in others.items()})
    return regroup(connection, {key: one.document for key, one in others.items()})


def _merged(key: str, record: ArticleRecord | None) -> _Merged:
    if record is None:
        return _Merged(key=key, document=None)
    meaning = record.versions[-1].meaning_digest
    if record.withheld:
        return _Merged(key=key, document=None, meaning_digest=meaning)
    return _Merged(
        key=key,
        document=documents.document(record),
        numbers=record.article.numbers,
        meaning_digest=meaning,
        missing_since=record.missing_since,
    )


def _row(merged: _Merged, leader: str | None) -> dict[str, Any]:
    document = merged.document
    published: date | None = document.published if document else None
    text = _written(document, leader) if document else ""
    return {
        "key": merged.key,
        "present": document is not None,
        "digest": digest(text) if document else "",
        "meaning_digest": merged.meaning_digest,
        "category": document.category if document else "",
        "published": published,
        "missing_since": merged.missing_since,
        "title": document.title if document else "",
        "document": text,
    }


def _written(document: IndexedDocument, leader: str | None) -> str:
    return DOCUMENT.dump(replace(document, reprint_of=Key.parse(leader) if leader else None))


def _keep(connection: Connection, before: Row[Any] | None, row: Mapping[str, Any]) -> None:
    """Write a row where it is another; only what the index would see takes a number of the sequence."""
    this = articles.c.key == row["key"]
    if before is None:
        connection.execute(sa.insert(articles).values(sequence=next_in_sequence(connection, NAME), **row))
    elif before.digest != row["digest"]:
        number = next_in_sequence(connection, NAME)
        connection.execute(sa.update(articles).where(this).values(sequence=number, **row))
    elif any(getattr(before, name) != row[name] for name in ("meaning_digest", "missing_since", "relations")):
        connection.execute(sa.update(articles).where(this).values(**row))


def _lead_anew(connection: Connection, key: str, leader: str | None) -> None:
    """An article that nothing was said of joins another group, or leads from now on."""
    this = articles.c.key == key
    document = connection.scalar(sa.select(articles.c.document).where(this))
    if document:
        text = _written(DOCUMENT.load(document), leader)
        number = next_in_sequence(connection, NAME)
        connection.execute(
            sa.update(articles).where(this).values(sequence=number, digest=digest(text), document=text)
        )
