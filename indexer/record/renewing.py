"""Articles merged anew, with their relations to others; what is another then takes a new number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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


_QUIET = ("meaning_digest", "missing_since", "relations")
"""Columns the index does not know: another value takes no number of the sequence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Merged:
    """One key as it is now. `document` is None where nothing is to be found of it: no article, or withheld."""

    key: str
    document: IndexedDocument | None
    text: str = ""
    """The document as JSON, without whose reprint it is."""
    numbers: tuple[DocumentNumber, ...] = ()
    meaning_digest: str = ""
    missing_since: datetime | None = None
    relations: str = ""
    """Digest of what its relations to others follow from."""


def renew(connection: Connection, keys: Iterable[str], rule: Withdrawal) -> dict[str, bool]:
    """Merge these keys anew and keep what is another; True for those that mean something else than before."""
    wanted = sorted(keys)
    changed: dict[str, bool] = {}
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        changed |= _renew(connection, wanted[start : start + _KEYS_AT_ONCE], rule)
    return changed


def _renew(connection: Connection, keys: Sequence[str], rule: Withdrawal) -> dict[str, bool]:
    kept = (articles.c[name] for name in ("key", "digest", *_QUIET))
    known = {row.key: row for row in connection.execute(sa.select(*kept).where(articles.c.key.in_(keys)))}
    records = gather(connection, keys, rule)
    merged = {key: _merged(key, records.get(key)) for key in keys if key in known or key in records}
    others = {key: one for key, one in merged.items() if key not in known or known[key].relations != one.relations}
    store_uses(connection, {key: one.numbers for key, one in others.items()})
    led_anew = regroup(connection, {key: one.document for key, one in others.items()})
    led = leaders(connection, list(merged))
    _keep(connection, known, [_row(one, led.get(key)) for key, one in merged.items()])
    _lead_anew(connection, {key: leader for key, leader in led_anew.items() if key not in merged})
    return {
        key: key not in known or known[key].meaning_digest != one.meaning_digest for key, one in merged.items()
    }


def _merged(key: str, record: ArticleRecord | None) -> _Merged:
    if record is None:
        return _Merged(key=key, document=None)
    meaning = record.versions[-1].meaning_digest
    if record.withheld:
        return _Merged(key=key, document=None, meaning_digest=meaning)
    document, numbers = documents.document(record), record.article.numbers
    text = DOCUMENT.dump(document)
    used = [(one.normal, one.role, one.type, one.number, one.year, one.issuer) for one in numbers]
    return _Merged(
        key=key,
        document=document,
        text=text,
        numbers=numbers,
        meaning_digest=meaning,
        missing_since=record.missing_since,
        relations=digest(text, used),
    )


def _row(merged: _Merged, leader: str | None) -> dict[str, Any]:
    document = merged.document
    text = _led(document, leader) if document and leader else merged.text
    return {
        "key": merged.key,
        "present": document is not None,
        "digest": digest(text) if document else "",
        "meaning_digest": merged.meaning_digest,
        "category": document.category if document else "",
        "published": document.published if document else None,
        "missing_since": merged.missing_since,
        "title": document.title if document else "",
        "relations": merged.relations,
        "document": text,
    }


def _led(document: IndexedDocument, leader: str | None) -> str:
    return DOCUMENT.dump(replace(document, reprint_of=Key.parse(leader) if leader else None))


def _keep(connection: Connection, known: Mapping[str, Row[Any]], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows that are others; only what the index would see takes a number of the sequence."""
    new = [row for row in rows if row["key"] not in known]
    old = [(known[row["key"]], row) for row in rows if row["key"] in known]
    changed = [row for before, row in old if before.digest != row["digest"]]
    quiet = [
        row
        for before, row in old
        if before.digest == row["digest"] and any(getattr(before, name) != row[name] for name in _QUIET)
    ]
    _number(connection, [*new, *changed])
    if new:
        connection.execute(sa.insert(articles), new)
    for some in (changed, quiet):
        _update(connection, some)


def _number(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Give rows the next numbers of the sequence."""
    if rows:
        last = next_in_sequence(connection, NAME, len(rows))
        for number, row in enumerate(rows, start=last - len(rows) + 1):
            row["sequence"] = number


def _update(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "key"}
        statement = sa.update(articles).where(articles.c.key == sa.bindparam("this")).values(values)
        connection.execute(statement, [{"this": row["key"], **row} for row in rows])


def _lead_anew(connection: Connection, leaders: Mapping[str, str | None]) -> None:
    """Articles that nothing was said of join another group, or lead from now on."""
    these = sa.select(articles.c.key, articles.c.document).where(articles.c.key.in_(leaders), articles.c.present)
    rows = []
    for row in connection.execute(these.order_by(articles.c.key)).all():
        text = _led(DOCUMENT.load(row.document), leaders[row.key])
        rows.append({"key": row.key, "digest": digest(text), "document": text})
    _number(connection, rows)
    _update(connection, rows)
