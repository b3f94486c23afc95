"""Which of several sources is believed where they disagree, field by field (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from indexer.article import HowDated, Published
from indexer.record.saying import ListSaid, PageSaid

_DATE_RANK: dict[HowDated, int] = {how: rank for rank, how in enumerate(get_args(HowDated))}

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

    It is sure only where no source of the same or a better kind names another day.
    """
    if not found:
        return None
    best = min(_DATE_RANK[said.date.how] for said in found)
    candidates = [said.date for said in found if _DATE_RANK[said.date.how] == best]
    days = Counter(date.day for date in candidates)
    day = min(days, key=lambda day: (-days[day], day))
    of_day = [date for date in candidates if date.day == day]
    chosen = max(of_day, key=_exactness)
    return replace(chosen, sure=chosen.sure and len(days) == 1)


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
