"""Hours of the day as profiles and settings write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hours import DAY, Hours


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("08:00-11:30", ["08:00", "11:29"], ["07:59", "11:30", "23:00"]),
        ("22:00-06:00", ["22:00", "00:00", "05:59"], ["06:00", "21:59"]),
        ("18:00-24:00", ["18:00", "23:59"], ["00:00", "17:59"]),
        ("08:00-11:30, 13:30-17:00,", ["09:00", "14:00"], ["12:00"]),
        ("", [], ["00:00", "12:00"]),
    ],
)
def test_hours_hold_from_their_start_until_before_their_end(written, inside, outside):
    hours = Hours.parse(written)
    assert all(hours.holding(time.fromisoformat(moment)) for moment in inside)
    assert not any(hours.holding(time.fromisoformat(moment)) for moment in outside)
    assert bool(hours) == bool(written)


@pytest.mark.parametrize(
    "written",
    ["8-17", "08:00", "08:00-08:00", "00:00-24:00", "25:00-26:00", "08:60-09:00", "08:00-09:99", "٠٨:00-09:00"],
)
def test_what_is_no_span_of_hours_is_refused_by_name(written):
    with pytest.raises(ValueError, match=written.split(",")[0]):
        Hours.parse(written)


minutes = st.integers(0, DAY - 1)
spans = st.tuples(minutes, minutes).filter(lambda span: span[0] != span[1])


@given(st.lists(spans, max_size=4), minutes)
def test_written_hours_are_read_as_they_were(some, minute):
    hours = Hours(tuple(some))
    again = Hours.parse(str(hours))
    moment = time(minute // 60, minute % 60)
    assert bool(again.holding(moment)) == bool(hours.holding(moment))
    assert again.minutes == hours.minutes
    assert Hours().with_those_of([hours]).minutes == hours.minutes
