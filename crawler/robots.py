"""What robots.txt allows (RFC 9309), remembered for a day."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import sqlalchemy as sa
from protego import Protego
from sqlalchemy.engine import Connection

from config.database import Database
from crawler.clock import Clock
from crawler.page import BodyError, FetchedPage, body
from crawler.tables import robots

KEPT = timedelta(hours=24)
"""How long rules are believed."""
ASKED_AGAIN = timedelta(minutes=5)
"""How long a server is left alone whose robots.txt cannot be had."""
MAX_BYTES = 500 * 1024
"""Of a file, what is read."""
LONGEST_DELAY = 86_400.0
"""Seconds between requests beyond which a file cannot mean it."""
MAX_HOPS = 5
"""Redirects followed from one robots.txt."""

_UNREACHABLE = frozenset({0, HTTPStatus.TOO_MANY_REQUESTS}) | frozenset(range(500, 600))
_HALF = ("time", "disconnect")
"""Of a file that was cut there, nobody knows what it forbids."""
_EVERYTHING = ""
_OTHERS = "-"
_AGENT_LINE = re.compile(r"^([ \t]*user[- ]?agent(?:[ \t]*:|(?=[ \t])))([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one server allows."""

    allowed: Protego | None
    """None: nothing, because its robots.txt cannot be had (RFC 9309, 2.3.1.4)."""
    until: datetime
    """When they are to be asked for again."""
    agent: str

    def allow(self, url: str) -> bool:
        """Whether an address may be asked for."""
        return self.allowed is not None and self.allowed.can_fetch(url, self.agent)

    @property
    def delay(self) -> float | None:
        """Seconds between requests, where they say so."""
        delay = self.allowed.crawl_delay(self.agent) if self.allowed else None
        return min(delay, LONGEST_DELAY) if delay is not None else None

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Sitemaps they name."""
        return tuple(self.allowed.sitemaps) if self.allowed else ()


class Robots:
    """The rules of all servers. Asking for them is the caller's business: it is a request like any other."""

    def __init__(self, database: Database, clock: Clock, agent: str, may_ask: Callable[[str], bool]) -> None:
        """`may_ask` tells whether a redirect may be followed there at all."""
        self._database = database
        self._clock = clock
        self._agent = agent
        self._may_ask = may_ask
        self._known: dict[str, Rules] = {}
        self._unwritten: dict[str, dict[str, Any]] = {}
        self._hops: dict[str, int] = {}

    def rules(self, url: str) -> Rules | None:
        """The rules for an address; None where its robots.txt has to be asked for first."""
        origin = origin_of(url)
        rules = self._known.get(origin) or self._stored(origin)
        if rules is None or rules.until <= self._clock.now():
            return None
        self._known[origin] = rules
        return rules

    def learn(self, origin: str, page: FetchedPage) -> str:
        """Take in what a server's robots.txt, or where it redirects, answered. Returns what to ask next, or ''.

        The rules are obeyed from now on, and remembered with the next `write`.
        """
        target = _target(page)
        self._hops[origin] = self._hops.get(origin, 0) + 1
        if target and self._hops[origin] <= MAX_HOPS and self._may_ask(target):
            return target
        del self._hops[origin]
        status, now = 0 if page.truncated in _HALF else page.status, self._clock.now()
        text = _text(page) if status in range(200, 300) else _EVERYTHING
        self._known[origin] = self._rules(status, text, now)
        self._unwritten[origin] = {"origin": origin, "fetched_at": now, "status": status, "body": text}
        return ""

    def write(self, connection: Connection) -> None:
        """Remember what was learnt, in the transaction that archives the answers: one goes with the other."""
        for row in self._unwritten.values():
            connection.execute(sa.delete(robots).where(robots.c.origin == row["origin"]))
            connection.execute(sa.insert(robots).values(row))
        self._unwritten.clear()

    def _stored(self, origin: str) -> Rules | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(robots).where(robots.c.origin == origin)).one_or_none()
        return self._rules(row.status, row.body, row.fetched_at) if row else None

    def _rules(self, status: int, text: str, fetched_at: datetime) -> Rules:
        if status in _UNREACHABLE:
            return Rules(None, fetched_at + ASKED_AGAIN, self._agent)
        return Rules(Protego.parse(_of_few_groups(text, self._agent)), fetched_at + KEPT, self._agent)


def origin_of(url: str) -> str:
    """Scheme and host of an address: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _target(page: FetchedPage) -> str:
    try:
        return urljoin(page.url, page.location) if page.location else ""
    except ValueError:
        return ""


def _of_few_groups(text: str, agent: str) -> str:
    """The file with all groups that are meant for others under one name.

    Each rule of a group is noted for each of its names: 250 KB of names before 250 KB of rules would take minutes.
    """

    def named(match: re.Match[str]) -> str:
        name = match[2].strip().lower().replace("*", "")
        return match[0] if not name or agent.startswith(name.partition("/")[0]) else f"{match[1]}{_OTHERS}"

    return _AGENT_LINE.sub(named, text)


def _text(page: FetchedPage) -> str:
    """The file's text, as much of it as is read; what cannot be decoded says nothing."""
    try:
        content = body(page)
    except BodyError:
        return _EVERYTHING
    return content[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
