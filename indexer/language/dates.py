"""Dates as Vietnamese pages, feeds and texts write them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

VIETNAM = timezone(timedelta(hours=7))
FIRST_YEAR = 1997
"""Of the web in Vietnam: nothing was published on it before."""

AHEAD = 5
"""Years a title may look ahead of the day it is told on."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = re.compile(r"\d{4}")
_FIGURES = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})\s?[/.-]\s?(?P<second>\d{1,2})\s?[/.-]\s?(?P<year>\d{4})(?!\d)"
)
_ISO_MOMENT = re.compile(
    r"(?<!\d)\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?\s?(?:Z|[+-]\d{2}:?\d{2})(?!\d)"
)
"""With a zone: the day may be another in Vietnam."""
_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_WORDS = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:\s+|\s*,\s*|\s*/\s*)(?:năm\s+)?(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_TO = r"(?:\s?(?:-|–|to|till|until|and|&)\s?\d{1,2}(?:st|nd|rd|th)?)?"
_ENGLISH = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_TO},?\s+(?P<year>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?{_TO}\s+(?P<month2>{_MONTH})\.?,?\s+(?P<year2>\d{{4}}))\b",
    re.IGNORECASE,
)
_AND_DAY = r"\s?(?:-|–|,|&|và|đến|tới)\s?(?:hết\s)?(?:ngày\s)?"
_SPAN = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})(?:(?:\s?[/.]\s?|\stháng\s)(?P<month>\d{1,2}))?(?P<more>"
    rf"(?:{_AND_DAY}\d{{1,2}}(?!\d)){{1,4}})(?:\s?[/.-]\s?|\stháng\s)(?P<last_month>\d{{1,2}})"
    r"(?:\s?[/.-]\s?|,?\snăm\s)(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
"""Several days of which the last alone tells the year: "15 và 16/1/2009", "28/12 đến 03/01/2009"."""
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})(?::|h|g)(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?\s*"
    r"(?P<half>SA|CH|AM|PM)?(?!\w)",
    re.IGNORECASE,
)
_AFTERNOON = frozenset(("ch", "pm"))
_MORNING = frozenset(("sa", "am"))
_NOON = 12
_AROUND = 40
"""Characters before and after a day in which its time stands."""

_OPENING = re.compile(
    r"(?:^|[^\w ] ?)(?:(?:in|on|the|from|trong|vào|từ|lúc|đúng|buổi|tham dự) ){0,2}"
    r"(?:(?:hôm nay|sáng|chiều|tối|trưa|morning|afternoon|evening|cả)(?: nay)?[ ,(]*(?:of |on )?)?"
    r"(?:(?:(?:các|những|hai|ba|bốn|năm|\d) )?ngày |on )?$",
    re.IGNORECASE,
)
OPENING = 160
"""Characters of a text in which it says when what it tells of happened."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and, where stated, the time on it; Vietnam's."""

    day: date
    hour: time | None = None


def stated_date(text: str, *, month_first: bool = False) -> Moment | None:
    """The first day a short text such as a page's date line names; None where it names none that exists."""
    zoned = _ISO_MOMENT.search(text)
    if zoned and (moment := _local(zoned[0].replace(" ", "T", 1).replace(" ", ""))):
        return moment
    found = next(_days(text, month_first=month_first), None)
    if found is None:
        return None
    day, start, end = found
    return Moment(day, _hour(text[end : end + _AROUND]) or _hour(text[max(0, start - _AROUND) : start]))


def feed_date(text: str) -> Moment | None:
    """The moment of a feed's entry (RFC 822 or ISO 8601), in Vietnam's time; None where it makes no sense."""
    if ":" not in text:  # a day alone
        return stated_date(text)
    return _local(text.strip(), parsedate_to_datetime) or _local(text.strip()) or stated_date(text)


def _local(text: str, read: Callable[[str], datetime] = datetime.fromisoformat) -> Moment | None:
    """The moment a program wrote, in Vietnam's time, which is meant where no zone is named."""
    try:
        moment = read(text)
        local = moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)
    except (ValueError, TypeError, OverflowError):
        return None
    return Moment(local.date(), local.time().replace(microsecond=0))


def text_date(title: str, openings: Sequence[str], *, not_after: date) -> date | None:
    """The day an article's first sentences say that it happened on ("Sáng ngày 15/01/2009, …").

    Of several days it is the first ("từ ngày 15 đến 17/1/2009"): the one on which there was something to tell.
    It must lie between the web's beginning and the capture. A year in the title may be that of the year before or
    lie some years ahead (a plan's), not more: else the text tells history.
    """
    years = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", title)]
    for text in openings:
        opening = text[: OPENING + _AROUND]
        for day, start in _told(opening):
            if start > OPENING or not _OPENING.search(opening[max(0, start - 20) : start]):
                continue
            agrees = not years or any(-1 <= year - day.year <= AHEAD for year in years)
            if agrees and day.year >= FIRST_YEAR and day <= not_after:
                return day
    return None


def _told(text: str) -> list[tuple[date, int]]:
    """Days a sentence names and where, the first of several that belong together."""
    found = [(day, start) for day, start, _ in _days(text, month_first=False)]
    spans = _SPAN.finditer(text) if _YEAR.search(text) else ()
    found += [(day, match.start()) for match in spans if (day := _first_of(match))]
    return sorted(found, key=lambda pair: pair[1])


def _first_of(match: re.Match[str]) -> date | None:
    last_month, year = int(match["last_month"]), int(match["year"])
    month = int(match["month"] or last_month)
    return _date(year - (month > last_month), month, int(match["day"]))


def _days(text: str, *, month_first: bool) -> Iterator[tuple[date, int, int]]:
    """Days in the order they stand in a text, with their places."""
    if not _YEAR.search(text):  # nearly all lines that are asked
        return
    found = [
        *((match, _figures(match, month_first=month_first)) for match in _FIGURES.finditer(text)),
        *((match, _named(match)) for match in _ISO.finditer(text)),
        *((match, _named(match)) for match in _WORDS.finditer(text)),
        *((match, _english(match)) for match in _ENGLISH.finditer(text)),
    ]
    for match, day in sorted(found, key=lambda pair: pair[0].start()):
        if day is not None:
            yield day, match.start(), match.end()


def _figures(match: re.Match[str], *, month_first: bool) -> date | None:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    return _date(year, first, second) if month_first else _date(year, second, first)


def _named(match: re.Match[str]) -> date | None:
    return _date(int(match["year"]), int(match["month"]), int(match["day"]))


def _english(match: re.Match[str]) -> date | None:
    month = _MONTHS[(match["month"] or match["month2"]).lower()]
    return _date(int(match["year"] or match["year2"]), month, int(match["day"] or match["day2"]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _hour(text: str) -> time | None:
    """The first time of day in a text, with SA and CH, AM and PM."""
    match = _TIME.search(text)
    if match is None:
        return None
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half in _AFTERNOON and hour < _NOON:
        hour += _NOON
    if half in _MORNING and hour == _NOON:
        hour = 0
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
