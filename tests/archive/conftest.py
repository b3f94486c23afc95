"""Stores and clocks as the crawler's tests have them, on SQLite alone where databases make no difference."""

from collections.abc import Iterator

import pytest

from config.database import Database, open_database
from tests.crawler.conftest import addresses, archive, clock, settings

__all__ = ["addresses", "archive", "clock", "settings"]


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """An open, migrated database of the test's own."""
    opened = open_database(sqlite_url, migrate=False)
    yield opened
    opened.close()
