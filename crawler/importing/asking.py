"""Asks public archives for something, politely: at their pace, over again when they are busy, not for ever."""

import time
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from config.database import Database
from crawler.clock import Clock
from crawler.fetch import Fetcher
from crawler.lease import Leases
from crawler.pace import load, save
from crawler.page import FetchedPage

ATTEMPTS = 6
"""Times that one thing is asked for while the server is in trouble."""
PATIENCE = timedelta(minutes=15)
"""The longest that a server is waited for; whoever wants more is left to a later run."""
SLICE = 10.0
"""Seconds between two signs of life while waiting."""

_TROUBLE = frozenset({0, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}) | frozenset(range(500, 600))


class ServerError(Exception):
    """A public archive does not answer, or makes no sense; the message says which and why."""


class Asker:
    """Holds the lease of one source, so that no two runs share its pace."""

    def __init__(self, fetcher: Fetcher, database: Database, clock: Clock, delays: Mapping[str, float]) -> None:
        """`delays` are seconds between requests, by host."""
        self._fetcher = fetcher
        self._database = database
        self._clock = clock
        self._delays = delays
        self._leases = Leases(database, clock)
        self._paces = load(database, delays, clock.now())

    def __enter__(self) -> Self:
        """Raises LeaseHeld where another run asks these servers."""
        for host in self._delays:
            self._leases.take(f"server:{host}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._database.writing() as connection:
            save(connection, self._paces.values())
        self._leases.release()
        self._fetcher.close()

    def ask(self, url: str, headers: Mapping[str, str] | None = None) -> FetchedPage:
        """What a server answers once it is in no trouble any more. Raises ServerError, FetcherError, LeaseHeld."""
        host = urlsplit(url).hostname or ""
        for _ in range(ATTEMPTS):
            self._wait(host)
            began = time.monotonic()
            page = self._fetcher.fetch(url, headers=headers or {})
            ended = page.captured_at + timedelta(seconds=time.monotonic() - began)
            self._paces[host] = self._paces[host].after(page, ended, self._delays[host])
            if page.status not in _TROUBLE and page.truncated in ("", "length"):
                return page
        raise ServerError(
            f"{host}: {page.error or f'answers {page.status}'}; run again later, it goes on from here"
        )

    def _wait(self, host: str) -> None:
        until = self._paces[host].next_at
        if until - self._clock.now() > PATIENCE:
            raise ServerError(f"{host}: wants to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        while (left := (until - self._clock.now()).total_seconds()) > 0:
            self._clock.sleep(min(left, SLICE))
            self._leases.keep_waiting()
