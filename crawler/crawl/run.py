"""One run of the crawl: every server family at its pace, answers taken in as they come, until nothing is due."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic

from crawler import pace
from crawler.crawl.adopting import adopting
from crawler.crawl.agenda import Agenda, delay
from crawler.crawl.intake import Intake
from crawler.crawl.lane import Done, Job, Lane
from crawler.crawl.plan import Plan, Rooms, Summary
from crawler.crawl.walking import Walker
from crawler.fetch import Fetcher
from crawler.lease import Leases
from crawler.page import FetchedPage
from crawler.progress import Cancelled, Progress, Report

GROUP = 32
"""Answers committed together at most."""
GROUP_SECONDS = 0.5
"""How long an answer waits for its commit at most."""
TICK = 0.2
"""Seconds after which the loop looks around at the latest: for a stop, a cancelled job, other processes' work."""
AHEAD = 0.1
"""Seconds before its time comes at which a request is handed to its lane: nothing the loop does delays it then."""
LOOK_AGAIN = 1.0
"""Seconds after which a lane that found nothing due looks again."""
COUNT_AGAIN, COUNTING = 2.0, 200
"""Seconds after which what is due is counted again, and times as long as counting takes, where that is more."""
RETRIES = 2
"""Failures of an address after which a run leaves further attempts to the next instead of waiting for them."""
GRACE = 3.0
"""Seconds that requests under way are given when a run is stopped."""
PERSISTENT = 0.5
"""Seconds of delay from which on a request is noted before it is sent: not even a kill quickens the pace."""


class Run:
    """One run. Everything happens in the caller's thread but the waiting for servers."""

    def __init__(self, rooms: Rooms, plan: Plan, report: Report, stopping: Event) -> None:
        self.summary = Summary()
        self._rooms = rooms
        self._plan = plan
        self._report = report
        self._stopping = stopping
        self._leases = Leases(rooms.database, rooms.clock)
        self._walker = Walker(rooms)
        self._intake = Intake(rooms, plan, self.summary, self._walker)
        self._agenda = Agenda(rooms, plan, self._intake, self._leases, self._walker)
        self._done: SimpleQueue[Done] = SimpleQueue()
        fetcher = partial(Fetcher, rooms.settings, rooms.clock)
        servers = (family.name for family in rooms.profile.families)
        self._lanes = [
            Lane(known, rooms.terms[known.server], fetcher, self._done, rooms.clock)
            for known in pace.load(rooms.database, servers, rooms.clock.now()).values()
        ]
        self._started = 0
        self._is_ending = self._is_waiting = False
        self._began = self._next_report = self._next_look = self._next_count = monotonic()

    @property
    def resting(self) -> Mapping[str, str]:
        """Servers with work left that are left alone for longer than this run waits, with a note for people."""
        now, frontier, plan = self._rooms.clock.now(), self._rooms.frontier, self._plan
        return {
            lane.server: f"{lane.server}: {lane.terms.told(lane.rest(now), lane.pace)}"
            for lane in self._lanes
            if self._rests(lane) and frontier.is_due(lane.server, only=plan.only, urgent=plan.urgent)
        }

    @property
    def refused(self) -> Mapping[int, str]:
        """Numbers of tasks that were not asked for, and why."""
        return self._agenda.refused

    def run(self) -> Summary:
        """Fetch until nothing is due, the limit is reached, somebody stops it or the report raises Cancelled."""
        try:
            self._adopt()
            while self._goes_on():
                self._start_requests()
                self._inherit()
                for done in self._wait():
                    self._take_in(done)
                if self._should_commit():
                    self._commit()
                self._leases.keep_waiting()
                self._tell()
            self._finish()
            self._tell(now=True)
        except Cancelled:
            self._finish()
            raise
        finally:
            for lane in self._lanes:
                lane.abort()
                lane.close()
            self._leases.release()
        return self.summary

    # ---- the loop --------------------------------------------------------------------------------------------

    def _goes_on(self) -> bool:
        if self._stopping.is_set():
            return False
        self._is_waiting = False
        if monotonic() >= self._next_look:
            self._next_look = monotonic() + LOOK_AGAIN
            self._agenda.look_again(self._lanes)
        if self._is_busy() or self._intake:
            return True
        if self._is_limit_reached():
            return False
        if any(not lane.is_idle and not self._rests(lane) for lane in self._lanes):
            return True
        self._is_waiting = self._is_waited_for()
        return self._is_waiting

    def _is_waited_for(self) -> bool:
        """Whether something is due soon, or another process is about to do what this run was asked for."""
        frontier, plan = self._rooms.frontier, self._plan
        if plan.walks:
            return any(self._walker.goes_on(lane.server) for lane in self._lanes if not self._rests(lane))
        awake = [lane for lane in self._lanes if not self._rests(lane)]
        mine = [lane.server for lane in awake if lane.holds_lease]
        if not plan.urgent and frontier.is_retry_near(mine, plan.patience, RETRIES, only=plan.only):
            return True
        others = [lane.server for lane in awake if not lane.holds_lease]
        return any(frontier.is_due(server, only=plan.only, urgent=plan.urgent) for server in others)

    def _start_requests(self) -> None:
        now = self._rooms.clock.now()
        soon = now + timedelta(seconds=AHEAD)
        for lane in self._lanes:
            if lane.busy or lane.ready_at(now) > soon or self._is_limit_reached():
                continue
            if not self._agenda.may_start(lane) or lane.is_inherited or lane.ready_at(now) > soon:
                continue
            job = self._agenda.next_job(lane, lane.ready_at(now))
            if job is not None:
                self._start(lane, job)

    def _start(self, lane: Lane, job: Job) -> None:
        lane.pauses_until = job.at + timedelta(seconds=job.pause)
        lane.pace = lane.pace.asked(lane.terms.day(job.at))
        if job.delay >= PERSISTENT or lane.terms.budget is not None:
            lane.pace = replace(lane.pace, next_at=job.at + timedelta(seconds=job.delay))
            with self._rooms.database.writing() as connection:
                pace.save(connection, [lane.pace])
        self._started += job.task is not None
        lane.start(job)

    def _wait(self) -> Iterator[Done]:
        """What came in, once something has, or nothing, once there is something else to do."""
        seconds = TICK if self._is_busy() or self._is_waiting else 0.0
        if not self._is_ending and not self._is_limit_reached():
            now = self._rooms.clock.now()
            starts = [lane.ready_at(now) - now for lane in self._lanes if not lane.busy and not lane.is_idle]
            seconds = min([TICK, *(start.total_seconds() - AHEAD for start in starts)]) if starts else seconds
        if self._intake:
            seconds = min(seconds, self._intake.since + GROUP_SECONDS - monotonic())
        try:
            yield self._done.get(timeout=max(seconds, 0.0))
            while True:
                yield self._done.get_nowait()
        except Empty:
            return

    def _take_in(self, done: Done) -> None:
        """Free the lane, and let its server work on the next request while this answer is taken in."""
        lane, job, page = done.lane, done.job, done.page
        lane.busy = None
        if page is None:
            return
        if isinstance(page, Exception):
            raise page
        if job.task is None:
            self._learn_rules(lane, job, page, done.late)
            return
        lane.pace = lane.pace.after(page, self._rooms.clock.now(), self._spread(lane, job.delay), done.late)
        if not self._is_ending and not self._stopping.is_set():
            self._start_requests()
        self._intake.take_in(job.task, page, job.delay)

    def _spread(self, lane: Lane, delay: float) -> float:
        """The delay until the next request: never less than asked for, a little more by chance."""
        return delay * (1 + lane.terms.jitter * self._rooms.chance.random())

    def _learn_rules(self, lane: Lane, job: Job, page: FetchedPage, late: float) -> None:
        """Take in a robots.txt; the delay it asks for counts from now on, and so for its own request."""
        target = self._rooms.robots.learn(job.origin, page)
        lane.next_hop = replace(job, url=target) if target else None
        rules = self._rooms.robots.rules(job.origin) if not target else None
        lane.pace = lane.pace.after(page, self._rooms.clock.now(), delay(self._rooms, lane.server, rules), late)
        self._intake.take_in_robots(page, rules.sitemaps if rules else ())

    def _should_commit(self) -> bool:
        """Whether the group is full or old, or there is nothing better to do."""
        if not self._intake:
            return False
        full = len(self._intake) >= GROUP or monotonic() >= self._intake.since + GROUP_SECONDS
        return full or not self._is_busy()

    def _commit(self) -> None:
        self._intake.commit([lane.pace for lane in self._lanes if lane.holds_lease], self._leases)
        self._agenda.committed(self._lanes)
        if self._plan.walks:
            self._agenda.give_way(self._lanes)

    def _is_busy(self) -> bool:
        return any(lane.busy for lane in self._lanes)

    def _rests(self, lane: Lane) -> bool:
        """Whether a server is to be left alone for longer than this run waits."""
        return lane.rests(self._rooms.clock.now(), self._plan.patience)

    def _is_limit_reached(self) -> bool:
        return self._plan.limit is not None and self._started >= self._plan.limit

    # ---- beginning and end -----------------------------------------------------------------------------------

    def _adopt(self) -> None:
        with adopting(self._rooms, self._intake, self._leases) as notes:
            self.summary.notes += notes
            if self._intake:
                self._commit()

    def _inherit(self) -> None:
        """Before a server is asked that somebody else asked who is gone: take up what that one has left."""
        inherited = [lane for lane in self._lanes if lane.is_inherited]
        if not inherited:
            return
        self._commit()
        self._rooms.archive.close()
        self._adopt()
        for lane in inherited:
            lane.is_inherited = False

    def _finish(self) -> None:
        """Let requests that are under way come to their end, but not for long, and write what is left."""
        self._is_ending = True
        for lane in self._lanes:
            lane.recall()
        until = monotonic() + GRACE
        while self._is_busy() and monotonic() < until:
            for done in self._wait():
                self._take_in(done)
        if self._intake:
            self._commit()
        self.summary.notes += self.resting.values()
        if self._plan.walks:
            self.summary.notes += map(str, self._walker.progress())

    def _tell(self, *, now: bool = False) -> None:
        moment = monotonic()
        if moment < self._next_report and not now:
            return
        self._next_report = moment + TICK
        summary, plan = self.summary, self._plan
        if moment >= self._next_count or now:
            summary.remaining = (
                self._walker.left() if plan.walks else self._rooms.frontier.due(only=plan.only, urgent=plan.urgent)
            )
            self._next_count = moment + max(COUNT_AGAIN, COUNTING * (monotonic() - moment))
        summary.seconds = moment - self._began
        total = summary.done + summary.remaining
        self._report(
            Progress(
                done=summary.done,
                total=min(total, plan.limit) if plan.limit is not None else total,
                errors=summary.errors,
                message=f"{summary.fetched} fetched, {summary.not_modified} not modified, {summary.new} new",
            )
        )
