"""What every test may use: real servers, fresh databases, a browser; and what no test may do."""

import functools
import ipaddress
import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest

from config.database import Database, open_database
from tests.services import MODULES, elasticsearch, postgresql, redis, service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIXTURES = {
    "elasticsearch_url": "elasticsearch",
    "postgresql_url": "postgresql",
    "migrated_postgresql_url": "postgresql",
    "redis_url": "redis",
    "browser": "browser",
}
"""A test that uses one of these is marked with the service's name."""

RAN = pytest.StashKey[dict[str, str]]()
"""What people call a service, and its version."""
LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("services")
    group.addoption(
        "--without",
        action="append",
        default=[],
        choices=list(MODULES),
        help="leave out the tests that need this service, and say so (may be given several times)",
    )
    group.addoption("--report", type=Path, help="write what ran, and on what, to this file as JSON")


def pytest_configure(config: pytest.Config) -> None:
    for name in MODULES:
        config.addinivalue_line("markers", f"{name}: needs a real {name}")
    config.stash[RAN] = {}
    config.stash[LEFT_OUT] = Counter()
    for variable in [name for name in os.environ if name.startswith("MIC_")]:
        del os.environ[variable]  # the settings of whoever runs the tests are not the tests' settings
    sys.addaudithook(_only_this_machine)


def pytest_itemcollected(item: pytest.Item) -> None:
    for fixture in getattr(item, "fixturenames", ()):
        if fixture in FIXTURES:
            item.add_marker(FIXTURES[fixture])


@pytest.hookimpl(trylast=True)  # after -k and -m, so that only tests are counted that would have run
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    without = config.getoption("without")
    dropped = []
    for item in items:
        needless = next((name for name in without if item.get_closest_marker(name)), None)
        if needless:
            config.stash[LEFT_OUT][needless] += 1
            dropped.append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name in MODULES:
        problem = _missing(name) if item.get_closest_marker(name) else None
        if problem:
            pytest.fail(f"missing: {problem}; or leave it out: --without {name}", pytrace=False)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    ran = _everything_that_ran(config)
    left_out = config.stash[LEFT_OUT]
    if ran:
        terminalreporter.write_line("ran on: " + ", ".join(f"{name} {number}" for name, number in ran.items()))
    for name, number in left_out.items():
        terminalreporter.write_line(f"left out by --without {name}: {number} tests")
    target = config.getoption("report")
    if target:
        stats = terminalreporter.stats
        outcomes = {name: len(stats.get(name, ())) for name in ("passed", "failed", "error", "xfailed", "xpassed")}
        skipped = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in stats.get("skipped", ()))
        text = json.dumps({"outcomes": outcomes, "skipped": skipped, "ran": ran, "left_out": left_out}, indent=1)
        target.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def elasticsearch_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """Address of a node without security, one for the whole session: take index names that no other test takes."""
    shared = os.environ.get("TEST_ELASTICSEARCH")
    if shared:
        pytestconfig.stash[RAN][elasticsearch.NAME] = elasticsearch.version(elasticsearch.Access(url=shared))
        yield shared
        return
    with elasticsearch.running() as node:
        pytestconfig.stash[RAN][elasticsearch.NAME] = node.version
        yield node.access.url


@pytest.fixture(scope="session")
def _postgresql(pytestconfig: pytest.Config) -> Iterator[postgresql.PostgreSQL]:
    """One server for the session, with a database `template` that has every table."""
    with postgresql.running() as server:
        pytestconfig.stash[RAN][postgresql.NAME] = server.version
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE empty_for_tests")
            connection.execute("CREATE DATABASE migrated_for_tests")
        open_database(server.database("migrated_for_tests")).close()
        yield server


_numbers = count(1)


@pytest.fixture
def postgresql_url(_postgresql: postgresql.PostgreSQL) -> Iterator[str]:
    """Address of an empty PostgreSQL database of the test's own."""
    yield from _copy(_postgresql, "empty_for_tests")


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a migrated SQLite database of the test's own."""
    path = tmp_path / "test.sqlite3"
    with closing(sqlite3.connect(_sqlite_template)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_postgresql_url(_postgresql: postgresql.PostgreSQL) -> Iterator[str]:
    """Address of a migrated PostgreSQL database of the test's own."""
    yield from _copy(_postgresql, "migrated_for_tests")


@pytest.fixture(params=["sqlite_url", pytest.param("migrated_postgresql_url", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a migrated database of the test's own; the test runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, migrated database of the test's own; the test runs on SQLite and on PostgreSQL."""
    opened = open_database(database_url, migrate=False)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _sqlite_template(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytestconfig.stash[RAN]["SQLite"] = sqlite3.sqlite_version
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def _redis(pytestconfig: pytest.Config) -> Iterator[redis.Redis]:
    with redis.running() as server:
        pytestconfig.stash[RAN][redis.NAME] = server.version
        yield server


@pytest.fixture
def redis_url(_redis: redis.Redis) -> Iterator[str]:
    """Address of an empty Redis database."""
    yield _redis.url
    _redis.empty()


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator["Browser"]:
    """Chromium, one for the whole session; take a context or a page of your own from it."""
    from tests.services import chromium  # noqa: PLC0415 - playwright takes long to import

    with chromium.running() as running:
        pytestconfig.stash[RAN][chromium.NAME] = running.version
        yield running


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A page in a context of its own. The test fails if it asked another host for anything."""
    with browser.new_context() as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        yield context.new_page()
        elsewhere = [url for url in asked if urlsplit(url).hostname not in {"127.0.0.1", "localhost", None}]
    assert not elsewhere, f"asked other hosts: {elsewhere}"


@functools.cache
def _missing(name: str) -> str | None:
    return service(name).missing()


def _everything_that_ran(config: pytest.Config) -> dict[str, str]:
    ran = config.stash[RAN].copy()
    if "tantivy" in sys.modules:  # imported by the embedded engine alone
        ran["tantivy"] = version("tantivy")
    return dict(sorted(ran.items()))


def _copy(server: postgresql.PostgreSQL, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield server.database(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _only_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse connections that leave the machine: a test must not depend on the world, or bother it."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise PermissionError(f"a test tried to connect to {host}, which is not this machine")
