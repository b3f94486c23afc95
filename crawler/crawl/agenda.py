"""What is asked of a server next, and what is not to be asked for now, and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crawler import pace
from crawler.crawl.intake import Intake
from crawler.crawl.lane import Job, Lane
from crawler.crawl.plan import Plan, Rooms
from crawler.crawl.walking import Walker
from crawler.fetch import may_ask
from crawler.frontier import Task
from crawler.lease import LeaseHeld, Leases
from crawler.robots import Rules, origin_of

TASKS = 32
"""Tasks a lane takes at a time."""
NO_ROBOTS = "robots.txt cannot be had"
LATER = timedelta(days=1)
"""When what may not be asked for now is looked at again."""


class Agenda:
    """Chooses the next request of each lane."""

    def __init__(self, rooms: Rooms, plan: Plan, intake: Intake, leases: Leases, walker: Walker) -> None:
        self.refused: dict[int, str] = {}
        """Tasks that were not asked for in this run, and why; the first few hundred."""
        self._rooms = rooms
        self._plan = plan
        self._intake = intake
        self._leases = leases
        self._walker = walker
        self._taken: set[int] = set()

    def next_job(self, lane: Lane, at: datetime) -> Job | None:
        """The next request to a server, for the holder of its lease; None if nothing is due there."""
        if lane.next_hop:
            job, lane.next_hop = lane.next_hop, None
            return replace(job, at=at)
        while (task := self._next_task(lane)) is not None:
            rules = self._rooms.robots.rules(task.url)
            why = refusal(self._rooms, task.url, rules)
            if why:
                self._refuse(task, rules, why)
            elif rules is None:
                lane.tasks.appendleft(task)
                origin = origin_of(task.url)
                wait = delay(self._rooms, lane.server, None)
                return Job(url=f"{origin}/robots.txt", origin=origin, delay=wait, at=at)
            else:
                self._taken.add(task.id)
                wait = delay(self._rooms, lane.server, rules)
                pause = wait / self._walker.share(lane.server) if self._plan.walks else 0.0
                return Job(url=task.url, task=task, delay=wait, at=at, pause=pause)
        return None

    def may_start(self, lane: Lane) -> bool:
        """Whether this process asks the server; where nobody does it becomes so, at the pace that was kept."""
        if lane.holds_lease or lane.is_idle:
            return lane.holds_lease
        try:
            lane.is_inherited = self._leases.take(f"server:{lane.server}")
        except LeaseHeld:
            lane.is_idle = True
            return False
        lane.holds_lease = True
        lane.pace = pace.load(self._rooms.database, [lane.server], self._rooms.clock.now())[lane.server]
        return True

    def look_again(self, lanes: list[Lane]) -> None:
        """Forget what lanes meant to do next: something more urgent may be due."""
        for lane in lanes:
            lane.is_idle = False
            lane.tasks.clear()

    def committed(self, lanes: list[Lane]) -> None:
        """What was taken in is written; only requests under way are still to be kept in mind."""
        self._taken = {lane.busy.task.id for lane in lanes if lane.busy and lane.busy.task}
        for lane in lanes:
            lane.is_idle = False

    def _refuse(self, task: Task, rules: Rules | None, why: str) -> None:
        unreachable = rules is not None and rules.allowed is None
        self._intake.postpone(task, rules.until if rules and unreachable else self._rooms.clock.now() + LATER)
        self._taken.add(task.id)
        if len(self.refused) < 10 * TASKS:
            self.refused[task.id] = why
        self._rooms.ledger.count(
            origin_of(task.url).partition("://")[2], "skipped" if unreachable else "refused", why
        )

    def _next_task(self, lane: Lane) -> Task | None:
        if not lane.tasks and not lane.is_idle:
            self._fill(lane)
        return lane.tasks.popleft() if lane.tasks else None

    def give_way(self, lanes: list[Lane]) -> None:
        """Let others ask these servers in between."""
        for lane in lanes:
            if lane.holds_lease and not lane.busy:
                self._leases.release(f"server:{lane.server}")
                lane.holds_lease = False

    def _fill(self, lane: Lane) -> None:
        plan = self._plan
        if plan.walks:
            tried = self._walker.next_task(lane.server)
            tasks = [tried] if tried else []
        else:
            wanted = TASKS + len(self._taken)
            tasks = self._rooms.frontier.take(lane.server, wanted, only=plan.only, urgent=plan.urgent)
        lane.tasks.extend(task for task in tasks if task.id not in self._taken)
        lane.is_idle = not lane.tasks


def delay(rooms: Rooms, server: str, rules: Rules | None) -> float:
    """Seconds between requests: what robots.txt says, else the profile. A setting may only ask for more."""
    setting, stated = rooms.settings.crawl_delay, rules.delay if rules else None
    if setting is not None:
        return max(setting, stated or 0.0)
    if stated is not None:
        return stated
    return next(family.crawl_delay for family in rooms.profile.families if family.name == server)


def seconds_for(rooms: Rooms, requests: Mapping[str, int]) -> float:
    """How long so many requests to each server take: servers are asked at the same time, each on its terms."""
    hosts = {host.family: host.name for host in reversed(rooms.profile.hosts)}
    rules = {server: rooms.robots.rules(f"https://{hosts[server]}/") for server in requests}
    return max(
        (
            rooms.terms[server].seconds_for(count, delay(rooms, server, rules[server]))
            for server, count in requests.items()
        ),
        default=0.0,
    )


def refusal(rooms: Rooms, url: str, rules: Rules | None) -> str:
    """Why an address is not to be asked for now, '' if nothing speaks against it, as far as rules are known."""
    address = rooms.addresses.read(url)
    if not address.allowed:
        return address.why
    if not may_ask(rooms.settings, url):
        return "a real server while MIC_CONTACT is not set"
    if rules is None or rules.allow(url):
        return ""
    return NO_ROBOTS if rules.allowed is None else "robots.txt"
