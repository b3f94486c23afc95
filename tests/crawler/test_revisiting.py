"""When pages are asked for again: the estimate, its bounds, and that changes are found sooner by it."""

import heapq
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.address import Key
from crawler.frontier import URGENT, Task
from crawler.frontier.revisiting import DAY, FURTHER_PAGES, HABITS, Habit, History, interval, rate
from crawler.frontier.schedule import CREDIT

ARTICLE = HABITS["article"]
habits = st.sampled_from([*HABITS.values(), FURTHER_PAGES])
spans = st.timedeltas(timedelta(), 3_000 * DAY)


@st.composite
def histories(draw: st.DrawFn) -> History:
    checks = draw(st.integers(0, 5_000))
    watched = draw(spans)
    changes = draw(st.integers(0, checks))
    return History(checks=checks, changes=changes, watched=watched, quiet=watched * draw(st.floats(0, 1)))


# ---- bounds and order ----------------------------------------------------------------------------------------


@given(histories(), habits)
def test_no_interval_leaves_its_bounds(history, habit):
    assert habit.shortest <= interval(history, habit) <= habit.longest
    assert rate(history, habit) > 0


@given(histories(), habits, st.integers(1, 50))
def test_more_changes_never_make_it_rarer(history, habit, more):
    assume(history.changes + more <= history.checks)
    busier = History(
        checks=history.checks, changes=history.changes + more, watched=history.watched, quiet=history.quiet
    )
    assert interval(busier, habit) <= interval(history, habit)


@given(histories(), habits, spans)
def test_more_quiet_time_never_makes_it_more_frequent(history, habit, longer):
    quieter = History(
        checks=history.checks + 1,
        changes=history.changes,
        watched=history.watched + longer,
        quiet=history.quiet + longer,
    )
    assert interval(quieter, habit) >= interval(history, habit) - timedelta(milliseconds=1)


@pytest.mark.parametrize("habit", HABITS.values())
def test_a_page_one_knows_nothing_of_has_its_kinds_usual_interval(habit):
    assert interval(History(), habit) == habit.usual


def test_old_articles_are_asked_for_rarely_restless_ones_often():
    def after(days: float, checks: int, changes: int, quiet: float) -> float:
        seen = History(checks=checks, changes=changes, watched=days * DAY, quiet=quiet * DAY)
        return interval(seen, ARTICLE) / DAY

    assert after(30, 4, 0, 30) > 10
    assert after(730, 15, 0, 730) > 45
    assert after(60, 20, 20, 2) < 3
    assert after(740, 40, 5, 725) > after(740, 40, 5, 20) * 1.5, "corrected in its first days, quiet since"


# ---- the estimate --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_check", [0.1, 0.5, 1.0, 2.0])
def test_the_rate_of_a_page_is_found_from_its_checks(per_check):
    """Cho and Garcia-Molina's point: the plain share of changed checks misses a third at one change a check."""
    dice, checks, flat = (
        random.Random(7),
        50,
        Habit(usual=DAY, shortest=DAY, longest=DAY, changes_every=DAY / per_check),
    )
    estimates, shares = [], []
    for _ in range(400):
        changes = sum(dice.random() < 1 - math.exp(-per_check) for _ in range(checks))
        estimates.append(rate(History(checks=checks, changes=changes, watched=checks * DAY), flat))
        shares.append(changes / checks)
    found, plain = sum(estimates) / len(estimates), sum(shares) / len(shares)
    assert found == pytest.approx(per_check, rel=0.06)
    assert abs(found - per_check) < abs(plain - per_check) or per_check == 0.1


# ---- against a fixed interval, in a simulated year --------------------------------------------------------------

YEAR = 365.0
Policy = Callable[[History], float]
"""Days until the next visit, by what was seen."""


@dataclass(frozen=True)
class Page:
    """A page that is there from a day on, and the days on which it changes."""

    born: float
    changes: tuple[float, ...]


def population(dice: random.Random, pages: int = 400) -> list[Page]:
    """Most never change, some are corrected when new, a few go on changing; half of them are old."""
    made = []
    for _ in range(pages):
        make, born = dice.random(), max(0.0, dice.uniform(-YEAR, YEAR))
        every = 5.0 if make < 0.92 else dice.choice([2, 5, 15, 40])
        number = 0 if make < 0.80 else dice.randint(1, 3) if make < 0.92 else int(3 * YEAR / every)
        days = accumulate((dice.expovariate(1 / every) for _ in range(number)), initial=born)
        made.append(Page(born, tuple(day for day in days if born < day < YEAR)))
    return made


def simulate(pages: Sequence[Page], policy: Policy) -> tuple[int, dict[str, float]]:
    """Visits in a year, and how many days changes waited to be seen: all, and those of pages that came to rest."""
    visits = 0
    waits: dict[str, list[float]] = {"all": [], "corrections": []}
    due = [(page.born, number) for number, page in enumerate(pages)]
    heapq.heapify(due)
    histories = [History() for _ in pages]
    seen_at = [page.born for page in pages]
    while due[0][0] < YEAR:
        now, number = heapq.heappop(due)
        page, before = pages[number], histories[number]
        fresh = [day for day in page.changes if seen_at[number] < day <= now]
        found = [now - day for day in fresh]
        waits["all"] += found
        waits["corrections"] += found if len(page.changes) <= 4 else []
        visits += 1
        histories[number] = History(
            checks=before.checks + (now > page.born),
            changes=before.changes + bool(fresh),
            watched=(now - page.born) * DAY,
            quiet=timedelta() if fresh else before.quiet + (now - seen_at[number]) * DAY,
        )
        seen_at[number] = now
        heapq.heappush(due, (now + policy(histories[number]), number))
    return visits, {name: sum(days) / len(days) for name, days in waits.items()}


def test_changes_are_found_sooner_than_by_a_fixed_interval_with_as_many_requests():
    for seed in range(3):
        pages = population(random.Random(seed))
        visits, adapted = simulate(pages, lambda history: interval(history, ARTICLE) / DAY)
        every = sum(YEAR - page.born for page in pages) / visits
        as_many, fixed = simulate(pages, partial(_always, every))
        print(f"{visits} visits wait {adapted}; {as_many} visits every {every:.1f} days {fixed}")
        assert as_many >= visits
        assert adapted["all"] < 0.4 * fixed["all"]
        assert adapted["corrections"] < fixed["corrections"]


def _always(days: float, _: History) -> float:
    return days


# ---- in the frontier -----------------------------------------------------------------------------------------

URL = "https://mic.gov.vn/Pages/TinTuc/144805/x.html"
KEY = Key(family="mic", id="144805")


@pytest.fixture
def database(sqlite_database):
    """SQLite only: nothing here differs between databases."""
    return sqlite_database


@pytest.fixture
def wait(take, clock):
    """Lets time pass until an address is due, and returns it with the days that took."""

    def waiting() -> tuple[Task, float]:
        began = clock.now()
        while not take():
            clock.time += DAY / 4
        return take()[0], (clock.now() - began) / DAY

    return waiting


def test_an_article_that_stays_as_it_is_is_asked_for_ever_more_rarely(add, record, wait):
    add(URL)
    waits = []
    for number in range(12):
        task, days = wait()
        waits.append(days)
        record(task, "unchanged" if number else "fetched", status=304 if number else 200)
    assert waits[1] == 7
    assert waits[1:] == sorted(waits[1:])
    assert waits[-1] > 14


def test_an_article_whose_change_the_pipeline_tells_is_asked_for_sooner(add, record, wait, frontier):
    add(URL)
    for number in range(6):
        task, quiet = wait()
        record(task, "unchanged" if number else "fetched", status=304 if number else 200)
    record(wait()[0])
    frontier.learn({KEY: True})
    task, days = wait()
    assert days < quiet
    assert (task.checks, task.changes) == (6, 1)
    record(task)
    frontier.learn({KEY: False})
    assert wait()[1] >= days


def test_what_is_new_is_looked_at_again_the_next_day(add, record, wait):
    add(URL, priority=URGENT)
    record(wait()[0])
    assert wait()[1] == 1


@pytest.mark.parametrize(
    ("header", "days"),
    [
        ("Thu, 01 Jan 2004 08:00:00 GMT", (30, 40)),
        ("Fri, 01 Mar 2024 11:00:00 GMT", (7, 7.5)),
        ("Fri, 01 Mar 2030 11:00:00 GMT", (7, 7.5)),
        ("yesterday", (7, 7.5)),
    ],
)
def test_an_article_that_says_it_has_long_been_so_is_asked_for_rarely_from_the_start(
    add, record, wait, header, days
):
    add(URL)
    record(wait()[0], last_modified=header)
    assert days[0] <= wait()[1] <= days[1]
    assert CREDIT == 365 * DAY


@pytest.mark.parametrize(("page", "days"), [(1, (0, 0.25)), (2, (1, 7))])
def test_a_list_that_changes_is_asked_for_often_its_further_pages_rarely(add, record, wait, page, days):
    add(f"https://mic.gov.vn/mic_2020/Pages/ChuyenMuc/PhanTrang/1748/{page}/x.html")
    for number in range(9):
        record(wait()[0], meaning=str(number))
    assert days[0] <= wait()[1] <= days[1]


def test_a_file_that_is_replaced_counts_as_changed(add, record, wait):
    add("https://mic.gov.vn/Upload/a.PDF")
    record(wait()[0])
    record(wait()[0])
    task, _ = wait()
    assert (task.checks, task.changes) == (1, 1)
