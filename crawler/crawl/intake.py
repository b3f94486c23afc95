"""What is done with an answer: archived, understood, its links taken up; all of it committed in groups."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from urllib.parse import urlsplit

from crawler.address import Address
from crawler.crawl.answer import Answer, Reader, depth, goes_on, page_of, refused
from crawler.crawl.plan import DECISIONS, Plan, Rooms, Summary
from crawler.crawl.walking import Walker
from crawler.frontier import URGENT, Found, Outcome, Selection, Task
from crawler.frontier.task import ASSET
from crawler.lease import Leases
from crawler.ledger import ELSEWHERE, Decision
from crawler.pace import Pace, patience, save
from crawler.page import Capture, FetchedPage
from crawler.reasons import short

SEEN = 200_000
"""Links remembered so that a site's menus are looked up once; then the memory is emptied (a few megabytes)."""

LONGEST_TOKEN = 512
"""Characters of an ETag or date; real ones have some thirty."""

_LISTS = ("list", "feed", "sitemap")
_CONTENT = ("article", "document", "list", "feed", "attachment")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answered:
    """One answer of the group. `capture` is given where it was in the archive already."""

    outcome: Outcome | None
    finds: tuple[Found, ...] = ()
    capture: Capture | None = None


class Intake:
    """Takes in answers one by one, and commits them in groups with all that follows from them."""

    def __init__(self, rooms: Rooms, plan: Plan, summary: Summary, walker: Walker) -> None:
        self._rooms = rooms
        self._walker = walker
        self._plan = plan
        self._summary = summary
        self._reader = Reader(rooms.profile, rooms.addresses)
        self._answered: list[_Answered] = []
        self._postponed: dict[int, datetime] = {}
        self._meanings: dict[int, tuple[str, str, str]] = {}
        self._seen: set[int] = set()
        self.since = 0.0
        """When the oldest answer of the group came (seconds of the monotonic clock)."""

    def __len__(self) -> int:
        """Answers and postponed tasks that are not committed."""
        return len(self._answered) + len(self._postponed)

    def take_in(self, task: Task, page: FetchedPage, delay: float) -> Answer:
        """Archive an answer to a task and take up what it leads to."""
        self._rooms.archive.write(page, self._rooms.addresses.read(task.url), body_of=task.capture)
        return self._note(task, page, delay, None)

    def take_in_robots(self, page: FetchedPage, sitemaps: Iterable[str]) -> None:
        """Archive a robots.txt and take up the sitemaps it names."""
        self._rooms.archive.write(page, self._rooms.addresses.read(page.url))
        addresses = map(_as_sitemap, map(self._rooms.addresses.read, sitemaps))
        finds = tuple(Found(address=address, found_on=page.url) for address in addresses if address.allowed)
        self._append(_Answered(outcome=None, finds=finds))
        decision: Decision = "fetched" if page.status else "failed"
        self._rooms.ledger.count(
            _host(page.url), decision, ": ".join(filter(None, ("robots.txt", short(page.error))))
        )
        self._advise(page)

    def adopt(self, task: Task, page: FetchedPage, capture: Capture) -> None:
        """Take up an answer that a killed crawl had archived already."""
        self._note(task, page, 1.0, capture)

    def postpone(self, task: Task, until: datetime) -> None:
        """Leave a task alone until a moment."""
        if not self:
            self.since = monotonic()
        self._postponed[task.id] = until

    def commit(self, paces: Iterable[Pace], leases: Leases) -> None:
        """Write everything since the last time in one transaction. Raises ArchiveError, LeaseHeld."""
        rooms = self._rooms
        finds = [found for answered in self._answered for found in answered.finds]
        with rooms.archive.committing() as (connection, written):
            outcomes = self._outcomes(written)
            new = rooms.frontier.add(connection, finds)
            rooms.frontier.record(connection, outcomes)
            self._walker.learn(connection, outcomes)
            rooms.frontier.postpone(connection, self._postponed)
            rooms.robots.write(connection)
            rooms.ledger.write(connection)
            save(connection, paces)
            leases.keep(connection)
        self._summary.new += len(new)
        if self._plan.follows and new:
            self._follow(new)
        self._answered.clear()
        self._postponed.clear()
        self._meanings.clear()

    def _outcomes(self, written: Iterable[Capture]) -> list[tuple[Outcome, Capture]]:
        """Outcomes with their captures; those that were just written come in the order of their answers."""
        new = iter(written)
        pairs = [(answered.outcome, answered.capture or next(new)) for answered in self._answered]
        return [(outcome, capture) for outcome, capture in pairs if outcome is not None]

    def _append(self, answered: _Answered) -> None:
        if not self:
            self.since = monotonic()
        self._answered.append(answered)

    def _note(self, task: Task, page: FetchedPage, delay: float, capture: Capture | None) -> Answer:
        answer = self._reader.read(task, page)
        outcome = Outcome(
            task=task,
            verdict=answer.verdict,
            at=page.captured_at,
            status=answer.status,
            etag=_token(page, "etag"),
            last_modified=_token(page, "last-modified"),
            meaning=answer.meaning,
            moved_to=answer.moved_to,
            retry_base=patience(delay).total_seconds(),
        )
        self._append(_Answered(outcome=outcome, finds=tuple(self._finds(task, answer)), capture=capture))
        self._rooms.ledger.count(_host(task.url), DECISIONS[answer.verdict], answer.reason)
        self._summary.count(answer.verdict, len(page.payload))
        self._advise(page)
        return answer

    def _advise(self, page: FetchedPage) -> None:
        """Tell once a run which setting would help with a host."""
        note = f"{_host(page.url)}: {page.error}"
        if "MIC_" in page.error and note not in self._summary.notes:
            self._summary.notes.append(note)

    # ---- links -----------------------------------------------------------------------------------------------

    def _finds(self, task: Task, answer: Answer) -> Iterable[Found]:
        """What a page leads to that is new to this run, and is to be taken up."""
        repeats = self._repeats(task, answer)
        anchors = ((url, False) for url in answer.links.anchors)
        requisites = ((url, True) for url in answer.links.requisites)
        for url, is_requisite in (*anchors, *requisites):
            mark = hash((url, task.category if task.kind in _LISTS else ""))
            modified = answer.links.modified.get(url)
            if mark in self._seen and not self._plan.follows and modified is None:
                continue
            address = self._rooms.addresses.read(url)
            if url in answer.links.sitemaps:
                address = _as_sitemap(address)
            if repeats and goes_on(task, address):
                self._rooms.ledger.count(_host(address.url), "skipped", "a list that repeats itself")
                continue
            if len(self._seen) >= SEEN:
                self._seen.clear()
            self._seen.add(mark)
            why = refused(task, address)
            if why:
                self._rooms.ledger.count(_host(address.url) if address.server else ELSEWHERE, "refused", why)
                continue
            priority = ASSET if is_requisite and address.kind not in _CONTENT else None
            if task.priority == URGENT and (answer.verdict == "moved" or self._is_news(task, address)):
                priority = URGENT
            hops = task.hops + 1 if answer.verdict == "moved" else 0
            yield replace(self._found(task, address, priority), hops=hops, modified=modified)

    def _is_news(self, task: Task, address: Address) -> bool:
        """Whether what is new here is what an urgent run looks for: on lists, feeds, home pages."""
        return self._plan.follows and task.kind in (*_LISTS, "page") and address.key is not None

    def _found(self, task: Task, address: Address, priority: int | None) -> Found:
        return Found(
            address=address,
            found_on=task.url,
            depth=depth(task, address),
            category=task.category if task.kind in _LISTS and address.key else "",
            priority=priority,
        )

    def _repeats(self, task: Task, answer: Answer) -> bool:
        """Whether another page of the same list says the same: then this one leads no further."""
        if task.kind != "list" or not answer.meaning:
            return False
        with self._rooms.database.reading() as connection:
            same = self._rooms.frontier.with_meaning(connection, task, answer.meaning)
        said = (task.host, task.category, answer.meaning)
        now = any(other != task.id and meaning == said for other, meaning in self._meanings.items())
        self._meanings[task.id] = said
        return now or any(self._meanings.get(other, said) == said for other in same)

    def _follow(self, new: set[str]) -> None:
        """Where an urgent list showed something new, its next page is urgent too."""
        following: set[str] = set()
        for answered in self._answered:
            outcome, finds = answered.outcome, answered.finds
            if outcome is None or outcome.task.priority != URGENT or outcome.task.kind not in _LISTS:
                continue
            if any(found.address.key and found.address.identity in new for found in finds):
                later = [found.address for found in finds if goes_on(outcome.task, found.address)]
                following |= {min(later, key=page_of).identity} if later else set()
        self._rooms.frontier.due_now(Selection(ids=self._rooms.frontier.ids(following).values()))


def _token(page: FetchedPage, name: str) -> str:
    """What is sent back in a conditional request: nothing that is long, or that cannot be sent."""
    value = page.header(name).strip()
    fit = not page.truncated and len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable()
    return value if fit else ""


def _as_sitemap(address: Address) -> Address:
    """An address that is known to be a sitemap's, whatever it is called."""
    return replace(address, kind="sitemap") if address.kind == "page" else address


def _host(url: str) -> str:
    return urlsplit(url).hostname or ELSEWHERE
