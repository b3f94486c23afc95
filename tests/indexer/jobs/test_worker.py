"""A worker process does what is asked for, tells how far it is, and lets go of what it is told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.settings import Settings
from crawler.address import Key
from crawler.clock import SystemClock
from indexer.jobs.schedule import ASKED_BY, Schedule
from indexer.jobs.store import Job, Jobs
from indexer.jobs.tables import schedule
from indexer.jobs.tasks import SEARCH, Workshop, estimate
from indexer.jobs.waking import on_wake, open_queue
from indexer.query.request import SearchRequest

ROOT = Path(__file__).parents[3]
PATIENCE = 60


def environment(settings: Settings, **more: str) -> dict[str, str]:
    return os.environ | {
        "MIC_DATA": str(settings.data),
        "MIC_HOST_MAP": str(settings.host_map),
        "MIC_CRAWL_CA": str(settings.crawl_ca),
        "MIC_PROCESSES": "1",
        **more,
    }


@contextmanager
def working(settings: Settings, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A worker process, ended by SIGTERM at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "indexer", "work"],
        cwd=ROOT,
        env=environment(settings, **more),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
        print(said)


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def asking(workshop: Workshop, queue: str = "") -> Iterator[Jobs]:
    """What asks a worker to do something."""
    with open_queue(queue or workshop.settings.queue) as opened:
        yield Jobs(workshop.database, SystemClock(), on_wake(opened))


@pytest.fixture
def jobs(workshop: Workshop) -> Iterator[Jobs]:
    with asking(workshop) as asked:
        yield asked


def over(jobs: Jobs, job: Job) -> Job:
    """The job, once it is over."""

    def is_over() -> bool:
        found = jobs.get(job.id)
        return found is not None and found.is_over

    wait_for(is_over)
    found = jobs.get(job.id)
    assert found is not None
    return found


def in_log(jobs: Jobs, job: Job, words: str) -> bool:
    return any(words in line.text for line in jobs.log(job.id))


def test_a_recrawl_of_one_address_brings_an_edit_into_the_index(workshop, jobs, replica, truths):
    key = next(key for key, truth in truths.items() if truth.template == "T2")
    replica.control.edit(Key.parse(key))
    try:
        with working(workshop.settings):
            job = over(jobs, jobs.ask("recrawl", {"urls": [truths[key].addresses[0]]}, "admin"))
    finally:
        replica.control.revert()
    assert (job.state, job.progress.errors) == ("done", 0)
    assert in_log(jobs, job, ": 200")
    [hit] = [
        hit
        for hit in workshop.stores.index.scan(SearchRequest(filters=(("status", ("changed",)),)))
        if str(hit.key) == key
    ]
    assert hit.versions == 2


def test_a_category_and_a_search_are_recrawled_as_far_as_estimated(workshop, jobs):
    found = SearchRequest(filters=(("category", ("Viễn thông",)),))
    searched = {"search": SEARCH.dump(found)}
    hits = list(workshop.stores.index.scan(found))
    assert hits
    with workshop.crawling() as crawl:
        told = estimate(crawl, workshop.known, searched)
    assert told.addresses >= len(hits)
    with working(workshop.settings):
        asked = [jobs.ask("recrawl", arguments, "admin") for arguments in (searched, {"category": "Viễn thông"})]
        [of_search, of_category] = [over(jobs, job) for job in asked]
    assert (of_search.state, of_category.state) == ("done", "done")
    assert in_log(jobs, of_search, "not modified")
    assert of_category.progress.total is not None


def test_a_job_that_cannot_be_done_fails_with_the_reason(workshop, jobs):
    with working(workshop.settings):
        senseless = over(jobs, jobs.ask("recrawl", {"colour": "red"}, "admin"))
        unknown = over(jobs, jobs.ask("paint", {}, "admin"))
    assert (senseless.state, unknown.state) == ("failed", "failed")
    assert in_log(jobs, senseless, "a recrawl is of urls")
    assert in_log(jobs, unknown, "no such kind of job")


def test_a_long_job_is_cancelled_by_a_person_and_put_back_by_a_stop(workshop, jobs):
    slow = {"MIC_CRAWL_DELAY": "0.5"}
    with working(workshop.settings, **slow):
        cancelled = jobs.ask("recrawl", {"site": True}, "admin")
        wait_for(lambda: (jobs.get(cancelled.id) or cancelled).progress.done > 0)
        jobs.cancel(cancelled.id)
        assert over(jobs, cancelled).state == "cancelled"
        stopped = jobs.ask("recrawl", {"site": True}, "admin")
        wait_for(lambda: (jobs.get(stopped.id) or stopped).progress.done > 0)
    assert [job.id for job in jobs.waiting()] == [stopped.id]


def test_a_job_of_a_killed_worker_is_done_by_the_next(workshop, jobs):
    with working(workshop.settings, MIC_CRAWL_DELAY="0.5") as process:
        job = jobs.ask("recrawl", {"category": "Viễn thông"}, "admin")
        wait_for(lambda: (jobs.get(job.id) or job).progress.done > 0)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with working(workshop.settings):
        again = over(jobs, job)
    assert (again.state, again.attempt) == ("done", 2)


def test_the_worker_takes_in_what_others_archive(unread, truths):
    assert unread.stores.index.count() == 0
    with working(unread.settings):
        wait_for(lambda: unread.stores.index.count() == len(truths))


def test_a_rebuild_is_a_job(workshop, jobs):
    before = workshop.stores.index.generation
    with working(workshop.settings):
        assert over(jobs, jobs.ask("rebuild", {}, "admin")).state == "done"
    assert workshop.stores.index.generation != before


def turn(jobs: Jobs, kind: str) -> Job | None:
    """The schedule's last job of a kind."""
    return next((job for job in jobs.recent() if (job.kind, job.asked_by) == (kind, ASKED_BY)), None)


def has_turn(jobs: Jobs, kind: str) -> bool:
    return turn(jobs, kind) is not None


def test_the_worker_begins_what_the_schedule_says(workshop, jobs):
    """Numbers are left out: the profile's would take the worker hours."""
    kept = Schedule(workshop.database, SystemClock(), jobs)
    kept.change("walk", enabled=False, every=timedelta(hours=1))
    with workshop.database.writing() as connection:
        connection.execute(sa.update(schedule).values(next_at=SystemClock().now()))
    with working(workshop.settings):
        for kind in ("fresh", "revisit"):
            wait_for(partial(has_turn, jobs, kind))
            begun = turn(jobs, kind)
            assert begun is not None
            assert over(jobs, begun).state == "done"
            assert in_log(jobs, begun, "not modified")
    assert turn(jobs, "walk") is None


def test_the_worker_begins_nothing_where_that_is_switched_off(workshop, jobs):
    Schedule(workshop.database, SystemClock(), jobs).entries()
    with workshop.database.writing() as connection:
        connection.execute(sa.update(schedule).values(next_at=SystemClock().now()))
    with working(workshop.settings, MIC_SCHEDULE="false"):
        assert over(jobs, jobs.ask("update", {}, "admin")).state == "done"
    assert [job.kind for job in jobs.recent()] == ["update"]


def test_a_job_is_asked_for_though_the_queue_is_down_and_a_worker_finds_it(workshop):
    dead = "redis://127.0.0.1:1"
    with asking(workshop, dead) as jobs:
        job = jobs.ask("update", {}, "admin")
        assert [waiting.id for waiting in jobs.waiting()] == [job.id]
    with asking(workshop) as jobs, working(workshop.settings):
        assert over(jobs, job).state == "done"


def test_a_queue_that_is_down_is_told_now_and_then_and_outlasted(unread, truths, capfd):
    with working(unread.settings, MIC_QUEUE="redis://127.0.0.1:1"):
        wait_for(lambda: unread.stores.index.count() == len(truths))
    said = capfd.readouterr().out
    assert "Error reading from queue: Error 111 connecting to 127.0.0.1:1. Connection refused" in said
    assert "Traceback" not in said
    assert said.count("Error reading from queue") <= 2


def test_redis_wakes_a_worker_too(workshop, redis_url):
    with asking(workshop, redis_url) as jobs, working(workshop.settings, MIC_QUEUE=redis_url):
        assert over(jobs, jobs.ask("update", {}, "admin")).state == "done"


def test_postgresql_wakes_a_worker_too(workshop, postgresql_url):
    with asking(workshop, postgresql_url) as jobs, working(workshop.settings, MIC_QUEUE=postgresql_url):
        assert over(jobs, jobs.ask("update", {}, "admin")).state == "done"
