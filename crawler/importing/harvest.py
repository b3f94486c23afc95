"""Brings captures of the site's hosts from public archives; goes on where an earlier run has come to."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import sqlalchemy as sa

from config.database import Database
from config.settings import Settings
from config.site import SiteProfile
from crawler.address import Address, Addresses
from crawler.archive import Archive
from crawler.clock import Clock
from crawler.fetch import Fetcher
from crawler.importing.asking import Asker
from crawler.importing.cdx import CdxError, Line
from crawler.importing.intake import Intake
from crawler.importing.labels import label
from crawler.importing.outcome import NOTED, Imported
from crawler.importing.servers import SERVERS, CaptureError, Cursor, Page, Part, Server, Source, Span
from crawler.importing.stream import DamagedError
from crawler.importing.warc import Found
from crawler.progress import Progress, Report, silent
from crawler.surt import surt
from crawler.tables import harvests

_STATES = ("new", "known", "same")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is to be brought."""

    source: Source
    span: Span = field(default_factory=Span)
    limit: int | None = None
    """Captures to be fetched at most."""
    every: bool = False
    """Also captures whose payload is known already, of the same address: they tell only that it still stood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What the indexes have of one host, year and kind of address."""

    host: str
    year: str
    kind: str
    new: int = 0
    known: int = 0
    same: int = 0
    """Of these, the payload is known."""


@dataclass(kw_only=True, slots=True)
class Harvested:
    """What a run found and brought."""

    source: Source
    found: int = 0
    foreign: int = 0
    """Never asked for, by the site's profile."""
    broken: int = 0
    """Lines of the index that make no sense."""
    fetched: int = 0
    copied: int = 0
    doubtful: int = 0
    """Copied, though their digest is not that of what came."""
    failed: int = 0
    """Captures that could not be had; the next run tries them again."""
    is_complete: bool = True
    """False where the limit was reached first."""
    problems: list[str] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Work:
    """One part of an index that is being worked through."""

    server: Server
    asker: Asker
    part: Part
    wish: Wish
    harvested: Harvested
    report: Report

    @property
    def is_over(self) -> bool:
        """Whether as much was fetched as is wanted."""
        return self.wish.limit is not None and self.harvested.fetched >= self.wish.limit

    def tell(self) -> None:
        """Report what was fetched so far."""
        fetched, failed = self.harvested.fetched, self.harvested.failed
        self.report(
            Progress(done=fetched, total=self.wish.limit, errors=failed, message=f"captures, {self.part.name}")
        )


class Harvest:
    """Works through the parts of one public archive's index."""

    def __init__(
        self, settings: Settings, profile: SiteProfile, database: Database, archive: Archive, clock: Clock
    ) -> None:
        self._settings = settings
        self._database = database
        self._archive = archive
        self._clock = clock
        self._addresses = Addresses(profile)
        self._intake = Intake(archive, self._addresses, settings.page_limit)
        names = [name for host in profile.hosts for name in (host.name, *host.aliases)]
        self._hosts = list({surt(f"http://{name}/"): name for name in reversed(names)}.values())[::-1]

    def count(self, wish: Wish, report: Report = silent) -> Harvested:
        """What there is, by host, year and kind, and what of it is new. Fetches no capture and keeps no cursor.

        Raises ServerError, FetcherError, LeaseHeld.
        """
        harvested = Harvested(source=wish.source)
        counter: Counter[tuple[str, str, str, str]] = Counter()
        with self._asking(wish) as (server, asker):
            for part in server.parts(asker, self._hosts, wish.span):
                for page, _ in self._pages(server, asker, part, wish, {}):
                    harvested.broken += page.broken
                    for line in page.lines:
                        self._count(line, harvested, counter)
                    report(Progress(done=harvested.found, message=f"lines, {part.name}"))
        places = sorted({place[:3] for place in counter})
        harvested.counts = [
            Count(
                host=host, year=year, kind=kind, **{state: counter[host, year, kind, state] for state in _STATES}
            )
            for host, year, kind in places
        ]
        return harvested

    def bring(self, wish: Wish, report: Report = silent) -> Harvested:
        """Fetch what is new. Raises ServerError, FetcherError, LeaseHeld, ArchiveError; what was fetched stays."""
        self._archive.recover()
        harvested = Harvested(source=wish.source)
        with self._asking(wish) as (server, asker):
            for part in server.parts(asker, self._hosts, wish.span):
                self._intake.open_file(part.name.rpartition(" ")[0])
                try:
                    finished = self._bring_part(_Work(server, asker, part, wish, harvested, report))
                finally:
                    _add(harvested, self._intake.close_file())
                if not finished:
                    harvested.is_complete = False
                    break
        return harvested

    # ---- one part --------------------------------------------------------------------------------------------

    def _bring_part(self, work: "_Work") -> bool:
        """Whether it was worked through, and not ended by the limit."""
        name = f"{work.part.name} {work.wish.span.begin} {work.wish.span.end}"
        cursor = self._cursor(name)
        if cursor is None:
            return True
        failed = work.harvested.failed
        for page, following in self._pages(work.server, work.asker, work.part, work.wish, cursor):
            work.harvested.broken += page.broken
            for line in page.lines:
                if work.is_over:
                    return False
                self._bring_line(line, work)
            has_failed = work.harvested.failed > failed
            if following is not None and not has_failed:
                self._keep(name, following)
        if work.harvested.failed > failed or work.part.grows:
            self._forget(name)  # from its beginning the next time: what is known by then is passed over
        else:
            self._keep(name, None)
        return True

    def _bring_line(self, line: Line, work: "_Work") -> None:
        work.harvested.found += 1
        address = self._addresses.read(line.url)
        if not address.allowed:
            work.harvested.foreign += 1
            return
        state = self._state(line, address)
        if state == "known" or (state == "same" and not work.wish.every):
            return
        work.harvested.fetched += 1
        try:
            found = work.server.capture(work.asker, line)
            damaged = self._intake.imported.damaged
            if isinstance(found, Found):
                self._intake.take(found)
                self._intake.settle()
                found.finish()
            else:
                self._intake.take_answer(found)
            if self._intake.imported.damaged > damaged:
                raise CaptureError(self._intake.imported.problems[-1])
        except (CaptureError, CdxError, DamagedError) as error:
            work.harvested.failed += 1
            if len(work.harvested.problems) < NOTED:
                work.harvested.problems.append(f"{line.timestamp} {line.url}: {error}")
        self._intake.commit()  # fetching takes far longer, and the next lines are to know of it
        work.tell()

    def _pages(
        self, server: Server, asker: Asker, part: Part, wish: Wish, cursor: Cursor
    ) -> Iterator[tuple[Page, Cursor | None]]:
        """Pages of a part from a cursor on, each with the cursor of the next."""
        following: Cursor | None = cursor
        while following is not None:
            page = server.page(asker, part, wish.span, following)
            following = page.cursor
            yield page, following

    def _count(self, line: Line, harvested: Harvested, counter: Counter[tuple[str, str, str, str]]) -> None:
        harvested.found += 1
        address = self._addresses.read(line.url)
        if not address.allowed:
            harvested.foreign += 1
            return
        host = urlsplit(line.url).hostname or ""
        counter[host, line.timestamp[:4], address.kind, self._state(line, address)] += 1

    def _state(self, line: Line, address: Address) -> str:
        """`known`: there is a capture of that address and moment; `same`: one of another moment says the same."""
        try:
            there = self._archive.captures(canonical=address.canonical, captured_at=line.captured_at)
        except CdxError:
            return "new"
        if any(capture.url == line.url for capture in there):
            return "known"
        name = label(f"sha1:{line.digest.removeprefix('sha1:')}") if line.digest else ""
        original = self._archive.original(name) if name else None
        return "same" if original and original.canonical == address.canonical else "new"

    # ---- cursors ---------------------------------------------------------------------------------------------

    def _cursor(self, name: str) -> Cursor | None:
        """Where a part has come to; None where it is done."""
        with self._database.reading() as connection:
            kept = connection.scalar(sa.select(harvests.c.cursor).where(harvests.c.name == name))
        cursor: Cursor | None = json.loads(kept) if kept else {}
        return cursor

    def _keep(self, name: str, cursor: Cursor | None) -> None:
        with self._database.writing() as connection:
            connection.execute(sa.delete(harvests).where(harvests.c.name == name))
            row = {"name": name, "cursor": json.dumps(cursor), "changed_at": self._clock.now()}
            connection.execute(sa.insert(harvests), row)

    def _forget(self, name: str) -> None:
        with self._database.writing() as connection:
            connection.execute(sa.delete(harvests).where(harvests.c.name == name))

    @contextmanager
    def _asking(self, wish: Wish) -> Iterator[tuple[Server, Asker]]:
        server = SERVERS[wish.source]
        fetcher = Fetcher(self._settings, self._clock)
        with Asker(fetcher, self._database, self._clock, server.delays) as asker:
            yield server, asker


def _add(harvested: Harvested, imported: Imported) -> None:
    harvested.copied += imported.copied
    harvested.doubtful += imported.doubtful
