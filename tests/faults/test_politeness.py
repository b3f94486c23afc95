"""How a server is treated: its pace, its wishes, its troubles; and how a crawl is stopped or comes second."""

import gzip
import itertools
import socket
import threading
import time
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from config.database import open_database
from config.hosts import HostMap
from crawler import ledger
from crawler.clock import SystemClock
from crawler.crawl import open_crawl
from crawler.fetch import FetcherError
from crawler.lease import LeaseHeld, holding
from crawler.progress import Cancelled, Progress
from crawler.tables import captures
from tests.crawler.conftest import PROFILE
from tests.crawler.site import Answer, serving
from tests.crawler.small_site import (
    ALL,
    HOST,
    NAMES,
    SEEDS,
    article,
    article_path,
    asked_of,
    numbers,
    url,
)


@pytest.fixture
def database(sqlite_url):
    """SQLite only: what is tested here is told by the clock, and does not differ between databases."""
    opened = open_database(sqlite_url, migrate=False)
    yield opened
    opened.close()


LATE = 0.03
"""Seconds by which a busy machine may notice a request late, so that the next one seems to come early."""


def between(site) -> list[float]:
    """Seconds between requests, as the server saw them; robots.txt comes before there is a pace."""
    return [later.at - earlier.at for earlier, later in itertools.pairwise(site.asked[1:])]


def failing(times: int, status: int = 503, **headers: str):
    """Fails so many times, then answers."""
    left = itertools.count()

    def answer(_handler):
        return Answer("busy", status, headers) if next(left) < times else Answer("<h1>Tin</h1>")

    return answer


# ---- politeness ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "setting", "delay"),
    [("0.05", None, 0.05), ("0.05", 0.0, 0.05), ("0.02", 0.06, 0.06), (None, 0.05, 0.05)],
)
def test_a_server_is_asked_at_its_pace_and_the_pace_is_used(opened, site, stated, setting, delay):
    site.answers["/robots.txt"] = f"User-agent: *\nCrawl-delay: {stated}" if stated else ""
    with opened(crawl_delay=setting) as crawl:
        crawl.run(limit=25)
    gaps = between(site)
    assert min(gaps) >= delay - LATE
    assert 0.98 <= sum(gaps) / (len(gaps) * delay) <= 1.75, "tests.benchmarks.polite has it to the per cent"


def test_one_second_passes_between_requests_where_nobody_says_otherwise(opened, site):
    site.answers["/robots.txt"] = ""
    with opened(crawl_delay=None) as crawl:
        crawl.run(limit=2)
    times = [asked.at for asked in site.asked]
    assert times[2] - times[1] >= 1 - LATE


def test_families_are_asked_side_by_side_each_one_request_at_a_time(opened, site):
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    def slow(handler):
        family = "mic" if handler.headers["Host"] in ("mic.gov.vn", "www.mic.gov.vn") else handler.headers["Host"]
        with lock:
            running[family] += 1
            most[family] = max(most[family], running[family])
            most["all"] = max(most["all"], sum(running.values()))
        time.sleep(0.1)
        with lock:
            running[family] -= 1
        return Answer("x")

    paths = [f"/{letter}.aspx" for letter in "abcd"]
    site.answers |= dict.fromkeys(paths, slow)
    hosts = ("mic.gov.vn", "www.mic.gov.vn", "cspl.mic.gov.vn", "mst.gov.vn")
    with opened(*(f"http://{host}{path}" for host in hosts for path in paths)) as crawl:
        crawl.run()
    assert most == {"mic": 1, "cspl.mic.gov.vn": 1, "mst.gov.vn": 1, "all": 3}


def test_the_pace_is_kept_from_one_process_to_the_next(opened, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 1.5"
    for _ in range(2):
        with opened() as crawl:
            crawl.run(limit=1)
    times = [asked.at for asked in site.asked if asked.path != "/robots.txt"]
    assert times[1] - times[0] >= 1.4


def test_a_robots_file_that_cannot_be_had_forbids_everything(opened, site, database):
    site.answers["/robots.txt"] = Answer("broken", 500)
    with opened() as crawl:
        summary = crawl.run()
    assert set(site.paths) == {"/robots.txt"}
    assert summary.done == 0
    skipped = {line.reason for line in ledger.read(database, date(2020, 1, 1)) if line.decision == "skipped"}
    assert skipped == {"robots.txt cannot be had"}


def test_sitemaps_of_robots_are_read(opened, site):
    site.answers["/robots.txt"] = f"Sitemap: {url('/sitemap.xml')}\nUser-agent: *\nCrawl-delay: 0.001"
    site.answers["/sitemap.xml"] = Answer(
        f"<urlset><url><loc>{url('/Pages/TinTuc/777777/x.html')}</loc></url></urlset>",
        headers={"Content-Type": "application/xml"},
    )
    site.answers["/Pages/TinTuc/777777/x.html"] = article(777_777)
    with opened(url("/s.css")) as crawl:
        crawl.run()
    assert {"/sitemap.xml", "/Pages/TinTuc/777777/x.html"} <= set(asked_of(site))


def test_every_decision_is_counted(crawl, database, site):
    crawl.run()
    crawl.run()
    counted: Counter[tuple[str, str]] = Counter()
    for line in ledger.read(database, date(2020, 1, 1)):
        assert line.host in {HOST, "elsewhere"}
        counted[line.decision, line.reason] += line.count
    assert counted["fetched", "200"] + counted["not modified", "304"] + counted["fetched", "robots.txt"] == len(
        site.asked
    )
    assert sum(count for (decision, _), count in counted.items() if decision == "failed") == 0


def test_an_empty_host_map_without_contact_asks_nobody(opened, site):
    with opened(host_map=HostMap()) as crawl, pytest.raises(FetcherError, match="MIC_CONTACT"):
        crawl.run()
    assert site.asked == []


def test_a_host_that_is_not_mapped_is_left_out_while_nobody_can_be_turned_to(opened, site, database):
    site.answers["/"] = '<a href="http://m.mic.gov.vn/x.aspx">x</a>'
    with opened(url("/")) as crawl:
        crawl.run()
    assert asked_of(site) == ["/"]
    reasons = {(line.host, line.reason) for line in ledger.read(database, date(2020, 1, 1))}
    assert ("m.mic.gov.vn", "a real server while MIC_CONTACT is not set") in reasons


# ---- stopping, cancelling, coming second ---------------------------------------------------------------------


def test_a_cancelled_crawl_keeps_what_it_has_and_goes_on_later(crawl, site, stored):
    site.answers["/robots.txt"] = "User-agent: *\nDisallow: /private\nCrawl-delay: 0.02"
    told: list[Progress] = []

    def report(progress):
        told.append(progress)
        if progress.done >= 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        crawl.run(report=report)
    first = asked_of(site)
    assert len(stored()) == len(first) + 1
    crawl.run()
    assert not set(first) & set(asked_of(site)) - set(SEEDS)
    assert told[-1].total is not None
    assert told[-1].total > told[-1].done >= 20


def test_progress_is_told_with_totals_up_to_the_end(crawl):
    told: list[Progress] = []
    summary = crawl.run(report=told.append)
    assert (told[-1].done, told[-1].total, told[-1].errors) == (summary.done, summary.done, 0)
    assert all(earlier.done <= later.done for earlier, later in itertools.pairwise(told))


def test_a_crawl_that_is_stopped_ends_soon_and_well(opened, site, stored):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
    with opened() as crawl:
        threading.Timer(0.5, crawl.stop).start()
        started = time.monotonic()
        crawl.run()
        assert time.monotonic() - started < 2
    assert len(stored()) == len(site.asked)


def test_a_server_that_hangs_does_not_keep_a_stopped_crawl(opened, site, stored):
    site.answers["/x.aspx"] = lambda _handler: time.sleep(20)
    with opened(url("/x.aspx")) as crawl:
        threading.Timer(0.5, crawl.stop).start()
        started = time.monotonic()
        crawl.run()
        assert time.monotonic() - started < 8
    assert [canonical for _, canonical in stored()] == ["https://mic.gov.vn/robots.txt"]


def test_a_second_crawl_says_who_holds_the_first(opened, database):
    with holding(database, SystemClock(), "crawl"), opened() as crawl, pytest.raises(LeaseHeld, match="process"):
        crawl.run()


def test_what_somebody_wants_now_is_done_by_the_crawl_that_is_under_way(opened, site):
    """Two at work on one server: the pace stays one, and the one who waits gets the answer."""
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
    with opened() as long, opened() as short:
        thread = threading.Thread(target=long.run)
        thread.start()
        while len(site.asked) < 5:
            time.sleep(0.01)
        wanted = article_path(numbers("1748")[-1])
        (found,) = short.fetch([url(wanted)])
        position = site.paths.index(wanted)
        thread.join()
    assert found.status == 200
    assert position < 50
    assert Counter(site.paths)[wanted] == 1
    gaps = between(site)
    assert min(gaps) >= 0.05 - LATE
    assert sum(gaps) >= len(gaps) * 0.049


def test_two_crawls_on_one_frontier_fetch_nothing_twice(migrated_postgresql_url, mapped, site):
    database = open_database(migrated_postgresql_url, migrate=False)
    profile = PROFILE.model_copy(update={"seeds": SEEDS})
    with open_crawl(mapped, profile, database) as one, open_crawl(mapped, profile, database) as other:
        threads = [threading.Thread(target=crawl.run) for crawl in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    database.close()
    asked = asked_of(site)
    assert len(asked) == len(set(asked))
    assert set(map(article_path, ALL)) <= set(asked)


# ---- troubles ------------------------------------------------------------------------------------------------


def test_a_server_that_asks_to_be_left_alone_is_left_alone(opened, site):
    site.answers["/x.aspx"] = failing(1, 429, **{"Retry-After": "2"})
    with opened(url("/x.aspx"), url("/y.aspx")) as crawl:
        crawl.run()
    times = [asked.at for asked in site.asked if asked.path != "/robots.txt"]
    assert times[1] - times[0] >= 2


def test_a_server_that_asks_for_long_is_left_to_a_later_run(opened, site):
    site.answers["/x.aspx"] = failing(1, 503, **{"Retry-After": "3600"})
    with opened(url("/x.aspx"), url("/y.aspx")) as crawl:
        started = time.monotonic()
        summary = crawl.run()
        assert time.monotonic() - started < 10
        assert asked_of(site) == ["/x.aspx"]
        assert "mic: left alone until" in summary.notes[0]
        assert crawl.run().notes
    assert asked_of(site) == []


def test_a_server_that_is_gone_is_not_asked_for_every_address(opened, database):
    with serving() as other:
        mapped = HostMap.parse(other.host_map(*NAMES))
        other.answers["/robots.txt"] = ""
        other.answers["/"] = "".join(f'<a href="{article_path(number)}">x</a>' for number in ALL)
        with opened(url("/"), host_map=mapped) as crawl:
            crawl.run(limit=1)
    with opened(url("/"), host_map=mapped) as crawl:
        summary = crawl.run()
    assert 0 < summary.failed < 12
    assert summary.notes
    assert summary.remaining > 20
    with database.reading() as connection:
        errors = set(connection.scalars(sa.select(captures.c.error).where(captures.c.status == 0)))
    assert errors == {"connection refused"}


@pytest.mark.parametrize("broken", ["cut", "bomb", "large", "nothing"])
def test_a_broken_answer_is_archived_with_its_reason_and_the_crawl_goes_on(opened, site, database, broken):
    def cut(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    def nothing(handler):
        handler.connection.shutdown(socket.SHUT_RDWR)

    bomb = Answer(gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})
    answers = {"cut": cut, "bomb": bomb, "large": bytes(300_000), "nothing": nothing}
    site.answers["/x.aspx"] = answers[broken]
    with opened(url("/x.aspx"), url("/y.htm"), page_limit=100_000) as crawl:
        crawl.run(limit=2)
    with database.reading() as connection:
        row = connection.execute(sa.select(captures).where(captures.c.url == url("/x.aspx"))).first()
    assert "/y.htm" in asked_of(site)
    assert (row.truncated, bool(row.error)) == {
        "cut": ("disconnect", False),
        "bomb": ("", False),
        "large": ("length", False),
        "nothing": ("", True),
    }[broken]
