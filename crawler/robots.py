"""What robots.txt allows (RFC 9309), remembered for a day."""

import re
from collections.abc import Callable, Mapping
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
_HALF = ("time", "disconnect")
"""Of a file that was cut there, nobody knows what it forbids."""
_EVERYTHING = ""
_OTHERS = "-"
_AGENT_LINE = re.compile(r"^([ \t]*user[- ]?agent(?:[ \t]*:|(?=[ \t])))([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
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
        status = 0 if page.truncated in _HALF else page.status
        text = _text(page) if status in range(200, 300) else _EVERYTHING
        self._unwritten[origin] = row = self._answered(origin, status, text)
        self._known[origin] = self._rules(row)
        return ""

    def write(self, connection: Connection) -> None:
        """Remember what was learnt, in the transaction that archives the answers: one goes with the other."""
        for row in self._unwritten.values():
            connection.execute(sa.delete(robots).where(robots.c.origin == row["origin"]))
            connection.execute(sa.insert(robots).values(row))
        self._unwritten.clear()

    def _stored(self, origin: str) -> Rules | None:
        row = self._row(origin)
        return self._rules(row) if row else None

    def _row(self, origin: str) -> dict[str, Any] | None:
        of_this = sa.select(robots).where(robots.c.origin == origin)
        with self._database.reading() as connection:
            found = connection.execute(of_this).mappings().one_or_none()
        return {str(name): found[name] for name in found} if found else None

    def _answered(self, origin: str, status: int, text: str) -> dict[str, Any]:
        """What is to be remembered; where nothing could be had, the rules of the last time it could."""
        now = self._clock.now()
        row = {"origin": origin, "fetched_at": now, "status": status, "body": text, "unreachable_since": None}
        if status in _UNREACHABLE:
            before = self._unwritten.get(origin) or self._row(origin)
            since = before["unreachable_since"] if before else None
            row |= {"body": before["body"] if before else _EVERYTHING, "unreachable_since": since or now}
        return row

    def _rules(self, row: Mapping[str, Any]) -> Rules:
        since, asked = row["unreachable_since"], row["fetched_at"]
        if since is not None and asked - since < FORGIVEN:
            return Rules(None, asked + ASKED_AGAIN, _ANYBODY)
        text, agent = _for_agent(row["body"], self._agent)
        return Rules(Protego.parse(_of_few_groups(text, agent)), asked + KEPT, agent)


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
