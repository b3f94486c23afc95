"""The database every store lives in: opening it, its migrations, and what both dialects must do alike."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 0x6D6963
"""Number of the advisory lock held while migrating; SQLite's write lock serves there."""
CONNECT_SECONDS = 10
"""How long PostgreSQL may take to accept a connection."""
BUSY_SECONDS = 30
"""How long a SQLite writer waits for another before it gives up, where people wait for it."""
PATIENT_SECONDS = 600
"""The same for work in the background: a backup or an import may hold the database for minutes."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    },
)
"""All tables; each package describes its own in `<package>/tables.py`."""


class DatabaseError(Exception):
    """The database cannot be opened or brought up to date; the message says why and what to do."""


class Timestamp(TypeDecorator[datetime]):
    """A moment, kept as whole microseconds since 1970 UTC so that both dialects sort and compare it alike."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002
        """Aware datetime to microseconds. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        since = value - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Microseconds to an aware datetime in UTC."""
        return None if value is None else from_microseconds(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_microseconds(value: int) -> datetime:
    """The moment that many microseconds after 1970 UTC, exactly (a float would round)."""
    return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)


BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Column type of a growing primary key; SQLite numbers only INTEGER ones by itself."""


class Database:
    """One open database. Readers use `reading`, writers `writing`; a writing block is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether writers must take turns for the whole database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and writes nothing."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back on any exception.

        On SQLite the write lock is taken at once, so a transaction never fails half-way for being second.
        """
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str, *, migrate: bool = True, busy: float = BUSY_SECONDS) -> Database:
    """Open (and by default bring up to date) the database at a SQLAlchemy address.

    `busy` is how many seconds a SQLite writer waits for another.
    Raises DatabaseError when it cannot be reached, is not ours, or is newer than this program.
    """
    engine = _engine(url, busy)
    try:
        if migrate:
            upgrade(engine)
    except (SQLAlchemyError, CommandError) as error:
        engine.dispose()
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        raise DatabaseError(
            f"MIC_DATABASE: {engine.url.render_as_string()}: {' '.join(reason.split())}{advice(reason)}"
        ) from error
    return Database(engine)


def advice(reason: str) -> str:
    """What to do about a reason the database gave, to be put behind it; '' where it says enough."""
    if "database is locked" in reason:
        return "; another process has been writing for too long: try again when it has ended"
    return ""


def _engine(url: str, busy: float) -> Engine:
    """A SQLAlchemy engine for one of the two databases that are supported. Raises DatabaseError."""
    try:
        address = sa.make_url(url)
    except SQLAlchemyError as error:
        raise DatabaseError(
            "MIC_DATABASE: not the address of a database, such as sqlite:////data/mic.sqlite3"
        ) from error
    match address.get_backend_name():
        case "postgresql":
            connecting = {"connect_timeout": CONNECT_SECONDS}
            with_driver = address.set(drivername="postgresql+psycopg")
            return sa.create_engine(with_driver, pool_pre_ping=True, connect_args=connecting)
        case "sqlite":
            _make_folder(address)
            engine = sa.create_engine(address)
            sa.event.listen(engine, "connect", partial(_sqlite_connect, busy))
            sa.event.listen(engine, "begin", _sqlite_begin)
            return engine
        case other:
            raise DatabaseError(f"MIC_DATABASE: {other}: only sqlite:///… and postgresql://… are supported")


def _make_folder(address: sa.URL) -> None:
    if address.database:
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"MIC_DATABASE: {address.database}: {error.strerror}") from error


def upgrade(engine: Engine) -> None:
    """Apply the migrations that are missing, all or none. Processes that start together take turns."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATING)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def next_in_sequence(connection: Connection, name: str, count: int = 1) -> int:
    """Take `count` numbers of a change sequence and return the last of them.

    Call it inside the transaction that writes the change: the row lock makes commit order sequence order.
    """
    row = connection.execute(_TAKE, {"sequence": name, "count": count}).scalar_one()
    return int(row)


def insert_new(connection: Connection, column: sa.Column[Any], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Insert rows into the column's table, passing over those whose unique key is there already.

    Returns that column of the rows that were new.
    """
    if not rows:
        return []
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(column.table).on_conflict_do_nothing().returning(column)
    return list(connection.execute(statement, list(rows)).scalars())


sequences = sa.Table(
    "sequences",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
"""One row per store that others follow: `archive`, `record`."""

_TAKE = (
    sa.update(sequences)
    .where(sequences.c.name == sa.bindparam("sequence"))
    .values(value=sequences.c.value + sa.bindparam("count"))
    .returning(sequences.c.value)
)


def _sqlite_connect(busy: float, connection: Any, record: Any) -> None:  # noqa: ARG001
    # The driver's own transaction handling would begin late and not around DDL; _sqlite_begin does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(busy * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
