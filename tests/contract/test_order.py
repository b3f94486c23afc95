"""The order of hits, and that every way through them is the same: page by page, by cursor, all at once."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.request import MAX_DEPTH, SearchRequest
from tests.contract.documents import article, changes, removal
from tests.contract.model import collections, requests


def _ids(hits):
    return [hit.key.id for hit in hits]


def _by_page(index, **asked):
    found: list[str] = []
    page = 1
    while hits := index.search(SearchRequest(page=page, **asked)).hits:
        if page > 1 and hits[-1].key.id == found[-1]:
            return found  # beyond the last page the last one is shown again
        found += _ids(hits)
        page += 1
    return found


def _by_cursor(index, **asked):
    results = index.search(SearchRequest(**asked))
    found = _ids(results.hits)
    while results.next:
        results = index.search(SearchRequest(after=results.next, **asked))
        found += _ids(results.hits)
    return found


DATED = [
    article(
        n, title=f"Tin số {n % 7}", published=date(2000, 1, 1) + timedelta(days=n * 37 % 600) if n % 9 else None
    )
    for n in range(1, 64)
]


def test_by_date_then_by_key_and_undated_last(store):
    index = store.holding(*DATED)
    dated = [document for document in DATED if document.published]
    undated = sorted(document.key.id for document in DATED if not document.published)
    oldest = sorted(dated, key=lambda document: (document.published, str(document.key)))
    assert _ids(index.scan(SearchRequest(sort="oldest"))) == [document.key.id for document in oldest] + undated
    newest = [document.key.id for document in reversed(oldest)] + undated[::-1]
    assert _ids(index.scan(SearchRequest(sort="newest"))) == newest
    assert _ids(index.scan(SearchRequest(query="", sort="relevance"))) == newest, "nothing to be relevant to"


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "changed"])
@pytest.mark.parametrize("size", [1, 7, 20, 100])
def test_every_way_through_is_the_same(store, sort, size):
    index = store.holding(*DATED)
    asked = {"query": "tin số 3 OR tin", "sort": sort}
    whole = _ids(index.scan(SearchRequest(**asked)))
    assert len(whole) == len(set(whole)) == len(DATED)
    assert _by_page(index, size=size, **asked) == whole
    assert _by_cursor(index, size=size, **asked) == whole


def test_equal_scores_are_in_the_order_of_keys(store):
    documents = [article(n, title="Giống hệt nhau", published=None) for n in range(40)]
    index = store.holding(*documents)
    keys = sorted(str(document.key) for document in documents)
    assert [str(hit.key) for hit in index.scan(SearchRequest(query="giống nhau"))] == keys
    assert [f"mic:{key}" for key in _by_cursor(index, query="giống nhau", size=3)] == keys
    assert [f"mic:{key}" for key in _by_page(index, query="giống nhau", size=3)] == keys


def test_a_page_beyond_the_last_is_the_last(store):
    index = store.holding(*DATED)
    for page in (4, 5, 1_000, 10**9):
        results = index.search(SearchRequest(page=page, size=20))
        assert results.request.page == 4
        assert len(results.hits) == 3
        assert results.next == ""
    for page in (0, -5):
        assert index.search(SearchRequest(page=page)).request.page == 1
    assert index.search(SearchRequest(query="tin", page=MAX_DEPTH, size=100, sort="newest")).hits


def test_sizes_that_make_no_sense(store):
    index = store.holding(*DATED)
    assert len(index.search(SearchRequest(size=0)).hits) == 1
    assert len(index.search(SearchRequest(size=-1)).hits) == 1
    assert len(index.search(SearchRequest(size=10_000)).hits) == len(DATED)


@pytest.mark.parametrize(
    "cursor", ["x", "né", "W10", "bnVsbA", "A" * 5_000, "WyJuZXdlc3QiLCIqIFRPICoiLDAsMV0", "\ud800", "WzFdCg=="]
)
def test_what_is_no_cursor_is_the_beginning(store, cursor):
    index = store.holding(*DATED[:5])
    whole = _ids(index.search(SearchRequest(sort="newest")).hits)
    assert _ids(index.search(SearchRequest(sort="newest", after=cursor)).hits) == whole


def test_a_cursor_of_another_order_is_the_beginning(store):
    index = store.holding(*DATED)
    cursor = index.search(SearchRequest(sort="newest", size=5)).next
    first = _ids(index.search(SearchRequest(sort="oldest", size=5)).hits)
    assert _ids(index.search(SearchRequest(sort="oldest", size=5, after=cursor)).hits) == first


@pytest.mark.parametrize("sort", ["newest", "oldest", "changed"])
def test_a_cursor_goes_on_where_it_was_though_articles_came_and_went(store, sort):
    """Neither twice nor left out: what was there all the time and stands behind the cursor follows."""
    documents = [article(n, title="đều", published=date(2000, 1, 1)) for n in range(100, 140)]
    index = store.holding(*documents)
    asked = {"query": "đều", "sort": sort, "size": 10}
    first = index.search(SearchRequest(**asked))
    before = [article(n, title="đều", published=date(2000, 1, 1)) for n in (90, 91, 92, 199)]
    gone = [document for document in documents if document.key.id in {"101", "138"}]
    index.apply(changes(before, 40) + [removal(document, 50 + n) for n, document in enumerate(gone)], 60)
    rest = _ids(index.search(SearchRequest(**asked, after=first.next)).hits)
    rest += _ids(index.search(SearchRequest(**asked | {"size": 100}, after=first.next)).hits)[10:]
    shown = _ids(first.hits)
    whole = _ids(index.scan(SearchRequest(**asked)))
    assert rest == [key for key in whole if whole.index(key) > whole.index(shown[-1])]
    assert len(set(rest)) == len(rest)
    assert not set(rest) & set(shown)


def test_a_scan_sees_one_state_of_the_index(store):
    index = store.holding(*DATED)
    scanned = index.scan(SearchRequest(sort="oldest"))
    first = next(scanned)
    other = [document for document in DATED if document.key != first.key]
    index.apply([removal(document, 100 + n) for n, document in enumerate(other)], 200)
    assert len(list(scanned)) == len(other)
    assert index.count() == 1


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(documents=collections(), asked=st.lists(requests(), min_size=5, max_size=5))
def test_both_engines_order_alike(both, documents, asked):
    """The same order by date; by relevance the same articles, and the same order but for nearly equal scores."""
    here, there = (store.scratch(documents) for store in both)
    try:
        for _, request in asked:
            ours, theirs = list(here.scan(request)), list(there.scan(request))
            assert here.search(request).mode == there.search(request).mode
            if request.sort != "relevance":
                assert _ids(ours) == _ids(theirs)
            else:
                assert sorted(_ids(ours)) == sorted(_ids(theirs))
    finally:
        here.discard()
        there.discard()
