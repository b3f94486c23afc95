"""Working time: when the n-th of so many articles was published, and which article belongs to a moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

OPENS = time(7, 30)
DAY_LENGTH = timedelta(hours=10) // timedelta(milliseconds=1)
"""Milliseconds of an office day: the ministry publishes on weekdays from half past seven."""


@dataclass(frozen=True)
class Span:
    """The office hours between two days, both included."""

    first: date
    last: date

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The working days."""
        count = (self.last - self.first).days + 1
        everyday = (self.first + timedelta(days=number) for number in range(count))
        return tuple(day for day in everyday if day.weekday() < 5)

    @property
    def length(self) -> int:
        """Milliseconds of working time."""
        return len(self.days) * DAY_LENGTH

    def moment(self, elapsed: int) -> datetime:
        """The moment (Vietnam's time, naive) after so many milliseconds of working time."""
        day, within = divmod(elapsed, DAY_LENGTH)
        return datetime.combine(self.days[day], OPENS) + timedelta(milliseconds=within)

    def elapsed(self, moment: datetime) -> int | None:
        """Milliseconds of working time until the moment; None outside the office hours of this span."""
        within = (moment - datetime.combine(moment.date(), OPENS)) // timedelta(milliseconds=1)
        if not (self.first <= moment.date() <= self.last and 0 <= within < DAY_LENGTH) or moment.weekday() > 4:
            return None
        weeks, rest = divmod((moment.date() - self.first).days, 7)
        extra = sum((self.first.weekday() + step) % 7 < 5 for step in range(rest))
        return (weeks * 5 + extra) * DAY_LENGTH + within


@dataclass(frozen=True)
class Timetable:
    """`count` articles spread over a span in order, each at a moment that does not depend on the others."""

    span: Span
    count: int
    jitter: Callable[[int], int]
    """Of the n-th article: a number below 2**32 that says where in its stretch of time it falls."""

    def moment(self, number: int) -> datetime:
        """When the n-th article was published."""
        start, end = self._cell(number)
        return self.span.moment(start + (self.jitter(number) * (end - start) >> 32))

    def find(self, moment: datetime) -> int | None:
        """Which article was published at this very millisecond, if one was."""
        elapsed = self.span.elapsed(moment)
        if elapsed is None or not self.count:
            return None
        guess = elapsed * self.count // self.span.length
        near = (number for number in (guess, guess - 1, guess + 1) if 0 <= number < self.count)
        return next((number for number in near if self.moment(number) == moment), None)

    def _cell(self, number: int) -> tuple[int, int]:
        return (number * self.span.length // self.count, (number + 1) * self.span.length // self.count)
