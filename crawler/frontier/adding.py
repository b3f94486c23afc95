"""How found addresses enter the frontier: one row for what is fetched once, its other forms as aliases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.database import insert_new
from crawler.frontier.task import Found, form, priority_of
from crawler.tables import addresses, aliases

AT_ONCE = 500
"""Identities looked up in one statement."""


_KNOWN = ("id", "identity", "url", "kind", "category", "priority", "attempts", "due_at", "fetched_at")


@dataclass(slots=True)
class _Forms:
    """All finds of one identity, the best form first."""

    best: Found
    others: list[str] = field(default_factory=list)

    def add(self, found: Found) -> None:
        better, other = (found, self.best) if _form(found) < _form(self.best) else (self.best, found)
        if other.address.url != better.address.url:
            self.others.append(other.address.url)
        moments = [one.modified for one in (better, other) if one.modified]
        self.best = replace(
            better,
            category=self.best.category or found.category,
            priority=min(better, other, key=priority_of).priority,
            modified=max(moments, default=None),
        )


def add(connection: Connection, finds: Sequence[Found], now: datetime) -> set[str]:
    """Note what was found. Returns the identities that were not known before."""
    forms: dict[str, _Forms] = {}
    for found in finds:
        identity = found.address.identity
        if identity in forms:
            forms[identity].add(found)
        else:
            forms[identity] = _Forms(found)
    new: set[str] = set()
    identities = list(forms)
    for start in range(0, len(identities), AT_ONCE):
        chunk = identities[start : start + AT_ONCE]
        known = _known(connection, chunk)
        new |= set(
            insert_new(
                connection,
                addresses.c.identity,
                [_row(forms[identity].best, now) for identity in chunk if identity not in known],
            )
        )
        _meet(connection, {identity: forms[identity] for identity in known}, known, now)
        _note_forms(connection, {name: forms[name] for name in chunk if name in new and forms[name].others}, now)
    return new


def _form(found: Found) -> int:
    return form(found.address.kind, found.address.url)


def _known(connection: Connection, identities: Sequence[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    statement = sa.select(*(addresses.c[name] for name in _KNOWN)).where(addresses.c.identity.in_(identities))
    return {row.identity: row for row in connection.execute(statement)}


def _row(found: Found, now: datetime) -> dict[str, Any]:
    address = found.address
    page = address.parts.get("page", "")
    return {
        "identity": address.identity,
        "url": address.url,
        "canonical": address.canonical,
        "kind": address.kind,
        "key": str(address.key) if address.key else None,
        "server": address.server,
        "category": (address.parts.get("category") or found.category)[:32],
        "page": min(int(page), 2**31 - 1) if page else None,
        "priority": priority_of(found),
        "due_at": now,
        "found_at": now,
        "found_on": found.found_on,
        "depth": found.depth,
        "hops": found.hops,
        **dict.fromkeys(("attempts", "checks", "changes"), 0),
        **dict.fromkeys(("etag", "last_modified", "payload_digest", "meaning"), ""),
    }


def _meet(
    connection: Connection, forms: dict[str, _Forms], known: dict[str, Row[*tuple[Any, ...]]], now: datetime
) -> None:
    """Bring known rows together with what was found: a better form, a category, more haste, further forms."""
    others = []
    for identity, found in forms.items():
        row = known[identity]
        change = dict(_change(row, found.best, now))
        urls = {found.best.address.url, row.url, *found.others} - {change.get("url", row.url)}
        others += [{"url": url, "address": row.id, "found_at": now} for url in urls]
        if change:
            connection.execute(sa.update(addresses).where(addresses.c.id == row.id).values(**change))
    insert_new(connection, aliases.c.url, others)


def _change(row: Row[*tuple[Any, ...]], found: Found, now: datetime) -> Iterator[tuple[str, Any]]:
    address = found.address
    waits = row.fetched_at is None and row.attempts == 0
    better = waits and form(address.kind, address.url) < form(row.kind, row.url)
    if better:
        yield from (("url", address.url), ("kind", address.kind))
    if waits and (better or found.priority is not None) and priority_of(found) < row.priority:
        yield "priority", priority_of(found)
    if found.category and not row.category:
        yield "category", found.category[:32]
    is_older = row.fetched_at is not None and found.modified is not None and row.fetched_at < found.modified
    if is_older and row.due_at is not None and row.due_at > now:
        yield "due_at", now


def _note_forms(connection: Connection, forms: dict[str, _Forms], now: datetime) -> None:
    """Note the further forms of addresses that are new themselves."""
    if not forms:
        return
    known = _known(connection, list(forms))
    others = [
        {"url": url, "address": known[identity].id, "found_at": now}
        for identity, found in forms.items()
        for url in found.others
    ]
    insert_new(connection, aliases.c.url, others)
