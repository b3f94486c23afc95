"""A crawl that is put to sleep for longer than its leases last is replaced, and finds that out when it wakes."""

import os
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.database import Database, open_database
from crawler.tables import leases
from tests.crawler.site import Site
from tests.faults.test_killed_crawl import (
    check_archive,
    crawl_to_the_end,
    crawling,
    environment,
    kept,
    profile,
    site,
)

__all__ = ["profile", "site"]


def run_out(database: Database) -> set[str]:
    """Let a minute pass for whoever holds a lease; returns the names of all that are held."""
    with database.writing() as connection:
        connection.execute(sa.update(leases).values(until=datetime(2000, 1, 1, tzinfo=UTC)))
        return set(connection.scalars(sa.select(leases.c.name)))


def pause(process: subprocess.Popen[str], site: Site, requests: int) -> None:
    """Stop a process, all threads of it, once it has sent so many requests."""
    until = time.monotonic() + 60
    while len(site.asked) < requests:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGSTOP)


@pytest.mark.parametrize("requests", [3, 90])
def test_the_sleeper_spoils_nothing_of_what_its_follower_archives(site, profile, tmp_path, database_url, requests):
    peaceful = tmp_path / "peaceful"
    quiet = f"sqlite:///{peaceful}/mic.sqlite3"
    crawl_to_the_end(environment(site, profile, peaceful, quiet))
    expected = kept(open_database(quiet))

    data = tmp_path / "data"
    variables = environment(site, profile, data, database_url)
    database = open_database(database_url, migrate=False)
    sleeper = crawling(variables)
    try:
        pause(sleeper, site, len(site.asked) + requests)
        assert any(name.startswith("warc:") for name in run_out(database))
        crawl_to_the_end(variables)
    finally:
        os.kill(sleeper.pid, signal.SIGCONT)
    said, complained = sleeper.communicate(timeout=60)
    assert (sleeper.returncode, said) == (1, "")
    assert complained.startswith("Error: ")
    assert complained.count("\n") == 1
    crawl_to_the_end(variables)

    assert kept(database) == expected
    check_archive(database, Path(data))
    database.close()
