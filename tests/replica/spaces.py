"""Spaces without end (trap 4): a calendar, a search, a work schedule, questions that repeat themselves."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qs, quote, urlencode

from tests.replica.addresses import HOSTS, slug
from tests.replica.catalogue import Series, by_stream

_FLAGS = re.IGNORECASE | re.ASCII
_CALENDAR = re.compile(
    r"(?:/[^/]+)?/pages/chuyenmuc/xemtheongay/(\d+)/\d+/(\d\d)-(\d\d)-(\d{4})(?:/[^/]*)?", _FLAGS
)
_SEARCH = re.compile(r"(?:/[^/]+)?/pages/kết-quả-tìm-kiếm\.aspx", re.IGNORECASE)
_WEEKS = re.compile(r"(?:/[^/]+)?/pages/lichcongtac\.aspx", _FLAGS)
_QUESTIONS = re.compile(r"(?:/[^/]+)?/pages/hoidap\.aspx", _FLAGS)

QUESTIONS = 6
"""Pages of questions; past the last one it comes again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Space:
    """A page of one of the spaces: of a day, a search, a week, or so many questions."""

    kind: Literal["calendar", "search", "weeks", "questions"]
    series: Series | None = None
    day: date = date.min
    query: str = ""
    page: int = 1


def space(host: str, path: str, query: str) -> Space | None:
    """The space an address leads into."""
    if host != HOSTS["mic"]:
        return None
    values = {name.lower(): value[0] for name, value in parse_qs(query).items()}
    if match := _CALENDAR.fullmatch(path):
        series, day = by_stream().get(f"mic:{match[1]}"), _day(match[4], match[3], match[2])
        return Space(kind="calendar", series=series, day=day) if series and day else None
    if _SEARCH.fullmatch(path):
        return Space(kind="search", query=values.get("query", "")[:100], page=_number(values.get("page", "")))
    if _WEEKS.fullmatch(path):
        monday = _monday(_number(values.get("nam", "")), _number(values.get("tuan", "")))
        return Space(kind="weeks", day=monday) if monday else None
    if _QUESTIONS.fullmatch(path):
        return Space(kind="questions", page=_number(values.get("pageid", "")))
    return None


def day_address(series: Series, day: date) -> str:
    """Path of a day in the calendar of a list."""
    number = series.stream.partition(":")[2]
    return f"/Pages/ChuyenMuc/XemTheoNgay/{number}/1/{day:%d-%m-%Y}/{slug(series.title)}.html"


def search_address(query: str, page: int = 1) -> str:
    """Path and query of a page of results."""
    return f"/Pages/{quote('Kết-quả-tìm-kiếm.aspx')}?{urlencode({'page': page, 'query': query})}"


def week_address(day: date) -> str:
    """Path and query of a week's schedule."""
    year, week, _ = day.isocalendar()
    return f"/Pages/LichCongTac.aspx?tuan={week}&nam={year}"


def questions_address(page: int) -> str:
    """Path and query of a page of questions."""
    return f"/Pages/HoiDap.aspx?chudeid=98&pageid={page}"


def around(day: date, days: int) -> tuple[date, ...]:
    """The days so far before and after, those that there are."""
    found = []
    for step in (-days, days):
        try:
            found.append(day + timedelta(days=step))
        except OverflowError:
            continue
    return tuple(found)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _monday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _number(text: str) -> int:
    return max(1, int(text[:9])) if text.isascii() and text.isdigit() else 1
