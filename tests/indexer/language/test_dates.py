"""Dates: every form pages, feeds and texts use, and what is no date."""

import time as clock
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.dates import Moment, feed_date, stated_date, text_date

LATE = date(2025, 8, 1)


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("12/07/2012 08:54 SA", date(2012, 7, 12), time(8, 54)),
        ("12/07/2012 02:05 CH", date(2012, 7, 12), time(14, 5)),
        ("12/07/2012 12:30 SA", date(2012, 7, 12), time(0, 30)),
        ("12/07/2012 12:30 CH", date(2012, 7, 12), time(12, 30)),
        ("Thứ năm, 08/08/2019 09:05", date(2019, 8, 8), time(9, 5)),
        ("09:05 | 08/08/2019", date(2019, 8, 8), time(9, 5)),
        ("08-08-2019 9h05", date(2019, 8, 8), time(9, 5)),
        ("June 27, 2018 | 11:26 am GMT+7", date(2018, 6, 27), time(11, 26)),
        ("27 June 2018", date(2018, 6, 27), None),
        ("Ngày 23 tháng 01 năm 2003", date(2003, 1, 23), None),
        ("2019-08-08T09:05:00+07:00", date(2019, 8, 8), time(9, 5)),
        ("2019-08-07T18:05:00Z", date(2019, 8, 8), time(1, 5)),
        ("2019-08-07 18:05:00.123 +0000", date(2019, 8, 8), time(1, 5)),
        ("30/02/2019, đăng 01/03/2019", date(2019, 3, 1), None),
        ("12/07/2012 25:99", date(2012, 7, 12), None),
        ("31/12/2019 - 00:00", date(2019, 12, 31), time(0, 0)),
    ],
)
def test_the_forms_of_a_stated_date(text, day, hour):
    assert stated_date(text) == Moment(day, hour)


def test_the_month_comes_first_only_where_it_is_said_to():
    assert stated_date("5/6/2011 2:29:21 PM", month_first=True) == Moment(date(2011, 5, 6), time(14, 29, 21))
    assert stated_date("5/6/2011 2:29:21 PM") == Moment(date(2011, 6, 5), time(14, 29, 21))
    assert stated_date("13/6/2011", month_first=True) is None


@pytest.mark.parametrize(
    "text",
    ["", "Lượt truy cập: 2170", "1/2", "13/13/2013", "024.39435602", "1.2.3.4/2015", "2019-13-07T18:05:00Z"],
)
def test_what_is_no_date(text):
    assert stated_date(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 08 Aug 2019 09:05:00 +0700", Moment(date(2019, 8, 8), time(9, 5))),
        ("Wed, 07 Aug 2019 18:05:00 GMT", Moment(date(2019, 8, 8), time(1, 5))),
        ("2019-08-08T09:05:00", Moment(date(2019, 8, 8), time(9, 5))),
        ("08/08/2019 09:05", Moment(date(2019, 8, 8), time(9, 5))),
        ("2019-08-08", Moment(date(2019, 8, 8))),
        ("yesterday", None),
    ],
)
def test_a_feeds_dates_are_led_to_vietnams_time(text, moment):
    assert feed_date(text) == moment


@pytest.mark.parametrize(
    ("title", "opening", "day"),
    [
        ("Hội nghị năm 2009", "Sáng ngày 15/01/2009, Sở Thông tin và Truyền thông họp", date(2009, 1, 15)),
        ("Hội nghị", "Ngày 23 tháng 01 năm 2003, tại trụ sở Sở", date(2003, 1, 23)),
        ("Hội nghị", "(Mic.gov.vn) - Chiều 5/6/2011, Bộ trưởng tiếp", date(2011, 6, 5)),
        ("Conference", "In the afternoon of January 21, 2010 in Hanoi", date(2010, 1, 21)),
        ("Hội nghị", "Ngày 15 và 16/1/2009, tại Hà Nội", date(2009, 1, 15)),
        ("Hội nghị", "Trong hai ngày 15 và 16/01/2009, Sở họp", date(2009, 1, 15)),
        ("Hội nghị", "Trong 2 ngày 15-16/1/2009, tại Huế", date(2009, 1, 15)),
        ("Hội nghị", "Trong các ngày 15, 16 và 17 tháng 1 năm 2009, Sở họp", date(2009, 1, 15)),
        ("Hội nghị", "Từ ngày 15 đến 17/1/2009, Sở họp", date(2009, 1, 15)),
        ("Hội nghị", "Từ ngày 15 đến hết ngày 17/1/2009, Sở họp", date(2009, 1, 15)),
        ("Hội nghị", "(Mic.gov.vn) – Từ 15 tháng 1 đến 17 tháng 2 năm 2009, Sở họp", date(2009, 1, 15)),
        ("Hội nghị", "Từ ngày 28/12 đến 03/01/2009, Sở họp", date(2008, 12, 28)),
        ("Hội nghị", "Từ ngày 28/12/2008 đến 03/01/2009, Sở họp", date(2008, 12, 28)),
        ("Conference", "From January 15 to 17, 2009 in Hanoi", date(2009, 1, 15)),
        ("Conference", "On 15-17 January 2009, in Hanoi", date(2009, 1, 15)),
        ("Hội nghị", "Theo các Quyết định số 15 và 16/1/2009", None),
        ("Dự kiến", "Từ ngày 31/7 đến 02/8/2026, Sở sẽ họp", None),
        ("Hội nghị tổng kết năm 2008", "Ngày 15/01/2009, Sở họp", date(2009, 1, 15)),
        ("Hội nghị năm 2020", "Ngày 15/01/2009, Sở họp", None),
        ("Kỷ niệm", "Ngày 2/9/1945, Chủ tịch Hồ Chí Minh đọc", None),
        ("Dự kiến", "Ngày 15/01/2026, Sở sẽ họp", None),
        ("Hội nghị", "Sáng ngày 15/01, Sở họp", None),
        ("Quyết định", "Quyết định số 749/QĐ-TTg 03/6/2020", None),
        ("Hội nghị", "x" * 200 + " ngày 15/01/2009", None),
    ],
)
def test_a_date_out_of_the_text_is_checked(title, opening, day):
    assert text_date(title, [opening], not_after=LATE) == day


@given(st.text(), st.booleans())
def test_no_text_raises(text, month_first):
    stated_date(text, month_first=month_first)
    feed_date(text)
    text_date(text, [text], not_after=LATE)


@given(st.text(st.sampled_from("0123456789/-: .hSACHtháng năm ngày,June")))
def test_no_row_of_pieces_of_dates_raises(text):
    stated_date(text)
    feed_date(text)


@pytest.mark.parametrize(
    "hostile", ["1/" * 100_000, "1 tháng " * 40_000, "June " * 60_000, "9" * 200_000, "1 và " * 50_000]
)
def test_hostile_repeats_take_linear_time(hostile):
    began = clock.perf_counter()
    stated_date(hostile)
    feed_date(hostile)
    text_date(hostile, [f"{hostile} 2009"], not_after=LATE)
    assert clock.perf_counter() - began < 2
