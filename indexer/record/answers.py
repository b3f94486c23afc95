"""Rows of what every answer told of its address, and of how the servers were on the days that matters for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import dropwhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.database import insert_new
from config.site import Withdrawal
from indexer.record.reads import ReadCapture
from indexer.record.standing import Seen
from indexer.tables import answers, server_days

Day = tuple[str, date]
"""One day of one server."""
_Row = Row[*tuple[Any, ...]]

_ROW = (answers.c.subject, answers.c.key, answers.c.server, answers.c.at, answers.c.day, answers.c.seen)
_LOST: tuple[Seen, ...] = ("gone", "failed", "refused", "moved")


@dataclass(slots=True)
class _Touched:
    """Whose rows came, went, or tell something else now."""

    since: dict[str, datetime] = field(default_factory=dict)
    """Subjects, with the earliest moment of such a row."""
    keys: set[str] = field(default_factory=set)
    days: set[Day] = field(default_factory=set)
    losing: set[Day] = field(default_factory=set)
    """Days on which an article was gone."""

    def add(self, rows: Iterable[_Row]) -> None:
        for row in rows:
            self.since[row.subject] = min(self.since.get(row.subject, row.at), row.at)
            self.days.add((row.server, row.day))
            if row.key is not None:
                self.keys.add(row.key)
                if row.seen == "gone":
                    self.losing.add((row.server, row.day))


def store_answers(connection: Connection, batch: Sequence[ReadCapture], rule: Withdrawal) -> set[str]:
    """Write what a batch of captures told; returns the keys whose articles may stand otherwise now.

    Everything here follows from the rows alone, so the order in which captures come never matters: an answer that
    comes later may tell that a server was not in order on a day long past, and what was gone then did not count.
    """
    touched = _Touched()
    captures = [read.capture.id for read in batch if not read.is_unread]
    removed = sa.delete(answers).where(answers.c.capture.in_(captures)).returning(*_ROW)
    touched.add(connection.execute(removed).all())
    insert_new(connection, answers.c.capture, [row for read in batch if (row := _row(read))])
    _settle(connection, captures)
    written = sa.or_(answers.c.capture.in_(captures), answers.c.confirms.in_(captures))
    touched.add(connection.execute(sa.select(*_ROW).where(written)).all())
    touched.add(_mark_losses(connection, touched.since))
    return touched.keys | _recount(connection, touched, rule)


def is_well(rule: Withdrawal, row: _Row) -> bool:
    """Whether the server was in order on the day of an answer, its own address left aside.

    `row` has the answer's `at` and `lost_at`, and `good` and `bad` of the day (None where nobody counted).
    """
    if row.good is None:
        return False
    own = row.lost_at is not None and row.at - row.lost_at <= timedelta(days=rule.days)
    return rule.is_well(row.good, row.bad - own)


def _row(read: ReadCapture) -> dict[str, Any] | None:
    capture, seen = read.capture, read.seen
    if seen is None:
        return None
    return {
        "capture": capture.id,
        "subject": f"{capture.key}@{read.copy}" if capture.key else capture.canonical,
        "key": str(capture.key) if capture.key else None,
        "server": read.copy,
        "at": capture.captured_at,
        "day": capture.captured_at.date(),
        "seen": seen,
        "confirms": capture.revisit_of if seen == "" else None,
        "lost_at": None,
    }


def _settle(connection: Connection, captures: Collection[int]) -> None:
    """Let a 304 tell what the capture it confirms told, whichever of the two comes first."""
    original = answers.alias()
    told = sa.select(original.c.seen).where(original.c.capture == answers.c.confirms).scalar_subquery()
    of_these = sa.or_(answers.c.capture.in_(captures), answers.c.confirms.in_(captures))
    connection.execute(
        sa.update(answers).where(answers.c.confirms.is_not(None), of_these).values(seen=sa.func.coalesce(told, ""))
    )


def _mark_losses(connection: Connection, since: Mapping[str, datetime]) -> list[_Row]:
    """Note with each answer that does not show its page since when none did; returns the rows that changed.

    `since` are subjects, with the moment before which nothing is another.
    """
    losing = sa.select(answers.c.subject).where(answers.c.subject.in_(list(since)), answers.c.seen.in_(_LOST))
    changed: list[_Row] = []
    for subject in connection.scalars(losing.distinct()).all():
        of_it = answers.c.subject == subject
        there = sa.select(sa.func.max(answers.c.at)).where(of_it, answers.c.seen == "there")
        start = connection.scalar(there.where(answers.c.at < since[subject]))
        rows = sa.select(answers.c.capture, answers.c.lost_at, *_ROW).where(
            of_it, answers.c.seen.in_(("there", *_LOST))
        )
        if start is not None:
            rows = rows.where(answers.c.at >= start)
        ordered = connection.execute(rows.order_by(answers.c.at, answers.c.seen, answers.c.capture)).all()
        # Of that very moment, what comes before the answer that shows the page belongs to what was before.
        follows = dropwhile(lambda row: row.seen != "there", ordered) if start is not None else ordered
        changed += _marked(connection, follows)
    return changed


def _marked(connection: Connection, rows: Iterable[_Row]) -> Iterator[_Row]:
    """Mark rows of one subject in their order, from one on that shows its page or from the first of all."""
    shown, lost_at = False, None
    for row in rows:
        shown = shown or row.seen == "there"
        lost_at = None if row.seen == "there" or not shown else lost_at or row.at
        if row.lost_at != lost_at:
            connection.execute(sa.update(answers).where(answers.c.capture == row.capture).values(lost_at=lost_at))
            yield row


def _recount(connection: Connection, touched: _Touched, rule: Withdrawal) -> set[str]:
    """Count again on the days that matter; returns the keys that were gone on days now judged otherwise."""
    of_these = server_days.c.day.in_({day for _, day in touched.days})
    known = {
        (row.server, row.day): (row.good, row.bad)
        for row in connection.execute(sa.select(server_days).where(of_these))
    }
    keys: set[str] = set()
    for day in sorted(touched.losing | touched.days & known.keys()):
        before, now = known.get(day), _count(connection, day, rule)
        if before is None:
            new = {"server": day[0], "day": day[1], "good": now[0], "bad": now[1]}
            connection.execute(sa.insert(server_days).values(**new))
        elif before != now:
            here = sa.and_(server_days.c.server == day[0], server_days.c.day == day[1])
            connection.execute(sa.update(server_days).where(here).values(good=now[0], bad=now[1]))
        if before is None or _judged(rule, *before) != _judged(rule, *now):
            keys |= _gone(connection, day)
    return keys


def _judged(rule: Withdrawal, good: int, bad: int) -> tuple[bool, bool]:
    """What a day is to articles that were lost long before, and to those among the losses."""
    return rule.is_well(good, bad), rule.is_well(good, bad - 1)


def _count(connection: Connection, day: Day, rule: Withdrawal) -> tuple[int, int]:
    """Addresses that showed what they hold on a day, and those that did not and had until lately."""
    age = sa.type_coerce(answers.c.at, sa.BigInteger) - sa.type_coerce(answers.c.lost_at, sa.BigInteger)
    lately = age <= timedelta(days=rule.days) // timedelta(microseconds=1)
    shown, lost = answers.c.seen == "there", sa.and_(answers.c.seen.in_(_LOST), lately)
    numbers = [sa.func.count(sa.distinct(sa.case((which, answers.c.subject)))) for which in (shown, lost)]
    row = connection.execute(sa.select(*numbers).where(answers.c.server == day[0], answers.c.day == day[1])).one()
    return row[0], row[1]


def _gone(connection: Connection, day: Day) -> set[str]:
    on_this_day = sa.and_(answers.c.server == day[0], answers.c.day == day[1], answers.c.seen == "gone")
    found = connection.scalars(sa.select(answers.c.key).where(on_this_day, answers.c.key.is_not(None)))
    return {str(key) for key in found}
