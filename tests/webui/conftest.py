"""What the tests of the pages share: a filled archive, applications over copies of it, visitors."""

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from pydantic import SecretStr

from config.database import open_database
from config.settings import Settings
from crawler.address import Addresses
from crawler.archive import open_archive
from indexer.jobs.store import Jobs
from indexer.record import Record
from tests.crawler.still_clock import StillClock
from tests.webui.library import fill
from webui import create_app
from webui.accounts.account import RoleName
from webui.accounts.security import hashed, register
from webui.accounts.tables import accounts
from webui.services import Services, open_services

PASSWORD = "một câu dài dễ nhớ"


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The library in its stores, filled once."""
    settings = Settings(data=tmp_path_factory.mktemp("library"))
    with open_services(settings) as services:
        fill(services)
        yield services


@pytest.fixture
def clock() -> StillClock:
    """Stands still until it is moved."""
    return StillClock()


@pytest.fixture
def woken() -> list[int]:
    """Jobs whose workers were woken."""
    return []


@pytest.fixture
def settings(library: Services, tmp_path: Path) -> Settings:
    """Settings of the test's own: another data folder, the library's index."""
    own = {
        "secret": SecretStr("of all tests" * 4),
        "data": tmp_path / "data",
        "archive": f"{tmp_path}/archive",
        "database": f"sqlite:///{tmp_path}/mic.sqlite3",
    }
    return library.settings.model_copy(update=own)


@pytest.fixture
def services(
    library: Services, settings: Settings, tmp_path: Path, clock: StillClock, woken: list[int]
) -> Iterator[Services]:
    """The library with a database and an archive of the test's own and a clock that can be moved."""
    kept = library.settings.data / "mic.sqlite3"
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(tmp_path / "mic.sqlite3")) as target:
        source.backup(target)
    shutil.copytree(library.settings.archive, settings.archive)
    database = open_database(settings.database, migrate=False)
    archive = open_archive(settings, database, Addresses(library.profile), clock)
    yield replace(
        library,
        settings=settings,
        database=database,
        archive=archive,
        record=Record(database),
        jobs=Jobs(database, clock, woken.append),
        clock=clock,
    )
    archive.close()
    database.close()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates, compiled once for all applications."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, services: Services, compiled: FileSystemBytecodeCache) -> Flask:
    """The application over it."""
    app = create_app(settings, services)
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous visitor."""
    return app.test_client()


@pytest.fixture(scope="session")
def logins() -> dict[str, tuple[dict[str, Any], str]]:
    """Accounts that logged in once, with their cookies: argon2 is slow on purpose."""
    return {}


@pytest.fixture
def admin(app: Flask, services: Services, logins: dict[str, Any]) -> FlaskClient:
    """A visitor who is logged in as an administrator."""
    return _logged_in(app, services, logins, ("lan", "admin"))


@pytest.fixture
def editor(app: Flask, services: Services, logins: dict[str, Any]) -> FlaskClient:
    """A visitor who is logged in as an editor."""
    return _logged_in(app, services, logins, ("minh", "editor"))


def _logged_in(
    app: Flask, services: Services, logins: dict[str, Any], wanted: tuple[str, RoleName]
) -> FlaskClient:
    name, role = wanted
    client = app.test_client()
    if name not in logins:
        make_account(app, name, role)
        assert log_in(client, name).status_code == 302
        cookie = client.get_cookie("session")
        assert cookie
        with services.database.reading() as connection:
            row = connection.execute(sa.select(accounts).where(accounts.c.name == name)).one()
        logins[name] = ({key: value for key, value in row._mapping.items() if key != "id"}, cookie.value)
    else:
        row, cookie = logins[name]
        with services.database.writing() as connection:
            connection.execute(sa.insert(accounts).values(**row))
        client.set_cookie("session", cookie)
    return client


def make_account(app: Flask, name: str, role: RoleName, *, one_time: bool = False) -> None:
    """An account with the password of all tests."""
    with app.app_context():
        now = app.extensions["services"].clock.now()
        register().add(name, role, _hash(), one_time=one_time, now=now)


@cache
def _hash() -> str:
    """Made once: argon2 is slow on purpose."""
    return hashed(PASSWORD)


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, **fields: str):
    """Fill in the log-in form and send it."""
    told = {"username": name, "password": password, **fields}
    return post(client, "/account/login", told, page="/account/login")


def post(client: FlaskClient, address: str, fields: Mapping[str, object], *, page: str):
    """Send a form as its page would: with the token that stands in it."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token, f"{page} has no form"
    return client.post(address, data={"csrf_token": token[1], **fields})
