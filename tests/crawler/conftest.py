"""What the crawler's tests share: databases, archives, clocks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.database import Database
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses
from crawler.archive import Archive, open_archive
from tests.crawler.still_clock import StillClock

PROFILE = load_profile("mic")


@pytest.fixture(scope="session")
def addresses() -> Addresses:
    return Addresses(PROFILE)


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
