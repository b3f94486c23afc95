"""The frontier: every address that is or will be fetched, once per key and server family, and when.

Nothing is marked while a task is out: whoever asks a server holds its lease (`server:<name>`), so nobody else
takes the same tasks, and a killed process leaves them as they were, due. An outcome is written in the transaction
of its capture.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database
from config.site import Kind
from crawler.address import Key
from crawler.clock import Clock
from crawler.frontier import adding, recording
from crawler.frontier.task import ASSET, URGENT, WALK, Found, Outcome, Task
from crawler.page import Capture
from crawler.tables import FAILING, addresses

__all__ = ["URGENT", "Counts", "Found", "Frontier", "Outcome", "Selection", "Task"]

_FIELDS = tuple(Task.__dataclass_fields__)
_TASK = [addresses.c[name] for name in _FIELDS]
_LISTS: tuple[Kind, ...] = ("list", "feed", "sitemap")
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Known addresses: those that fit any of these."""

    ids: Collection[int] = ()
    keys: Collection[Key] = ()
    categories: Collection[str] = ()
    """Numbers of lists: the lists themselves and the articles found on them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Addresses of one server and kind."""

    server: str
    kind: Kind
    known: int
    due: int
    """Due now; of these `new` were never fetched."""
    new: int
    failing: int
    """Whose last answers were no good."""


class Frontier:
    """The frontier of one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # ---- the crawl -------------------------------------------------------------------------------------------

    def add(self, connection: Connection, finds: Sequence[Found]) -> set[str]:
        """Note what was found, in the caller's transaction. Returns the identities that were not known."""
        return adding.add(connection, finds, self._clock.now())

    def take(self, server: str, limit: int, *, only: Collection[Kind] = (), urgent: bool = False) -> list[Task]:
        """The next due addresses of a server, for who holds its lease; `urgent` alone, or of these kinds alone."""
        due = _DUE.where(*_of_kinds(only)) if only else _DUE
        here = {"server": server, "now": self._clock.now()}
        tasks: list[Task] = []
        with self._database.reading() as connection:
            for priority in (URGENT,) if urgent else range(URGENT, ASSET + 1):
                if len(tasks) < limit:
                    tasks += _tasks(connection, due, here | {"priority": priority, "most": limit - len(tasks)})
        return tasks

    def take_tried(self, server: str) -> Task | None:
        """A number a walk tried and that is to be asked for (again) now, None where there is none."""
        tried = {"server": server, "now": self._clock.now(), "priority": WALK, "most": 1}
        with self._database.reading() as connection:
            return next(iter(_tasks(connection, _DUE, tried)), None)

    def record(self, connection: Connection, outcomes: Sequence[tuple[Outcome, Capture]]) -> None:
        """Keep outcomes with their captures, in the transaction that wrote those."""
        recording.record(connection, outcomes)

    def postpone(self, connection: Connection, tasks: Mapping[int, datetime]) -> None:
        """Leave addresses alone until a moment, without having asked for them."""
        for task, until in tasks.items():
            connection.execute(sa.update(addresses).where(addresses.c.id == task).values(due_at=until))

    def task(self, identity: str) -> Task | None:
        """What is known of one identity."""
        with self._database.reading() as connection:
            return next(iter(_tasks(connection, sa.select(*_TASK).where(addresses.c.identity == identity))), None)

    def with_meaning(self, connection: Connection, task: Task, meaning: str) -> set[int]:
        """Other pages of the same list on the same host that said the same when they were last fetched."""
        same = sa.and_(addresses.c.kind == "list", addresses.c.category == task.category)
        here = addresses.c.canonical.startswith(f"{task.host}/", autoescape=True)
        others = sa.and_(addresses.c.id != task.id, addresses.c.meaning == meaning)
        return set(connection.scalars(sa.select(addresses.c.id).where(same, here, others)))

    # ---- what is to be fetched -------------------------------------------------------------------------------

    def begin(self) -> bool:
        """Begin a full crawl: lists, feeds and seeds are due again unless an earlier crawl was not finished.

        Returns whether one was.
        """
        now = self._clock.now()
        with self._database.writing() as connection:
            if _is_unfinished(connection, now):
                return True
            connection.execute(sa.update(addresses).where(_every_time()).values(due_at=now))
        return False

    def begin_fresh(self) -> None:
        """Make feeds, seeds and the first page of every list due now, before anything else."""
        first = sa.or_(sa.func.coalesce(addresses.c.page, 1) <= 1, addresses.c.found_on == "")
        self._due_now(sa.and_(_every_time(), first), priority=URGENT)

    def begin_again(self) -> None:
        """Make everything due now that was ever fetched, but for page requisites."""
        self._due_now(_again())

    def due_now(self, selection: Selection) -> set[int]:
        """Make known addresses due now, before anything else; returns their ids."""
        return {
            number for condition in _fitting(selection) for number in self._due_now(condition, priority=URGENT)
        }

    def learn(self, changed: Mapping[Key, bool]) -> None:
        """Told by the pipeline: whether what these articles mean was another at their last capture."""
        for key in sorted(str(key) for key, is_changed in changed.items() if is_changed):
            with self._database.writing() as connection:  # of its own: crawls lock these rows in another order
                recording.learn(connection, key)

    # ---- how far it is ---------------------------------------------------------------------------------------

    def ids(self, identities: Collection[str]) -> dict[str, int]:
        """The numbers of identities that are known."""
        wanted = sorted(identities)
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                of_these = addresses.c.identity.in_(wanted[start : start + _AT_ONCE])
                rows = connection.execute(sa.select(addresses.c.identity, addresses.c.id).where(of_these))
                found |= {row.identity: row.id for row in rows}
        return found

    def due(self, *, server: str = "", only: Collection[Kind] = (), urgent: bool = False) -> int:
        """How many addresses are due now."""
        statement = sa.select(sa.func.count()).select_from(addresses)
        statement = statement.where(*_is_due(self._clock.now(), only))
        if urgent:
            statement = statement.where(addresses.c.priority == URGENT)
        if server:
            statement = statement.where(addresses.c.server == server)
        with self._database.reading() as connection:
            return connection.scalar(statement) or 0

    def is_due(self, server: str, *, only: Collection[Kind] = (), urgent: bool = False) -> bool:
        """Whether anything of a server is due now."""
        if only or urgent:
            return bool(self.take(server, 1, only=only, urgent=urgent))
        with self._database.reading() as connection:
            return bool(connection.scalar(_ANY_DUE, {"server": server, "now": self._clock.now()}))

    def servers_of(self, selection: Selection | None) -> Counter[str]:
        """How many known addresses of each server fit; None stands for all that a full crawl fetches again."""
        found: dict[int, str] = {}
        with self._database.reading() as connection:
            for condition in [_again()] if selection is None else _fitting(selection):
                rows = connection.execute(sa.select(addresses.c.id, addresses.c.server).where(condition))
                found |= {row.id: row.server for row in rows}
        return Counter(found.values())

    def is_retry_near(
        self, servers: Collection[str], within: timedelta, attempts: int, *, only: Collection[Kind] = ()
    ) -> bool:
        """Whether an address of these servers that failed up to so many times is tried again soon."""
        soon = sa.and_(addresses.c.server.in_(list(servers)), addresses.c.due_at <= self._clock.now() + within)
        failed = sa.and_(FAILING, addresses.c.attempts <= attempts, addresses.c.priority < WALK, *_of_kinds(only))
        with self._database.reading() as connection:
            return connection.scalar(sa.select(addresses.c.id).where(soon, failed).limit(1)) is not None

    def next_tasks(self, limit: int, *, only: Collection[Kind] = ()) -> list[Task]:
        """What a crawl that begins now would fetch first, of all servers."""
        now = self._clock.now()
        with self._database.reading() as connection:
            due = sa.and_(*_is_due(now, ()))
            wanted = due if _is_unfinished(connection, now) else sa.or_(due, _every_time())
            statement = sa.select(*_TASK).where(wanted, *_of_kinds(only))
            ordered = statement.order_by(addresses.c.priority, addresses.c.due_at, addresses.c.id)
            return _tasks(connection, ordered.limit(limit))

    def counts(self) -> list[Counts]:
        """What is known, by server and kind."""
        due = addresses.c.due_at <= self._clock.now()
        columns = {
            "known": sa.func.count(),
            "due": _number_of(due),
            "new": _number_of(sa.and_(due, addresses.c.fetched_at.is_(None))),
            "failing": _number_of(addresses.c.attempts > 0),
        }
        by = (addresses.c.server, addresses.c.kind)
        statement = sa.select(*by, *(column.label(name) for name, column in columns.items())).group_by(*by)
        with self._database.reading() as connection:
            return [
                Counts(**{str(name): row[name] for name in row})
                for row in connection.execute(statement.order_by(*by)).mappings()
            ]

    def _due_now(self, condition: sa.ColumnElement[bool], priority: int | None = None) -> set[int]:
        values: dict[str, Any] = {"due_at": self._clock.now()}
        if priority is not None:
            values["priority"] = priority
        statement = sa.update(addresses).where(condition).values(**values).returning(addresses.c.id)
        with self._database.writing() as connection:
            return set(connection.execute(statement).scalars())


def _is_unfinished(connection: Connection, now: datetime) -> bool:
    """Whether an earlier crawl left addresses that were never fetched."""
    left = sa.select(addresses.c.id).where(*_is_due(now, ()), addresses.c.fetched_at.is_(None))
    return connection.scalar(left.limit(1)) is not None


def _every_time() -> sa.ColumnElement[bool]:
    """What every crawl asks for: lists, feeds and seeds, unless their last answers were no good."""
    seeds_and_lists = sa.or_(addresses.c.kind.in_(_LISTS), addresses.c.found_on == "")
    return sa.and_(seeds_and_lists, addresses.c.fetched_at.is_not(None), addresses.c.attempts == 0)


def _again() -> sa.ColumnElement[bool]:
    """What a full crawl asks for again: all that was ever fetched but page requisites."""
    return sa.and_(addresses.c.fetched_at.is_not(None), addresses.c.kind != "asset", addresses.c.priority != ASSET)


def _fitting(selection: Selection) -> list[sa.ColumnElement[bool]]:
    """Conditions of which a selected address fulfils at least one, each small enough for a statement."""
    fitting: list[sa.ColumnElement[bool]] = []
    columns: tuple[tuple[sa.Column[Any], Iterable[Any]], ...] = (
        (addresses.c.category, selection.categories),
        (addresses.c.id, selection.ids),
        (addresses.c.key, map(str, selection.keys)),
    )
    for column, values in columns:
        wanted = sorted(values)
        fitting += [column.in_(wanted[start : start + _AT_ONCE]) for start in range(0, len(wanted), _AT_ONCE)]
    return fitting


def _is_due(now: datetime, only: Collection[Kind]) -> list[sa.ColumnElement[bool]]:
    return [addresses.c.due_at <= now, addresses.c.priority < WALK, *_of_kinds(only)]


def _of_kinds(only: Collection[Kind]) -> list[sa.ColumnElement[bool]]:
    return [addresses.c.kind.in_(list(only))] if only else []


def _here(priority: Any) -> list[sa.ColumnElement[bool]]:
    return [addresses.c.server == _SERVER, addresses.c.priority == priority, addresses.c.due_at <= _NOW]


def _tasks(
    connection: Connection, statement: sa.Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> list[Task]:
    return [Task(**dict(zip(_FIELDS, row, strict=True))) for row in connection.execute(statement, values)]


def _number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_SERVER = sa.bindparam("server", type_=addresses.c.server.type)
_NOW = sa.bindparam("now", type_=addresses.c.due_at.type)
_DUE = (
    sa.select(*_TASK)
    .where(*_here(sa.bindparam("priority")))
    .order_by(addresses.c.due_at, addresses.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
"""In the order of an index: a look takes as long in a large frontier as in a small one. Made once: putting it
together takes five times as long as asking."""
_ANY_DUE = sa.select(sa.or_(*(sa.exists().where(*_here(one)) for one in range(URGENT, ASSET + 1))))
