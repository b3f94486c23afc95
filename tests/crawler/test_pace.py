"""The pace of a server in trouble, and the ledger."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.database import Database
from crawler import ledger, pace
from crawler.ledger import ELSEWHERE, REASONS, Ledger
from crawler.pace import Pace, patience, retry_after
from crawler.page import FetchedPage
from tests.crawler.answers import AT, URL, html_page

READY = Pace(server="mic", next_at=AT)
SOON = AT + timedelta(seconds=0.3)


def after(statuses: list[int], delay: float = 1.0) -> list[float]:
    """Seconds from the start of each request to the next, for answers that take 0.3 s."""
    known, waits = READY, []
    for status in statuses:
        page = FetchedPage(url=URL, captured_at=AT, status=status)
        known = known.after(page, SOON, delay)
        waits.append((known.next_at - AT).total_seconds())
    return waits


def test_the_delay_counts_from_start_to_start_one_request_at_a_time():
    assert after([200], delay=1.0) == [1.0]
    assert after([200], delay=0.1) == [0.3]
    slow = READY.after(FetchedPage(url=URL, captured_at=AT, status=200), SOON, 1.0, late=0.2)
    assert slow.next_at == AT + timedelta(seconds=1.2), "the server saw the request when it was connected"


def test_single_failures_say_nothing_of_the_server_more_of_them_do():
    assert after([500, 500, 500, 500, 200, 500]) == [1.0, 1.0, 20.3, 40.3, 1.0, 1.0]
    assert after([404, 410, 301, 304]) == [1.0] * 4


@pytest.mark.parametrize("status", [429, 503])
def test_an_overloaded_server_is_left_alone_at_once(status):
    assert after([status, status]) == [20.3, 40.3]


def test_no_server_is_left_alone_for_longer_than_an_hour_by_our_own_choice():
    assert after([0] * 40)[-1] == pytest.approx(3600.3)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Fri, 01 Mar 2024 08:31:00 GMT", 59.876544),
        ("Fri, 01 Mar 2024 08:00:00 GMT", 0),
        ("-5", 0),
        ("", 0),
        ("soon", 0),
        ("9" * 400, 0),
        ("99999999", 86_400),
        ("²", 0),
    ],
)
def test_a_server_may_say_how_long_it_wants_to_be_left_alone(value, seconds):
    page = html_page("", ("Retry-After", value), status=503)
    assert retry_after(page).total_seconds() == seconds
    wait = (READY.after(page, AT, 0.001).next_at - AT).total_seconds()
    assert wait == max(seconds, 2.0)


def test_patience_grows_with_the_delay_within_bounds():
    assert [patience(delay).total_seconds() for delay in (0, 0.5, 1, 60)] == [1, 5, 10, 30]


def test_paces_are_kept_for_the_next_process(database: Database):
    assert pace.load(database, ["mic"], AT) == {"mic": READY}
    later = replace(READY, next_at=SOON, failures=3)
    for known in (READY, later):
        with database.writing() as connection:
            pace.save(connection, [known])
    assert pace.load(database, ["mic", "mst"], AT) == {"mic": later, "mst": Pace(server="mst", next_at=AT)}


def test_decisions_are_added_up_by_day_host_and_reason(database, clock):
    counted = Ledger(clock)
    for _ in range(2):
        for host in ("mic.gov.vn", "mic.gov.vn", ""):
            counted.count(host, "refused", "robots.txt")
        with database.writing() as connection:
            counted.write(connection)
            counted.write(connection)
    clock.time += timedelta(days=1)
    counted.count("mic.gov.vn", "fetched", "200")
    with database.writing() as connection:
        counted.write(connection)
    lines = [
        (line.day.day, line.host, line.decision, line.count) for line in ledger.read(database, date(2024, 1, 1))
    ]
    assert lines == [
        (2, "mic.gov.vn", "fetched", 1),
        (1, ELSEWHERE, "refused", 2),
        (1, "mic.gov.vn", "refused", 4),
    ]
    assert len(ledger.read(database, date(2024, 3, 2))) == 1


@pytest.mark.parametrize("processes", [1, 2])
def test_no_reason_a_server_makes_up_lets_the_ledger_grow(database, clock, processes):
    """A header of a hostile server ends up in reasons; each day keeps so many, however many processes count."""
    for day in range(2):
        for process in range(processes):
            counted = Ledger(clock)
            for number in range(3 * REASONS):
                counted.count("mic.gov.vn", "failed", f"TLS: made up {process} {number}")
                counted.count("mic.gov.vn", "fetched", "200")
                if number % 50 == 0:
                    with database.writing() as connection:
                        counted.write(connection)
            with database.writing() as connection:
                counted.write(connection)
        lines = [line for line in ledger.read(database, clock.now().date()) if line.decision == "failed"]
        assert len(lines) == REASONS + 1, day
        assert sum(line.count for line in lines) == 3 * REASONS * processes
        clock.time += timedelta(days=1)
    good = [line.count for line in ledger.read(database, date(2024, 1, 1)) if line.decision == "fetched"]
    assert good == [3 * REASONS * processes] * 2


def test_old_counts_are_forgotten(database, clock):
    counted = Ledger(clock)
    counted.count("mic.gov.vn", "fetched", "200")
    with database.writing() as connection:
        counted.write(connection)
    ledger.forget(database, clock.now().date() + timedelta(days=400))
    assert len(ledger.read(database, date(2024, 1, 1))) == 1
    ledger.forget(database, clock.now().date() + timedelta(days=401))
    assert ledger.read(database, date(2024, 1, 1)) == []
