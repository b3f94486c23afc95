"""Several crawls of one site: processes share one frontier; on SQLite the second hands its work over."""

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from config.database import Database, open_database
from crawler.lease import LeaseHeld
from crawler.tables import captures, leases
from tests.crawler.small_site import ALL, article_path, asked_of
from tests.replica import Replica
from tests.replica.addresses import ALIASES, FAMILIES
from tests.replica.traps import DEFAULT

ROOT = Path(__file__).parents[2]
COOKIE_PROBES, REDIRECTS = 11, 13
"""Traps that lead back to an address that was asked for."""
DELAY = 0.08
WINDOW, LATE = 20, 0.5
"""So many gaps in a row take as long as they must, but for the seconds by which a busy machine notices a request
late, so that those after it seem to come early. Two that ask at the same time need half of it."""


# ---- PostgreSQL ----------------------------------------------------------------------------------------------


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(
        articles=40, light=True, crawl_delay=DELAY, traps=DEFAULT - {COOKIE_PROBES, REDIRECTS}
    ) as running:
        yield running


@pytest.fixture
def environment(replica: Replica, migrated_postgresql_url: str, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "MIC_DATA": str(tmp_path / "data"),
        "MIC_DATABASE": migrated_postgresql_url,
        "MIC_HOST_MAP": replica.host_map,
        "MIC_CRAWL_CA": str(replica.ca_file),
    }


@pytest.fixture
def shared(migrated_postgresql_url: str) -> Iterator[Database]:
    opened = open_database(migrated_postgresql_url, migrate=False)
    yield opened
    opened.close()


def crawling(environment: dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "crawler", "crawl", "--json"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: "subprocess.Popen[str]") -> dict[str, object]:
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    summary: dict[str, object] = json.loads(said)
    return summary


def holder(database: Database, server: str) -> int:
    """The process that asks a server; 0 if none does."""
    with database.reading() as connection:
        return connection.scalar(sa.select(leases.c.process).where(leases.c.name == f"server:{server}")) or 0


def gaps(moments: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    """Seconds between requests to each server family, from hosts and moments."""
    times: dict[str, list[float]] = {}
    for host, at in moments:
        times.setdefault(FAMILIES[ALIASES.get(host, host)], []).append(at)
    return {
        family: [later - earlier for earlier, later in itertools.pairwise(sorted(moments))]
        for family, moments in times.items()
    }


def sent(database: Database) -> list[tuple[str, float]]:
    """Host and moment of every request, as those who sent them noted it."""
    with database.reading() as connection:
        rows = connection.execute(sa.select(captures.c.url, captures.c.captured_at))
        return [(urlsplit(row.url).hostname or "", row.captured_at.timestamp()) for row in rows]


def check(replica: Replica, shared: Database, again: int) -> None:
    """Each address once, but for so many; the pace of each family kept and used."""
    log = replica.log()
    pages = {url: count for url, count in log["addresses"].items() if not url.endswith("/robots.txt")}
    assert sum(count - 1 for count in pages.values()) <= again
    assert min(min(seconds) for seconds in gaps(sent(shared)).values()) >= DELAY
    for family, seconds in gaps(log["moments"]).items():
        rows = [seconds[start : start + WINDOW] for start in range(max(1, len(seconds) - WINDOW))]
        assert min(sum(row) - len(row) * DELAY for row in rows) >= -LATE, family
        assert sum(seconds) >= len(seconds) * (DELAY - 0.001), family
    articles = {truth.addresses[0] for truth in replica.truth() if truth.reach == "listed"}
    assert articles <= set(pages)


def test_three_processes_share_one_frontier_and_one_pace(replica, environment, shared):
    processes = [crawling(environment) for _ in range(3)]
    summaries = [ended(process) for process in processes]
    check(replica, shared, again=0)
    fetched = [int(str(summary["fetched"])) for summary in summaries]
    assert sum(fetched) > 100
    assert [summary["remaining"] for summary in summaries] == [0, 0, 0]


def test_what_a_killed_process_leaves_is_taken_over_at_once(replica, environment, shared):
    """Only what it had asked for and not yet archived is asked for again: one request of each family at most."""
    processes = {process.pid: process for process in (crawling(environment) for _ in range(3))}
    for _ in range(2):
        asked = replica.log()["requests"]
        while replica.log()["requests"] < asked + 40:
            time.sleep(0.02)
        victim = processes.pop(holder(shared, "mic"))
        victim.kill()
        victim.communicate()
        deadline = time.monotonic() + 10
        while holder(shared, "mic") not in processes:
            assert time.monotonic() < deadline, "nobody has taken over"
            time.sleep(0.02)
    (last,) = processes.values()
    assert ended(last)["remaining"] == 0
    check(replica, shared, again=2 * 3)


# ---- SQLite --------------------------------------------------------------------------------------------------


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url, migrate=False)
    yield opened
    opened.close()


def test_a_second_crawl_of_everything_is_done_by_the_first(opened, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.02"
    with opened() as first, opened() as second:
        first.run()
        asked_of(site)
        thread = threading.Thread(target=first.run, kwargs={"again": True})
        thread.start()
        while len(site.asked) < 30:
            time.sleep(0.01)
        with pytest.raises(LeaseHeld) as held:
            second.run(again=True)
        assert held.value.goes_on
        thread.join()
    articles = Counter(path for path in asked_of(site) if path in set(map(article_path, ALL)))
    assert set(articles) == set(map(article_path, ALL))
    assert max(articles.values()) == 2, "what was done before it was asked for is done again"


def test_a_second_crawl_of_a_part_says_that_it_is_not_done(opened, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.02"
    with opened() as first, opened() as second:
        thread = threading.Thread(target=first.run)
        thread.start()
        while len(site.asked) < 5:
            time.sleep(0.01)
        with pytest.raises(LeaseHeld) as held:
            second.run(only=["feed"])
        assert not held.value.goes_on
        first.stop()
        thread.join()
