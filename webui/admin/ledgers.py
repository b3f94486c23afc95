"""What the ledger's page tells: per day and host how many requests, how many unchanged, what was refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from crawler.ledger import Line, read
from webui.services import Services

SPANS: Final = (1, 7, 30, 90, 400)
"""Days that can be looked back at; older counts are forgotten."""

_REQUESTS: Final = ("fetched", "not modified", "moved", "failed")
_LEFT: Final = ("refused", "skipped")


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One host on one day (of UTC)."""

    day: date
    host: str
    decisions: Mapping[str, int]
    reasons: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How often, by decision and reason, most first."""

    @property
    def requests(self) -> int:
        """Requests that were made."""
        return sum(self.decisions.get(name, 0) for name in _REQUESTS)

    @property
    def left(self) -> int:
        """Addresses that were not asked for, by rule or for now."""
        return sum(self.decisions.get(name, 0) for name in _LEFT)

    @property
    def unchanged_share(self) -> float | None:
        """Share of requests answered with 304; None without any request."""
        return self.decisions.get("not modified", 0) / self.requests if self.requests else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The ledger of some days, the newest first."""

    span: int
    days: Sequence[Day]
    refused: Sequence[tuple[str, str, str, int]]
    """Host, decision, reason, how often, most first: what was not asked for in all that time."""

    @property
    def total(self) -> Day:
        """All of it together."""
        decisions: Counter[str] = Counter()
        for one in self.days:
            decisions.update(one.decisions)
        return Day(day=date.min, host="", decisions=decisions)


def ledger(open_services: Services, span: int) -> Ledger:
    """Read so many days, today included."""
    today = open_services.clock.now().date()  # the ledger's days are those of UTC
    lines = read(open_services.database, today - timedelta(days=span - 1))
    return Ledger(span=span, days=_days(lines), refused=_refused(lines))


def _days(lines: Iterable[Line]) -> list[Day]:
    decisions: dict[tuple[date, str], Counter[str]] = {}
    reasons: dict[tuple[date, str], Counter[tuple[str, str]]] = {}
    for line in lines:
        decisions.setdefault((line.day, line.host), Counter())[line.decision] += line.count
        reasons.setdefault((line.day, line.host), Counter())[line.decision, line.reason] += line.count
    days = [
        Day(day=day, host=host, decisions=counted, reasons=dict(reasons[day, host].most_common()))
        for (day, host), counted in decisions.items()
    ]
    return sorted(days, key=lambda one: (-one.day.toordinal(), -one.requests, one.host))


def _refused(lines: Iterable[Line]) -> list[tuple[str, str, str, int]]:
    counted: Counter[tuple[str, str, str]] = Counter()
    for line in lines:
        if line.decision in _LEFT:
            counted[line.host, line.decision, line.reason] += line.count
    return [(*of, count) for of, count in counted.most_common()]
