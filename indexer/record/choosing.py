"""Which of several sources is believed where they disagree, field by field (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args

from indexer.article import HowDated, Published
from indexer.language.dates import VIETNAM
from indexer.record.saying import ListSaid, PageSaid

_DATE_RANK: dict[HowDated, int] = {how: rank for rank, how in enumerate(get_args(HowDated))}

_TELLING: frozenset[HowDated] = frozenset(("text",))
APART = timedelta(days=2)
"""Between two days that do not contradict each other: articles are written before they are listed."""

Source = PageSaid | ListSaid


@dataclass(frozen=True, kw_only=True, slots=True)
class DateSaid:
    """A date, and who says so."""

    date: Published
    source: Source


def dates(said: Iterable[PageSaid], listed: Iterable[ListSaid]) -> list[DateSaid]:
    """Every date that anything states of an article."""
    found = [
        DateSaid(date=page.article.published, source=page) for page in said if page.article.published is not None
    ]
    for entry in listed:
        if entry.listed.published is not None:
            how: HowDated = "feed" if entry.source == "feed" else "listed"
            found.append(DateSaid(date=replace(entry.listed.published, how=how), source=entry))
    return found


def best_date(found: Sequence[DateSaid]) -> Published | None:
    """The best known date: by how it is known, then what most sources say, then the earliest.

    It is sure only where no other source of its kind names another day, and none that states when it was published
    names one that is more than APART away. What a text tells is when something happened: it contradicts nothing.
    """
    if not found:
        return None
    best = min(_DATE_RANK[said.date.how] for said in found)
    candidates = [said.date for said in found if _DATE_RANK[said.date.how] == best]
    days = Counter(date.day for date in candidates)
    day = min(days, key=lambda day: (-days[day], day))
    of_day = [date for date in candidates if date.day == day]
    chosen = max(of_day, key=_exactness)
    near = all(abs(said.date.day - day) <= APART for said in found if said.date.how not in _TELLING)
    return replace(chosen, sure=chosen.sure and len(days) == 1 and near)


def told(found: Iterable[DateSaid]) -> tuple[Published, ...]:
    """Every day that is told in every way, each once, in the order in which they are believed."""
    days: dict[tuple[int, date], Published] = {}
    for said in found:
        known = days.setdefault((_DATE_RANK[said.date.how], said.date.day), said.date)
        if _exactness(said.date) > _exactness(known):
            days[_DATE_RANK[said.date.how], said.date.day] = said.date
    return tuple(days[place] for place in sorted(days))


def not_after(said: Iterable[PageSaid], listed: Iterable[ListSaid]) -> date:
    """The day, in Vietnam, of the first capture that shows or names an article: it was published by then."""
    moments = [page.captured_at for page in said]
    moments += [entry.captured_at for entry in listed if entry.captured_at is not None]
    return min(moments).astimezone(VIETNAM).date()


def _exactness(date: Published) -> tuple[bool, str]:
    """Of dates of one day the one with an hour, and of several hours always the same."""
    return date.sure, date.hour.isoformat() if date.hour else ""


def best_category(shown: str, listed: Iterable[ListSaid]) -> str:
    """What the page itself says, else what most lists say."""
    counted = Counter(entry.listed.category for entry in listed if entry.listed.category)
    return shown or min(counted, key=lambda value: (-counted[value], value), default="")


def last_said(shown: str, values: Iterable[str]) -> str:
    """What the page shown says, else what the last page said that said anything."""
    return shown or next((value for value in reversed(list(values)) if value), "")
