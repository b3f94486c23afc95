"""What the page of crawls tells: which begin by themselves, how the servers stand, how far the walks have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from crawler.crawl import Standing, WalkProgress, may_crawl, open_crawl
from crawler.fetch import FetcherError
from indexer.jobs.schedule import Entry, Schedule
from webui.services import Services

RHYTHMS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 180, 360, 720, 1440, 3 * 1440, 7 * 1440)
)
"""How often a crawl can be told to begin."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawls:
    """The state of all that begins by itself."""

    entries: Sequence[Entry]
    results: Mapping[str, str]
    """By their names: what the last of each said it had done."""
    is_on: bool
    """Whether the setting lets the worker begin anything."""
    may_crawl: bool
    """Whether any server may be asked at all."""
    servers: Sequence[Standing]
    walks: Sequence[WalkProgress]
    problem: str
    """Why the servers are not told, '' if they are."""


def crawls(open_services: Services) -> Crawls:
    """Gather it."""
    settings, problem = open_services.settings, ""
    servers: Sequence[Standing] = ()
    walks: Sequence[WalkProgress] = ()
    try:
        with open_crawl(settings, open_services.profile, open_services.database, open_services.clock) as crawl:
            servers, walks = crawl.standings(), crawl.walks()
    except FetcherError as error:
        problem = str(error)
    entries = schedule_of(open_services).entries()
    return Crawls(
        entries=entries,
        results={entry.name: _result(open_services, entry) for entry in entries},
        is_on=settings.schedule,
        may_crawl=may_crawl(settings, open_services.profile),
        servers=servers,
        walks=walks,
        problem=problem,
    )


def schedule_of(open_services: Services) -> Schedule:
    """The schedule these services keep."""
    return Schedule(open_services.database, open_services.clock, open_services.jobs)


def _result(open_services: Services, entry: Entry) -> str:
    """The first line of the last job's log sums it up; '' before there is one."""
    said = open_services.jobs.log(entry.last.id) if entry.last else []
    return said[0].text if said else ""


def rhythm(written: str) -> timedelta | None:
    """How often a form says, None where it says nothing that can be chosen."""
    return next((every for every in RHYTHMS if written == str(int(every.total_seconds()))), None)
