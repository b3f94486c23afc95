"""Jobs in SQL: asked for, claimed, reported on, cancelled, tried again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.database import Database
from crawler.clock import Clock
from crawler.lease import Holder, alive
from crawler.progress import Progress
from indexer.jobs.tables import job_log, jobs

State = Literal["queued", "running", "done", "failed", "cancelled"]
Level = Literal["info", "warning", "error"]

SILENT_SECONDS = 60
"""A running job whose worker says nothing for so long is taken to be abandoned."""
LOG_LINES = 1_000
"""Lines kept of one job; what comes after is counted in the job's progress only."""


class JobError(Exception):
    """A job cannot be cancelled or tried again as it stands; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One piece of background work."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: State
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    attempt: int
    cancelling: bool
    progress: Progress

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ("done", "failed", "cancelled")

    def rate(self, now: datetime) -> float | None:
        """Steps done per second since it began; None before the first second is over."""
        if self.started_at is None:
            return None
        seconds = ((self.ended_at or now) - self.started_at).total_seconds()
        return self.progress.done / seconds if seconds >= 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLine:
    """One line of a job's log."""

    at: datetime
    level: Level
    text: str


class Jobs:
    """The jobs of one database."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[int], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    def ask(self, kind: str, arguments: Mapping[str, Any], asked_by: str) -> Job:
        """Put a job into the queue and wake a worker; one that sleeps too deep finds the job at its next start."""
        with self._database.writing() as connection:
            job = self.ask_in(connection, kind, arguments, asked_by)
        self._wake(job.id)
        return job

    def ask_in(self, connection: Connection, kind: str, arguments: Mapping[str, Any], asked_by: str) -> Job:
        """The same in the caller's transaction; workers are to be woken once that is committed."""
        row = {
            "kind": kind,
            "arguments": json.dumps(arguments, ensure_ascii=False),
            "state": "queued",
            "asked_by": asked_by,
            "asked_at": self._clock.now(),
            "attempt": 0,
            "machine": "",
            "process": 0,
            "cancelling": False,
            "done": 0,
            "errors": 0,
            "message": "",
        }
        return _job(connection.execute(sa.insert(jobs).returning(jobs), row).one())

    def get(self, job: int) -> Job | None:
        """One job, None where there is none of that number."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == job)).one_or_none()
        return _job(row) if row else None

    def recent(self, limit: int = 100, *, besides: str = "") -> list[Job]:
        """The last jobs, the newest first, besides those that somebody asked for and that are done."""
        wanted = sa.or_(jobs.c.asked_by != besides, jobs.c.state != "done")
        latest = sa.select(jobs).where(wanted).order_by(jobs.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_job(row) for row in connection.execute(latest)]

    def waiting(self) -> list[Job]:
        """Queued jobs, the oldest first."""
        queued = sa.select(jobs).where(jobs.c.state == "queued").order_by(jobs.c.id)
        with self._database.reading() as connection:
            return [_job(row) for row in connection.execute(queued)]

    def log(self, job: int) -> list[LogLine]:
        """What a job said, in order."""
        lines = sa.select(job_log).where(job_log.c.job == job).order_by(job_log.c.id)
        with self._database.reading() as connection:
            return [LogLine(at=row.at, level=row.level, text=row.text) for row in connection.execute(lines)]

    def say(self, job: int, level: Level, text: str) -> None:
        """Add a line to a job's log."""
        with self._database.writing() as connection:
            lines = sa.select(sa.func.count()).select_from(job_log).where(job_log.c.job == job)
            if (connection.scalar(lines) or 0) < LOG_LINES:
                connection.execute(
                    sa.insert(job_log).values(job=job, at=self._clock.now(), level=level, text=text)
                )

    def claim(self, job: int, worker: Holder) -> Job | None:
        """Begin a queued job; None where another worker was first or it was cancelled."""
        now = self._clock.now()
        begun = {
            "state": "running",
            "started_at": now,
            "seen_at": now,
            "ended_at": None,
            "attempt": jobs.c.attempt + 1,
            "machine": worker.machine,
            "process": worker.process,
            "done": 0,
            "total": None,
            "errors": 0,
            "message": "",
        }
        return self._change(job, ["queued"], begun)

    def report(self, job: int, progress: Progress) -> bool:
        """Note how far a running job is; False when it was cancelled meanwhile."""
        now = {
            "seen_at": self._clock.now(),
            "done": progress.done,
            "total": progress.total,
            "errors": progress.errors,
            "message": progress.message,
        }
        changed = self._change(job, ["running"], now)
        return changed is not None and not changed.cancelling

    def end(self, job: int, state: Literal["done", "failed", "cancelled"]) -> None:
        """A running job is over."""
        self._change(job, ["running"], {"state": state, "ended_at": self._clock.now()})

    def put_back(self, job: int) -> None:
        """A running job waits again, for another worker."""
        self._change(job, ["running"], {"state": "queued", "started_at": None})

    def cancel(self, job: int) -> Job:
        """Cancel a queued job at once, or ask the worker of a running one to stop. Raises JobError."""
        now = self._clock.now()
        cancelled = self._change(job, ["queued"], {"state": "cancelled", "ended_at": now, "cancelling": True})
        cancelled = cancelled or self._change(job, ["running"], {"cancelling": True})
        if cancelled is None:
            raise JobError(f"job {job} is over already")
        return cancelled

    def retry(self, job: int) -> Job:
        """Queue a failed or cancelled job again. Raises JobError."""
        again = {"state": "queued", "cancelling": False, "ended_at": None, "started_at": None}
        queued = self._change(job, ["failed", "cancelled"], again)
        if queued is None:
            raise JobError(f"job {job} neither failed nor was cancelled")
        self._wake(job)
        return queued

    def recover(self, worker: Holder) -> Sequence[Job]:
        """Queue running jobs again whose worker is gone; returns everything that waits, oldest first."""
        now = self._clock.now()
        silent = now - timedelta(seconds=SILENT_SECONDS)
        with self._database.writing() as connection:
            for row in connection.execute(sa.select(jobs).where(jobs.c.state == "running")).all():
                dead = row.machine == worker.machine and not alive(row.process)
                if not dead and row.seen_at >= silent:
                    continue
                values = (
                    {"state": "cancelled", "ended_at": now}
                    if row.cancelling
                    else {"state": "queued", "started_at": None}
                )
                connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(**values))
        return self.waiting()

    def _change(self, job: int, states: list[State], values: Mapping[str, Any]) -> Job | None:
        """Change a job that is in one of these states; None where it is not."""
        with self._database.writing() as connection:
            return _changed(connection, job, states, values)


def _changed(connection: Connection, job: int, states: list[State], values: Mapping[str, Any]) -> Job | None:
    matching = sa.and_(jobs.c.id == job, jobs.c.state.in_(states))
    row = connection.execute(sa.update(jobs).where(matching).values(**values).returning(jobs)).one_or_none()
    return _job(row) if row else None


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        arguments=json.loads(row.arguments),
        state=row.state,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        attempt=row.attempt,
        cancelling=row.cancelling,
        progress=Progress(done=row.done, total=row.total, errors=row.errors, message=row.message),
    )
