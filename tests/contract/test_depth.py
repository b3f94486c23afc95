"""Deep in a result: what a page costs there, and that nothing is met twice or missed on the way."""

import time
from itertools import islice

from indexer.query.request import SearchRequest
from tests.contract.documents import article, changes

ARTICLES = 20_000
TIMES = 5
"""How often each page is asked for; the quickest counts, for others use the machine too."""
DEARER = 4
"""Times what the first page costs that a page at the other end may cost."""
UNDISTURBED = 0.01
"""Seconds that are nothing to speak of."""


def _article(number: int):
    """Of fifty lengths, so that scores differ, though many are equal."""
    return article(number, title=f"Tin số {number}", body="chuyện khác " * (number % 50), published=None)


def _filled(store, count):
    made = store.handle()
    for start in range(0, count, 5_000):
        some = [_article(number) for number in range(start, min(start + 5_000, count))]
        made.apply(changes(some, after=start), start + len(some))
    return made


def _walk(index, sort):
    """Every key, and the cursor before the last hundred."""
    found, after = [], ""
    while True:
        results = index.search(SearchRequest(query="tin số", sort=sort, size=100, after=after))
        found += [hit.key.id for hit in results.hits]
        if not results.next:
            return found, after
        after = results.next


def _quickest(index, request):
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        assert len(index.search(request).hits) == request.size
        times.append(time.perf_counter() - began)
    return min(times)


def test_the_thousandth_page_costs_hardly_more_than_the_first_and_every_article_is_met_once(store):
    index = _filled(store, ARTICLES)
    for sort in ("relevance", "newest"):
        found, deep = _walk(index, sort)
        assert len(found) == len(set(found)) == ARTICLES
        asked = [SearchRequest(query="tin số", sort=sort, after=after) for after in ("", deep)]
        here, there = (_quickest(index, request) for request in asked)
        print(
            f"{sort}: the first page {here * 1_000:.1f} ms, after {ARTICLES - 100:,} hits {there * 1_000:.1f} ms"
        )
        assert there < DEARER * here + UNDISTURBED


def test_articles_that_come_on_the_way_disturb_nobody(store):
    """By day: what is new stands before the cursor or behind it, and what was there is met once."""
    count = 3_000
    index = _filled(store, count)
    before = {str(number) for number in range(count)}
    found, after, new = [], "", count
    while True:
        results = index.search(SearchRequest(query="tin số", sort="oldest", size=100, after=after))
        found += [hit.key.id for hit in results.hits]
        after = results.next
        if not after:
            break
        if len(found) % 500 == 0:
            index.apply(changes([_article(new)], after=new), new + 1)
            new += 1
    assert new > count + 3
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_a_scan_is_of_the_state_it_began_in_by_relevance_too(store, monkeypatch):
    """What moves the scores meanwhile moves nobody across the place where the scan is."""
    monkeypatch.setattr("indexer.engines.embedded.reading.RANKED_CHUNK", 500)
    monkeypatch.setattr("indexer.engines.elastic.reading.CHUNK", 500)
    count = 1_500
    index = _filled(store, count)
    walk = index.scan(SearchRequest(query="tin số"))
    found = [next(walk).key.id]
    for new in range(count, count + 600, 200):
        longer = [article(n, title="Tin số", body="tin " * 90) for n in range(new, new + 200)]
        index.apply(changes(longer, after=new), new + 200)
        found += [hit.key.id for hit in islice(walk, 500)]
    assert not list(walk)
    assert len(found) == len(set(found))
    assert set(found) == {str(number) for number in range(count)}
