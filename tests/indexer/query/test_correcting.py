"""What was meant: out of the titles' own words and pairs, never out of thin air."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.folding import fold
from indexer.query.correcting import Corrector
from indexer.query.language import parse, read_words

TITLES = [
    *["Hội nghị triển khai chuyển đổi số năm 2023"] * 5,
    *["Bộ trưởng dự hội nghị chuyển đổi số tại Long An"] * 3,
    *["An toàn thông tin cho báo chí"] * 4,
    *["Xóa điểm lõm sóng di động ở Lào Cai"] * 2,
    *["Sở Thông tin và Truyền thông Long An tổng kết công tác"] * 3,
    "Một lần nói về xuyển động",
]
CORRECTOR = Corrector.of(TITLES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyen doi xo", "chuyển đổi số"),
        ("chuyeen ddooir soos", "chuyển đổi số"),
        ("chuyn doi so", "chuyển đổi số"),
        ("chuyền đổi số", "chuyển đổi số"),
        ("hoi ngih trien khai", "hội nghị triển khai"),
        ("an toan thong tim", "an toàn thông tin"),
        ("Truyền thông Lonng An", "truyền thông long an"),
        ("lom sonh", "lõm sóng"),
    ],
)
def test_a_slip_is_mended_by_its_neighbours(typed, meant):
    assert CORRECTOR.correct(read_words(typed)) == meant


def test_a_joined_abbreviation_is_written_as_people_write_it():
    corrector = Corrector.of(["Sở TT&TT Long An thanh tra báo chí"] * 3)
    assert corrector.correct(read_words("sở TT&TT Long An thanh trra")) == "sở TT&TT long an thanh tra"


@pytest.mark.parametrize(
    "typed",
    [
        "chuyển đổi số", "chuyen doi so", "CHUYEN DOI SO", "hội nghị", "long an", "so", "2023", "12/2008/QĐ-BTTTT",
        "qqqqqqqq wwwwwww", "blockchain", "", "a b c d e f g h i k l m n", "thông tin",
    ],
)  # fmt: skip
def test_what_is_right_or_unknown_is_left_alone(typed):
    assert CORRECTOR.correct(read_words(typed)) == ""


def test_a_word_of_one_title_alone_is_nobodys_correction():
    assert "xuyển" not in CORRECTOR.correct(read_words("xuyenn dong"))


def test_an_archive_without_titles_corrects_nothing():
    assert Corrector.of([]).correct(read_words("chuyen doi xo")) == ""


@given(st.text(max_size=200))
def test_whatever_is_typed_is_corrected_to_known_words_or_not_at_all(typed):
    words = [word for run in parse(typed).runs for word in run]
    corrected = CORRECTOR.correct(words).split()
    typed_words = {word.text for word in words}
    known = {fold(word) for title in TITLES for word in read_text(title)}
    assert len(corrected) in {0, len(words)}
    assert all(word in typed_words or fold(word) in known for word in corrected)


def read_text(title: str) -> list[str]:
    return [word.text for word in read_words(title)]
