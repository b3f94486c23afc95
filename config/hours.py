"""Hours of the day as settings and profiles write them: `08:00-11:30`, or `22:00-06:00` past midnight."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

DAY = 24 * 60
"""Minutes of a day."""
_WRITTEN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of each day, in minutes after midnight: from the first of a pair until before the second."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read spans separated by commas. Raises ValueError with the part that is wrong."""
        return cls(tuple(_span(part.strip()) for part in text.split(",") if part.strip()))

    def holding(self, moment: time) -> tuple[int, int] | None:
        """The span a time of day falls into, None if none."""
        minute = moment.hour * 60 + moment.minute
        return next((span for span in self.spans if _holds(span, minute)), None)

    @property
    def minutes(self) -> int:
        """How many minutes of a day they hold."""
        return sum(any(_holds(span, minute) for span in self.spans) for minute in range(DAY))

    def with_those_of(self, others: Iterable["Hours"]) -> "Hours":
        """These and all others."""
        return Hours(tuple(dict.fromkeys(span for hours in (self, *others) for span in hours.spans)))

    def __str__(self) -> str:
        return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(str(value)),
        )


def _span(part: str) -> tuple[int, int]:
    match = _WRITTEN.fullmatch(part)
    hour, minute, last_hour, last_minute = map(int, match.groups()) if match else (99, 99, 99, 99)
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if start >= DAY or end > DAY or max(minute, last_minute) >= 60:  # noqa: PLR2004 - minutes
        raise ValueError(f"{part!r} is not of the form 08:00-17:30")
    if start == end % DAY:
        raise ValueError(f"{part!r} leaves no hour of the day")
    return start, end % DAY


def _holds(span: tuple[int, int], minute: int) -> bool:
    start, end = span
    return start <= minute < end if start < end else minute >= start or minute < end


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
