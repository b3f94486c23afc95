"""How long a page may go unasked: from how often it was seen to change, an estimate of how often it does.

Estimate. Known are `checks` (answers after the first), how many of them found a change, and the time they span.
A check sees one change where there may have been several, so the plain share of changed checks is too low; Cho
and Garcia-Molina correct it (Estimating Frequency of Change, ACM Transactions on Internet Technology 3(3),
2003, 4.2): n checks of which x found a change stand for -n·log((n - x + 0.5) / (n + 0.5)) changes. A page of
which little is known is taken to change as its kind does: by PRIOR changes more, in the time the kind takes for
them (a gamma prior). And no page is taken to change so often that it would be quiet for as long as it is only
one time in seven: what was corrected in its first days does not count for years.

Interval. A change waits half an interval, on average, to be seen. With so many requests to spend, the sum of
all waits is least where each page's requests grow with the square root of its rate (minimise
sum(rate·interval/2) under sum(1/interval) = requests). So the interval is the kind's usual one times sqrt(the
kind's rate / the page's rate), within bounds: a page is neither asked for without end nor forgotten.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from config.site import Kind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

PRIOR = 0.5
"""How many changes' worth what is known of a kind counts."""
AT_REST = 2.0
"""Changes that a time without any might have had at most: exp(-2) is a chance of one in seven."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What was seen of one page."""

    checks: int = 0
    changes: int = 0
    watched: timedelta = timedelta()
    """From the first answer to the last."""
    quiet: timedelta = timedelta()
    """Of that, the time since it was last seen to have changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """How a kind of page behaves, and how often it is worth asking for."""

    usual: timedelta
    shortest: timedelta
    longest: timedelta
    changes_every: timedelta


HABITS: dict[Kind, Habit] = {
    "feed": Habit(usual=HOUR, shortest=HOUR / 4, longest=DAY, changes_every=DAY),
    "list": Habit(usual=6 * HOUR, shortest=HOUR / 2, longest=3 * DAY, changes_every=DAY),
    "sitemap": Habit(usual=DAY, shortest=6 * HOUR, longest=14 * DAY, changes_every=7 * DAY),
    "page": Habit(usual=7 * DAY, shortest=6 * HOUR, longest=60 * DAY, changes_every=30 * DAY),
    "article": Habit(usual=7 * DAY, shortest=DAY, longest=180 * DAY, changes_every=30 * DAY),
    "document": Habit(usual=7 * DAY, shortest=DAY, longest=180 * DAY, changes_every=90 * DAY),
    "attachment": Habit(usual=60 * DAY, shortest=14 * DAY, longest=365 * DAY, changes_every=365 * DAY),
}
"""Other kinds are not asked for again by themselves."""

FURTHER_PAGES = Habit(usual=7 * DAY, shortest=DAY, longest=90 * DAY, changes_every=7 * DAY)
"""Of a list from its second page on: what moves down there was seen on the first."""


def rate(history: History, habit: Habit) -> float:
    """Changes a day, as far as one can tell."""
    checks, changes = history.checks, min(history.changes, history.checks)
    seen = -checks * math.log((checks - changes + 0.5) / (checks + 0.5))
    found = (PRIOR + seen) / (PRIOR * _days(habit.changes_every) + _days(history.watched))
    quiet = _days(history.quiet)
    return min(found, AT_REST / quiet) if quiet else found


def interval(history: History, habit: Habit) -> timedelta:
    """How long an answer may stand."""
    usual_rate = 1 / _days(habit.changes_every)
    wanted = habit.usual * math.sqrt(usual_rate / rate(history, habit))
    return min(max(wanted, habit.shortest), habit.longest)


def _days(span: timedelta) -> float:
    return max(span, timedelta()) / DAY
