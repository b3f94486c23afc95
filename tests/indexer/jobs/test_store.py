"""Jobs are the truth about background work: claimed once, cancelled, tried again, taken over from the dead."""

import os

import pytest
import sqlalchemy as sa

from crawler.lease import Holder
from crawler.progress import Progress
from indexer.jobs.store import LOG_LINES, SILENT_SECONDS, JobError, Jobs
from indexer.jobs.tables import job_log
from tests.crawler.still_clock import StillClock

HERE = Holder("here", "here", os.getpid())
DEAD = 2**22 + 1  # above the kernel's largest process number


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def woken() -> list[int]:
    return []


@pytest.fixture
def jobs(database, clock, woken):
    return Jobs(database, clock, woken.append)


def test_a_job_wakes_a_worker_and_waits_in_order(jobs, woken):
    first, second = jobs.ask("update", {}, "admin"), jobs.ask("recrawl", {"category": "Viễn thông"}, "admin")
    assert woken == [first.id, second.id]
    assert [job.id for job in jobs.waiting()] == [first.id, second.id]
    assert [job.id for job in jobs.recent()] == [second.id, first.id]
    assert jobs.get(second.id) == second
    assert second.arguments == {"category": "Viễn thông"}


def test_a_job_is_claimed_once(jobs):
    job = jobs.ask("update", {}, "admin")
    claimed = jobs.claim(job.id, HERE)
    assert claimed is not None
    assert (claimed.state, claimed.attempt) == ("running", 1)
    assert jobs.claim(job.id, HERE) is None


def test_progress_is_kept_with_its_rate(jobs, clock):
    job = jobs.ask("update", {}, "admin")
    jobs.claim(job.id, HERE)
    clock.sleep(10)
    assert jobs.report(job.id, Progress(done=50, total=200, errors=1, message="đang đọc"))
    seen = jobs.get(job.id)
    assert seen.progress == Progress(done=50, total=200, errors=1, message="đang đọc")
    assert seen.rate(clock.now()) == pytest.approx(5.0)


def test_cancelling_ends_a_queued_job_and_tells_a_running_one(jobs):
    queued, running = jobs.ask("update", {}, "admin"), jobs.ask("update", {}, "admin")
    jobs.claim(running.id, HERE)
    assert jobs.cancel(queued.id).state == "cancelled"
    assert jobs.claim(queued.id, HERE) is None
    assert jobs.cancel(running.id).state == "running"
    assert not jobs.report(running.id, Progress(done=1))
    jobs.end(running.id, "cancelled")
    assert jobs.get(running.id).is_over
    with pytest.raises(JobError, match="over already"):
        jobs.cancel(running.id)


def test_only_what_failed_or_was_cancelled_is_tried_again(jobs, woken):
    job = jobs.ask("update", {}, "admin")
    with pytest.raises(JobError):
        jobs.retry(job.id)
    jobs.claim(job.id, HERE)
    jobs.end(job.id, "failed")
    assert jobs.retry(job.id).state == "queued"
    assert woken == [job.id, job.id]
    again = jobs.claim(job.id, HERE)
    assert again is not None
    assert (again.attempt, again.progress) == (2, Progress())


def test_jobs_of_a_dead_worker_are_queued_again_and_those_of_a_living_one_are_not(jobs):
    dead, living = jobs.ask("update", {}, "admin"), jobs.ask("update", {}, "admin")
    jobs.claim(dead.id, Holder("was here", HERE.machine, DEAD))
    jobs.claim(living.id, HERE)
    assert [job.id for job in jobs.recover(HERE)] == [dead.id]


def test_a_worker_elsewhere_that_says_nothing_is_given_up(jobs, clock):
    job = jobs.ask("update", {}, "admin")
    jobs.claim(job.id, Holder("there", "there", 1))
    assert jobs.recover(HERE) == []
    clock.sleep(SILENT_SECONDS + 1)
    assert [waiting.id for waiting in jobs.recover(HERE)] == [job.id]


def test_a_job_cancelled_under_a_dead_worker_stays_cancelled(jobs):
    job = jobs.ask("update", {}, "admin")
    jobs.claim(job.id, Holder("was here", HERE.machine, DEAD))
    jobs.cancel(job.id)
    assert jobs.recover(HERE) == []
    assert jobs.get(job.id).state == "cancelled"


def test_a_job_put_back_waits_for_another_worker(jobs):
    job = jobs.ask("update", {}, "admin")
    jobs.claim(job.id, HERE)
    jobs.put_back(job.id)
    assert [waiting.id for waiting in jobs.waiting()] == [job.id]


def test_a_log_grows_no_longer_than_its_limit(jobs, database, clock):
    job = jobs.ask("update", {}, "admin")
    said = {"job": job.id, "at": clock.now(), "level": "info", "text": "đã đọc"}
    with database.writing() as connection:
        connection.execute(sa.insert(job_log), [said] * (LOG_LINES - 1))
    for number in (1, 2):
        jobs.say(job.id, "warning", f"dòng {number}")
    lines = jobs.log(job.id)
    assert len(lines) == LOG_LINES
    assert (lines[-1].text, lines[-1].level) == ("dòng 1", "warning")
