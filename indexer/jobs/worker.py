"""The background worker: keeps record and index up to date, and does one job per thread as they are asked for."""

import threading
from time import monotonic
from typing import Any

import structlog
from huey import Huey
from huey.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError

from crawler.archive import ArchiveError
from crawler.crawl import may_crawl
from crawler.fetch import FetcherError
from crawler.lease import LeaseHeld, this_process
from crawler.progress import Cancelled, Progress, Report
from indexer.engines import IndexBusy, IndexOutdated, IndexUnavailable
from indexer.jobs.schedule import Schedule
from indexer.jobs.store import Job, Jobs, Level
from indexer.jobs.tasks import TaskError, Workshop, run
from indexer.jobs.waking import on_wake
from indexer.pipeline.rebuilding import GenerationRefused
from indexer.pipeline.turns import bring_up_to_date

THREADS = 4
"""Jobs done at the same time: the schedule's three crawls, mostly waiting for servers, hold up none that somebody
asks for."""
FOLLOW_SECONDS = 1.0
"""How often the worker looks whether the archive has grown."""
TROUBLE_SECONDS = 15.0
"""How long it waits after the engine has failed it."""
SCHEDULE_SECONDS = 5.0
"""How often it looks whether a crawl's time has come."""
RECOVER_SECONDS = 30.0
"""How often it looks for jobs that nobody does."""
REPORT_SECONDS = 0.5
"""How often a job's progress is written at most."""
STOP_SECONDS = 20.0
"""How long jobs under way are given when the worker is stopped."""

_FORESEEN = (
    ArchiveError,
    FetcherError,
    GenerationRefused,
    IndexBusy,
    IndexOutdated,
    IndexUnavailable,
    LeaseHeld,
    TaskError,
)
"""What a job may fail of that its message explains."""
_log = structlog.get_logger(__name__)


class Worker:
    """One worker process. `work` returns after `stop`, SIGINT or SIGTERM (in the main thread)."""

    def __init__(self, workshop: Workshop, jobs: Jobs, queue: Huey) -> None:
        self._workshop = workshop
        self._jobs = jobs
        self._me = this_process()
        self._stopping = threading.Event()
        self._wake = on_wake(queue, self.do)
        self._consumer = _Consumer(queue, self._stopping)

    def work(self) -> None:
        """Do jobs and follow the archive until stopped."""
        threads = [
            threading.Thread(target=self._follow, name="following"),
            threading.Thread(target=self._recover, name="recovering"),
            threading.Thread(target=self._keep_time, name="schedule"),
        ]
        for thread in threads:
            thread.start()
        try:
            self._consumer.run()
        finally:
            self.stop()
            for thread in threads:
                thread.join()

    def stop(self) -> None:
        """End soon: jobs under way go back into the queue."""
        self._stopping.set()
        self._consumer.stop_flag.set()

    def do(self, number: int) -> None:
        """Do one job, if nobody else does."""
        job = self._jobs.claim(number, self._me)
        if job is None:
            return
        _log.info("job begun", job=job.id, kind=job.kind, asked_by=job.asked_by)
        telling = _Telling(self._jobs, job, self._stopping)
        try:
            run(self._workshop, job, telling.report, telling.say)
        except Cancelled:
            telling.end_early()
        except _FORESEEN as problem:
            telling.fail(str(problem))
        except Exception as error:  # noqa: BLE001 - whatever it is, the job has failed and says so
            _log.exception("job failed", job=job.id)
            telling.fail(f"{type(error).__name__}: {error}")
        else:
            telling.end("done")

    def _follow(self) -> None:
        """Bring what is archived into record and index as it comes; trouble is told once and tried again."""
        workshop, trouble = self._workshop, ""
        while not self._stopping.is_set():
            seconds = FOLLOW_SECONDS
            try:
                bring_up_to_date(workshop.stores, workshop.database, workshop.clock, self._report_nothing)
                if trouble:
                    _log.info("the index is up to date again")
                trouble = ""
            except Cancelled:
                return
            except Exception as problem:  # noqa: BLE001 - following goes on whatever happens
                seconds = TROUBLE_SECONDS
                if str(problem) != trouble:
                    trouble = str(problem)
                    _log.warning(
                        "the index cannot follow", reason=trouble, exc_info=not isinstance(problem, _FORESEEN)
                    )
            self._stopping.wait(seconds)

    def _recover(self) -> None:
        """Wake for jobs that nobody does, again and again; trouble with the database is told and outlasted."""
        while not self._stopping.is_set():
            try:
                for job in self._jobs.recover(self._me):
                    self._wake(job.id)
            except SQLAlchemyError as problem:
                _log.warning("jobs cannot be looked through", reason=" ".join(str(problem).split()))
            self._stopping.wait(RECOVER_SECONDS)

    def _keep_time(self) -> None:
        """Begin the schedule's crawls when their time has come."""
        workshop = self._workshop
        if not workshop.settings.schedule or not may_crawl(workshop.settings, workshop.profile):
            return
        schedule = Schedule(workshop.database, workshop.clock, self._jobs)
        while not self._stopping.is_set():
            try:
                for job in schedule.begin_due():
                    self._wake(job.id)
            except SQLAlchemyError as problem:
                _log.warning("the schedule cannot be read", reason=str(problem))
            self._stopping.wait(SCHEDULE_SECONDS)

    def _report_nothing(self, progress: Progress) -> None:  # noqa: ARG002 - nobody watches, but a stop is obeyed
        if self._stopping.is_set():
            raise Cancelled


class _Telling:
    """What one job says of itself: progress now and then, lines in its log, how it ended."""

    def __init__(self, jobs: Jobs, job: Job, stopping: threading.Event) -> None:
        self._jobs = jobs
        self._job = job
        self._stopping = stopping
        self._last = Progress()
        self._next = 0.0

    @property
    def report(self) -> Report:
        """Keeps progress; raises Cancelled when somebody cancelled the job or the worker stops."""
        return self._report

    def say(self, level: Level, text: str) -> None:
        """Add a line to the job's log."""
        self._jobs.say(self._job.id, level, text)

    def end(self, state: Any) -> None:
        """The job is over."""
        self._jobs.report(self._job.id, self._last)
        self._jobs.end(self._job.id, state)
        _log.info("job over", job=self._job.id, state=state)

    def fail(self, reason: str) -> None:
        """The job is over, and did not do what it should."""
        self.say("error", reason)
        self.end("failed")

    def end_early(self) -> None:
        """Cancelled by a person; or the worker stops, and the job waits for the next one."""
        current = self._jobs.get(self._job.id)
        if current is not None and current.cancelling:
            self.say("info", "cancelled; what was done stays done")
            self.end("cancelled")
        else:
            self._jobs.put_back(self._job.id)

    def _report(self, progress: Progress) -> None:
        self._last = progress
        if self._stopping.is_set():
            raise Cancelled
        if monotonic() >= self._next:
            self._next = monotonic() + REPORT_SECONDS
            if not self._jobs.report(self._job.id, progress):
                raise Cancelled


class _Consumer(Consumer):  # type: ignore[misc] # huey is not typed
    """huey's consumer, which tells the worker's other threads when it is stopped."""

    def __init__(self, queue: Huey, stopping: threading.Event) -> None:
        super().__init__(
            queue,
            workers=THREADS,
            periodic=False,
            max_delay=1.0,
            shutdown_timeout=STOP_SECONDS,
        )
        self._stopping = stopping

    def stop(self, graceful: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - huey's own signature
        self._stopping.set()
        super().stop(graceful=True)
