"""What each kind of job does, told by its arguments."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from config.database import Database
from config.settings import Settings
from config.site import SiteProfile
from crawler.clock import Clock
from crawler.crawl import Crawl, Estimate, Selection, Summary, open_crawl
from crawler.lease import LeaseHeld
from crawler.progress import Report
from indexer.engines import IndexUnavailable, SearchIndex
from indexer.jobs.store import Job, Level
from indexer.pipeline import Stores
from indexer.pipeline.rebuilding import rebuild, reread
from indexer.pipeline.rehearsing import rehearse
from indexer.pipeline.turns import bring_up_to_date
from indexer.query.request import SearchRequest
from indexer.record import Record
from indexer.record.codec import Codec

WALK = 300
"""Numbers one walk tries: at a tenth of one request a second, most of an hour."""
SEARCH = Codec(SearchRequest)
"""How a search is written, as text, in a job's arguments."""

Say = Callable[[Level, str], None]
"""Adds a line to the job's log."""


class TaskError(Exception):
    """A job cannot be done as it was asked for; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What tells which articles a recrawl is about."""

    profile: SiteProfile
    record: Record
    index: SearchIndex


@dataclass(frozen=True, kw_only=True, slots=True)
class Workshop:
    """Everything jobs work with, open."""

    settings: Settings
    profile: SiteProfile
    database: Database
    clock: Clock
    stores: Stores

    @property
    def known(self) -> Known:
        """What tells which addresses a recrawl is of."""
        return Known(profile=self.profile, record=self.stores.record, index=self.stores.index)

    def crawling(self) -> AbstractContextManager[Crawl]:
        """A crawl of the site, for the length of a block."""
        return open_crawl(self.settings, self.profile, self.database, self.clock)


def run(workshop: Workshop, job: Job, report: Report, say: Say) -> None:
    """Do a job. Raises TaskError, Cancelled, and what the rooms raise that do the work."""
    match job.kind:
        case "recrawl":
            _recrawl(workshop, job.arguments, report, say)
        case "fresh":
            _crawl(workshop, lambda crawl: crawl.fresh(report), report, say)
        case "revisit":
            _crawl(workshop, lambda crawl: crawl.revisit(report), report, say)
        case "walk":
            _crawl(workshop, lambda crawl: crawl.walk(limit=WALK, report=report), report, say)
        case "update":
            _update(workshop, report, say)
        case "rebuild" | "reread" as kind:
            make = rebuild if kind == "rebuild" else reread
            count = make(workshop.stores, workshop.database, workshop.clock, report, **job.arguments)
            say("info", f"a new generation of {count} articles is searched now")
        case "rehearsal":
            found = rehearse(workshop.stores, workshop.database, workshop.settings.data, report)
            for line in found.lines():
                say("info", line)
        case _:
            raise TaskError(f"no such kind of job: {job.kind}")


def estimate(crawl: Crawl, known: Known, arguments: Mapping[str, Any]) -> Estimate:
    """What a recrawl of these arguments takes. Raises TaskError, IndexUnavailable."""
    return crawl.estimate(_wanted(known, arguments))


def _crawl(workshop: Workshop, work: Callable[[Crawl], Summary], report: Report, say: Say) -> None:
    """A crawl told in the job's log, and what it brought made searchable."""
    with workshop.crawling() as crawl:
        _summed_up(crawl, work, say)
    _update(workshop, report, say)


def _recrawl(workshop: Workshop, arguments: Mapping[str, Any], report: Report, say: Say) -> None:
    """Fetch again what the arguments ask for, and make what it brought searchable."""
    with workshop.crawling() as crawl:
        wanted = _wanted(workshop.known, arguments)
        if wanted is None:
            _summed_up(crawl, lambda crawl: crawl.run(again=True, report=report), say)
        elif isinstance(wanted, Selection):
            _say_summary(crawl.recrawl(wanted, report), say)
        else:
            for fetched in crawl.fetch(wanted, report):
                say("warning" if fetched.why else "info", f"{fetched.url}: {fetched.why or fetched.status}")
    _update(workshop, report, say)


def _summed_up(crawl: Crawl, work: Callable[[Crawl], Summary], say: Say) -> None:
    """Say what a crawl did; where another is under way, that one does what was asked for."""
    try:
        _say_summary(work(crawl), say)
    except LeaseHeld as held:
        say("info", f"{held}; it goes on there")


def _wanted(known: Known, arguments: Mapping[str, Any]) -> Selection | list[str] | None:
    """What a recrawl is to fetch; None stands for the whole site. Raises TaskError, IndexUnavailable."""
    match arguments:
        case {"site": True}:
            return None
        case {"urls": [*urls]}:
            return [str(url) for url in urls]
        case {"category": str(name)}:
            numbers = [number for number, title in known.profile.categories.items() if title == name]
            return Selection(categories=numbers, keys=known.record.keys(name))
        case {"search": str(text)}:
            return Selection(keys=[hit.key for hit in known.index.scan(SEARCH.load(text))])
    raise TaskError(f"a recrawl is of urls, a category, a search or the site, not of {list(arguments)}")


def _update(workshop: Workshop, report: Report, say: Say) -> None:
    try:
        bring_up_to_date(workshop.stores, workshop.database, workshop.clock, report)
    except IndexUnavailable as problem:
        say("warning", f"archived and recorded; the index follows when the engine answers again ({problem})")


def _say_summary(summary: Summary, say: Say) -> None:
    say(
        "info",
        f"{summary.fetched} fetched, {summary.not_modified} not modified, {summary.moved} moved, "
        f"{summary.gone} gone, {summary.errors} failed, {summary.new} new addresses",
    )
    for note in summary.notes:
        say("warning", note)
