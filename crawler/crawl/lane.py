"""One server family's requests, one at a time, in a thread of their own: nothing but the waiting happens there."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import SimpleQueue
from time import monotonic

from crawler.clock import Clock
from crawler.fetch import Fetcher
from crawler.frontier import Task
from crawler.pace import Pace
from crawler.page import FetchedPage
from crawler.robots import MAX_BYTES
from crawler.terms import Rest, Terms

ROBOTS_SIZE = 2 * MAX_BYTES
"""Bytes of a robots.txt that are fetched: of what it holds unpacked, no more is read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One request: for a task, or for the robots.txt that speaks for `origin`."""

    url: str
    delay: float
    at: datetime
    """It is sent then, or as soon after as possible."""
    task: Task | None = None
    origin: str = ""
    pause: float = 0.0
    """Seconds after which the next may be sent, where that is not the server's pace."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: a page, an error that ends the crawl, or nothing, where it was recalled in time."""

    lane: "Lane"
    job: Job
    page: FetchedPage | Exception | None
    late: float = 0.0
    """Seconds it took to connect: the server knows of the request from then on."""


class Lane:
    """The requests to one server family, and what the crawl keeps in mind about it."""

    def __init__(
        self, pace: Pace, terms: Terms, fetcher: Callable[[], Fetcher], done: SimpleQueue[Done], clock: Clock
    ) -> None:
        """`fetcher` makes the one that is used, once there is something to fetch."""
        self.pace = pace
        self.terms = terms
        self._clock = clock
        self._recalled = threading.Event()
        self.delay = 0.0
        """Seconds between requests, as they were asked for last."""
        self.tasks: deque[Task] = deque()
        self.pauses_until = pace.next_at
        """Before then nothing is sent, though the server's pace allows it."""
        self.next_hop: Job | None = None
        """Where a robots.txt redirects."""
        self.busy: Job | None = None
        self.holds_lease = False
        self.is_inherited = False
        """Whether who asked this server before is gone, and has perhaps left answers nobody has taken up."""
        self.is_idle = False
        """Whether nothing was due when it last looked."""
        self._make_fetcher = fetcher
        self._fetcher: Fetcher | None = None
        self._done = done
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def server(self) -> str:
        """The server family's name."""
        return self.pace.server

    def rest(self, now: datetime) -> Rest:
        """How long the server is to be left alone."""
        return self.terms.rest(self.pace, now)

    def ready_at(self, now: datetime) -> datetime:
        """When the next request may be sent."""
        return max(self.rest(now).until, self.pauses_until)

    def rests(self, now: datetime, patience: timedelta) -> bool:
        """Whether that is longer than its pace asks for, and than anybody wants to wait."""
        return self.rest(now).until > now + patience + timedelta(seconds=self.delay)

    def start(self, job: Job) -> None:
        """Send a request when its time comes; what comes of it is put into the queue of done jobs.

        Whoever calls may be busy when that is: only so is each moment used. Raises FetcherError.
        """
        assert self.busy is None
        self.busy, self.delay = job, job.delay
        if self._fetcher is None:
            self._fetcher = self._make_fetcher()
            self._thread = threading.Thread(
                target=self._work, args=(self._fetcher,), name=f"lane-{self.server}", daemon=True
            )
            self._thread.start()
        self._jobs.put(job)

    def recall(self) -> None:
        """Send nothing that was not sent yet."""
        self._recalled.set()

    def abort(self) -> None:
        """End the request under way; it is done at once, with an error."""
        self.recall()
        if self._fetcher is not None:
            self._fetcher.abort()

    def close(self) -> None:
        """End the thread, and close all connections."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
        if self._fetcher is not None:
            self._fetcher.close()

    def _work(self, fetcher: Fetcher) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._comes_up(job):
                self._done.put(Done(self, job, None))
                continue
            task, began = job.task, monotonic()
            known = task is not None and task.capture is not None
            try:
                page: FetchedPage | Exception = fetcher.fetch(
                    job.url,
                    etag=task.etag if task and known else "",
                    last_modified=task.last_modified if task and known else "",
                    size=None if task else ROBOTS_SIZE,
                )
            except Exception as error:  # noqa: BLE001 - raised again where the crawl waits
                page = error
            self._done.put(Done(self, job, page, max(0.0, fetcher.sent_at - began)))

    def _comes_up(self, job: Job) -> bool:
        """Wait for its time; False where it is recalled before."""
        while (seconds := (job.at - self._clock.now()).total_seconds()) > 0:
            if self._recalled.wait(seconds):
                return False
        return not self._recalled.is_set()
