"""Budgets, quiet hours and chance, as a server sees them; and what the administrator is told."""

import itertools
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from config.database import open_database
from config.hours import Hours
from crawler.clock import SystemClock
from crawler.crawl import open_crawl
from tests.crawler.conftest import PROFILE
from tests.crawler.small_site import HOST, SEEDS, article_path, asked_of, numbers, url

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class ElsewhenClock(SystemClock):
    """The machine's clock, as if it were another moment when it was made."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._shift = now - datetime.now(UTC)

    def now(self) -> datetime:
        return super().now() + self._shift


@pytest.fixture
def database(sqlite_url):
    opened = open_database(sqlite_url, migrate=False)
    yield opened
    opened.close()


@pytest.fixture
def crawling(mapped, database):
    """Opens a crawl that begins at a moment in Hanoi, with further settings."""

    def opening(moment: datetime, **more: object):
        profile = PROFILE.model_copy(update={"seeds": SEEDS})
        settings = mapped.model_copy(update=more)
        clock = ElsewhenClock(moment.astimezone(UTC))
        return open_crawl(settings, profile, database, clock, patience=timedelta(seconds=2.5), chance=Random(1))

    return opening


def hanoi(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, minute, second, tzinfo=HANOI)


def test_no_more_requests_are_made_than_the_days_budget_allows(crawling, site):
    with crawling(hanoi(1, 10, 0), daily_requests=7) as crawl:
        summary = crawl.run()
        assert len(site.asked) == 7  # robots.txt counts
        assert summary.notes == [
            "mic: left alone until 2024-03-02 00:00:00 (Asia/Ho_Chi_Minh), its 7 requests of the day are used up"
        ]
        assert summary.remaining > 10
        crawl.run()
        (found,) = crawl.fetch([url(article_path(numbers("91")[0]))])
        assert "its 7 requests of the day are used up" in found.why
        assert len(site.asked) == 7
        (mic, *_) = crawl.standings()
        assert (mic.requests, mic.budget, mic.rest and mic.rest.why) == (7, 7, "budget")
        assert {one.why for one in crawl.dry_run().planned} == {
            "later: left alone until 2024-03-02 00:00:00 (Asia/Ho_Chi_Minh), its 7 requests of the day are used up"
        }
    with crawling(hanoi(2, 0, 0), daily_requests=7) as crawl:
        crawl.run()
    assert len(site.asked) == 14


def test_a_budget_holds_for_all_hosts_of_a_family_and_for_each_family(crawling, site):
    site.answers["cspl.mic.gov.vn/"] = "x"
    site.answers["english.mic.gov.vn/"] = "x"
    seeds = [f"http://{HOST}/", "http://english.mic.gov.vn/", "http://cspl.mic.gov.vn/"]
    with crawling(hanoi(1, 10, 0), daily_requests=3) as crawl:
        crawl.fetch(seeds)
    hosts = [asked.host for asked in site.asked]
    assert hosts.count("cspl.mic.gov.vn") == 2
    assert len(hosts) == 5


def test_quiet_hours_that_come_during_a_crawl_end_it_and_it_goes_on_later(crawling, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
    quiet = Hours.parse("08:00-11:30")
    with crawling(hanoi(1, 7, 59, 59), quiet_hours=quiet) as crawl:
        summary = crawl.run()
    asked = asked_of(site)
    assert 10 < len(asked) <= 21
    assert summary.notes == ["mic: left alone until 2024-03-01 11:30:00 (Asia/Ho_Chi_Minh), quiet hours"]
    assert summary.remaining > 10
    with crawling(hanoi(1, 11, 29), quiet_hours=quiet) as crawl:
        assert crawl.run().done == 0
        assert site.asked == []
        assert {one.why for one in crawl.dry_run().planned if one.decision == "fetch"} <= {""}
    with crawling(hanoi(1, 11, 29, 59), quiet_hours=quiet) as crawl:
        assert crawl.run().remaining == 0


def test_requests_are_spread_by_chance_and_never_come_before_their_time(crawling, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.1"
    with crawling(hanoi(1, 10, 0)) as crawl:
        crawl.run(limit=15)
    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(site.asked[1:])]
    dice = Random(1)
    least = sum(0.1 * (1 + 0.01 * dice.random()) for _ in gaps)
    assert sum(gaps) >= least - 0.03
