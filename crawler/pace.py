"""How often a server is asked, and how long it is left alone when it is in trouble."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database
from crawler.page import FetchedPage
from crawler.tables import servers

TOLERATED = 2
"""Failures in a row that say nothing about the server yet: single pages fail for reasons of their own."""
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_RETRY_AFTER = timedelta(days=1)

_KEPT = ("next_at", "failures", "day", "requests")
_OVERLOADED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_TROUBLE = (
    frozenset({0, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT}) | _OVERLOADED | frozenset(range(500, 600))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """One server family: no request starts before `next_at`; `failures` in a row; `requests` on its last `day`."""

    server: str
    next_at: datetime
    failures: int = 0
    day: date | None = None
    requests: int = 0

    def requests_on(self, day: date) -> int:
        """How many requests were made on a day; earlier days are forgotten."""
        return self.requests if self.day == day else 0

    def asked(self, day: date) -> "Pace":
        """The pace once one more request is made."""
        return replace(self, day=day, requests=self.requests_on(day) + 1)

    def after(self, page: FetchedPage, ended: datetime, delay: float, late: float = 0.0) -> "Pace":
        """The pace after an answer: the delay counts from request to request, one at a time.

        `late` are the seconds it took to connect before the request was sent.

        A server in trouble is left alone for a time that doubles with every further failure, up to an hour, and as
        long as it asks for (Retry-After), up to a day.
        """
        next_at = max(page.captured_at + timedelta(seconds=late + delay), ended)
        if page.status not in _TROUBLE:
            return replace(self, next_at=next_at, failures=0)
        failures = self.failures + 1
        troubled = failures - (0 if page.status in _OVERLOADED else TOLERATED)
        pause = min(patience(delay) * 2.0 ** min(troubled, 20), LONGEST_PAUSE) if troubled > 0 else timedelta()
        return replace(self, next_at=max(next_at, ended + pause, ended + retry_after(page)), failures=failures)


def patience(delay: float) -> timedelta:
    """What "soon" means for a server: ten requests' time, at least a second, at most half a minute."""
    return timedelta(seconds=min(max(10 * delay, 1.0), 30.0))


def retry_after(page: FetchedPage) -> timedelta:
    """How long the server asks to be left alone; nothing where it does not say, or nothing sensible."""
    value = page.header("retry-after").strip()
    try:
        wait = (
            timedelta(seconds=int(value)) if value.isdecimal() else parsedate_to_datetime(value) - page.captured_at
        )
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)


def load(database: Database, names: Iterable[str], now: datetime) -> dict[str, Pace]:
    """What is known of these servers; one that was never asked may be asked now."""
    with database.reading() as connection:
        known = {
            row["name"]: Pace(server=row["name"], **{name: row[name] for name in _KEPT})
            for row in connection.execute(sa.select(servers)).mappings()
        }
    return {name: known.get(name) or Pace(server=name, next_at=now) for name in names}


def save(connection: Connection, paces: Iterable[Pace]) -> None:
    """Keep them, for whoever asks these servers next."""
    for pace in paces:
        values = {name: getattr(pace, name) for name in _KEPT}
        changed = connection.execute(sa.update(servers).where(servers.c.name == pace.server).values(**values))
        if changed.rowcount == 0:
            connection.execute(sa.insert(servers).values(name=pace.server, **values))
