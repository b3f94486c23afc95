"""Names stand in the order in which Vietnamese people look for them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.collation import collation_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Cà Mau", "Cao Bằng", "Cần Thơ"],
        ["Dak", "Đà Nẵng", "Đắk Lắk", "Điện Biên", "Gia Lai", "Hà Nội", "Hòa Bình", "Yên Bái"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ"],
        ["a", "ă", "â", "b", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"],
        ["1", "2 tháng", "an", "Ấn"],
    ],
)
def test_the_order_of_dictionaries(ordered):
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=collation_key) == ordered


@given(st.text())
def test_any_text_has_a_place(text):
    assert collation_key(text) == collation_key(text)
