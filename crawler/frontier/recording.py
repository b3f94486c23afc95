"""How outcomes are kept: what is known of an address now, and when it is due again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.frontier.revisiting import interval
from crawler.frontier.schedule import MAX_HOPS, habit_of, history, next_due
from crawler.frontier.task import PRIORITY, URGENT, WALK, Outcome, Task, form
from crawler.page import Capture
from crawler.tables import addresses, aliases

_COLUMNS = (
    *("url", "kind", "priority", "due_at", "hops", "attempts", "fetched_at", "status", "etag", "last_modified"),
    *("payload_digest", "meaning", "capture", "first_at"),
)
TRIES = 3
"""Failures after which a number that was only tried is given up."""

_FIELDS = tuple(Task.__dataclass_fields__)
_TASK = [addresses.c[name] for name in _FIELDS]
_MORE_CHECKS = addresses.c.checks > addresses.c.changes
_MOMENT = sa.bindparam("moment", type_=addresses.c.changed_at.type)
_UPDATE = (
    sa.update(addresses)
    .where(addresses.c.id == sa.bindparam("task"))
    .values(
        {name: sa.bindparam(f"new_{name}") for name in _COLUMNS}
        | {
            "checks": addresses.c.checks + sa.bindparam("checked"),
            "changes": addresses.c.changes + sa.bindparam("changed"),
            "changed_at": sa.func.coalesce(_MOMENT, addresses.c.changed_at),
        }
    )
)


def record(connection: Connection, outcomes: Sequence[tuple[Outcome, Capture]]) -> None:
    """Keep outcomes, each with its capture."""
    if not outcomes:
        return
    connection.execute(_UPDATE, [_values(outcome, capture) for outcome, capture in outcomes])
    for outcome, _ in outcomes:
        if leads_nowhere(outcome):
            _forget(connection, outcome.task)
        elif outcome.verdict == "gone" and outcome.task.capture is None:
            _try_another_form(connection, outcome)


def leads_nowhere(outcome: Outcome) -> bool:
    """Whether a number that was only tried has nothing behind it."""
    if outcome.task.priority != WALK or outcome.task.capture is not None:
        return False
    match outcome.verdict:
        case "gone":
            return True
        case "moved":
            return outcome.moved_to is None
        case "failed" | "forbidden":
            return outcome.task.attempts + 1 >= TRIES
        case _:
            return False


def learn(connection: Connection, key: str) -> None:
    """Note that an article meant something else when it was last fetched, and ask for it sooner."""
    changed = sa.select(*_TASK, addresses.c.due_at).where(addresses.c.key == key, _MORE_CHECKS)
    for row in connection.execute(changed).all():
        *known, due_at = row
        task = Task(**dict(zip(_FIELDS, known, strict=True)))
        task = replace(task, changes=task.changes + 1, changed_at=task.fetched_at)
        values = {"changes": task.changes, "changed_at": task.changed_at}
        habit = habit_of(task)
        if habit and due_at is not None and task.fetched_at is not None:
            again = task.fetched_at + interval(history(task, task.fetched_at), habit)
            values["due_at"] = min(due_at, again)
        connection.execute(sa.update(addresses).where(addresses.c.id == task.id).values(**values))


def _values(outcome: Outcome, capture: Capture) -> dict[str, Any]:
    task = outcome.task
    fresh, moved = outcome.verdict == "fetched", outcome.moved_to
    good = fresh or outcome.verdict == "unchanged"
    changed = fresh and _says_something_else(outcome, capture)
    new = {
        "url": moved.url if moved else task.url,
        "kind": moved.kind if moved else task.kind,
        "priority": PRIORITY[task.kind] if _is_settled(outcome) else task.priority,
        "due_at": next_due(outcome, changed=changed),
        "hops": min(task.hops + 1, MAX_HOPS) if moved else 0,
        "attempts": 0 if good or outcome.verdict == "moved" else min(outcome.repeats + 1, 1_000),
        "fetched_at": outcome.at,
        "status": outcome.status,
        "etag": outcome.etag if fresh else "" if moved else task.etag,
        "last_modified": outcome.last_modified if fresh else "" if moved else task.last_modified,
        "payload_digest": capture.payload_digest if fresh else task.payload_digest,
        "meaning": outcome.meaning if fresh else task.meaning,
        "capture": (capture.revisit_of or capture.id) if fresh else task.capture,
        "first_at": task.first_at or (outcome.at if good else None),
    }
    return {f"new_{name}": value for name, value in new.items()} | {
        "task": task.id,
        "checked": int(good and task.capture is not None),
        "changed": int(changed),
        "moment": outcome.at if changed else None,
    }


def _is_settled(outcome: Outcome) -> bool:
    """Whether an address goes back to its kind's priority: once asked for, or, if only tried, once it is there."""
    if outcome.task.priority == WALK:
        return outcome.verdict in ("fetched", "unchanged")
    return outcome.task.priority == URGENT and not outcome.moved_to


def _forget(connection: Connection, task: Task) -> None:
    """Keep no row for a number that leads nowhere, unless pages link to it."""
    linked = sa.select(aliases.c.url).where(aliases.c.address == task.id)
    if connection.scalar(linked.limit(1)) is None:
        connection.execute(sa.delete(addresses).where(addresses.c.id == task.id))
    else:
        of_task = addresses.c.id == task.id
        connection.execute(sa.update(addresses).where(of_task).values(priority=PRIORITY[task.kind]))


def _says_something_else(outcome: Outcome, capture: Capture) -> bool:
    """Whether a list, a page or a file is another than the last time; of articles the pipeline tells."""
    task = outcome.task
    if task.kind == "attachment":
        return bool(task.payload_digest) and task.payload_digest != capture.payload_digest
    return bool(task.meaning) and outcome.meaning != task.meaning


def _try_another_form(connection: Connection, outcome: Outcome) -> None:
    """Ask for a thing that was never there under another of its addresses, each once."""
    task = outcome.task
    untried = sa.and_(aliases.c.address == task.id, aliases.c.tried_at.is_(None), aliases.c.url != task.url)
    urls = connection.scalars(sa.select(aliases.c.url).where(untried)).all()
    if not urls:
        return
    url = min(urls, key=lambda other: (form("article", other), other))
    connection.execute(sa.update(aliases).where(aliases.c.url == url).values(tried_at=outcome.at))
    connection.execute(
        sa.update(addresses).where(addresses.c.id == task.id).values(url=url, due_at=outcome.at, etag="")
    )
