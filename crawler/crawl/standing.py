"""How each server stands: at which pace it is asked, what it was asked today, until when it is left alone."""

from dataclasses import dataclass
from datetime import datetime

from crawler import pace
from crawler.crawl.agenda import delay
from crawler.crawl.plan import Rooms
from crawler.terms import Rest


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One server family now. `requests` of `budget` a day, hours and days being those of `time_zone`."""

    server: str
    delay: float
    """Seconds between requests, as far as its robots.txt is known."""
    requests: int
    budget: int | None
    quiet_hours: str
    time_zone: str
    rest: Rest | None
    """None: it may be asked now, or within its pace."""
    failures: int
    """In a row."""


def standings(rooms: Rooms) -> list[Standing]:
    """All server families, in the profile's order."""
    now = rooms.clock.now()
    paces = pace.load(rooms.database, rooms.terms, now)
    return [_standing(rooms, known, now) for known in paces.values()]


def _standing(rooms: Rooms, known: pace.Pace, now: datetime) -> Standing:
    terms = rooms.terms[known.server]
    host = next(host.name for host in rooms.profile.hosts if host.family == known.server)
    rest = terms.rest(known, now)
    rests = rest.until > now and rest.why != "pace"
    return Standing(
        server=known.server,
        delay=delay(rooms, known.server, rooms.robots.rules(f"https://{host}/")),
        requests=known.requests_on(terms.day(now)),
        budget=terms.budget,
        quiet_hours=str(terms.quiet),
        time_zone=terms.zone.key,
        rest=rest if rests else None,
        failures=known.failures,
    )
