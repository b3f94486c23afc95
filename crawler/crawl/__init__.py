"""The crawl: what is due is fetched politely, archived, and followed. What jobs and commands call."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from threading import Event

from config.database import Database
from config.settings import Settings
from config.site import Kind, SiteProfile
from crawler import ledger
from crawler.address import Address, Addresses
from crawler.archive import open_archive
from crawler.clock import Clock, SystemClock
from crawler.crawl.agenda import NO_ROBOTS, seconds_for
from crawler.crawl.dry_run import DryRun, dry_run
from crawler.crawl.plan import PATIENCE, Plan, Rooms, Summary
from crawler.crawl.run import Run
from crawler.crawl.standing import Standing, standings
from crawler.crawl.walking import Walker, WalkProgress
from crawler.fetch import AGENT, FetcherError, may_ask
from crawler.frontier import URGENT, Found, Frontier, Selection
from crawler.frontier.task import LIST
from crawler.lease import LeaseHeld, holding
from crawler.ledger import Ledger
from crawler.progress import Report, silent
from crawler.robots import Robots, origin_of
from crawler.terms import terms_of

CRAWL = "crawl"
"""The lease of who crawls the site, where only one may."""

__all__ = [
    "Crawl",
    "DryRun",
    "Estimate",
    "Fetched",
    "Selection",
    "Standing",
    "Summary",
    "WalkProgress",
    "may_crawl",
    "open_crawl",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What came of one address that somebody asked for. `why` tells why there is no answer."""

    url: str
    canonical: str
    status: int = 0
    captured_at: datetime | None = None
    payload_digest: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """How much work is ahead: addresses that are known now, and seconds at the pace that is allowed."""

    addresses: int
    seconds: float


class Crawl:
    """A crawl of one site. Each method works until its part is done, cancelled by its report, or stopped.

    All of them raise ArchiveError when the archive cannot be written, FetcherError when the settings allow no
    request, and LeaseHeld when a lease was lost; nothing that was answered is lost by that.
    """

    def __init__(self, rooms: Rooms, patience: timedelta = PATIENCE) -> None:
        self._rooms = rooms
        self._patience = patience
        self._stopping = Event()

    def stop(self) -> None:
        """Ask the method under way to end soon and well. May be called from a signal handler or another thread."""
        self._stopping.set()

    def run(
        self,
        *,
        only: Collection[Kind] = (),
        limit: int | None = None,
        again: bool = False,
        report: Report = silent,
    ) -> Summary:
        """Fetch what is due: lists and feeds every time, the rest when its time has come; all of it if `again`.

        On SQLite there is one such crawl at a time: raises LeaseHeld where another holds the lease `crawl`, which
        then does what was asked for, unless only a part of it was.
        """
        plan = Plan(only=only, limit=limit)
        try:
            return self._alone(lambda: self._run(plan, again=again, report=report))
        except LeaseHeld as held:
            held.goes_on = not only and limit is None
            if held.goes_on and held.name == CRAWL:
                self._begin(again=again)
            raise

    def fresh(self, report: Report = silent) -> Summary:
        """Look for news: feeds and first pages of lists, further pages while they show any, and what is new."""
        self._seed(priority=URGENT)
        self._rooms.frontier.begin_fresh()
        return self._work(Plan(urgent=True, follows=True), report).summary

    def revisit(self, report: Report = silent) -> Summary:
        """Fetch what is due by its own schedule, and what that newly shows; lists are not asked anew for it.

        On SQLite there is one such crawl at a time: raises LeaseHeld.
        """
        self._seed()
        return self._alone(lambda: self._work(Plan(), report).summary)

    def walk(self, *, limit: int | None = None, again: bool = False, report: Report = silent) -> Summary:
        """Try the numbers that no list reaches, at a share of the pace, until all walks are at their ends.

        `again` begins them anew. Whoever else wants to ask the same servers goes first.
        """
        self._check_contact()
        if again:
            Walker(self._rooms).begin_again()
        return self._work(Plan(walks=True, limit=limit), report).summary

    def fetch(self, urls: Sequence[str], report: Report = silent) -> list[Fetched]:
        """Fetch these addresses now, whether they are due or not; one answer for each."""
        rooms = self._rooms
        addresses = [rooms.addresses.read(url) for url in urls]
        allowed = [address for address in addresses if address.allowed]
        with rooms.database.writing() as connection:
            rooms.frontier.add(connection, [Found(address=address, priority=URGENT) for address in allowed])
        ids = rooms.frontier.ids({address.identity for address in allowed})
        rooms.frontier.due_now(Selection(ids=ids.values()))
        began = rooms.clock.now()
        run = self._work(Plan(urgent=True), report)
        resting = run.resting
        refused = {
            address.identity: run.refused.get(ids[address.identity]) or resting.get(address.server or "", "")
            for address in allowed
        }
        return [self._fetched(address, refused, began) for address in addresses]

    def recrawl(self, selection: Selection, report: Report = silent) -> Summary:
        """Fetch known addresses now, whether they are due or not, and what their lists newly show."""
        self._rooms.frontier.due_now(selection)
        return self._work(Plan(urgent=True, follows=True), report).summary

    def dry_run(self, *, only: Collection[Kind] = (), limit: int | None = None) -> DryRun:
        """What `run` would fetch now, and what not and why. Asks no server and writes nothing."""
        return dry_run(self._rooms, only, limit)

    def estimate(self, what: Selection | Sequence[str] | None) -> Estimate:
        """What fetching a selection takes, or some addresses, or (None) all of the site again."""
        if what is None or isinstance(what, Selection):
            counted = self._rooms.frontier.servers_of(what)
        else:
            addresses = {address.identity: address for address in map(self._rooms.addresses.read, what)}
            counted = Counter(
                address.server for address in addresses.values() if address.allowed and address.server
            )
        return Estimate(addresses=counted.total(), seconds=seconds_for(self._rooms, counted))

    def standings(self) -> list[Standing]:
        """How each server stands: its pace, its requests of today, until when it is left alone."""
        return standings(self._rooms)

    def walks(self) -> list[WalkProgress]:
        """How far each walk has come."""
        return Walker(self._rooms).progress()

    @property
    def frontier(self) -> Frontier:
        """What is known and due."""
        return self._rooms.frontier

    def _alone(self, work: Callable[[], Summary]) -> Summary:
        rooms = self._rooms
        if not rooms.database.is_sqlite:
            return work()
        with holding(rooms.database, rooms.clock, CRAWL):
            return work()

    def _run(self, plan: Plan, *, again: bool, report: Report) -> Summary:
        self._begin(again=again)
        ledger.forget(self._rooms.database, self._rooms.clock.now().date())
        return self._work(plan, report).summary

    def _begin(self, *, again: bool) -> None:
        """Make due what a crawl of the site asks for; whoever crawls takes it."""
        self._seed()
        if again:
            self._rooms.frontier.begin_again()
        else:
            self._rooms.frontier.begin()

    def _work(self, plan: Plan, report: Report) -> Run:
        run = Run(self._rooms, replace(plan, patience=self._patience), report, self._stopping)
        run.run()
        return run

    def _seed(self, priority: int = LIST) -> None:
        """Put the profile's seeds into the frontier. Raises FetcherError where none of them may be asked for."""
        rooms = self._rooms
        seeds = self._check_contact()
        with rooms.database.writing() as connection:
            rooms.frontier.add(connection, [Found(address=seed, priority=priority) for seed in seeds])

    def _check_contact(self) -> list[Address]:
        """The seeds that may be asked for. Raises FetcherError where there are none."""
        rooms = self._rooms
        seeds = [address for address in map(rooms.addresses.read, rooms.profile.seeds) if address.allowed]
        if not any(may_ask(rooms.settings, seed.url) for seed in seeds):
            raise FetcherError("MIC_CONTACT: a mail or web address is needed before real servers are asked")
        return seeds

    def _why_no_robots(self, address: Address) -> str:
        """What came of the last request for the robots.txt that speaks for an address, in brackets."""
        robots = self._rooms.addresses.read(f"{origin_of(address.url)}/robots.txt")
        captures = self._rooms.archive.captures(canonical=robots.canonical)
        latest = captures[-1] if captures else None
        return f" ({latest.error or latest.status})" if latest else ""

    def _fetched(self, address: Address, refused: Mapping[str, str], began: datetime) -> Fetched:
        if not address.allowed:
            return Fetched(url=address.url, canonical=address.canonical, why=address.why)
        captures = self._rooms.archive.captures(canonical=address.canonical)
        latest = captures[-1] if captures else None
        if latest is None or latest.captured_at < began:
            why = refused[address.identity] or "not asked for yet"
            why += self._why_no_robots(address) if why == NO_ROBOTS else ""
            return Fetched(url=address.url, canonical=address.canonical, why=why)
        return Fetched(
            url=latest.url,
            canonical=latest.canonical,
            status=latest.status,
            captured_at=latest.captured_at,
            payload_digest=latest.payload_digest,
            why=latest.error,
        )


def may_crawl(settings: Settings, profile: SiteProfile) -> bool:
    """Whether these settings let any of the site's servers be asked."""
    return any(may_ask(settings, seed) for seed in profile.seeds)


@contextmanager
def open_crawl(
    settings: Settings,
    profile: SiteProfile,
    database: Database,
    clock: Clock | None = None,
    *,
    patience: timedelta = PATIENCE,
    chance: Random | None = None,
) -> Iterator[Crawl]:
    """A crawl of a site into the archive these settings name, for the length of a block.

    `patience` is how long a run waits for a further attempt, or for a server that wants to be left alone.
    Raises FetcherError where quiet hours leave no hour of the day.
    """
    clock = clock or SystemClock()
    addresses = Addresses(profile)
    archive = open_archive(settings, database, addresses, clock)
    hosts: Callable[[str], bool] = lambda url: addresses.read(url).allowed and may_ask(settings, url)  # noqa: E731
    rooms = Rooms(
        settings=settings,
        profile=profile,
        database=database,
        clock=clock,
        addresses=addresses,
        archive=archive,
        frontier=Frontier(database, clock),
        robots=Robots(database, clock, AGENT, hosts),
        ledger=Ledger(clock),
        terms=terms_of(settings, profile),
        chance=chance or Random(),  # noqa: S311 - spreads requests, guards nothing
    )
    try:
        yield Crawl(rooms, patience)
    finally:
        archive.close()
