"""Near-identical articles are grouped under one that leads, whatever the order in which they came."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.address import Key
from indexer.article import Rejected
from indexer.document import IndexedDocument
from indexer.record.reprints import rank, regroup
from indexer.record.sketch import RESEMBLANCE, SHORTEST, resemblance, sketch
from indexer.tables import likenesses
from tests.indexer.record.ministry import Ministry, article, dated

SYLLABLES = [
    first + rest
    for first in ("b", "c", "d", "g", "h", "k", "l", "m", "n", "ph", "t", "th", "tr", "v", "x")
    for rest in ("an", "em", "inh", "oa", "uy")
]
START = datetime(2024, 3, 1, 8, tzinfo=UTC)


def words(seed: int, count: int = 120) -> list[str]:
    return random.Random(seed).choices(SYLLABLES, k=count)


def text(seed: int, *, other: int = 0, more: str = "") -> str:
    """A text of its own for each seed, of which some words are others."""
    made, chance = words(seed), random.Random(seed + other)
    for place in chance.sample(range(len(made)), other):
        made[place] = "khác"
    return " ".join((*made, more)).strip()


def key(number: int) -> Key:
    return Key(family="mic", id=str(100_000 + number))


def post(ministry: Ministry, number: int, said: str, day: int = 1, **values: object):
    url = f"https://mic.gov.vn/Pages/TinTuc/{key(number).id}/x.html"
    made = article(said, key=key(number), url=url, published=dated(day), **values)
    return ministry.answer(url, f"{number} {said}", made)


def groups(ministry: Ministry) -> dict[int, int]:
    """Reprints and their leaders, by number."""
    return {
        int(one.key.id) - 100_000: int(one.reprint_of.id) - 100_000
        for one in ministry.shown().values()
        if one.reprint_of
    }


def test_the_same_text_under_another_number_is_a_reprint_and_stays(ministry):
    ministry.take_in(post(ministry, 1, text(1)), post(ministry, 2, text(1)), post(ministry, 3, text(3)))
    assert groups(ministry) == {2: 1}
    assert ministry.record.count() == 3
    group = ministry.record.group(key(1))
    assert (group.leader, [one.key for one in group.reprints]) == (None, [key(2)])
    assert ministry.record.group(key(2)).leader.key == key(1)


def test_nearly_the_same_text_is_one_too_and_another_figure_makes_another_article(ministry):
    ministry.take_in(
        post(ministry, 1, text(1, more="ngày 12 tháng 5")),
        post(ministry, 2, text(1, other=1, more="ngày 12 tháng 5")),
        post(ministry, 3, text(1, more="ngày 13 tháng 5")),
        post(ministry, 4, text(1, other=30, more="ngày 12 tháng 5")),
    )
    assert groups(ministry) == {2: 1}


def test_a_figure_in_the_title_makes_another_article(ministry):
    titled = (post(ministry, number, text(1), title=f"Điểm báo ngày {number}") for number in (1, 2))
    ministry.take_in(*titled)
    assert groups(ministry) == {}


def test_short_notices_are_not_compared(ministry):
    short = " ".join(words(1, SHORTEST - 1))
    ministry.take_in(post(ministry, 1, short), post(ministry, 2, short))
    assert groups(ministry) == {}


def test_the_earliest_leads_also_if_it_comes_last_and_only_those_concerned_are_indexed(ministry):
    ministry.take_in(
        post(ministry, 2, text(1), day=5), post(ministry, 3, text(1), day=7), post(ministry, 4, text(4))
    )
    before = ministry.record.last_sequence
    ministry.take_in(post(ministry, 1, text(1), day=3))
    assert groups(ministry) == {2: 1, 3: 1}
    assert {str(one.key) for one in ministry.documents(before)} == {str(key(number)) for number in (1, 2, 3)}


def test_a_leader_that_changes_leaves_its_group_led_by_the_next(ministry):
    first = post(ministry, 1, text(1), day=3)
    ministry.take_in(first, post(ministry, 2, text(1), day=5), post(ministry, 3, text(1), day=7))
    ministry.take_in(post(ministry, 1, text(9), day=3))
    assert groups(ministry) == {3: 2}
    ministry.take_in(post(ministry, 1, text(1), day=3))
    assert groups(ministry) == {2: 1, 3: 1}


def test_a_leader_that_is_no_article_any_more_or_withheld_makes_room(ministry):
    first = post(ministry, 1, text(1), day=3)
    ministry.take_in(first, post(ministry, 2, text(1), day=5), post(ministry, 3, text(1), day=7))
    ministry.record.apply([replace(first, reading=Rejected(url="x", reason="soft 404"))], None)
    assert groups(ministry) == {3: 2}
    ministry.correct("withheld", value=True, key=key(2))
    assert groups(ministry) == {}
    assert set(ministry.shown()) == {str(key(3))}
    ministry.correct("withheld", back=True, key=key(2))
    assert groups(ministry) == {3: 2}


def test_a_withheld_article_is_named_nowhere(ministry):
    ministry.take_in(post(ministry, 1, text(1), day=3), post(ministry, 2, text(1), day=5))
    ministry.correct("withheld", value=True, key=key(1))
    assert ministry.record.group(key(2)).leader is None
    assert ministry.record.group(key(1)).reprints == ()


def test_a_corrected_date_decides_who_leads(ministry):
    ministry.take_in(post(ministry, 1, text(1), day=3), post(ministry, 2, text(1), day=5))
    ministry.correct("date", date(2008, 12, 1), key=key(2))
    assert groups(ministry) == {1: 2}


def document(number: int, said: str, **values: object) -> IndexedDocument:
    made = IndexedDocument(key=key(number), url="", title="", body=said, captured_at=START)
    return replace(made, **values)  # type: ignore[arg-type]


def least(of: IndexedDocument) -> bytes:
    made = sketch(of)
    assert made is not None
    return made.least


def test_what_stands_leads_before_what_was_taken_down():
    standing = document(2, "", published=date(2009, 1, 9))
    gone = document(1, "", published=date(2009, 1, 1), status="withdrawn")
    undated = document(3, "")
    assert sorted([gone, undated, standing], key=rank) == [standing, undated, gone]


documents = st.lists(
    st.builds(
        lambda number, seed, other, day, status: document(
            number, text(seed, other=other), published=date(2009, 1, day), status=status
        ),
        st.integers(0, 30),
        st.sampled_from([1, 2]),
        st.integers(0, 9),
        st.integers(1, 9),
        st.sampled_from(["current", "withdrawn"]),
    ),
    min_size=2,
    max_size=12,
    unique_by=lambda one: one.key,
)
within_one_test = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@within_one_test
@given(documents, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_never_matters(database, known, random):
    """In batches of whatever size, and whatever was said of them in between, or whether they were there at all."""
    at_once = grouped(database, [{str(one.key): one for one in known}])
    steps: list[dict[str, IndexedDocument | None]] = []
    for one in random.sample(known, len(known)):
        meanwhile = random.choice([None, document(0, text(3)), document(0, text(1))])
        if random.random() < 0.4:
            steps.append({str(one.key): meanwhile and replace(meanwhile, key=one.key)})
    left = random.sample(known, len(known))
    while left:
        size = random.randint(1, 4)
        steps.append({str(one.key): one for one in left[:size]})
        left = left[size:]
    assert grouped(database, steps) == at_once


@within_one_test
@given(documents)
def test_a_reprint_is_like_its_leader_which_leads(database, known):
    led = grouped(database, [{str(one.key): one for one in known}])
    sketches = {str(one.key): least(one) for one in known}
    for reprint, leader in led.items():
        if leader is not None:
            assert led[leader] is None
            assert resemblance(sketches[reprint], sketches[leader]) >= RESEMBLANCE


class _UndoneError(Exception):
    pass


def grouped(database, steps) -> dict[str, str | None]:
    """Who leads whom after these steps, of which nothing is kept."""
    found = {}
    with suppress(_UndoneError), database.writing() as connection:
        for step in steps:
            told = regroup(connection, step)
            assert not told.keys() & {one for one, there in step.items() if there is None}
        found = {row.key: row.leader for row in connection.execute(sa.select(likenesses))}
        raise _UndoneError
    return found


def test_a_leader_that_is_withdrawn_leaves_the_lead_to_what_stands(database):
    first, second = (document(number, text(1), published=date(2009, 1, number)) for number in (1, 2))
    both = {str(one.key): one for one in (first, second)}
    gone = {str(first.key): replace(first, status="withdrawn")}
    assert grouped(database, [both]) == {"mic:100001": None, "mic:100002": "mic:100001"}
    assert grouped(database, [both, gone]) == {"mic:100001": "mic:100002", "mic:100002": None}


@pytest.mark.parametrize(("count", "bias", "worst"), [(120, 1e-9, 1e-9), (800, 0.01, 0.08)])
def test_the_estimate_is_near_the_share_of_common_shingles_and_exact_for_short_texts(count, bias, worst):
    wrong = []
    for seed in range(60):
        other = list(words(seed, count))
        for place in range(0, count, 20 + seed):
            other[place] = "khác"
        texts = [" ".join(said) for said in (words(seed, count), other)]
        shingles = [set(zip(*(said.split()[start:] for start in range(3)), strict=False)) for said in texts]
        exact = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
        both = [least(document(number, said)) for number, said in enumerate(texts)]
        wrong.append(resemblance(*both) - exact)
    assert abs(sum(wrong) / len(wrong)) < bias
    assert max(map(abs, wrong)) < worst


@pytest.mark.parametrize("seed", range(3))
def test_the_record_groups_them_alike_in_whatever_order_captures_come(ministry, seed):
    reads = [post(ministry, 1, text(1), day=5), post(ministry, 2, text(1, other=1), day=3)]
    reads += [
        post(ministry, 1, text(2), day=5),
        post(ministry, 3, text(2), day=7),
        post(ministry, 2, text(1), day=3),
    ]
    reads += [post(ministry, 4, text(1, other=2), day=4), post(ministry, 1, text(1), day=5)]
    random.Random(seed).shuffle(reads)
    for read in reads:
        ministry.record.apply([read], None)
    assert groups(ministry) == {1: 2, 4: 2}
