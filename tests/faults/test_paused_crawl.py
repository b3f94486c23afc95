"""A crawl that is put to sleep for longer than its leases last is replaced, and finds that out when it wakes."""

import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from config.database import Database, open_database, sequences
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


def pause(process: subprocess.Popen[str], site: Site, requests: int, database: Database) -> None:
    """Stop a process, all threads of it, once it has sent so many requests, holds a file, and no transaction."""
    until = time.monotonic() + 60
    while True:
        assert process.poll() is None
        assert time.monotonic() < until
        if len(site.asked) >= requests:
            os.kill(process.pid, signal.SIGSTOP)
            if holds_a_file(database):
                return
            os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.002)


def holds_a_file(database: Database) -> bool:
    """Whether somebody holds a WARC file's lease, and nobody is in the middle of writing."""
    wait = "PRAGMA busy_timeout = 100" if database.is_sqlite else "SET LOCAL lock_timeout = 100"
    changed = sa.update(leases).where(leases.c.name.startswith("warc:")).values(process=leases.c.process)
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql(wait)
            connection.execute(
                sa.update(sequences).values(value=sequences.c.value)
            )  # what every commit begins with
            return connection.execute(changed).rowcount > 0
    except sa.exc.OperationalError:
        return False


def test_the_sleeper_spoils_nothing_of_what_its_follower_archives(site, profile, tmp_path, database_url):
    peaceful = tmp_path / "peaceful"
    quiet = f"sqlite:///{peaceful}/mic.sqlite3"
    crawl_to_the_end(environment(site, profile, peaceful, quiet))
    expected = kept(open_database(quiet))

    data = tmp_path / "data"
    variables = environment(site, profile, data, database_url)
    database = open_database(database_url, migrate=False)
    sleeper = crawling(variables)
    try:
        pause(sleeper, site, len(site.asked) + random.randint(1, 90), database)
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
