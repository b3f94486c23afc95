"""Migrations that move what is in a database lose nothing of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from config.database import MIGRATIONS, Database, open_database
from indexer.tables import cursors, files, mentions, observations, statements

OLD = {
    "warc_files": {"id": 1, "name": "a.warc.gz", "state": "open", "size": 1, "opened_at": 1},
    "captures": {
        "id": 1,
        "sequence": 1,
        "url": "u",
        "canonical": "u",
        "kind": "article",
        "captured_at": 5,
        "status": 200,
        "media_type": "",
        "payload_digest": "p",
        "payload_size": 1,
        "location": "",
        "error": "",
        "truncated": "",
        "warc": 1,
        "offset": 0,
        "length": 1,
        "source": "crawl",
    },
    "observations": {
        "capture": 1,
        "key": "mic:1",
        "kind": "article",
        "copy": "mic",
        "url": "u",
        "captured_at": 5,
        "payload_digest": "p",
        "meaning": "m",
        "said": "bài",
    },
    "mentions": {
        "id": 1,
        "key": "mic:1",
        "source": "list",
        "canonical": "l",
        "capture": 1,
        "captured_at": 5,
        "digest": "d",
        "said": "mục",
    },
    "files": {"capture": 1, "address": "f", "captured_at": 5, "payload_digest": "p", "said": "bài"},
}


def migrated(engine: sa.Engine, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, to)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/old.sqlite3" if is_sqlite else request.getfixturevalue("postgresql_url")
    opened = open_database(url, migrate=False)
    yield opened
    opened.close()


def test_what_was_said_is_moved_to_where_it_is_kept_once(database: Database) -> None:
    migrated(database.engine, "0010")
    with database.writing() as connection:
        for name, row in OLD.items():
            connection.execute(sa.insert(sa.table(name, *map(sa.column, row))).values(**row))
        connection.execute(sa.update(cursors).values(value=1))
    migrated(database.engine, "head")
    with database.reading() as connection:
        said = {row.id: row.said for row in connection.execute(sa.select(statements))}
        assert sorted(said.values()) == ["bài", "mục"]
        for table, text in ((observations, "bài"), (mentions, "mục"), (files, "bài")):
            assert said[connection.execute(sa.select(table)).one().statement] == text
        assert connection.scalar(sa.select(cursors.c.value)) == 0
