"""When a server may be asked: quiet hours, a budget of requests a day, a little chance."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hours import DAY, Hours
from config.settings import Settings
from config.site import load_profile
from crawler.fetch import FetcherError
from crawler.pace import Pace
from crawler.terms import Terms, terms_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)  # 19:00 in Hanoi
READY = Pace(server="mic", next_at=NOON)


def at(clock: str, day: int = 1) -> datetime:
    """A moment of March 2024 in Hanoi."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2024, 3, day, hour, minute, tzinfo=HANOI).astimezone(UTC)


def test_without_terms_only_the_pace_counts():
    terms = Terms(zone=HANOI)
    assert (terms.rest(READY, NOON).until, terms.rest(READY, NOON).why) == (NOON, "pace")
    later = replace(READY, next_at=NOON + timedelta(seconds=5))
    assert terms.rest(later, NOON).until == later.next_at


def test_quiet_hours_are_waited_for():
    terms = Terms(zone=HANOI, quiet=Hours.parse("08:00-11:30, 11:00-12:00, 22:00-06:00"))
    found = {clock: terms.rest(READY, at(clock, 2)) for clock in ("07:59", "08:00", "11:59", "12:00", "23:10")}
    assert found["07:59"].until == at("07:59", 2)
    assert found["08:00"].until == found["11:59"].until == at("12:00", 2)
    assert found["23:10"].until == at("06:00", 3)
    assert [found[clock].why for clock in found] == [
        *("pace", "quiet hours", "quiet hours", "pace", "quiet hours"),
    ]


def test_a_pace_that_ends_in_quiet_hours_is_waited_for_to_their_end():
    terms = Terms(zone=HANOI, quiet=Hours.parse("20:00-21:00"))
    slow = replace(READY, next_at=at("20:30"))
    assert terms.rest(slow, at("19:00")).until == at("21:00")


def test_a_used_up_budget_is_waited_for_until_the_day_ends_there():
    terms = Terms(zone=HANOI, budget=3)
    known = READY
    for _ in range(3):
        assert terms.rest(known, NOON).why == "pace"
        known = known.asked(terms.day(NOON))
    rest = terms.rest(known, NOON)
    assert (rest.until, rest.why) == (at("00:00", 2), "budget")
    assert terms.rest(known, at("00:00", 2)).until == at("00:00", 2)
    assert known.asked(date(2024, 3, 2)).requests == 1


def test_a_new_day_in_quiet_hours_begins_after_them():
    terms = Terms(zone=HANOI, budget=1, quiet=Hours.parse("22:00-06:00"))
    assert terms.rest(READY.asked(terms.day(NOON)), NOON).until == at("06:00", 2)


@pytest.mark.parametrize(
    ("more", "failures", "told"),
    [
        ({}, 0, "left alone until 2024-03-01 19:00:00 (Asia/Ho_Chi_Minh)"),
        ({}, 3, "left alone until 2024-03-01 19:00:00 (Asia/Ho_Chi_Minh), after 3 failures in a row"),
        (
            {"budget": 0},
            3,
            "left alone until 2024-03-02 00:00:00 (Asia/Ho_Chi_Minh), its 0 requests of the day are used up",
        ),
        (
            {"quiet": Hours.parse("18:00-20:00")},
            0,
            "left alone until 2024-03-01 20:00:00 (Asia/Ho_Chi_Minh), quiet hours",
        ),
    ],
)
def test_people_are_told_until_when_and_why_in_their_time(more, failures, told):
    terms, known = Terms(zone=HANOI, **more), replace(READY, failures=failures)
    assert terms.told(terms.rest(known, NOON), known) == told


@pytest.mark.parametrize(
    ("more", "requests", "delay", "seconds"),
    [
        ({}, 100_000, 1.0, 100_000),
        ({"budget": 1_000}, 500, 1.0, 500),
        ({"budget": 1_000}, 2_500, 1.0, 2 * 86_400 + 500),
        ({"quiet": Hours.parse("12:00-24:00")}, 43_200 + 10, 1.0, 86_400 + 10),
        ({"quiet": Hours.parse("12:00-24:00"), "budget": 50_000}, 43_200, 1.0, 86_400),
        ({"budget": 10}, 0, 1.0, 0),
        ({"budget": 10}, 25, 0.0, 2 * 86_400),
    ],
)
def test_an_estimate_counts_nights_and_budgets(more, requests, delay, seconds):
    assert Terms(zone=HANOI, **more).seconds_for(requests, delay) == seconds


# ---- profile and settings ------------------------------------------------------------------------------------

PROFILE = load_profile("mic")


def terms(**settings: Any) -> Terms:
    """Those of a family with a budget of 1,000 and quiet hours from 8 to 9, under some settings."""
    own = {"daily_requests": 1_000, "quiet_hours": Hours.parse("08:00-09:00")}
    families = tuple(family.model_copy(update=own) for family in PROFILE.families)
    profile = PROFILE.model_copy(update={"families": families})
    return terms_of(Settings(**settings), profile)["mic"]


@pytest.mark.parametrize(("setting", "budget"), [(None, 1_000), (10, 10), (5_000, 1_000)])
def test_a_setting_can_only_lower_the_budget(setting, budget):
    assert terms(daily_requests=setting).budget == budget


def test_a_setting_can_only_add_quiet_hours():
    assert str(terms(quiet_hours="20:00-21:00").quiet) == "08:00-09:00, 20:00-21:00"
    assert str(terms(quiet_hours="").quiet) == "08:00-09:00"


def test_hours_that_leave_none_are_named():
    with pytest.raises(FetcherError, match="MIC_QUIET_HOURS"):
        terms(quiet_hours="09:00-08:00")


# ---- whatever the hours --------------------------------------------------------------------------------------

zones = st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
minutes = st.integers(0, DAY - 1)
spans = st.lists(st.tuples(minutes, minutes).filter(lambda span: span[0] != span[1]), max_size=3)
moments = st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(zones, spans.map(lambda found: Hours(tuple(found))).filter(lambda hours: hours.minutes < DAY), moments)
def test_the_next_open_moment_is_open_and_none_before_it_is(zone, quiet, moment):
    terms = Terms(zone=ZoneInfo(zone), quiet=quiet)
    opens = terms.opens(moment)
    assert opens >= moment
    assert terms.quiet.holding(opens.astimezone(terms.zone).time()) is None
    assert opens - moment <= timedelta(hours=26)
    for share in (0.0, 0.3, 0.999):
        before = moment + (opens - moment) * share
        assert before == opens or quiet.holding(before.astimezone(terms.zone).time())
