"""The terms on which a server may be asked: its quiet hours, its requests a day, how much later than needed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from config.hours import DAY, Hours
from config.settings import Settings
from config.site import SiteProfile
from crawler.fetch import FetcherError
from crawler.pace import Pace

_NONE = Hours()


Why = Literal["pace", "failures", "budget", "quiet hours"]
"""Why a server is left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """No request before `until`."""

    until: datetime
    why: Why = "pace"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Of one server family. Hours and days are those of `zone`, in which its people live."""

    zone: ZoneInfo
    quiet: Hours = _NONE
    budget: int | None = None
    """Requests a day; None for any number."""
    jitter: float = 0.0
    """Share of the delay by which a request may come later, at random."""

    def rest(self, pace: Pace, now: datetime) -> Rest:
        """How long a server is to be left alone; looked at before each request: what is under way goes on."""
        until: datetime = max(pace.next_at, now)
        why: Why = "failures" if pace.failures else "pace"
        if self.budget is not None and pace.requests_on(self.day(until)) >= self.budget:
            until = self._begin_of(self.day(until) + timedelta(days=1))
            why = "budget"
        opens = self.opens(until)
        return Rest(until=opens, why="quiet hours" if opens > until else why)

    def opens(self, moment: datetime) -> datetime:
        """The first moment from this one on that is outside all quiet hours."""
        if not self.quiet:
            return moment
        for _ in range(2 * len(self.quiet.spans) + 1):
            local = moment.astimezone(self.zone)
            span = self.quiet.holding(local.time())
            if span is None:
                break
            moment = self._next(local, span[1])
        return moment

    def day(self, moment: datetime) -> date:
        """The day a request counts for."""
        return moment.astimezone(self.zone).date()

    def seconds_for(self, requests: int, delay: float) -> float:
        """How long so many requests take, nights and used up budgets included; coarse beyond a day's worth."""
        if not self.quiet and self.budget is None:
            return requests * delay
        open_seconds = 60.0 * (DAY - self.quiet.minutes)
        a_day = min(self.budget or requests, open_seconds / delay if delay else requests)
        whole = int(requests // a_day) if a_day else 0
        return whole * 86_400 + (requests - whole * a_day) * delay

    def told(self, rest: Rest, pace: Pace) -> str:
        """Until when and why, as people there read it."""
        until = f"{rest.until.astimezone(self.zone):%Y-%m-%d %H:%M:%S} ({self.zone.key})"
        match rest.why:
            case "pace":
                return f"left alone until {until}"
            case "failures":
                return f"left alone until {until}, after {pace.failures} failures in a row"
            case "budget":
                return f"left alone until {until}, its {self.budget} requests of the day are used up"
            case "quiet hours":
                return f"left alone until {until}, quiet hours"

    def _next(self, local: datetime, minute: int) -> datetime:
        """The next time the clock there shows a minute of the day; where it skips that, the moment it does."""
        on = local.date() + timedelta(days=minute <= local.hour * 60 + local.minute)
        at = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=self.zone)
        return max(at.astimezone(UTC), local.astimezone(UTC) + timedelta(seconds=1))

    def _begin_of(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)


def terms_of(settings: Settings, profile: SiteProfile) -> dict[str, Terms]:
    """The terms of each server family: the profile's, and what settings add; they can only be stricter.

    Raises FetcherError where no hour of the day is left.
    """
    found = {}
    for family in profile.families:
        quiet = family.quiet_hours.with_those_of([settings.quiet_hours])
        if quiet.minutes == DAY:
            raise FetcherError(f"MIC_QUIET_HOURS: with {family.name}'s own ({quiet}) no hour is left")
        budgets = [budget for budget in (family.daily_requests, settings.daily_requests) if budget is not None]
        found[family.name] = Terms(
            zone=ZoneInfo(profile.time_zone),
            quiet=quiet,
            budget=min(budgets, default=None),
            jitter=family.jitter,
        )
    return found
