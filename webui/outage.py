"""A search engine that keeps searches waiting: once one has waited in vain, others are refused at once."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, Response, current_app, g, request

from indexer.engines import IndexOutdated, IndexUnavailable

Answer = TypeVar("Answer")

SEARCHING: Final = frozenset(
    {
        "search.front",
        "search.results",
        "search.filters",
        "api.search",
        "api.suggest",
        "api.facet",
        "api.export",
        "api.related",
        "guide.covered",
        "export.form",
        "feeds.atom",
        "feeds.json_feed",
        "export.file",
        "export.download",
    }
)
"""Endpoints that cannot answer without the engine."""
WAITED: Final = 0.5
"""Seconds after which a failure was a wait: an engine that refuses does so at once, and everyone may ask it."""
PAUSE: Final = 3.0
"""Seconds until somebody asks it again, on behalf of all."""


class Incomplete(IndexUnavailable):
    """The engine answers, though not all of it does: what is made of the answer would lack articles."""


class Outage:
    """Whether the engine is being spared. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._ask_again: float | None = None

    def may_ask(self, now: float) -> bool:
        """Whether to ask the engine; whoever is the first to be let through asks for all."""
        if self._ask_again is None:
            return True
        if now < self._ask_again:
            return False
        self._ask_again = now + PAUSE
        return True

    def failed(self, now: float, waited: float) -> None:
        """The engine did not answer within so many seconds."""
        if waited >= WAITED:
            self._ask_again = now + PAUSE

    def answered(self) -> None:
        """The engine is back."""
        self._ask_again = None


def set_up(app: Flask) -> None:
    """Spare an application's visitors the wait: without this, all threads wait for what the first learned."""
    app.extensions["outage"] = Outage()
    app.before_request(_before)
    app.after_request(_after)


def noticed() -> None:
    """The engine failed in this request."""
    now = time.monotonic()
    _outage().failed(now, now - g.get("asked_at", now))


def ask(question: Callable[[], Answer], otherwise: Answer) -> Answer:
    """What the engine says to a question that can be done without, while it is spared or does not answer."""
    g.asked_at = time.monotonic()
    if not _outage().may_ask(g.asked_at):
        return otherwise
    try:
        answer = question()
    except (IndexUnavailable, IndexOutdated):
        noticed()
        return otherwise
    _outage().answered()
    return answer


def _before() -> None:
    if request.endpoint in SEARCHING:
        g.asked_at = time.monotonic()
        if not _outage().may_ask(g.asked_at):
            raise IndexUnavailable("it did not answer a moment ago")


def _after(response: Response) -> Response:
    if request.endpoint in SEARCHING and response.status_code == 200:  # noqa: PLR2004 - HTTP's own number
        _outage().answered()
    return response


def _outage() -> Outage:
    found = current_app.extensions["outage"]
    assert isinstance(found, Outage)
    return found
