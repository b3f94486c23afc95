"""Every decision of the crawler, counted per day, host, decision and reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database, insert_new
from crawler.clock import Clock
from crawler.tables import ledger

Decision = Literal["fetched", "not modified", "moved", "failed", "skipped", "refused"]

ELSEWHERE = "elsewhere"
"""Counted as host for all addresses that are not of the site: there is no end of them."""
KEPT = timedelta(days=400)
"""How long counts are kept."""
REASONS = 60
"""Reasons told apart of one decision about one host on one day. The crawler's own are fewer; what servers make it
say has no end."""
OTHER = "other"
"""Counted as reason for all that are more."""

_Name = tuple[date, str, str, str]
_LINE = ("day", "host", "decision", "reason")
_ADD = (
    sa.update(ledger)
    .where(*(ledger.c[name] == sa.bindparam(f"its_{name}") for name in _LINE))
    .values(count=ledger.c.count + sa.bindparam("more"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One count."""

    day: date
    host: str
    decision: Decision
    reason: str
    count: int


class Ledger:
    """Counts in memory until they are written together."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counted: Counter[_Name] = Counter()
        self._told_apart: dict[tuple[date, str, str], set[str]] = {}

    def count(self, host: str, decision: Decision, reason: str) -> None:
        """Note one decision. `host` is one of the site's, or ELSEWHERE; `reason` holds no address."""
        self._counted[self._clock.now().date(), host[:200] or ELSEWHERE, decision, reason[:120]] += 1

    def write(self, connection: Connection) -> None:
        """Add what was counted to the table, in the caller's transaction."""
        if not self._counted:
            return
        bounded: Counter[_Name] = Counter()
        for (day, host, decision, reason), count in self._counted.items():
            bounded[day, host, decision, self._bounded(connection, (day, host, decision), reason)] += count
        lines = sorted(bounded.items())
        insert_new(connection, ledger.c.day, [dict(zip(_LINE, line, strict=True), count=0) for line, _ in lines])
        more = [
            {"more": count} | {f"its_{name}": value for name, value in zip(_LINE, line, strict=True)}
            for line, count in lines
        ]
        connection.execute(_ADD, more)
        self._counted.clear()

    def _bounded(self, connection: Connection, of: tuple[date, str, str], reason: str) -> str:
        """The reason, or OTHER where that day has too many already. Each process sees those written before it."""
        if of not in self._told_apart:
            self._told_apart = {known: found for known, found in self._told_apart.items() if known[0] == of[0]}
            same = (ledger.c[name] == value for name, value in zip(_LINE, of, strict=False))
            self._told_apart[of] = set(connection.scalars(sa.select(ledger.c.reason).where(*same)))
        reasons = self._told_apart[of]
        if reason not in reasons and len(reasons) >= REASONS:
            return OTHER
        reasons.add(reason)
        return reason


def read(database: Database, since: date) -> list[Line]:
    """Counts from a day on, newest day first."""
    ordered = (
        sa.select(ledger)
        .where(ledger.c.day >= since)
        .order_by(ledger.c.day.desc(), *(ledger.c[name] for name in _LINE))
    )
    with database.reading() as connection:
        return [Line(**{str(name): row[name] for name in row}) for row in connection.execute(ordered).mappings()]


def forget(database: Database, today: date) -> None:
    """Remove counts that are older than a year and a month."""
    with database.writing() as connection:
        connection.execute(sa.delete(ledger).where(ledger.c.day < today - KEPT))
