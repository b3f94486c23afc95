"""Whatever is typed is answered, in time, and never with the engine's own syntax or errors."""

import time
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.language import QueryTooLong
from indexer.query.request import FACETS, MAX_QUERY, SearchRequest
from tests.contract.documents import article
from tests.contract.hostile import HOSTILE

DOCUMENTS = [
    article(
        n, title=f"a b c and or not title w{n}", body="the và 7*7 null select 12/2008/QĐ-BTTTT ①②③ 日本語 ß " * 9
    )
    for n in range(120)
]


@pytest.fixture
def index(store):
    return store.holding(*DOCUMENTS)


def test_there_are_two_hundred_and_they_differ():
    assert len(set(HOSTILE)) >= 200


def test_hostile_queries_are_answered_within_a_second(index):
    index.search(SearchRequest())
    for query in HOSTILE:
        began = time.monotonic()
        results = index.search(SearchRequest(query=query[:MAX_QUERY]))
        assert time.monotonic() - began < 1, query[:80]
        assert 0 <= results.total <= len(DOCUMENTS)
        list(index.suggest(query[:MAX_QUERY]))


def test_hostile_filters_find_nothing(index):
    for value, facet in zip(HOSTILE, cycle(FACETS), strict=False):
        results = index.search(SearchRequest(filters=((facet, (value, "x")),)))
        assert results.total == 0, (facet, value[:80])
        assert {counted.value for counted in results.facet(facet).values if counted.chosen} == {value, "x"}


def test_a_query_that_is_too_long_is_refused(index):
    with pytest.raises(QueryTooLong, match="1,000"):
        index.search(SearchRequest(query="a" * 10_000))
    with pytest.raises(QueryTooLong):
        index.scan(SearchRequest(query="a" * (MAX_QUERY + 1)))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(["a", "b*", '"', "(", ")", "-", "OR", " ", "7", "&", '"a b"', "-c"]), max_size=30
        ).map("".join),
    )
)
def test_anything_at_all(index, query):
    index.search(SearchRequest(query=query))
