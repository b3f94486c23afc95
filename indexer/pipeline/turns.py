"""Whose turn it is: one process at a time updates, and one rebuilds, kept by leases in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from config.database import Database
from crawler.clock import Clock
from crawler.lease import SECONDS, Lease, LeaseHeld, acquire
from crawler.progress import Progress, Report
from indexer.pipeline import Stores, update

UPDATE = "update"
LOOK_AGAIN = 0.5
"""Seconds between two looks at how far whoever has the turn has come."""


@contextmanager
def turn(
    database: Database, clock: Clock, name: str, report: Report, *, patient: bool = False
) -> Iterator[Report]:
    """Hold the lease of that name; the report it gives renews the lease and passes on what it is told.

    Raises LeaseHeld at once where it is another's turn, or waits for it if `patient`.
    """
    lease = _wait(database, clock, name, report) if patient else acquire(database, clock, name)
    renewed = clock.now()

    def telling(progress: Progress) -> None:
        nonlocal renewed
        if clock.now() - renewed > timedelta(seconds=SECONDS / 4):
            lease.renew()
            renewed = clock.now()
        report(progress)

    try:
        yield telling
    finally:
        lease.release()


def bring_up_to_date(stores: Stores, database: Database, clock: Clock, report: Report) -> None:
    """Update record and index, or wait until whoever is doing it has come as far as the archive is now.

    Raises IndexUnavailable when the engine does not answer, IndexOutdated where the index is not this record's;
    the record is up to date then.
    """
    goal = stores.archive.last_sequence
    while stores.record.cursor < goal or stores.index.cursor < stores.record.last_sequence:
        try:
            with turn(database, clock, UPDATE, report) as telling:
                try:
                    update(stores, telling)
                finally:
                    stores.index.release()
        except LeaseHeld:
            report(Progress(done=min(stores.record.cursor, goal), total=goal, message="waiting for the index"))
            clock.sleep(LOOK_AGAIN)


def _wait(database: Database, clock: Clock, name: str, report: Report) -> Lease:
    while True:
        try:
            return acquire(database, clock, name)
        except LeaseHeld as held:
            report(Progress(message=f"waiting for {held.holder}"))
            clock.sleep(LOOK_AGAIN)
