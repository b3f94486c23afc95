"""The database: one behaviour on SQLite and PostgreSQL, migrations that match the tables, clear refusals."""

import importlib
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from config.database import (
    Database,
    DatabaseError,
    Timestamp,
    from_microseconds,
    insert_new,
    metadata,
    next_in_sequence,
    open_database,
    sequences,
)

ROOT = Path(__file__).parents[2]
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PARTS = ("leases", "servers")


@pytest.fixture(autouse=True, scope="module")
def _tables() -> None:
    """Every package's tables."""
    for package in ("config", "crawler", "indexer", "webui"):
        for path in (ROOT / package).rglob("tables.py"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_migrations_make_the_tables_that_the_code_describes(database: Database):
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_a_table_the_migrations_forget_would_be_noticed(database: Database):
    more = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(more)
    sa.Table("forgotten", more, sa.Column("id", sa.Integer, primary_key=True))
    with database.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), more)
    assert [change[0] for change in found] == ["add_table"]


def test_opening_again_changes_nothing(database_url):
    for _ in range(2):
        open_database(database_url).close()


def test_processes_that_start_together_take_turns(tmp_path, postgresql_url):
    for url in (f"sqlite:///{tmp_path}/new.sqlite3", postgresql_url):
        problems: list[Exception] = []

        def start(url=url, problems=problems):
            try:
                open_database(url).close()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what the test is about
                problems.append(error)

        threads = [threading.Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []


# ---- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "MIC_DATABASE: not the address of a database"),
        ("mysql://localhost/mic", "only sqlite"),
        ("postgresql://user:secret@127.0.0.1:1/mic", "onnection"),
    ],
)
def test_a_database_that_cannot_be_opened_says_why_and_tells_no_password(url, said):
    with pytest.raises(DatabaseError, match=said) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_no_database_are_refused(tmp_path):
    (tmp_path / "file").write_text("no database, but long enough to be taken for one" * 100)
    for url in (f"sqlite:///{tmp_path}/file", f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path}/file/below"):
        with pytest.raises(DatabaseError, match=str(tmp_path)):
            open_database(url)


def test_a_database_of_a_newer_program_is_refused(database_url, database):
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="9999"):
        open_database(database_url)


# ---- moments -------------------------------------------------------------------------------------------------


@given(MOMENTS, st.integers(-14, 14))
def test_a_moment_is_kept_to_the_microsecond_whatever_its_zone(moment, hours):
    kept = Timestamp().process_bind_param(moment.astimezone(timezone(timedelta(hours=hours))), None)
    assert isinstance(kept, int)
    assert Timestamp().process_result_value(kept, None) == moment
    assert from_microseconds(kept) == moment


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_they_are_kept(one, other):
    kept = {moment: Timestamp().process_bind_param(moment, None) or 0 for moment in (one, other)}
    assert (kept[one] < kept[other]) == (one < other)


def test_a_moment_without_zone_is_refused_and_none_stays_none():
    with pytest.raises(ValueError, match="without time zone"):
        Timestamp().process_bind_param(datetime(2024, 1, 1), None)  # noqa: DTZ001
    assert Timestamp().process_bind_param(None, None) is None
    assert Timestamp().process_result_value(None, None) is None


# ---- transactions --------------------------------------------------------------------------------------------


def value(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(sa.select(sequences.c.value).where(sequences.c.name == "archive")) or 0


def test_a_transaction_is_kept_or_undone_as_a_whole(database):
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        _ = next_in_sequence(connection, "archive") / 0
    assert value(database) == 0
    with database.writing() as connection:
        assert [next_in_sequence(connection, "archive", count) for count in (1, 5)] == [1, 6]
    assert value(database) == 6


def test_a_reader_sees_one_state_and_writes_nothing(database):
    with database.reading() as connection:
        connection.execute(sa.text("UPDATE sequences SET value = 7"))
    assert value(database) == 0


def test_numbers_of_a_sequence_are_taken_once_and_in_the_order_of_commits(database):
    """Many writers at once: a number that is seen means that all smaller ones can be seen too."""
    seen: list[list[int]] = []

    def write():
        for _ in range(10):
            with database.writing() as connection:
                number = next_in_sequence(connection, "archive")
                table = sa.table("leases", *map(sa.column, ("name", "holder", "machine", "process", "until")))
                row = {"name": f"{number}", "holder": "x", "machine": "x", "process": 1, "until": 1}
                connection.execute(sa.insert(table).values(**row))

    def read():
        while len(seen) < 400 and any(thread.is_alive() for thread in writers):
            with database.reading() as connection:
                seen.append(sorted(map(int, connection.scalars(sa.text("SELECT name FROM leases")))))

    writers = [threading.Thread(target=write) for _ in range(4)]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in (*writers, reader):
        thread.join()
    assert value(database) == 40
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen)


def test_only_rows_that_are_new_are_inserted(database):
    def add(*names):
        rows = [{"name": name, "value": 5} for name in names]
        with database.writing() as connection:
            return insert_new(connection, sequences.c.name, rows)

    assert add() == []
    assert add("archive", "one", "two") == ["one", "two"]
    assert add("two", "three", "one") == ["three"]
    assert value(database) == 0


def test_sqlite_keeps_references(sqlite_url):
    database = open_database(sqlite_url)
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        connection.execute(sa.text("INSERT INTO aliases (url, address, found_at) VALUES ('x', 99, 0)"))
    database.close()
