"""What the replica notes of its visitors: what they asked for, and what they should not have."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.replica import bulletin
from tests.replica.addresses import NAMES
from tests.replica.exchange import Answer, Request
from tests.replica.templates.others import DISALLOWED
from tests.replica.traps import is_never_fetched

RECENT = 20_000
"""Requests whose moments are kept."""


@dataclass
class Record:
    """Counts since the replica was started or the record cleared. Requests to the control host are not noted."""

    elapsed: Callable[[], float]
    """Seconds on a clock that never goes back."""
    addresses: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    touched: list[str] = field(default_factory=list)
    """Method and address of every request for what must never be asked for, in order."""
    disallowed: list[str] = field(default_factory=list)
    """The same for what robots.txt forbids."""
    strayed: list[str] = field(default_factory=list)
    """The same for other hosts, where a redirect or a link led out of the site."""
    sent: int = 0
    """Bytes of all bodies."""
    open: Counter[str] = field(default_factory=Counter)
    """Requests of each host that wait for their answer."""
    at_once: dict[str, int] = field(default_factory=dict)
    """The most that ever waited at the same time; counted where answers have latency."""
    moments: deque[tuple[str, float]] = field(default_factory=lambda: deque(maxlen=RECENT))
    """Host and time of the latest requests."""

    def begin(self, host: str) -> None:
        """A request has come."""
        self.open[host] += 1
        self.at_once[host] = max(self.open[host], self.at_once.get(host, 0))

    def end(self, host: str) -> None:
        """It has been answered, or its client is gone."""
        self.open[host] -= 1

    def note(self, request: Request, answer: Answer) -> None:
        """Count one request and its answer."""
        self.addresses[request.url] += 1
        self.statuses[answer.status] += 1
        self.agents[request.headers.get("user-agent", "")] += 1
        self.sent += 0 if request.method == "HEAD" else len(answer.body)
        self.moments.append((request.host, self.elapsed()))
        if request.host not in NAMES and request.host not in bulletin.NAMES:
            self.stray(f"{request.method} {request.url}")
        elif is_never_fetched(request.path):
            self.touched.append(f"{request.method} {request.url}")
        elif request.path.startswith(DISALLOWED):
            self.disallowed.append(f"{request.method} {request.url}")

    def stray(self, asked: str) -> None:
        """A client of the proxy wants to leave the site."""
        self.strayed.append(asked)

    def clear(self) -> None:
        """Begin anew."""
        lists = (self.touched, self.disallowed, self.strayed)
        for counted in (self.addresses, self.statuses, self.agents, self.moments, *lists):
            counted.clear()
        self.at_once.clear()
        self.sent = 0

    def to_json(self) -> dict[str, Any]:
        """What GET /log answers."""
        return {
            "requests": sum(self.addresses.values()),
            "addresses": dict(self.addresses),
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "agents": dict(self.agents),
            "touched": self.touched,
            "disallowed": self.disallowed,
            "strayed": self.strayed,
            "sent": self.sent,
            "at_once": self.at_once,
            "moments": list(self.moments),
        }
