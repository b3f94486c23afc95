"""A replica with every trap that costs no time, crawled once by us and once by a crawler without rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from config.site import load_profile
from crawler.address import Addresses
from crawler.progress import silent
from crawler.tables import captures
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from tests.replica import Replica, Truth
from tests.replica.coverage import Coverage, crawled, measured
from tests.traps.naive import Naive

ARTICLES = 320
NAIVE_REQUESTS = 700
HOMES = ("https://mic.gov.vn/", "https://english.mic.gov.vn/", "https://cspl.mic.gov.vn/", "https://mst.gov.vn/")

READ = Addresses(load_profile("mic")).read


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What our crawler and reading made of the replica."""

    workshop: Workshop
    coverage: Coverage
    log: dict[str, Any]
    """What the replica was asked for meanwhile."""

    def captures(self) -> list[Any]:
        """Every row of the archive."""
        with self.workshop.database.reading() as connection:
            return list(connection.execute(sa.select(captures).order_by(captures.c.sequence)))

    def asked(self, *words: str) -> list[str]:
        """Addresses that were asked for and hold one of these words."""
        return [url for url in self.log["addresses"] if any(word in url.lower() for word in words)]


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, light=True, crawl_delay=0) as running:
        yield running


@pytest.fixture(scope="session")
def known(replica: Replica) -> dict[str, Truth]:
    """The truth of every article that can be found."""
    return {one.key: one for one in replica.truth() if one.reach != "number"}


@pytest.fixture(scope="session")
def ours(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ours]:
    replica.control.clear()
    settings = crawled(replica, tmp_path_factory.mktemp("ours"))
    coverage, log = measured(replica, settings), replica.log()
    with open_workshop(settings) as workshop:
        update(workshop.stores, silent)
        yield Ours(workshop=workshop, coverage=coverage, log=log)


@dataclass(frozen=True, kw_only=True)
class Fallen:
    """What came of the crawler without rules, after so many requests."""

    crawler: Naive
    log: dict[str, Any]

    def asked(self, *words: str) -> list[str]:
        """Addresses that were asked for and hold one of these words."""
        return [url for url in self.log["addresses"] if any(word in url.lower() for word in words)]


@pytest.fixture(scope="session")
def naive(replica: Replica, ours: Ours) -> Iterator[Fallen]:
    """It comes after us, so that the log of our crawl is our own."""
    assert ours.log
    replica.control.clear()
    crawler = Naive(replica=replica)
    crawler.crawl(HOMES, NAIVE_REQUESTS)
    yield Fallen(crawler=crawler, log=replica.log())
    crawler.close()
