"""Crawls that begin by themselves: when, once, and as administrators wish."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config.database import open_database
from crawler.lease import this_process
from indexer.jobs.schedule import ASKED_BY, DEFAULTS, LONGEST, Schedule, ScheduleError
from indexer.jobs.store import Jobs
from indexer.jobs.tables import jobs as rows
from tests.crawler.still_clock import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def jobs(database, clock) -> Jobs:
    return Jobs(database, clock, lambda _: None)


@pytest.fixture
def schedule(database, clock, jobs) -> Schedule:
    found = Schedule(database, clock, jobs)
    found.entries()
    return found


def begun(schedule: Schedule) -> list[str]:
    return [job.kind for job in schedule.begin_due()]


def end(jobs: Jobs) -> None:
    """Whatever waits is done."""
    for job in jobs.waiting():
        jobs.claim(job.id, this_process())
        jobs.end(job.id, "done")


def test_each_crawl_begins_once_its_time_has_passed_and_then_in_its_rhythm(schedule, jobs, clock):
    assert begun(schedule) == []
    clock.time += DEFAULTS["fresh"]
    assert begun(schedule) == ["fresh"]
    assert begun(schedule) == []
    (job,) = jobs.waiting()
    assert (job.asked_by, job.arguments) == ("schedule", {})
    end(jobs)
    clock.time += DEFAULTS["revisit"] - DEFAULTS["fresh"]
    assert begun(schedule) == ["fresh", "revisit", "walk"]
    last = {entry.name: entry.last for entry in schedule.entries()}
    assert {job.id for job in jobs.waiting()} == {found.id for found in last.values()}


def test_what_was_missed_is_made_up_for_once(schedule, jobs, clock):
    clock.time += timedelta(days=30)
    assert begun(schedule) == ["fresh", "revisit", "walk"]
    end(jobs)
    assert begun(schedule) == []
    assert {entry.next_at - clock.now() for entry in schedule.entries()} == set(DEFAULTS.values())


def test_a_turn_waits_for_the_end_of_the_last(schedule, jobs, clock):
    clock.time += timedelta(hours=1)
    begun(schedule)
    clock.time += timedelta(hours=5)
    assert begun(schedule) == []
    end(jobs)
    assert begun(schedule) == ["fresh", "revisit", "walk"]


def test_a_crawl_is_switched_off_and_on_and_given_another_rhythm(schedule, clock):
    hour = timedelta(hours=1)
    schedule.change("walk", enabled=False, every=hour)
    schedule.change("fresh", enabled=True, every=10 * hour)
    clock.time += 3 * hour
    assert begun(schedule) == ["revisit"]
    schedule.change("walk", enabled=True, every=2 * hour)
    clock.time += 2 * hour
    assert begun(schedule) == ["walk"]
    assert [(entry.name, entry.enabled, entry.every) for entry in schedule.entries()] == [
        ("fresh", True, 10 * hour),
        ("revisit", True, hour),
        ("walk", True, 2 * hour),
    ]


@pytest.mark.parametrize(
    ("name", "every"), [("paint", timedelta(hours=1)), ("fresh", timedelta(seconds=5)), ("fresh", 2 * LONGEST)]
)
def test_what_makes_no_sense_is_refused(schedule, name, every):
    before = schedule.entries()
    with pytest.raises(ScheduleError):
        schedule.change(name, enabled=True, every=every)
    assert schedule.entries() == before


def test_a_job_that_is_forgotten_leaves_the_schedule_going(schedule, database, clock):
    clock.time += timedelta(hours=1)
    begun(schedule)
    with database.writing() as connection:
        connection.execute(sa.delete(rows))
    assert all(entry.last is None for entry in schedule.entries())
    clock.time += timedelta(hours=1)
    assert len(begun(schedule)) == 3


def test_its_jobs_are_forgotten_in_time_and_do_not_hide_those_of_people(schedule, jobs, clock):
    asked = jobs.ask("update", {}, "lan")
    jobs.claim(asked.id, this_process())
    jobs.end(asked.id, "done")
    for _ in range(40):
        clock.time += timedelta(days=1)
        begun(schedule)
        end(jobs)
    kept = {job.asked_by: job.id for job in jobs.recent(1_000)}
    assert kept["lan"] == asked.id
    assert len(jobs.recent(1_000)) <= 3 * 31 + 1
    assert [job.id for job in jobs.recent(besides=ASKED_BY)] == [asked.id]
    clock.time += timedelta(days=1)
    begun(schedule)
    assert len(jobs.recent(besides=ASKED_BY)) == 4, "what is not done is seen"


def test_of_many_workers_one_begins_each_turn(database_url, clock):
    """Each with connections of its own, all at the same moment, many times."""
    databases = [open_database(database_url, migrate=False) for _ in range(4)]
    schedules = [Schedule(one, clock, Jobs(one, clock, lambda _: None)) for one in databases]
    schedules[0].entries()
    for _ in range(5):
        clock.time += timedelta(days=1)
        together = threading.Barrier(len(schedules))
        found: list[str] = []

        def begin(schedule: Schedule, together: threading.Barrier = together, found: list[str] = found) -> None:
            together.wait()
            found += begun(schedule)

        threads = [threading.Thread(target=begin, args=(schedule,)) for schedule in schedules]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == ["fresh", "revisit", "walk"]
        end(Jobs(databases[0], clock, lambda _: None))
    for database in databases:
        database.close()
