"""Dates as each make of page writes them."""

from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def sharepoint(moment: datetime) -> str:
    """`12/07/2012 08:54 SA`: day first, SA before noon and CH after."""
    return f"{moment:%d/%m/%Y} {moment:%I:%M} {_half(moment, 'SA', 'CH')}"


def printed(moment: datetime) -> str:
    """`5/6/2011 2:29:21 PM` for 6 May: month first."""
    hour = moment.hour % 12 or 12
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {_half(moment, 'AM', 'PM')}"


def modern(moment: datetime) -> str:
    """`Thứ năm, 08/08/2019 09:05`."""
    return f"{_WEEKDAYS[moment.weekday()]}, {moment:%d/%m/%Y %H:%M}"


def english(moment: datetime) -> str:
    """`June 27, 2018 | 11:26 am GMT+7`."""
    day = f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year}"
    return f"{day} | {moment.hour % 12 or 12}:{moment:%M} {_half(moment, 'am', 'pm')} GMT+7"


def visit(moment: datetime, language: str) -> str:
    """The page header's day: that of the visit."""
    if language == "en":
        return f"{moment:%A}, {_MONTHS[moment.month - 1]} {moment.day}, {moment.year}"
    return f"{_WEEKDAYS[moment.weekday()]}, ngày {moment:%d/%m/%Y}"


def feed(moment: datetime) -> str:
    """`Thu, 08 Aug 2019 09:05:00 +0700`."""
    return format_datetime(moment.replace(tzinfo=VIETNAM, microsecond=0))


def _half(moment: datetime, morning: str, afternoon: str) -> str:
    return morning if moment.hour < 12 else afternoon
