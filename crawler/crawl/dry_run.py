"""What a crawl would do now, and what not and why, without asking any server or writing anything."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from config.site import Kind
from crawler import ledger, pace
from crawler.crawl.agenda import refusal
from crawler.crawl.plan import Rooms
from crawler.crawl.standing import Standing, standings
from crawler.frontier import Counts

SHOWN = 50
"""Addresses listed where no limit is given."""
REMEMBERED = timedelta(days=30)
"""How far back refusals are looked up in the ledger."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One address: fetched, or left alone for a reason. A reason beside `fetch` is a condition."""

    url: str
    kind: Kind
    server: str
    decision: Literal["fetch", "leave"]
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """How often found addresses were refused lately, and why."""

    host: str
    reason: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DryRun:
    """What would be fetched first, what is known in all, what was refused, and how the servers stand."""

    planned: list[Planned]
    counts: list[Counts]
    refused: list[Refused]
    servers: list[Standing]


def dry_run(rooms: Rooms, only: Collection[Kind], limit: int | None) -> DryRun:
    """Look at what is due, in its order; seeds count where they are not known yet."""
    tasks = rooms.frontier.next_tasks(limit or SHOWN, only=only)
    known = rooms.frontier.ids({rooms.addresses.read(seed).identity for seed in rooms.profile.seeds})
    seeds = [
        address for address in map(rooms.addresses.read, rooms.profile.seeds) if address.identity not in known
    ]
    wanted = [(seed.url, seed.kind, seed.server or "") for seed in seeds if not only or seed.kind in only]
    wanted += [(task.url, task.kind, task.server) for task in tasks]
    servers = [family.name for family in rooms.profile.families]
    paces = pace.load(rooms.database, servers, rooms.clock.now())
    return DryRun(
        planned=[_planned(rooms, url, kind, paces.get(server)) for url, kind, server in wanted[: limit or SHOWN]],
        counts=rooms.frontier.counts(),
        refused=_refused(rooms, rooms.clock.now().date() - REMEMBERED),
        servers=standings(rooms),
    )


def _planned(rooms: Rooms, url: str, kind: Kind, known: pace.Pace | None) -> Planned:
    server, rules = known.server if known else "", rooms.robots.rules(url)
    why = refusal(rooms, url, rules)
    if why or known is None:
        return Planned(url=url, kind=kind, server=server, decision="leave", why=why)
    condition = "" if rules else "if robots.txt allows it, which is asked for first"
    terms, now = rooms.terms[server], rooms.clock.now()
    rest = terms.rest(known, now)
    if rest.until > now + timedelta(minutes=1):
        condition = f"later: {terms.told(rest, known)}"
    return Planned(url=url, kind=kind, server=server, decision="fetch", why=condition)


def _refused(rooms: Rooms, since: date) -> list[Refused]:
    counted: dict[tuple[str, str], int] = {}
    for line in ledger.read(rooms.database, since):
        if line.decision in ("refused", "skipped"):
            counted[line.host, line.reason] = counted.get((line.host, line.reason), 0) + line.count
    return [Refused(host=host, reason=reason, count=count) for (host, reason), count in sorted(counted.items())]
