"""Walks along numbers, without a network: each number once, nothing passed over that is near to something."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.site import Walk
from crawler.frontier.stride import Stride


def walk_of(last: int, **more: object) -> Walk:
    chosen = {"name": "x", "address": "https://mic.gov.vn/x.aspx?id={id}", "first": 1, "last": last} | more
    return Walk.model_validate(chosen)


def walked(walk: Walk, there: set[int]) -> list[int]:
    """The numbers that are tried, in order; what was found is passed over like everything known."""
    stride, known, tried = Stride(), set[int](), list[int]()
    for _ in range(4 * walk.numbers + 10):
        if stride.is_over(walk):
            return tried
        number = stride.number(walk)
        if number in known:
            stride = stride.met()
            continue
        tried.append(number)
        known |= {number} & there
        stride = stride.met() if number in there else stride.missed(walk)
    raise AssertionError("it does not end")


@pytest.mark.parametrize(("direction", "numbers"), [("up", [1, 2, 3, 4, 5]), ("down", [5, 4, 3, 2, 1])])
def test_every_number_is_tried_once_from_end_to_end(direction, numbers):
    assert walked(walk_of(5, direction=direction), {2, 4}) == numbers
    assert walked(walk_of(5, direction=direction), set()) == numbers


def test_after_a_long_gap_steps_are_longer_until_something_is_met():
    tried = walked(walk_of(40, direction="up", gap=3, step=10), {1, 22, 23, 24})
    assert tried == [1, 2, 3, 4, 14, 24, *range(15, 24), 25, 26, 27, 37, 40]


def test_one_number_is_a_walk_too():
    assert walked(walk_of(1), set()) == [1]
    assert walked(walk_of(1), {1}) == [1]


walks = st.builds(
    walk_of,
    st.integers(1, 300),
    direction=st.sampled_from(["up", "down"]),
    gap=st.integers(0, 20),
    step=st.integers(1, 15),
)


@given(walks, st.sets(st.integers(1, 300)))
def test_any_walk_ends_tries_nothing_twice_and_both_ends(walk, there):
    tried = walked(walk, there)
    assert len(tried) == len(set(tried))
    assert {walk.first, walk.last} <= set(tried)
    if not walk.gap or walk.step == 1:
        assert sorted(tried) == list(range(1, walk.last + 1))


@given(walks, st.sets(st.integers(1, 300)))
def test_what_a_step_leaves_out_before_it_meets_something_is_tried_after_all(walk, there):
    tried = walked(walk, there)
    for before, number in pairwise(tried):
        if number in there:
            between = range(min(before, number) + 1, max(before, number))
            assert set(between) <= set(tried)


@given(walks, st.integers(1, 300))
def test_a_run_of_numbers_as_long_as_a_step_is_found_whole(walk, start):
    there = set(range(start, min(start + walk.step, walk.last + 1)))
    if len(there) == walk.step:
        assert there <= set(walked(walk, there))


@pytest.mark.parametrize("count", [0, 1])
def test_what_cannot_be_told_counts_for_no_gap(count):
    assert Stride(missing=5).missed(walk_of(10), count).missing == 5 + count
