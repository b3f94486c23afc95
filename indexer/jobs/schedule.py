"""Crawls that begin by themselves: which, how often, when next; in SQL, so that one worker begins each turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database, insert_new
from crawler.clock import Clock
from indexer.jobs.store import Job, Jobs
from indexer.jobs.tables import jobs, schedule

ASKED_BY: Final = "schedule"
DEFAULTS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {"fresh": timedelta(minutes=15), "revisit": timedelta(hours=1), "walk": timedelta(hours=1)}
)
"""The kinds of job that begin by themselves, and how often: what is new, what is due, numbers no list reaches."""
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=30)
KEPT: Final = timedelta(days=30)
"""How long its jobs are kept once they are over."""

_OVER = ("done", "failed", "cancelled")


class ScheduleError(ValueError):
    """A schedule cannot be changed like this; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One kind of crawl. A turn that comes while the last is under way waits for its end."""

    name: str
    enabled: bool
    every: timedelta
    next_at: datetime
    last: Job | None
    """The last job it asked for."""


class Schedule:
    """The schedule of one database."""

    def __init__(self, database: Database, clock: Clock, asked: Jobs) -> None:
        self._database = database
        self._clock = clock
        self._jobs = asked

    def entries(self) -> list[Entry]:
        """All of it, in the order of DEFAULTS."""
        with self._database.writing() as connection:
            self._complete(connection)
            rows = {row.name: row for row in connection.execute(sa.select(schedule))}
        return [
            Entry(
                name=name,
                enabled=row.enabled,
                every=timedelta(seconds=row.every),
                next_at=row.next_at,
                last=self._jobs.get(row.job) if row.job is not None else None,
            )
            for name in DEFAULTS
            for row in [rows[name]]
        ]

    def change(self, name: str, *, enabled: bool, every: timedelta) -> None:
        """Switch a crawl on or off, or let it begin in another rhythm, counted from now. Raises ScheduleError."""
        if name not in DEFAULTS:
            raise ScheduleError(f"no such crawl: {name}")
        if not SHORTEST <= every <= LONGEST:
            raise ScheduleError(f"every {every}: between {SHORTEST} and {LONGEST} is possible")
        now = self._clock.now()
        values = {"enabled": enabled, "every": int(every.total_seconds()), "next_at": now + every}
        with self._database.writing() as connection:
            self._complete(connection)
            connection.execute(sa.update(schedule).where(schedule.c.name == name).values(**values))

    def begin_due(self) -> Sequence[Job]:
        """Ask for every crawl whose time has come and whose last turn is over; what was missed, once."""
        now = self._clock.now()
        with self._database.reading() as connection:
            entered = connection.scalar(sa.select(sa.func.count()).select_from(schedule))
            if entered == len(DEFAULTS) and not _due(connection, now):
                return ()
        with self._database.writing() as connection:
            self._complete(connection)
            return [job for row in _due(connection, now) for job in self._begin(connection, row, now)]

    def _begin(self, connection: Connection, row: Any, now: datetime) -> Sequence[Job]:
        """The job, unless another worker has begun this turn since it was looked at."""
        this_turn = sa.and_(schedule.c.name == row.name, schedule.c.next_at == row.next_at)
        onward = {"next_at": now + timedelta(seconds=row.every)}
        if connection.execute(sa.update(schedule).where(this_turn).values(**onward)).rowcount == 0:
            return ()
        old = sa.and_(jobs.c.asked_by == ASKED_BY, jobs.c.ended_at < now - KEPT)
        connection.execute(sa.delete(jobs).where(old))
        job = self._jobs.ask_in(connection, row.name, {}, ASKED_BY)
        connection.execute(sa.update(schedule).where(schedule.c.name == row.name).values(job=job.id))
        return (job,)

    def _complete(self, connection: Connection) -> None:
        """Enter what is not in the table yet; its first turn comes when its time has passed once."""
        now = self._clock.now()
        rows = [
            {"name": name, "enabled": True, "every": int(every.total_seconds()), "next_at": now + every}
            for name, every in DEFAULTS.items()
        ]
        insert_new(connection, schedule.c.name, rows)


def _due(connection: Connection, now: datetime) -> Sequence[Any]:
    return connection.execute(
        sa.select(schedule.c.name, schedule.c.every, schedule.c.next_at)
        .outerjoin(jobs, jobs.c.id == schedule.c.job)
        .where(schedule.c.enabled, schedule.c.next_at <= now)
        .where(sa.or_(jobs.c.id.is_(None), jobs.c.state.in_(_OVER)))
        .order_by(schedule.c.next_at)
    ).all()
