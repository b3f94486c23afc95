"""What is in the archive, and where it has gaps (pure)."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from indexer.query.request import Facet, SearchRequest
from indexer.query.results import SearchResults
from webui import faceting

SPARSE = 0.1
"""A year with fewer articles than this share of the usual year's is told as a gap."""
MOST = 40
"""Values of one facet that are listed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One value: how many articles, what share of all, and the search for them."""

    label: str
    count: int
    share: float
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Years next to each other of which little or nothing is there."""

    first: int
    last: int
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Everything the page shows."""

    total: int
    undated: int
    withdrawn: int
    years: tuple[Line, ...]
    categories: tuple[Line, ...]
    kinds: tuple[Line, ...]
    dated: tuple[Line, ...]
    gaps: tuple[Gap, ...]


def coverage(everything: SearchResults, link: Callable[[SearchRequest], str]) -> Coverage:
    """Tell what a search for everything counts; `link` writes the address of a search."""
    counts = {value.value: value.count for value in everything.facet("status").values}

    def lines(facet: Facet) -> tuple[Line, ...]:
        return tuple(
            Line(
                label=faceting.facet_value(facet, value.value),
                count=value.count,
                share=value.count / everything.total,
                url=link(SearchRequest(filters=((facet, (value.value,)),), sort="newest")),
            )
            for value in everything.facet(facet).values[:MOST]
            if value.count
        )

    years = tuple(sorted(lines("year"), key=lambda line: line.label))
    return Coverage(
        total=everything.total,
        undated=everything.undated,
        withdrawn=counts.get("withdrawn", 0),
        years=years,
        categories=lines("category"),
        kinds=lines("file"),
        dated=lines("how"),
        gaps=gaps({int(line.label): line.count for line in years}),
    )


def gaps(counts: dict[int, int]) -> tuple[Gap, ...]:
    """Runs of years between the first and the last with hardly anything."""
    if not counts:
        return ()
    usual = median(counts.values())
    found: list[Gap] = []
    for year in range(min(counts), max(counts) + 1):
        count = counts.get(year, 0)
        if count >= usual * SPARSE and count:
            continue
        if found and found[-1].last == year - 1:
            found[-1] = Gap(first=found[-1].first, last=year, count=found[-1].count + count)
        else:
            found.append(Gap(first=year, last=year, count=count))
    return tuple(found)
