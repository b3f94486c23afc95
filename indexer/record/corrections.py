"""Rows of what people corrected: only ever added, and looked up whenever an article is merged."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from crawler.address import Key
from indexer.record.correcting import Correction, CorrectionError, Field, Value, read, write
from indexer.tables import corrections

LONGEST_REASON = 1_000
_TAKEN_BACK = ""


def add(connection: Connection, wanted: Correction, *, expected: int | None) -> None:
    """Add a correction. `expected` is the one that was in force when it was decided upon.

    Raises CorrectionError where there is no reason, or somebody else was faster.
    """
    reason = " ".join(wanted.reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise CorrectionError("a correction needs a reason of at most a thousand characters")
    before = in_force(connection, [str(wanted.key)], taken_back=True)
    last = next((one.id for one in before.get(str(wanted.key), ()) if one.field == wanted.field), None)
    if last != expected:
        raise CorrectionError("somebody has corrected this meanwhile")
    row = {
        "at": wanted.at,
        "who": wanted.who,
        "key": str(wanted.key),
        "field": wanted.field,
        "value": _TAKEN_BACK if wanted.taken_back else write(wanted.value),
        "reason": reason,
        "supersedes": last,
    }
    connection.execute(sa.insert(corrections).values(**row))


def in_force(
    connection: Connection, keys: Sequence[str], *, taken_back: bool = False
) -> Mapping[str, tuple[Correction, ...]]:
    """The last correction of each field of these articles, oldest first; if asked, those taken back, too."""
    rows = sa.select(corrections).where(corrections.c.key.in_(keys)).order_by(corrections.c.id)
    last: dict[str, dict[str, Correction]] = defaultdict(dict)
    for row in connection.execute(rows):
        last[row.key][row.field] = _correction(row)
    return {
        key: tuple(
            sorted((one for one in found.values() if taken_back or not one.taken_back), key=lambda one: one.id)
        )
        for key, found in last.items()
    }


def history(connection: Connection, *, key: Key | None = None, limit: int = 200) -> list[Correction]:
    """The last corrections, the newest first."""
    latest = sa.select(corrections).order_by(corrections.c.id.desc()).limit(limit)
    if key is not None:
        latest = latest.where(corrections.c.key == str(key))
    return [_correction(row) for row in connection.execute(latest)]


def withheld(connection: Connection, keys: Sequence[str]) -> dict[str, Correction]:
    """Of these keys those that must not be shown, with why: the one place that says so."""
    return {
        key: one
        for key, found in in_force(connection, keys).items()
        for one in found
        if one.field == "withheld" and one.value is True
    }


def _correction(row: Row[Any]) -> Correction:
    field: Field = row.field
    value: Value = read(field, row.value) if row.value != _TAKEN_BACK else None
    return Correction(
        id=row.id,
        at=row.at,
        who=row.who,
        key=Key.parse(row.key),
        field=field,
        value=value,
        reason=row.reason,
        supersedes=row.supersedes,
        taken_back=row.value == _TAKEN_BACK,
    )
