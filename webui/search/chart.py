"""The years of a result as bars: each a link to its year (geometry only; the template draws)."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults
from webui.search import steps

STEP = 20
"""Width of a year in the drawing's units."""
HEIGHT = 100
_THIN = 3
"""Least height of a bar that stands for something."""
_SHOWN_STEP = 36
_FEW, _MANY = 6, 40
"""As many years have room for a number each, and for every fifth."""
_APART = 3
"""Years between a number and those at the ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One year. Coordinates from the top left."""

    year: int
    count: int
    url: str
    chosen: bool
    x: int
    y: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """All years from the first to the last, those without articles too."""

    bars: tuple[Bar, ...] = ()
    most: int = 0

    @property
    def width(self) -> int:
        """Of the drawing."""
        return len(self.bars) * STEP

    @property
    def shown_width(self) -> int:
        """In pixels where the screen has so many: few years make no fat bars."""
        return len(self.bars) * _SHOWN_STEP

    @property
    def highest(self) -> Bar:
        """The first of the longest."""
        return max(self.bars, key=lambda bar: bar.count)

    @property
    def ticks(self) -> tuple[str, ...]:
        """What stands under each bar: its year under some, nothing under the others."""
        years = [bar.year for bar in self.bars]
        ends = (years[0], years[-1])
        every = 1 if len(years) <= _FEW else 5 if len(years) <= _MANY else 10
        apart = min(every, _APART)
        inside = {year for year in years if year % every == 0 and all(abs(year - end) >= apart for end in ends)}
        return tuple(str(year) if year in inside or year in ends else "" for year in years)

    @property
    def first(self) -> int:
        """The earliest year."""
        return self.bars[0].year

    @property
    def last(self) -> int:
        """The latest year."""
        return self.bars[-1].year


def draw(results: SearchResults, link: Callable[[SearchRequest], str]) -> Chart:
    """The chart of a result; empty where it has fewer than two years to tell apart."""
    counts = {year.year: year.count for year in results.years}
    request = results.request
    counts |= {int(year): counts.get(int(year), 0) for year in request.values("year")}
    if len(counts) < 2:  # noqa: PLR2004 - one bar compares nothing
        return Chart()
    most = max(counts.values())
    years = range(min(counts), max(counts) + 1)
    bars = []
    for place, year in enumerate(years):
        count = counts.get(year, 0)
        height = max(_THIN, round(count / most * HEIGHT)) if count else 0
        bars.append(
            Bar(
                year=year,
                count=count,
                url=link(steps.year_toggled(request, year)),
                chosen=_chosen(request, year),
                x=place * STEP,
                y=HEIGHT - height,
                height=height,
            ),
        )
    return Chart(bars=tuple(bars), most=most)


def _chosen(request: SearchRequest, year: int) -> bool:
    if str(year) in request.values("year"):
        return True
    if request.since is None and request.until is None:
        return False
    after = request.since is None or request.since.year <= year
    return after and (request.until is None or year <= request.until.year)
