"""What a killed crawl had archived without having said so, taken up before anything is asked for again."""

from collections.abc import Iterator
from contextlib import contextmanager

from crawler.archive import Recovered
from crawler.crawl.intake import Intake
from crawler.crawl.plan import Rooms
from crawler.lease import LeaseHeld, Leases, acquire

LOOK_AGAIN = 0.2
"""Seconds between two looks whether another process has done it."""


@contextmanager
def adopting(rooms: Rooms, intake: Intake, leases: Leases) -> Iterator[list[str]]:
    """Take up what is left of others; the block commits it. Gives notes for people.

    One process at a time: whoever comes second waits, and sees in the frontier what the first has taken up.
    """
    with _turn(rooms, leases):
        notes = []
        for recovered in rooms.archive.recover():
            notes.append(_told(recovered))
            for capture in recovered.adopted:
                address = rooms.addresses.read(capture.url)
                task = rooms.frontier.task(address.identity) if capture.source == "crawl" else None
                if task and (task.fetched_at is None or task.fetched_at < capture.captured_at):
                    intake.adopt(task, rooms.archive.read(capture), capture)
        yield notes


@contextmanager
def _turn(rooms: Rooms, leases: Leases) -> Iterator[None]:
    while True:
        try:
            lease = acquire(rooms.database, rooms.clock, "adopt", leases.holder)
            break
        except LeaseHeld:
            leases.keep_waiting()
            rooms.clock.sleep(LOOK_AGAIN)
    try:
        yield
    finally:
        lease.release()


def _told(recovered: Recovered) -> str:
    """What was put right in a WARC file, for people."""
    said = [
        f"{len(recovered.adopted)} records adopted" if recovered.adopted else "",
        f"a torn record of {recovered.cut} bytes cut off" if recovered.cut else "",
        f"{recovered.missing} bytes that were archived are gone" if recovered.missing else "",
    ]
    return f"{recovered.warc}: {', '.join(filter(None, said))}"
