"""Phrases that many titles share: whole ones, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.language import read_words
from indexer.query.phrases import LINES, PHRASES, Phrases, with_phrases
from indexer.query.results import Suggestion

PLACES = ("Huế", "Long An", "Cà Mau", "Đà Nẵng", "Sơn La", "Hà Nội")


def texts(titles: list[str], often: int = 5) -> list[str]:
    return list(dict.fromkeys(text for text, _ in Phrases.of(titles, often)._texts))


@pytest.mark.parametrize(
    ("titles", "phrases"),
    [
        ([f"{place}: Chuyển đổi số và {place} mới" for place in PLACES], ["Chuyển đổi số"]),
        ([f"{place} họp về chuyển đổi số, {place}" for place in PLACES], ["họp về chuyển đổi số"]),
        ([f"CNTT {place} và TT&TT Huế" for place in PLACES], ["TT&TT Huế"]),
        ([f"Tổng kết 6 tháng đầu năm 20{n}" for n in range(10, 20)], []),
        ([f"Kết quả của {place}" for place in PLACES], ["Kết quả"]),
        (["Huế - Long An"] * 6, ["Long An"]),
        (["Hội nghị"] * 4, []),
        ([], []),
    ],
)
def test_what_many_titles_hold_whole(titles, phrases):
    assert texts(titles) == phrases


def test_a_piece_of_a_longer_phrase_is_none_unless_it_stands_elsewhere_too():
    longer = [f"Luật an toàn thông tin mạng của {place}" for place in PLACES]
    assert texts(longer) == ["Luật an toàn thông tin mạng"]
    others = [f"{what} thông tin của {place}" for place in PLACES for what in ("Luật", "Sở", "Báo")]
    assert "thông tin" in texts([*longer, *others])


def test_one_that_is_always_followed_by_one_word_is_a_piece():
    titles = [
        f"{place} triển khai chuyển {more}" for place in PLACES for more in ("đổi số nhanh", "đổi số", "mạng")
    ]
    assert "triển khai chuyển" not in texts(titles)


def test_capitals_of_a_titles_beginning_are_not_the_phrases_own():
    titles = ["Báo chí số"] * 5 + [f"{place} làm báo chí số" for place in PLACES]
    assert texts(titles)[0] == "báo chí số"


def test_those_that_begin_with_what_is_typed_come_first():
    titles = [f"{place}: thi báo chí {place}" for place in PLACES * 2] + [f"{p}: báo chí số, {p}" for p in PLACES]
    assert list(Phrases.of(titles).holding(read_words("bao ch"))) == ["báo chí", "báo chí số", "thi báo chí"]


def test_lines_and_phrases_together_are_few_and_none_is_there_twice():
    titles = [Suggestion(text=f"Tin {n}", kind="title") for n in range(8)]
    lines = [Suggestion(text="Huế", kind="province"), *titles]
    found = with_phrases(lines, ["Huế", "Tin 3", *(f"cụm {n}" for n in range(8))])
    assert [line.kind for line in found] == ["province", *["phrase"] * PHRASES, *["title"] * 4]
    assert [line.text for line in with_phrases([], [f"cụm {n}" for n in range(20)])] == [
        f"cụm {n}" for n in range(LINES)
    ]
    assert with_phrases(lines[:3], []) == tuple(lines[:3])


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", "c", "và", "1", "x-y", ",", ":"]), max_size=12).map(" ".join),
        max_size=30,
    )
)
def test_whatever_titles_say_a_phrase_stands_in_enough_of_them(titles):
    for text in texts(titles, 3):
        assert sum(text in title for title in titles) >= 1
        assert len(text.split()) in range(2, 7)
        assert not {"và", "1"} & {text.split()[0], text.split()[-1]}
