"""What tests of the whole line share: the replica, crawled once, and stores to bring up to date from it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.database import open_database
from config.settings import Settings
from config.site import load_profile
from crawler.crawl import open_crawl
from crawler.progress import silent
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from tests.replica.client import Replica
from tests.replica.truth import Truth

ARTICLES = 120
"""Enough for whatever happens to articles; pipeline/test_truth.py has all their kinds."""


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, crawl_delay=0.0) as running:
        yield running


def true_of(replica: Replica) -> dict[str, Truth]:
    """What is true of each article that a crawl can find, by key."""
    return {str(truth.key): truth for truth in replica.truth() if truth.reach != "number" and not truth.gone}


@pytest.fixture(scope="session")
def truths(replica: Replica) -> dict[str, Truth]:
    """What is true of each article of the replica that is crawled."""
    return true_of(replica)


def settings_for(replica: Replica, data: Path) -> Settings:
    """As fast as the replica lets: also where a host out of order has no rules that say how fast.

    All is read in this process: to start others takes longer than to read so little.
    """
    here = {"data": data, "crawl_delay": 0, "processes": 1}
    return Settings.model_validate({**here, "host_map": replica.host_map, "crawl_ca": replica.ca_file})


def crawl_all(settings: Settings) -> None:
    """Archive the whole replica, and record nothing of it."""
    database = open_database(settings.database)
    with open_crawl(settings, load_profile("mic"), database) as crawl:
        summary = crawl.run()
    database.close()
    assert summary.remaining == 0


@pytest.fixture(scope="session")
def crawled(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the whole replica archived, and nothing recorded."""
    settings = settings_for(replica, tmp_path_factory.mktemp("crawled"))
    crawl_all(settings)
    return settings.data


@pytest.fixture(scope="session")
def recorded(replica: Replica, crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose record and index are up to date."""
    data = tmp_path_factory.mktemp("recorded") / "data"
    shutil.copytree(crawled, data)
    with open_workshop(settings_for(replica, data)) as opened:
        update(opened.stores, silent)
    return data


@pytest.fixture
def unread(replica: Replica, crawled: Path, tmp_path: Path) -> Iterator[Workshop]:
    """Everything open over a copy of what was crawled, nothing of it read."""
    shutil.copytree(crawled, tmp_path / "data")
    with open_workshop(settings_for(replica, tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def workshop(replica: Replica, recorded: Path, tmp_path: Path) -> Iterator[Workshop]:
    """Everything open over a copy in which all is up to date."""
    shutil.copytree(recorded, tmp_path / "data")
    with open_workshop(settings_for(replica, tmp_path / "data")) as opened:
        yield opened
