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

from config.database import Database
from crawler.clock import Clock
from crawler.page import BodyError, FetchedPage, body
from crawler.tables import robots

KEPT = timedelta(hours=24)
"""How long rules are believed."""
ASKED_AGAIN = timedelta(minutes=5)
"""After how long it is tried again."""
FORGIVEN = timedelta(days=30)
"""How long a server is left alone whose robots.txt cannot be had; then the last rules it had count."""
MAX_BYTES = 500 * 1024
"""Of a file, what is read: the whole lines of the least that RFC 9309 (2.5) asks for."""
LONGEST_DELAY = 86_400.0
"""Seconds between requests beyond which a file cannot mean it."""
MAX_HOPS = 5
"""Redirects followed from one robots.txt."""

_UNREACHABLE = frozenset({0, HTTPStatus.TOO_MANY_REQUESTS}) | frozenset(range(500, 600))
_EVERYTHING = ""
_GROUP = re.compile(r"^[ \t]*user-?agent[ \t]*:[ \t]*([a-z_-]+)[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_ANYBODY = "*"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one server allows."""

    allowed: Protego | None
    """None: nothing, because its robots.txt cannot be had (RFC 9309, 2.3.1.4)."""
    until: datetime
    """When they are to be asked for again."""
    agent: str
    """Whose group of rules counts: ours, or everybody's."""

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
        """Take in what a server's robots.txt, or where it redirects, answered. Returns what to ask next, or ''."""
        location = page.header("location") if page.status in range(300, 400) else ""
        target = urljoin(page.url, location) if location else ""
        self._hops[origin] = self._hops.get(origin, 0) + 1
        if target and self._hops[origin] <= MAX_HOPS and self._may_ask(target):
            return target
        del self._hops[origin]
        self._store(origin, page.status, _text(page) if page.status in range(200, 300) else _EVERYTHING)
        return ""

    def _stored(self, origin: str) -> Rules | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(robots).where(robots.c.origin == origin)).one_or_none()
        return self._rules(row) if row else None

    def _store(self, origin: str, status: int, text: str) -> None:
        """Keep an answer; one that is none leaves the rules of the last good one where they are."""
        now = self._clock.now()
        of_this = robots.c.origin == origin
        with self._database.writing() as connection:
            before = connection.execute(sa.select(robots).where(of_this)).one_or_none()
            values = {"fetched_at": now, "status": status, "body": text, "unreachable_since": None}
            if status in _UNREACHABLE:
                since = before.unreachable_since if before else None
                values |= {"body": before.body if before else _EVERYTHING, "unreachable_since": since or now}
            connection.execute(sa.delete(robots).where(of_this))
            row = connection.execute(sa.insert(robots).values(origin=origin, **values).returning(robots)).one()
        self._known[origin] = self._rules(row)

    def _rules(self, row: sa.Row[Any]) -> Rules:
        since = row.unreachable_since
        if since is not None and row.fetched_at - since < FORGIVEN:
            return Rules(None, row.fetched_at + ASKED_AGAIN, _ANYBODY)
        text, agent = _for_agent(row.body, self._agent)
        return Rules(Protego.parse(text), row.fetched_at + KEPT, agent)


def origin_of(url: str) -> str:
    """Scheme and host of an address: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _for_agent(text: str, agent: str) -> tuple[str, str]:
    """The rules with every name of ours written alike, and whose group counts.

    RFC 9309 (2.2.1) compares whole product tokens; protego takes a group for `mic` to be meant for `mic-archive`.
    """
    named = _GROUP.sub(lambda match: f"User-agent: {agent}" if match[1].lower() == agent else match[0], text)
    return named, agent if any(match[1].lower() == agent for match in _GROUP.finditer(text)) else _ANYBODY


def _text(page: FetchedPage) -> str:
    """The file's text, as much of it as is read; what cannot be decoded says nothing."""
    try:
        content = body(page)
    except BodyError:
        return _EVERYTHING
    if len(content) > MAX_BYTES:  # half a line could allow or forbid what the whole line does not
        content = content[:MAX_BYTES]
        content = content[: max(content.rfind(b"\n"), content.rfind(b"\r")) + 1]
    return content.decode("utf-8-sig", "replace").replace("\0", "")
