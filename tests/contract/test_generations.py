"""Generations: written beside the live one, promoted at once, kept for going back, thrown away."""

import threading

import pytest

from indexer.engines import GenerationLive
from indexer.query.request import SearchRequest
from tests.contract.documents import article, changes

OLD = [article(n, title=f"Cũ {n}") for n in range(3)]
NEW = [article(n, title=f"Mới {n}") for n in range(5)]


def _total(index, query=""):
    return index.search(SearchRequest(query=query)).total


def test_a_new_generation_is_empty_and_beside_the_live_one(store):
    live = store.holding(*OLD)
    made = live.begin_generation()
    assert (made.count(), made.cursor) == (0, 0)
    assert made.generation != live.generation
    made.apply(changes(NEW), 5)
    assert (made.count(), made.cursor, _total(made)) == (5, 5, 5)
    assert (live.count(), live.cursor, _total(live)) == (3, 3, 3)
    made.discard()


def test_it_catches_up_and_is_promoted(store):
    live, reader = store.holding(*OLD), store.handle()
    assert _total(reader, "cũ") == 3
    made = live.begin_generation()
    made.apply(changes(NEW[:3]), 3)
    live.apply(changes(OLD[:1], 3), 4)
    assert (live.cursor, made.cursor) == (4, 3)
    made.apply(changes(NEW[3:], 3), 5)
    live.promote(made)
    for handle in (live, reader, store.handle()):
        assert handle.generation == made.generation
        assert (handle.count(), handle.cursor) == (5, 5)
        assert (_total(handle, "cũ"), _total(handle, "mới")) == (0, 5)


def test_the_live_one_is_written_after_a_promotion(store):
    live = store.holding(*OLD)
    made = live.begin_generation()
    made.apply(changes(NEW), 5)
    live.promote(made)
    live.apply(changes([article(90, title="Nữa")], 5), 6)
    assert _total(live) == 6
    assert store.handle().cursor == 6


def test_one_generation_is_kept_for_going_back(store):
    live = store.holding(*OLD)
    first = live.generation
    second = live.begin_generation()
    second.apply(changes(NEW), 5)
    live.promote(second)
    before = live.previous()
    assert before is not None
    assert before.generation == first
    live.promote(before)
    assert (live.generation, _total(live)) == (first, 3)
    forward = live.previous()
    assert forward is not None
    assert forward.generation == second.generation


def test_older_generations_go(store):
    live = store.holding(*OLD)
    first = live.generation
    kept = []
    for _ in range(3):
        made = live.begin_generation()
        made.apply(changes(NEW), 5)
        live.promote(made)
        kept.append(made.generation)
    assert len({first, *kept}) == 4
    before = live.previous()
    assert before is not None
    assert (before.generation, live.generation) == (kept[-2], kept[-1])
    assert before.count() == 5


def test_a_generation_can_be_thrown_away_but_not_the_live_one(store):
    live = store.holding(*OLD)
    made = live.begin_generation()
    made.apply(changes(NEW), 5)
    made.discard()
    with pytest.raises(GenerationLive):
        live.discard()
    promoted = live.begin_generation()
    live.promote(promoted)
    with pytest.raises(GenerationLive):
        promoted.discard()
    assert live.count() == 0


def test_no_search_fails_or_sees_half_an_index_during_a_promotion(store):
    live, reader = store.holding(*OLD), store.handle()
    seen, stop = set(), threading.Event()

    def search() -> None:
        while not stop.is_set():
            results = reader.search(SearchRequest(query="cũ OR mới"))
            seen.add((results.total, len(results.hits)))

    searching = threading.Thread(target=search)
    searching.start()
    try:
        for _ in range(4):
            made = live.begin_generation()
            made.apply(changes(NEW), 5)
            live.promote(made)
            before = live.previous()
            assert before is not None
            live.promote(before)
    finally:
        stop.set()
        searching.join()
    assert seen <= {(3, 3), (5, 5)}
    assert (3, 3) in seen


def test_health_tells_the_generation_and_its_size(store):
    live = store.holding(*OLD)
    health = live.health()
    assert (health.ok, health.engine, health.generation, health.documents) == (
        True,
        store.name,
        live.generation,
        3,
    )
