"""Did you mean: out of each engine's own titles, the same on both, and only where it finds more."""

import pytest

from indexer.query.correcting import Corrector, correction, may_be_corrected
from indexer.query.request import SearchRequest
from tests.contract.documents import article

TITLES = (
    *(f"Hội nghị chuyển đổi số lần {n}" for n in range(8)),
    *(f"An toàn thông tin cho báo chí {n}" for n in range(6)),
    *(f"Sở TT&TT Long An thanh tra {n}" for n in range(3)),
    "Nói về xuyển động",
)
DOCUMENTS = [article(n, title=title, published=None) for n, title in enumerate(TITLES)]


@pytest.fixture
def corrected(store):
    index = store.holding(*DOCUMENTS)
    corrector = Corrector.of(hit.title.text for hit in index.scan(SearchRequest(sort="newest")))

    def correct(query, **asked):
        found = index.search(SearchRequest(query=query, **asked))
        return correction(found, corrector, index.tally) if may_be_corrected(found) else ""

    return correct


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyen doi xo", "chuyển đổi số"),
        ("chuyeen ddooir soos", "chuyển đổi số"),
        ("hoi ngih chuyển đổi", "hội nghị chuyển đổi"),
        ("an toan thong tim", "an toàn thông tin"),
        ("TT&TT long an thanh trra", "TT&TT long an thanh tra"),
    ],
)
def test_what_finds_more_is_offered(corrected, typed, meant):
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "typed", ["chuyen doi so", "an toàn thông tin", "xuyển động", "qqqqq", "title:xo", "", "-", "chuyen OR xo"]
)
def test_nothing_is_offered_for_what_is_right_unknown_or_said_in_operators(corrected, typed):
    assert corrected(typed) == ""


def test_nothing_is_offered_where_a_filter_leaves_nothing_of_it_or_on_a_later_page(corrected):
    assert corrected("chuyen doi xo", filters=(("year", ("1999",)),)) == ""
    assert corrected("chuyen doi xo", size=1, page=2) == ""
