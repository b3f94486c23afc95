"""When an address is fetched again: by its kind, by what came of it, never sooner than is polite."""

from datetime import datetime, timedelta

from config.site import Kind
from crawler.frontier.task import ASSET, Outcome

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

EVERY: dict[Kind, timedelta | None] = {
    "list": 6 * HOUR,
    "feed": HOUR,
    "sitemap": DAY,
    "article": 7 * DAY,
    "document": 7 * DAY,
    "page": 7 * DAY,
    "print": None,
    "attachment": 60 * DAY,
    "asset": None,
}
"""How long an answer stands; None: it is not asked for again by itself. Every crawl asks for all lists anyway."""

CONFIRMATIONS = 5
"""Answers in a row that refuse an address before it is asked for only once a week."""
RARELY = 30 * DAY
"""How often what has long been gone is asked for: it may come back."""
MAX_ATTEMPTS = 12
"""Failures in a row before an address is tried only once a week."""
MAX_HOPS = 5
"""Redirects in a row between forms of one address before that is called a loop."""


def next_due(outcome: Outcome) -> datetime | None:
    """The moment an address is due again."""
    attempts = outcome.task.attempts
    match outcome.verdict:
        case "fetched" | "unchanged":
            every = EVERY[outcome.task.kind] if outcome.task.priority != ASSET else None
            return outcome.at + every if every else None
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
