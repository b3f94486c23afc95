"""One crawl of a site where everything goes wrong: each fault has its reason, the rest is archived as ever."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from config.database import Database, open_database
from config.settings import Settings
from config.site import load_profile
from crawler import ledger
from crawler.address import Addresses
from crawler.archive import Archive, open_archive
from crawler.clock import SystemClock
from crawler.page import Capture
from tests.faults.hostile import FOUND_BEHIND, GOOD, HOST, LARGE, SECRET, Hostile, good_path, hostile

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 600_000
"""Kilobytes: an answer of 100 MB is copied a few times on its way into the archive."""
PAGE_LIMIT = 100_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    """What one crawl left behind."""

    summary: dict[str, object]
    memory: int
    """Kilobytes the process had at most."""
    site: Hostile
    database: Database
    archive: Archive
    data: Path

    def captures(self, url: str) -> list[Capture]:
        return self.archive.captures(canonical=url.replace("http://", "https://"))

    @property
    def told(self) -> set[tuple[str, str, str]]:
        """Lines of the ledger as host, decision, reason."""
        return {(line.host, line.decision, line.reason) for line in ledger.read(self.database, date(2020, 1, 1))}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("hostile")
    data = folder / "data"
    with hostile(folder) as site:
        variables = os.environ | {
            "MIC_SITE": str(site.profile),
            "MIC_DATA": str(data),
            "MIC_HOST_MAP": site.host_map,
            "MIC_CONTACT": "archive@example.org",
            "MIC_CRAWL_DELAY": "0",
            "MIC_PAGE_SECONDS": "2",
        }
        command = [sys.executable, "-m", "tests.faults.measured", "crawl", "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=90
        )
        assert done.returncode == 0, done.stderr
        summary, memory = map(json.loads, done.stdout.splitlines())
        database = open_database(f"sqlite:///{data / 'mic.sqlite3'}")
        addresses = Addresses(load_profile(str(site.profile)))
        archive = open_archive(Settings(data=data), database, addresses, SystemClock())
        yield Crawled(summary=summary, memory=memory, site=site, database=database, archive=archive, data=data)
        archive.close()
        database.close()


PAGES = [
    ("/reset.aspx", 200, "disconnect", "", ("failed", "cut short (disconnect)")),
    ("/closed.aspx", 0, "", "connection closed without answer", ("failed", "connection closed without answer")),
    ("/short.aspx", 200, "disconnect", "", ("failed", "cut short (disconnect)")),
    ("/longer.aspx", 200, "", "", ("fetched", "200")),
    ("/unknown.aspx", 200, "", "", ("fetched", "unknown content-coding")),
    ("/nogzip.aspx", 200, "", "", ("fetched", "200")),
    ("/badgzip.aspx", 200, "", "", ("fetched", "damaged content-coding")),
    ("/bomb.aspx", 200, "", "", ("fetched", "decompresses beyond all bounds")),
    ("/nested.aspx", 200, "", "", ("fetched", "decompresses beyond all bounds")),
    ("/markup.aspx", 200, "", "", ("fetched", "elements without end")),
    ("/formats.aspx", 200, "", "", ("fetched", "formatting without end")),
    ("/headers.aspx", 0, "", "headers without end", ("failed", "headers without end")),
    ("/many.aspx", 0, "", "headers that make no sense", ("failed", "headers that make no sense")),
    ("/nul.aspx", 200, "", "", ("fetched", "200")),
    ("/nul-location.aspx", 302, "", "", ("moved", "302 to what is refused: control characters in the path")),
    ("/raw-location.aspx", 302, "", "", ("moved", "302")),
    ("/bytes-location.aspx", 302, "", "", ("moved", "302")),
    ("/long.aspx", 200, "", "", ("fetched", "200")),
    ("/long-location.aspx", 302, "", "", ("moved", "302 to what is refused: longer than 2048 characters")),
    ("/nonsense.aspx", 0, "", "no HTTP answer", ("failed", "no HTTP answer")),
    ("/large.aspx", 200, "length", "", ("fetched", "200")),
    ("/sitemap.xml", 200, "", "", ("fetched", "200")),
]


@pytest.mark.parametrize(
    ("path", "status", "truncated", "error", "counted"), PAGES, ids=[page[0] for page in PAGES]
)
def test_a_fault_is_archived_with_its_reason_and_counted(crawled, path, status, truncated, error, counted):
    captures = crawled.captures(f"https://{HOST}{path}")
    assert {(one.status, one.truncated, one.error) for one in captures} == {(status, truncated, error)}
    assert (HOST, *counted) in crawled.told


@pytest.mark.parametrize(
    ("host", "scheme", "error", "counted"),
    [
        ("tls.example", "https", "TLS: unable to get local issuer certificate", None),
        ("no-such-name.invalid", "http", "name not found", None),
        ("refused.example", "http", "connection refused", None),
    ],
)
def test_a_host_that_cannot_be_asked_is_told_once_and_left(crawled, host, scheme, error, counted):
    (capture,) = crawled.captures(f"https://{host}/robots.txt")
    assert capture.url == f"{scheme}://{host}/robots.txt"
    assert (capture.status, capture.error.partition(" (")[0]) == (0, error)
    assert {
        (host, "failed", f"robots.txt: {error}"),
        (host, "skipped", "robots.txt cannot be had"),
    } <= crawled.told
    assert counted is None


def test_what_an_administrator_can_do_is_in_the_summary(crawled):
    (note,) = [note for note in crawled.summary["notes"] if "MIC_" in note]
    assert note.startswith("tls.example: TLS: unable to get local issuer certificate (issued by “Nobody knows")
    assert "MIC_CRAWL_CA=tls.example=FILE" in note


@pytest.mark.parametrize(
    ("host", "status", "truncated", "error"),
    [("slow.example", 0, "", "no complete answer in time"), ("slower.example", 200, "time", "")],
)
def test_a_slow_answer_is_cut_and_what_came_of_it_is_kept(crawled, host, status, truncated, error):
    captures = crawled.captures(f"https://{host}/start.aspx")
    assert {(one.status, one.truncated, one.error) for one in captures} == {(status, truncated, error)}
    assert not status or max(one.payload_size for one in captures) >= 4
    reason = error or "cut short (time)"
    assert (host, "failed", reason) in crawled.told


def test_a_robots_file_of_50_megabytes_is_obeyed_and_not_fetched_whole(crawled):
    (capture,) = crawled.captures("https://robots.example/robots.txt")
    assert (capture.status, capture.truncated, capture.payload_size) == (200, "length", 1_024_000)
    asked = [asked.path for asked in crawled.site.site.asked if asked.host == "robots.example"]
    assert asked == ["/robots.txt", "/start.aspx", "/open.aspx"]
    assert ("robots.example", "refused", "robots.txt") in crawled.told


def test_everything_good_was_archived_once(crawled):
    for path in (*map(good_path, range(GOOD)), *FOUND_BEHIND):
        captures = crawled.captures(f"https://{HOST}{path}")
        assert [one.status for one in captures] == [200], path
        assert crawled.site.pages.count(path) == 1


def test_redirects_without_end_end(crawled):
    asked = [path for path in crawled.site.pages if path.startswith("/Pages/TinTuc/")]
    assert 2 <= len(asked) <= 7
    assert (HOST, "failed", "redirect loop") in crawled.told


def test_what_was_hidden_behind_an_answer_or_in_an_entity_was_not_believed(crawled):
    assert "/smuggled.aspx" not in crawled.site.pages
    everything = "".join(f"{asked.url}{asked.headers}" for asked in crawled.site.site.asked)
    assert SECRET not in everything
    assert "ha" * 10 not in everything


def test_an_address_of_ten_thousand_characters_is_counted_and_not_asked_for(crawled):
    assert ("elsewhere", "refused", "longer than 2048 characters") in crawled.told
    assert max(map(len, crawled.site.pages)) < 2_048


def test_a_large_page_is_cut_and_marked(crawled):
    (capture,) = crawled.captures(f"https://{HOST}/large.aspx")
    assert (capture.payload_size, capture.truncated) == (PAGE_LIMIT, "length")
    assert PAGE_LIMIT < LARGE


def test_memory_stays_within_bounds(crawled):
    assert crawled.memory < MOST_MEMORY


def test_nothing_is_lost_and_any_tool_reads_it(crawled):
    answered = {asked.url for asked in crawled.site.site.asked}
    for batch, _ in crawled.archive.changes(after=0):
        for capture in batch:
            page = crawled.archive.read(capture)
            assert (page.status, page.truncated, len(page.payload)) == (
                capture.status,
                capture.truncated,
                capture.payload_size,
            )
            answered.discard(capture.url.partition("://")[2])
    assert answered == set()
    files = [str(path) for path in (crawled.data / "archive").glob("*.warc.gz")]
    command = [sys.executable, "-m", "warcio.cli", "check", *files]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
