"""Days pass, and the replica's articles are edited, taken down, put back, or only not to be had for a while."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.address import Key
from crawler.clock import SystemClock
from crawler.crawl import open_crawl
from crawler.frontier import Frontier
from crawler.progress import silent
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from indexer.query.request import SearchRequest
from indexer.record import ArticleRecord
from tests.replica.changes import Outage
from tests.replica.client import Replica
from tests.replica.truth import Truth

SURE = (1, 2, 4, 8)
"""Days on which an article is asked for that is found gone on the first of them."""


class LaterClock(SystemClock):
    """The machine's clock, some days later."""

    shift = timedelta()

    def now(self) -> datetime:
        """The moment it is then."""
        return datetime.now(UTC) + self.shift


@dataclass(frozen=True, slots=True)
class Time:
    """The replica and everything made of it, on one day after another."""

    workshop: Workshop
    replica: Replica
    clock: LaterClock

    def on(self, *days: int) -> list[str]:
        """Crawl and update on these days after it was archived; returns the keys that were written to the index.

        On the first of them everything is asked for, on the others what is due.
        """
        record, before = self.workshop.stores.record, self.workshop.stores.record.last_sequence
        for day in days:
            self.clock.shift = timedelta(days=day)
            self.replica.control.set_clock(self.clock.now())
            shop = self.workshop
            with open_crawl(shop.settings, shop.profile, shop.database, self.clock, patience=timedelta()) as crawl:
                crawl.run(again=day == days[0])
            update(shop.stores, silent)
        return [str(change.key) for batch, _ in record.changes(before) for change in batch]

    def record(self, key: str) -> ArticleRecord:
        found = self.workshop.stores.record.article(Key.parse(key))
        assert found is not None
        return found

    def status(self, keys: Iterable[str]) -> dict[str, str]:
        return {key: self.record(key).status for key in keys}

    def found(self, status: str) -> set[str]:
        """Keys that a search finds under a status."""
        request = SearchRequest(filters=(("status", (status,)),), reprints=True)
        return {str(hit.key) for hit in self.workshop.stores.index.scan(request)}


@pytest.fixture
def time(workshop: Workshop, replica: Replica) -> Iterator[Time]:
    clock = LaterClock()
    # A host out of order has no robots.txt that says how fast it may be asked.
    settings = workshop.settings.model_copy(update={"crawl_delay": 0.0})
    stores = replace(workshop.stores, frontier=Frontier(workshop.database, clock))
    yield Time(replace(workshop, settings=settings, clock=clock, stores=stores), replica, clock)
    replica.control.revert()
    replica.control.set_clock(datetime.now(UTC))


@pytest.fixture
def keys(truths: dict[str, Truth]) -> list[str]:
    """Articles of every make, those first that the successor has a copy of."""
    copied = [key for key, one in truths.items() if any("mst.gov.vn" in url for url in one.addresses)]
    return [*(key for key in copied if key.startswith("mic:")), *(key for key in truths if key not in copied)]


def test_a_site_that_stays_as_it_is_writes_nothing_to_the_index(time):
    assert time.on(*SURE) == []


def test_what_happens_to_articles_is_told_apart(time, keys):
    ways = dict(zip(keys[:1] + keys[-4:-1], ("404", "410", "soft 404", "error page"), strict=True))
    edited, broken = keys[40], next(key for key, way in ways.items() if way == "error page")
    for key, way in ways.items():
        time.replica.control.remove(key, way)
    time.replica.control.edit(edited)
    assert time.on(*SURE[:-1]) == [edited]
    assert (time.record(edited).status, len(time.record(edited).versions)) == ("changed", 2)
    assert set(time.status(ways).values()) == {"current"}
    assert time.workshop.stores.record.missing(0)[0] == len(ways)

    taken_down = set(ways) - {broken}
    assert set(time.on(SURE[-1])) == taken_down
    assert time.status(ways) == dict.fromkeys(taken_down, "withdrawn") | {broken: "current"}
    assert time.found("withdrawn") == taken_down
    for key in taken_down:
        withdrawal = time.record(key).withdrawal
        assert withdrawal.why == ways[key]
        assert withdrawal.confirmations == len(SURE)
        assert withdrawal.last_seen_at < withdrawal.since
        assert len(time.record(key).versions) == 1
    assert time.record(broken).missing_since

    for key in ways:
        time.replica.control.restore(key)
    again = SURE[-1] + 1
    assert set(time.on(again)) == taken_down
    assert set(time.status(ways).values()) == {"current"}
    assert time.found("withdrawn") == set()
    for key in taken_down:
        for standing in time.record(key).standings:
            (absence,) = standing.absences
            assert absence.until - absence.since >= timedelta(days=again - 1)
    assert time.record(broken).missing_since is None


@pytest.mark.parametrize(
    ("way", "days"),
    [("503", range(1, 4)), ("403", range(1, 9)), ("home", SURE), ("error page", SURE)],
)
def test_a_host_that_is_out_of_order_takes_nothing_down(time, way: Outage, days):
    before = time.workshop.stores.index.count()
    time.replica.control.outage("mic.gov.vn", way)
    assert time.on(*days) == []
    time.replica.control.outage("mic.gov.vn", over=True)
    assert time.on(days[-1] + 1) == []
    assert (time.found("withdrawn"), time.workshop.stores.index.count()) == (set(), before)
    assert time.workshop.stores.record.missing(0)[0] == 0


def test_most_of_a_host_gone_for_a_week_takes_nothing_down(time, keys):
    lost = [key for number, key in enumerate(keys) if number % 5]
    for key in lost:
        time.replica.control.remove(key)
    assert time.on(*SURE) == []
    assert time.workshop.stores.record.missing(0)[0] == len(lost)
    time.replica.control.revert()
    time.on(SURE[-1] + 1)
    assert time.workshop.stores.record.missing(0)[0] == 0
    assert time.found("withdrawn") == set()
