"""What the administration's front page tells, gathered from the stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.tables import ledger, servers, warc_files
from indexer.engines import IndexOutdated, IndexUnavailable
from indexer.jobs.schedule import ASKED_BY
from indexer.jobs.store import Job
from indexer.record import Missing
from webui.health import Check, checks
from webui.services import Services
from webui.watching import index_lag

RECENT = 100
"""Jobs that are looked at and listed."""
_FAILURES = 5
"""Failed jobs named under what went wrong."""
_LOST = 20
"""Articles named that are not reachable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What the crawler decided today, and how often."""

    decision: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Work:
    """The last jobs, the newest first."""

    jobs: Sequence[Job]

    @property
    def active(self) -> list[Job]:
        """Jobs that run or wait, those that run first."""
        return sorted(
            (job for job in self.jobs if not job.is_over), key=lambda job: (job.state != "running", job.id)
        )

    @property
    def failed(self) -> list[Job]:
        """The last jobs that failed."""
        return [job for job in self.jobs if job.state == "failed"][:_FAILURES]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The state of everything. Numbers are None where the store that knows them does not answer."""

    checks: Sequence[Check]
    work: Work
    articles: int
    documents: int | None
    lag: int | None
    archived_bytes: int
    decisions: Sequence[Decision]
    rejected: Mapping[str, int]
    missing: tuple[int, Sequence[Missing]]
    """Articles that are not reachable, not confirmed to be taken down: how many, and those lost last."""
    failing: Mapping[str, int]
    """Failures in a row of servers that do not answer."""

    @property
    def went_wrong(self) -> bool:
        """Whether there is anything to worry about."""
        return bool(self.work.failed or self.failing or not all(check.ok for check in self.checks))


def work(open_services: Services) -> Work:
    """The jobs alone: asked for every second while somebody watches."""
    return Work(open_services.jobs.recent(RECENT, besides=ASKED_BY))


def overview(open_services: Services) -> Overview:
    """Gather it."""
    found = checks(open_services)
    # An engine that does not answer is waited for once.
    answers = all(check.ok for check in found if check.needed)
    documents, lag = _index(open_services) if answers else (None, None)
    day = open_services.clock.now().date()  # the ledger's days are those of UTC
    with open_services.database.reading() as connection:
        decisions, failing, archived = _decisions(connection, day), _failing(connection), _archived(connection)
    return Overview(
        checks=found,
        work=work(open_services),
        articles=open_services.record.count(),
        documents=documents,
        lag=lag,
        archived_bytes=archived,
        decisions=decisions,
        rejected=open_services.record.rejected(),
        missing=open_services.record.missing(_LOST),
        failing=failing,
    )


def _index(open_services: Services) -> tuple[int | None, int | None]:
    try:
        return open_services.index.count(), index_lag(open_services)
    except (IndexUnavailable, IndexOutdated):
        return None, None


def _decisions(connection: Connection, day: object) -> list[Decision]:
    total = sa.func.sum(ledger.c.count).label("total")
    of_day = (
        sa.select(ledger.c.decision, ledger.c.reason, total)
        .where(ledger.c.day == day)
        .group_by(ledger.c.decision, ledger.c.reason)
        .order_by(total.desc(), ledger.c.decision, ledger.c.reason)
    )
    return [
        Decision(decision=row.decision, reason=row.reason, count=int(row.total))
        for row in connection.execute(of_day)
    ]


def _failing(connection: Connection) -> dict[str, int]:
    bad = sa.select(servers.c.name, servers.c.failures).where(servers.c.failures > 0).order_by(servers.c.name)
    return {row.name: row.failures for row in connection.execute(bad)}


def _archived(connection: Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.sum(warc_files.c.size))) or 0)
