"""A disk that is full and a database that is locked: said in one line, nothing is lost, the next crawl goes on."""

import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.database import open_database
from tests.crawler.site import Answer, Site, serving
from tests.crawler.small_site import HOST, article_path, fill, numbers
from tests.faults.test_killed_crawl import ROOT, check_archive, environment, kept, profile

__all__ = ["profile"]

ARTICLES = {"91": 20}
FILES = [f"/Upload/{number}.PDF" for number in numbers("91", ARTICLES) if number % 5 == 0]
SEEN = 12
"""Requests after which a crawl is in the middle of its work."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a crawl works, and on what."""

    site: Site
    data: Path
    variables: dict[str, str]

    def start(self, *, busy: float = 0, size: int = 0) -> subprocess.Popen[str]:
        """A crawl on a machine that lacks something."""
        command = [sys.executable, "-m", "tests.faults.constrained", str(busy), str(size), "crawl", "--json"]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def in_the_middle(self, *, busy: float = 0) -> subprocess.Popen[str]:
        """A crawl that has asked for some pages."""
        process = self.start(busy=busy)
        deadline = time.monotonic() + 30
        while len(self.site.asked) < SEEN and time.monotonic() < deadline:
            time.sleep(0.005)
        return process

    def goes_on(self) -> None:
        """The crawl that follows leaves everything there is, and asks for nothing more than once again."""
        assert said(self.start()) == (0, "")
        database = open_database(self.variables["MIC_DATABASE"])
        addresses = {canonical for canonical, _ in kept(database)}
        assert {f"https://mic.gov.vn/Pages/TinTuc/{number}/" for number in numbers("91", ARTICLES)} <= addresses
        assert {f"https://mic.gov.vn{path}" for path in FILES} <= addresses
        check_archive(database, self.data)
        database.close()
        articles = set(map(article_path, numbers("91", ARTICLES)))
        assert max(Counter(path for path in self.site.paths if path in articles).values()) <= 2


def said(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, complained = process.communicate(timeout=60)
    return process.returncode, complained


@pytest.fixture
def place(profile, tmp_path) -> Iterator[Place]:
    with serving() as site:
        fill(site, ARTICLES)
        data = tmp_path / "data"
        url = f"sqlite:///{data}/mic.sqlite3"
        open_database(url).close()
        variables = environment(site, profile, data, url) | {"MIC_HOST_MAP": site.host_map(HOST)}
        yield Place(site=site, data=data, variables=variables)


def test_a_disk_that_fills_up_ends_the_crawl_with_one_line_and_the_next_goes_on(place):
    for path in FILES:
        place.site.answers[path] = Answer(os.urandom(1_000_000), headers={"Content-Type": "application/pdf"})
    code, complained = said(place.start(size=2_000_000))
    assert code == 1, complained
    assert len(complained.splitlines()) == 1
    assert "warc.gz" in complained
    place.goes_on()


def locked(data: Path) -> closing[sqlite3.Connection]:
    """Hold the database as a backup or an import does."""
    connection = sqlite3.connect(data / "mic.sqlite3", timeout=30, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return closing(connection)


def test_a_crawl_waits_for_a_locked_database_and_goes_on(place):
    process = place.in_the_middle()
    with locked(place.data):
        time.sleep(2)
        assert process.poll() is None
    assert said(process) == (0, "")
    place.goes_on()


def test_a_database_that_stays_locked_ends_the_crawl_with_one_line_and_the_next_goes_on(place):
    process = place.in_the_middle(busy=0.3)
    with locked(place.data):
        code, complained = said(process)
    assert code == 1
    assert len(complained.splitlines()) == 1
    assert "database is locked" in complained
    place.goes_on()
