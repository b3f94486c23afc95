"""When an address is fetched again: by its kind, by what came of it, never sooner than is polite."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.frontier.revisiting import FURTHER_PAGES, HABITS, Habit, History, interval
from crawler.frontier.task import ASSET, URGENT, Outcome, Task

DAY = timedelta(days=1)

CREDIT = timedelta(days=365)
"""What is believed of the time a page says it was as it is before it was first seen: many servers give the day of
a template."""

CONFIRMATIONS = 5
"""Answers in a row that refuse an address before it is asked for only once a week."""
RARELY = 30 * DAY
"""How often what has long been gone is asked for: it may come back."""
MAX_ATTEMPTS = 12
"""Failures in a row before an address is tried only once a week."""
MAX_HOPS = 5
"""Redirects in a row between forms of one address before that is called a loop."""


def next_due(outcome: Outcome, *, changed: bool = False) -> datetime | None:
    """The moment an address is due again; `changed` tells whether it was found to say something else."""
    attempts = outcome.task.attempts
    match outcome.verdict:
        case "fetched" | "unchanged":
            habit = habit_of(outcome.task)
            return outcome.at + _stands(outcome, habit, changed=changed) if habit else None
        case "moved" if outcome.moved_to:
            return outcome.at
        case "moved":
            return outcome.at + 7 * DAY
        case "gone":
            return outcome.at + looking_again(outcome.repeats)
        case "forbidden":
            return outcome.at + (DAY if attempts + 1 < CONFIRMATIONS else 7 * DAY)
        case "failed":
            return outcome.at + backing_off(attempts, outcome.retry_base)


def looking_again(times: int) -> timedelta:
    """How long to wait until a page that was found gone, so many times before this one, is looked for again.

    After 1, 2, 4, 8 … days: on the days it takes to be sure that it was taken down (`docs/record.md`), and
    on a few later ones, should some of them not count; then rarely, for ever.
    """
    return min(DAY * (1 << min(times, 10)), RARELY)


def backing_off(attempts: int, base: float) -> timedelta:
    """How long to wait after one more failure: three times longer each time, at most a day, then a week."""
    if attempts >= MAX_ATTEMPTS:
        return 7 * DAY
    return min(timedelta(seconds=base * 3.0**attempts), DAY)


def habit_of(task: Task) -> Habit | None:
    """What is known of pages like this one; None for what is not asked for again by itself."""
    if task.priority == ASSET:
        return None
    return FURTHER_PAGES if task.kind == "list" and (task.page or 1) > 1 else HABITS.get(task.kind)


def history(task: Task, at: datetime) -> History:
    """What was seen of an address up to a moment."""
    first = task.first_at or at
    if not task.changes and task.last_modified:
        first = max(min(first, _moment(task.last_modified) or first), first - CREDIT)
    return History(
        checks=task.checks, changes=task.changes, watched=at - first, quiet=at - (task.changed_at or first)
    )


def _stands(outcome: Outcome, habit: Habit, *, changed: bool) -> timedelta:
    task = outcome.task
    is_news = task.capture is None and task.priority == URGENT
    if is_news:  # what is new is put right soon, if at all
        return habit.shortest
    seen = replace(
        task,
        checks=task.checks + (task.capture is not None),
        changes=task.changes + changed,
        changed_at=outcome.at if changed else task.changed_at,
        last_modified=outcome.last_modified or task.last_modified,
    )
    return interval(history(seen, outcome.at), habit)


def _moment(header: str) -> datetime | None:
    """The moment of a Last-Modified header; None where it is none."""
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
