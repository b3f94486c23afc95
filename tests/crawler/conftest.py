"""What the crawler's tests share: databases, archives, clocks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.database import Database, open_database
from config.hosts import HostMap
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses
from crawler.archive import Archive, open_archive
from crawler.crawl import Crawl, open_crawl
from crawler.frontier import Found, Frontier, Outcome
from crawler.tables import captures
from tests.crawler.answers import html_page
from tests.crawler.site import Site, serving
from tests.crawler.small_site import NAMES, SEEDS, fill
from tests.crawler.still_clock import StillClock

PROFILE = load_profile("mic")


@pytest.fixture(scope="session")
def addresses() -> Addresses:
    return Addresses(PROFILE)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """SQLite only: for what does not differ between databases."""
    opened = open_database(sqlite_url, migrate=False)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def archive(settings: Settings, database: Database, addresses: Addresses, clock: StillClock) -> Iterator[Archive]:
    opened = open_archive(settings, database, addresses, clock)
    yield opened
    opened.close()


@pytest.fixture
def frontier(database, clock) -> Frontier:
    return Frontier(database, clock)


@pytest.fixture
def add(frontier, database, addresses):
    """Adds addresses in one transaction; returns the identities that were new."""

    def adding(*urls, **more):
        with database.writing() as connection:
            return frontier.add(connection, [Found(address=addresses.read(url), **more) for url in urls])

    return adding


@pytest.fixture
def record(frontier, database, clock, archive, addresses):
    """Archives an answer to a task and records its outcome, by default that of a good one."""

    def recording(task, verdict="fetched", **more):
        outcome = Outcome(task=task, verdict=verdict, at=clock.now(), **({"status": 200} | more))
        capture = archive.append(html_page(f"{task.url} {clock.now()}"), addresses.read(task.url))
        with database.writing() as connection:
            frontier.record(connection, [(outcome, capture)])
        return outcome

    return recording


@pytest.fixture
def take(frontier):
    return lambda server="mic", limit=100, **more: frontier.take(server, limit, **more)


@pytest.fixture
def site() -> Iterator[Site]:
    """A small ministry on a server of the test's own."""
    with serving() as running:
        fill(running)
        yield running


@pytest.fixture
def mapped(site: Site, settings: Settings) -> Settings:
    """Settings that lead the ministry's names to that server, as fast as it likes."""
    return settings.model_copy(update={"host_map": HostMap.parse(site.host_map(*NAMES)), "crawl_delay": 0})


@pytest.fixture
def opened(mapped: Settings, database: Database):
    """Opens a crawl of the ministry; other seeds and settings may be given."""

    @contextmanager
    def opening(*seeds: str, **more: object) -> Iterator[Crawl]:
        profile = PROFILE.model_copy(update={"seeds": seeds or SEEDS})
        some = timedelta(seconds=2.5)
        with open_crawl(mapped.model_copy(update=more), profile, database, patience=some) as crawl:
            yield crawl

    return opening


@pytest.fixture
def crawl(opened) -> Iterator[Crawl]:
    with opened() as crawl:
        yield crawl


@pytest.fixture
def stored(database: Database):
    """Captures as (status, canonical), in the order of the sequence."""

    def reading() -> list[tuple[int, str]]:
        statement = sa.select(captures.c.status, captures.c.canonical).order_by(captures.c.sequence)
        with database.reading() as connection:
            return [(row.status, row.canonical) for row in connection.execute(statement)]

    return reading
