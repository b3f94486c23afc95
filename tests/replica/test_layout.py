"""Places, moments and numbers of articles: all by arithmetic, all one to one."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.site import load_profile
from crawler.address import Addresses, Birth, Key
from tests.replica.catalogue import catalogue
from tests.replica.layout import Layout
from tests.replica.moments import Span, Timetable
from tests.replica.numbering import SEED_ID, Numbering, TooManyArticlesError
from tests.replica.slots import BLOCK, ERAS

SIZES = (1, 2, 7, 63, 64, 65, 129, 600, 5_000)


@pytest.mark.parametrize("articles", SIZES)
def test_every_article_of_a_stream_has_one_rank_newest_first(articles: int) -> None:
    layout = Layout(3, articles)
    for series in catalogue():
        indexes = [layout.nth(series.stream, rank) for rank in range(layout.count(series.stream))]
        assert [layout.rank(series.stream, index) for index in indexes] == list(range(len(indexes)))
        moments = [layout.place(index).moment for index in indexes]
        assert moments == sorted(moments, reverse=True)
        expected = [n for n in range(articles) if series.stream in layout.place(n).slot.streams]
        assert sorted(indexes) == expected
        with pytest.raises(IndexError):
            layout.nth(series.stream, len(indexes))


@pytest.mark.parametrize("articles", SIZES)
def test_moments_rise_and_lead_back_to_their_articles(articles: int) -> None:
    layout = Layout(5, articles)
    places = [layout.place(index) for index in range(articles - 1)]
    assert all(before.moment < after.moment for before, after in pairwise(places))
    assert all(layout.at(place.moment) == place.index for place in places)
    assert all(layout.at(place.moment + timedelta(milliseconds=1)) is None for place in places[:20])


@given(some.integers(1, 3_000), some.integers(0, 2**32))
def test_ids_lead_back_to_their_articles(articles: int, seed: int) -> None:
    """For any seed and size, the seed article included, and no two articles share a key."""
    layout = Layout(seed, articles)
    numbering = Numbering(layout, seed)
    indexes = {*range(0, articles, max(1, articles // 50)), articles - 1}
    keys = {numbering.key(layout.place(index)): index for index in indexes}
    assert len(keys) == len(indexes)
    for key, index in keys.items():
        found = numbering.find(key)
        assert found is not None
        assert found.index == index
    assert Key(family="mic", id=str(SEED_ID)) in keys
    assert all(numbering.find(key) is None for key in numbering.dead())


@given(some.text(max_size=20), some.sampled_from(("mic", "mst", "cspl")), some.booleans())
def test_any_other_id_leads_nowhere(text: str, family: str, is_document: bool) -> None:
    numbering = Numbering(Layout(1, 70), 1)
    key = Key(family=family, kind="document" if is_document else "article", id=text)
    found = numbering.find(key)
    assert found is None or numbering.key(found) == key


def test_ids_look_like_the_real_ones() -> None:
    """Six digits without order until mid-2023, moments after, one of them with twelve digits under prefix 172."""
    layout = Layout(1, 4_000)
    numbering = Numbering(layout, 1)
    places = [layout.place(index) for index in range(4_000)]
    news = [place for place in places if place.slot.site in ("mic", "english") and place.slot.template != "T6"]
    old = [int(numbering.key(place).id) for place in news if place.era in ("early", "ministry", "mic_2020")]
    assert all(100_000 <= number <= 999_999 for number in old)
    assert old != sorted(old)
    new = [place for place in news if place.era == "cms"]
    born = Addresses(load_profile("mic")).born
    for place in new:
        moment = place.moment.replace(microsecond=0)
        assert born(numbering.key(place).id) == Birth(moment.date(), moment.time())
    assert [len(numbering.key(place).id) for place in new].count(12) == 1
    assert {numbering.prefix(place) for place in new} == {"172", "197"}
    assert all(numbering.key(place).family == "mst" for place in places if place.era == "successor")


def test_numbers_of_the_policy_site_are_numbers_of_other_articles() -> None:
    layout = Layout(1, 4_000)
    places = [layout.place(index) for index in range(4_000)]

    def shared(*, overlap: bool) -> int:
        numbering = Numbering(layout, 1, overlap=overlap)
        keys = [numbering.key(place) for place in places]
        ids = {family: {key.id for key in keys if key.family == family} for family in ("mic", "cspl")}
        return len(ids["mic"] & ids["cspl"])

    assert shared(overlap=True) > 60
    assert shared(overlap=False) == 0


def test_more_articles_than_numbers_are_refused() -> None:
    assert Numbering(Layout(1, 1_000_000), 1)
    with pytest.raises(TooManyArticlesError, match="numbers suffice"):
        Numbering(Layout(1, 7_000_000), 1)


def test_a_corpus_without_articles_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Layout(1, 0)


def test_eras_follow_each_other_and_fill_their_blocks() -> None:
    assert all(before.span.last < after.span.first for before, after in pairwise(ERAS))
    assert sum(era.share for era in ERAS) == pytest.approx(1)
    for era in ERAS:
        assert len(era.slots) == BLOCK
        partners = [slot.partner for slot in era.slots if slot.partner is not None]
        assert len(partners) == len(set(partners))
        assert all(era.slots[partner].reach == "listed" for partner in partners)


def test_a_timetable_keeps_to_office_hours() -> None:
    span = Span(ERAS[0].span.first, ERAS[0].span.last)
    table = Timetable(span, 500, lambda number: number * 2_654_435_761 % 2**32)
    for number in range(500):
        moment = table.moment(number)
        assert moment.weekday() < 5
        assert 7 <= moment.hour <= 17
        assert table.find(moment) == number
