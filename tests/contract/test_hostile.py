"""Whatever is typed is answered, in time, and never with the engine's own syntax or errors."""

import time
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.language import QueryTooLong
from indexer.query.request import FACETS, MAX_QUERY, SearchRequest
from tests.contract.conftest import elastic_store, embedded_store
from tests.contract.documents import article
from tests.contract.hostile import HOSTILE
from tests.contract.replicated import replicated

ARTICLES = 3_000
"""Of a replica: enough for a query to be slow that is slow at all."""
BAIT = [
    article(
        n, title=f"a b c and or not title w{n}", body="the và 7*7 null select 12/2008/QĐ-BTTTT ①②③ 日本語 ß " * 9
    )
    for n in range(120)
]
"""Articles that have what hostile queries are made of."""


@pytest.fixture(scope="module")
def documents():
    return [*BAIT, *replicated(ARTICLES)]


@pytest.fixture(scope="module", params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def index(request, documents, tmp_path_factory):
    """One for all tests here, which change nothing in it."""
    if request.param == "embedded":
        made = embedded_store(tmp_path_factory.mktemp("hostile"))
        yield made.holding(*documents)
        made.close()
    else:
        for made in elastic_store(request.getfixturevalue("elasticsearch_url")):
            yield made.holding(*documents)


def test_there_are_two_hundred_and_they_differ():
    assert len(set(HOSTILE)) >= 200


def test_hostile_queries_are_answered_within_a_second(index, documents):
    index.search(SearchRequest())
    for query in HOSTILE:
        began = time.monotonic()
        results = index.search(SearchRequest(query=query[:MAX_QUERY]))
        assert time.monotonic() - began < 1, query[:80]
        assert 0 <= results.total <= len(documents)
        began = time.monotonic()
        list(index.suggest(query[:MAX_QUERY]))
        assert time.monotonic() - began < 1, query[:80]


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


@settings(max_examples=80, deadline=None)
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
