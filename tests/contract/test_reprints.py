"""Reprints, corrections and withheld articles, from what the record says to what each engine finds and counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.database import open_database
from config.settings import Settings
from indexer.engines import SearchIndex
from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults
from tests.contract.conftest import Store
from tests.indexer.record.ministry import Ministry
from tests.indexer.record.test_reprints import key, post, text

EVERYTHING = SearchRequest(reprints=True)
USUAL = SearchRequest()


@pytest.fixture
def ministry(sqlite_url: str, tmp_path: Path) -> Iterator[Ministry]:
    """A leader in two categories' company: its reprint, and an article of its own."""
    database = open_database(sqlite_url, migrate=False)
    made = Ministry(Settings(data=tmp_path / "data"), database)
    made.take_in(
        post(made, 1, text(1), day=3, category="Bưu chính"),
        post(made, 2, text(1, other=1), day=5, category="Viễn thông"),
        post(made, 3, text(3), day=7, category="Viễn thông"),
    )
    yield made
    made.archive.close()
    database.close()


@pytest.fixture
def index(store: Store, ministry: Ministry) -> SearchIndex:
    opened = store.handle()
    follow(ministry, opened)
    return opened


def follow(ministry: Ministry, index: SearchIndex) -> None:
    for batch, cursor in ministry.record.changes(index.cursor):
        index.apply(batch, cursor)
    assert index.count() == ministry.record.count()


def keys(index: SearchIndex, request: SearchRequest) -> list[str]:
    """Keys found, by number; list, stream and total agree."""
    found = index.search(request)
    numbers = sorted(str(hit.key) for hit in found.hits)
    assert found.total == len(numbers)
    assert sorted(str(hit.key) for hit in index.scan(request)) == numbers
    return numbers


def numbered(*numbers: int) -> list[str]:
    return [str(key(number)) for number in numbers]


def counted(found: SearchResults, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in found.facet(facet).values}  # type: ignore[arg-type]


def test_reprints_are_hidden_and_left_out_of_every_count_until_asked_for(index):
    assert keys(index, USUAL) == numbered(1, 3)
    assert keys(index, EVERYTHING) == numbered(1, 2, 3)
    assert counted(index.search(USUAL), "category") == {"Bưu chính": 1, "Viễn thông": 1}
    assert counted(index.search(EVERYTHING), "category") == {"Bưu chính": 1, "Viễn thông": 2}
    assert [year.count for year in index.search(USUAL).years] == [2]
    (hit,) = (hit for hit in index.search(EVERYTHING).hits if hit.reprint_of)
    assert (hit.key, hit.reprint_of) == (key(2), key(1))


def test_a_filter_on_the_reprints_own_category_finds_it_only_when_asked_for(index):
    asked = replace(USUAL, filters=(("category", ("Viễn thông",)),))
    assert keys(index, asked) == numbered(3)
    assert keys(index, replace(asked, reprints=True)) == numbered(2, 3)


def test_a_leader_that_is_withheld_leaves_its_reprint_to_be_found(index, ministry):
    ministry.correct("withheld", value=True, key=key(1))
    follow(ministry, index)
    assert keys(index, USUAL) == keys(index, EVERYTHING) == numbered(2, 3)
    assert counted(index.search(USUAL), "category") == {"Viễn thông": 2}
    ministry.correct("withheld", back=True, key=key(1))
    follow(ministry, index)
    assert keys(index, USUAL) == numbered(1, 3)


def test_an_earlier_article_that_comes_later_leads_in_the_index_too(index, ministry):
    ministry.take_in(post(ministry, 4, text(1), day=1))
    follow(ministry, index)
    assert keys(index, USUAL) == numbered(3, 4)
    assert {hit.reprint_of for hit in index.search(EVERYTHING).hits} == {None, key(4)}


def test_a_correction_decides_facets_years_and_order(index, ministry):
    ministry.correct("date", date(1999, 5, 1), key=key(3))
    ministry.correct("category", "Báo chí", key=key(3))
    follow(ministry, index)
    found = index.search(replace(USUAL, sort="oldest"))
    assert [str(hit.key) for hit in found.hits] == numbered(3, 1)
    assert [year.year for year in found.years if year.count] == [1999, 2009]
    assert counted(found, "category") == {"Bưu chính": 1, "Báo chí": 1}
    assert keys(index, replace(USUAL, until=date(2000, 1, 1))) == numbered(3)
