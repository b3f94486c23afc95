"""What the search page shows of a result: every word in place, every number an address (no engine is asked)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from indexer.query.request import MAX_DEPTH, SORTS, Facet, SearchRequest
from indexer.query.results import FacetValue, SearchResults
from webui import faceting, pages, wording
from webui.language import gettext
from webui.search import chart, steps, tiles
from webui.search.chart import Chart
from webui.search.tiles import Places, Tile


class Link(Protocol):
    """Writes the address of another search, looked at in the same way but for what is named."""

    def __call__(self, asked: SearchRequest, /, **view: str) -> str: ...


SIZES = (20, 50, 100)
OPEN: Mapping[Facet, int] = {"then": 10, "today": 10, "year": 5, "month": 12, "agency": 5, "type": 6}
"""Values of a facet shown at once, where not 8; the others open on request."""
MOST: Mapping[Facet, int] = {"month": 1_000, "agency": 40}
"""Values of a facet that are listed, where not 80: of hundreds of offices, most of one article each, nobody reads
more, and each is a link to write.
"""
_FACETS: tuple[Facet, ...] = (
    "category", "year", "month", "type", "agency", "file", "status", "language", "dated", "how",
)  # fmt: skip
"""In their order, below the provinces."""
VIETNAMESE: Mapping[Facet, str] = dict.fromkeys(
    ("then", "today", "region", "region_today", "category", "type", "agency"), "vi"
)
"""Facets whose values are names, the same in every language of the interface."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """A filter that is on, and the search without it."""

    name: str
    value: str
    url: str
    lang: str = ""
    """Of the value, where it is not that of the page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One value to choose or to take off."""

    label: str
    url: str
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetBox:
    """One facet: values shown at once, and those that open on request."""

    facet: Facet
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()
    rarer: int = 0
    """Values that are not listed."""
    switches: tuple[Choice, ...] = ()
    """Other ways to see the same thing: provinces then or today."""
    tiles: tuple[Tile, ...] = ()
    """The same values as a map."""
    regions: tuple[Choice, ...] = ()
    """What the provinces belong to."""
    region: Facet = "region"


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """Everything around the hits."""

    results: SearchResults
    places: Places
    chips: tuple[Chip, ...]
    facets: tuple[FacetBox, ...]
    chart: Chart
    sorts: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    views: tuple[Choice, ...]
    """As a list, or compact: a line for each article."""
    compact: bool
    pages: tuple[Choice | None, ...]
    """Page numbers; None where some are left out."""
    reprints: str
    """The same result with reprints; '' where they are listed."""
    previous: str
    next: str

    @property
    def request(self) -> SearchRequest:
        """What was asked."""
        return self.results.request

    @property
    def first(self) -> int:
        """Number of the first hit shown."""
        return (self.request.page - 1) * self.request.size + 1

    @property
    def last(self) -> int:
        """Number of the last hit shown."""
        return self.first + len(self.results.hits) - 1


def build(results: SearchResults, places: Places, link: Link, *, compact: bool = False) -> SearchPage:
    """The page of a result; `link` writes the addresses of other searches."""
    request = results.request
    last = last_page(results)
    return SearchPage(
        results=results,
        places=places,
        chips=chips(request, link),
        facets=_facets(results, places, link),
        chart=chart.draw(results, link),
        sorts=_sorts(request, link),
        sizes=tuple(
            Choice(label=str(size), url=link(steps.sized(request, size)), chosen=size == request.size)
            for size in SIZES
        ),
        views=(
            Choice(label=gettext("List"), url=link(request, view=""), chosen=not compact),
            Choice(label=gettext("Compact"), url=link(request, view="compact"), chosen=compact),
        ),
        compact=compact,
        pages=_pager(request, last, link),
        reprints="" if request.reprints else link(steps.with_reprints(request, reprints=True)),
        previous=link(steps.on_page(request, request.page - 1)) if request.page > 1 else "",
        next=link(steps.on_page(request, request.page + 1)) if request.page < last else "",
    )


def _sorts(request: SearchRequest, link: Link) -> tuple[Choice, ...]:
    """Where nothing is looked for, nothing matches best: the newest come first."""
    possible = SORTS if request.query else tuple(sort for sort in SORTS if sort != "relevance")
    present = request.sort if request.sort in possible else "newest"
    return tuple(
        Choice(label=wording.sort(sort), url=link(steps.sorted_by(request, sort)), chosen=sort == present)
        for sort in possible
    )


def last_page(results: SearchResults) -> int:
    """Number of the last page that can be reached; 1 for an empty result."""
    size = results.request.size
    return max(1, min(-(-results.total // size), MAX_DEPTH // size))


def chips(request: SearchRequest, link: Link) -> tuple[Chip, ...]:
    """Every filter that is on."""
    found = [
        Chip(
            name=faceting.facet_title(facet),
            value=faceting.facet_value(facet, value),
            url=link(steps.toggled(request, facet, value)),
            lang=VIETNAMESE.get(facet, ""),
        )
        for facet, values in request.filters
        for value in values
    ]
    if request.since or request.until:
        value = wording.days(request.since, request.until)
        found.append(Chip(name=gettext("Published"), value=value, url=link(steps.without_days(request))))
    if request.reprints:
        shown = link(steps.with_reprints(request, reprints=False))
        found.append(Chip(name=gettext("Listed too"), value=gettext("reprints"), url=shown))
    return tuple(found)


def _facets(results: SearchResults, places: Places, link: Link) -> tuple[FacetBox, ...]:
    switches = tuple(
        Choice(label=label, url=link(results.request, places=name), chosen=name == places)
        for name, label in (("then", gettext("when published")), ("today", gettext("today")))
    )
    region: Facet = "region" if places == "then" else "region_today"
    provinces = replace(
        _box(results, places, link, switches=switches),
        tiles=tiles.draw(results, places, link),
        regions=_box(results, region, link).choices,
        region=region,
    )
    request = results.request
    by_month = bool(request.values("year") or request.values("month"))
    boxes = [_box(results, facet, link) for facet in _FACETS if facet != "month" or by_month]
    return (provinces, *(box for box in boxes if _narrows(box, results.total)))


def _narrows(box: FacetBox, total: int) -> bool:
    """Whether there is anything to choose: a single value that every article has is none."""
    return len(box.choices) > 1 or any(choice.chosen or choice.count != total for choice in box.choices)


def _box(results: SearchResults, facet: Facet, link: Link, switches: tuple[Choice, ...] = ()) -> FacetBox:
    values = results.facet(facet).values
    if facet in ("year", "month"):
        values = tuple(sorted(values, key=lambda value: value.value, reverse=facet == "year"))
    ordered = [*(v for v in values if v.chosen), *(v for v in values if not v.chosen)]
    listed = ordered[: MOST.get(facet, 80)]
    choices = tuple(_choice(results.request, facet, value, link) for value in listed)
    shown = max(OPEN.get(facet, 8), sum(choice.chosen for choice in choices))
    if len(choices) <= shown + 2:  # opening a list for two lines more is not worth a click
        shown = len(choices)
    title = gettext("Province") if switches else faceting.facet_title(facet)
    return FacetBox(
        facet=facet,
        title=title,
        choices=choices[:shown],
        more=choices[shown:],
        rarer=len(ordered) - len(listed),
        switches=switches,
    )


def _choice(request: SearchRequest, facet: Facet, value: FacetValue, link: Link) -> Choice:
    return Choice(
        label=faceting.facet_value(facet, value.value),
        url=link(steps.toggled(request, facet, value.value)),
        count=value.count,
        chosen=value.chosen,
    )


def _pager(request: SearchRequest, last: int, link: Link) -> tuple[Choice | None, ...]:
    if last == 1:
        return ()
    return tuple(
        None
        if page is None
        else Choice(label=str(page), url=link(steps.on_page(request, page)), chosen=page == request.page)
        for page in pages.numbers(request.page, last)
    )
