"""Query strings and searches lead to each other, and nothing a visitor can type is an error."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from indexer.query.cursor import Position
from indexer.query.language import QueryTooLong
from indexer.query.request import FACETS, MAX_DEPTH, MAX_QUERY, MAX_SIZE, SORTS, SearchRequest
from webui.api.models import SearchArguments
from webui.arguments import YEARS, Labels, clean, read, write

LABELS = Labels(
    then=("Hà Nội", "Long An", "Thừa Thiên Huế", "Đắk Lắk"),
    today=("Hà Nội", "Huế", "Tây Ninh", "Đắk Lắk"),
    regions=("Bắc Trung Bộ", "Tây Nguyên"),
    regions_today=("Bắc Trung Bộ", "Đông Nam Bộ"),
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(clean)
VALUES = {
    "then": st.sampled_from(LABELS.then),
    "today": st.sampled_from(LABELS.today),
    "category": TEXT.filter(bool),
    "region": st.sampled_from(LABELS.regions),
    "region_today": st.sampled_from(LABELS.regions_today),
    "type": TEXT.filter(bool),
    "agency": TEXT.filter(bool),
    "year": st.integers(YEARS[0], YEARS[-1]).map(str),
    "month": st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda day: day.isoformat()[:7]),
    "file": st.sampled_from(["pdf", "text", "none"]),
    "how": st.sampled_from(["stated", "listed"]),
    "status": st.sampled_from(["current", "changed", "withdrawn"]),
    "language": st.sampled_from(["vi", "en", "km"]),
    "dated": st.sampled_from(["yes", "no"]),
}
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))


@st.composite
def requests(draw) -> SearchRequest:
    """Searches as pages and API can ask them."""
    since, until = draw(DAYS), draw(DAYS)
    if since and until and until < since:
        since, until = until, since
    size, sort = draw(st.integers(1, MAX_SIZE)), draw(st.sampled_from(SORTS))
    filters = tuple(
        (facet, tuple(draw(st.lists(VALUES[facet], min_size=1, max_size=3, unique=True))))
        for facet in FACETS
        if draw(st.booleans())
    )
    return SearchRequest(
        query=draw(TEXT),
        filters=filters,
        since=since,
        until=until,
        sort=sort,
        page=draw(st.integers(1, MAX_DEPTH // size)),
        size=size,
        after=draw(st.sampled_from(["", Position(sort=sort, order="mic:1", score=1.5, rank=20).write()])),
        reprints=draw(st.booleans()),
    )


def asked(query: str) -> SearchRequest:
    return read(parse_qsl(query, keep_blank_values=True), LABELS)


@given(requests())
def test_what_is_written_is_read_back(request):
    assert asked(urlencode(write(request))) == request


@given(requests())
def test_what_the_pages_write_the_api_accepts(request):
    fields: dict[str, Any] = {}
    for name, value in write(request):
        if name in FACETS:
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value
    SearchArguments.model_validate(fields)


NAMES = st.sampled_from([*FACETS, "q", "from", "to", "sort", "page", "size", "after", "reprints", "other"])


@given(st.lists(st.tuples(NAMES, st.text(max_size=80) | st.integers().map(str) | st.dates().map(str))))
def test_anything_is_read_and_reading_settles_it(pairs):
    """Whatever stands in an address means something, and that meaning, written down, means itself."""
    try:
        request = read(pairs, LABELS)
    except QueryTooLong:
        assume(False)
    facets = [facet for facet, _ in request.filters]
    assert facets == [facet for facet in FACETS if facet in facets]
    assert all(values and len(set(values)) == len(values) for _, values in request.filters)
    assert read(write(request), LABELS) == request
    assert 1 <= request.size <= MAX_SIZE
    assert 1 <= request.page * request.size <= MAX_DEPTH


NUMBERS = st.integers(-1, 200).map(str) | st.sampled_from(["01", "1_0", "+1", " 1", "1.0", "1e1", "٣", ""])
ONE_DAY = st.dates(date(2000, 1, 1), date(2010, 1, 1)).map(str) | st.sampled_from(["2009", "0", "2009-1-2", ""])
ARGUMENTS = {
    "category": TEXT,
    "year": NUMBERS | st.sampled_from(["2009", "02009", "1899", "2101"]),
    "status": st.sampled_from(["current", "Current", "gone"]),
    "language": st.sampled_from(["vi", "VI", "vie", "v"]),
    "dated": st.sampled_from(["yes", "true", "no"]),
    "from": ONE_DAY,
    "to": ONE_DAY,
    "sort": st.sampled_from([*SORTS, "Newest", "date", ""]),
    "size": NUMBERS,
    "page": NUMBERS,
    "reprints": st.sampled_from(["0", "1", "true", "false", "yes", "on", "t", ""]),
}


@given(st.fixed_dictionaries({}, optional=ARGUMENTS))
def test_what_the_api_accepts_needs_no_forgiving(fields):
    """Strict and forgiving reading agree wherever strict reading accepts."""
    try:
        model = SearchArguments.model_validate(
            {name: [value] if name in FACETS else value for name, value in fields.items()}
        )
    except ValidationError:
        return
    request = read(fields.items(), LABELS)
    assert (request.page, request.size, request.sort) == (model.page, model.size, model.sort)
    assert (request.since, request.until, request.reprints) == (model.since, model.until, model.reprints)
    for facet in FACETS:
        assert request.values(facet) == tuple(map(str, getattr(model, facet)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=0", {"page": 1}),
        ("page=-7", {"page": 1}),
        ("page=two", {"page": 1}),
        ("page=3.0", {"page": 3}),
        ("page=99999999999999999999", {"page": 500}),
        ("page=501&size=20", {"page": 500, "size": 20}),
        ("size=0", {"size": 1}),
        ("size=5000", {"size": 100}),
        ("sort=price", {"sort": "relevance"}),
        ("sort=Date", {"sort": "newest"}),
        ("from=2009", {"since": date(2009, 1, 1)}),
        ("to=2009", {"until": date(2009, 12, 31)}),
        ("from=2/2008&to=2/2008", {"since": date(2008, 2, 1), "until": date(2008, 2, 29)}),
        ("from=15/1/2009", {"since": date(2009, 1, 15)}),
        ("from=2009-02-31", {"since": date(2009, 2, 28)}),
        ("from=0001-01-01", {"since": date(1900, 1, 1)}),
        ("from=2012&to=2008", {"since": date(2008, 1, 1), "until": date(2012, 12, 31)}),
        ("from=yesterday", {"since": None}),
        ("then=long+an&then=LONG+AN", {"filters": (("then", ("Long An",)),)}),
        ("then=Dak+Lak", {"filters": (("then", ("Đắk Lắk",)),)}),
        ("then=Atlantis", {"filters": ()}),
        ("year=soon&year=2009&year=20090", {"filters": (("year", ("2009",)),)}),
        ("status=gone", {"filters": ()}),
        ("reprints=on", {"reprints": True}),
        ("q=%20%20a%00b%0A", {"query": "a b"}),
    ],
)
def test_what_makes_no_sense_becomes_the_nearest_that_does(query, expected):
    request = asked(query)
    assert {name: getattr(request, name) for name in expected} == expected


def test_a_query_of_a_thousand_characters_is_the_longest():
    assert len(asked(f"q={'a' * MAX_QUERY}").query) == MAX_QUERY
    with pytest.raises(QueryTooLong):
        asked(f"q={'a' * (MAX_QUERY + 1)}")
