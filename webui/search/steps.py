"""From one search to the next: what a click on a filter, a bar or a page number asks for (pure)."""

from dataclasses import replace

from indexer.query.request import FACETS, Facet, SearchRequest, Sort


def toggled(request: SearchRequest, facet: Facet, value: str) -> SearchRequest:
    """With the value chosen, or taken off if it was."""
    chosen = request.values(facet)
    values = tuple(other for other in chosen if other != value) if value in chosen else (*chosen, value)
    return with_values(request, facet, values)


def with_values(request: SearchRequest, facet: Facet, values: tuple[str, ...]) -> SearchRequest:
    """With exactly these values of a facet, on the first page."""
    chosen = dict(request.filters) | {facet: values}
    if facet == "year" and values:
        chosen["month"] = tuple(month for month in chosen.get("month", ()) if month[:4] in values)
    filters = tuple((name, chosen[name]) for name in FACETS if chosen.get(name))
    return replace(request, filters=filters, page=1, after="")


def year_toggled(request: SearchRequest, year: int) -> SearchRequest:
    """A click on a bar of the chart: that year, without the days that may exclude it."""
    return toggled(without_days(request), "year", str(year))


def without_days(request: SearchRequest) -> SearchRequest:
    """Without first and last day."""
    return replace(request, since=None, until=None, page=1, after="")


def without_filters(request: SearchRequest) -> SearchRequest:
    """The query alone."""
    return SearchRequest(query=request.query, sort=request.sort, size=request.size, reprints=request.reprints)


def with_query(request: SearchRequest, query: str) -> SearchRequest:
    """Another query, same filters."""
    return replace(request, query=query, page=1, after="")


def on_page(request: SearchRequest, page: int) -> SearchRequest:
    """Another page of the same result."""
    return replace(request, page=page, after="")


def sorted_by(request: SearchRequest, sort: Sort) -> SearchRequest:
    """The same result in another order."""
    return replace(request, sort=sort, page=1, after="")


def sized(request: SearchRequest, size: int) -> SearchRequest:
    """The same result with more or fewer on a page."""
    return replace(request, size=size, page=1, after="")


def with_reprints(request: SearchRequest, *, reprints: bool) -> SearchRequest:
    """With near-identical reprints listed, or without them."""
    return replace(request, reprints=reprints, page=1, after="")
