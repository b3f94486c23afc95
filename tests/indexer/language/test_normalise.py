"""The normaliser: what it makes of text, that it is stable, that its offsets lead back."""

import unicodedata

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.folding import fold
from indexer.language.normalise import JOINED, LONGEST_WORD, normalise, pairs_text, search_text, word_pairs
from tests.indexer.language.growth import growth

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđbcghklmnpqrstvx"
ODD = "ÐðßİŁıﬁＡ０²½Ⅷ’'…–-_.,;:/()\u00a0\u200b\u200d\u00ad\ufe0f\u0301\u0323\u0302\u0331\u0338=<😀𝐀ΣςH\u202f\r\n\t"

letters = st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + "0123456789  &TTVHKC" + ODD)
texts = st.one_of(st.text(letters, max_size=60), st.text(max_size=40), st.sampled_from(JOINED))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Sở TT&TT tỉnh Long An", "sở tttt tt tt tỉnh long an"),
        ("các Phòng VH & TT huyện", "các phòng vhtt vh tt huyện"),
        ("Sở VH&TT&DL", "sở vhttdl vh tt dl"),
        ("UBND & HĐND", "ubnd hđnd"),
        ("A&TT&TT", "a tt tt"),
        ("Bộ GD&ĐT, gd&dt", "bộ gdđt gd đt gddt gd dt"),
        ("hoà bình HOÀ BÌNH Hòa Bình", "hòa bình hòa bình hòa bình"),
        ("quý, quỳnh, thuý, thúy, khoẻ, hoà2, loài, qúy", "quý quỳnh thúy thúy khỏe hoà2 loài quý"),
        ("Ðà Nẵng, ðô thị", "đà nẵng đô thị"),
        ("tp.hcm hòa_bình 1.7.2025", "tp hcm hòa bình 1 7 2025"),
        ("12;13 a:b l’amour m²", "12 13 a b l amour m"),
        ("Hà\u00a0Nội\u200b mới\u00ad", "hà nội mới"),
        ("e\u200b\u0301", "é"),
        ("❤\ufe0f 5G", "5g"),
        ("\u0301 lone", "lone"),
        ("", ""),
    ],
)
def test_search_text_of_what_is_written(written: str, found: str):
    assert search_text(written) == found
    assert normalise(written).text == found


@given(texts)
def test_normalising_twice_is_normalising_once(text: str):
    once = search_text(text)
    assert search_text(once) == once


@given(texts)
def test_the_way_with_offsets_finds_the_same_words(text: str):
    assert normalise(text).text == search_text(text)


@given(texts)
def test_offsets_lead_back_to_the_piece_that_gave_the_word(text: str):
    found = normalise(text)
    assert len(found.offsets) == len(found.words)
    starts = [start for start, _ in found.offsets]
    assert starts == sorted(starts)
    for word, (start, end) in zip(found.words, found.offsets, strict=True):
        assert 0 <= start < end <= len(text)
        piece = "".join(letter for letter in text[start:end] if letter not in "&, \u00a0\t\r\n\u202f")
        assert search_text(piece).replace(" ", "") == word


@given(texts)
def test_search_text_is_lower_case_composed_words_with_single_spaces(text: str):
    found = search_text(text)
    assert unicodedata.is_normalized("NFC", found)
    assert found == " ".join(found.split())
    for word in found.split():
        assert len(word) <= LONGEST_WORD
        categories = [unicodedata.category(letter) for letter in word]
        assert categories[0][0] != "M"
        assert all(category[0] in "LM" or category == "Nd" for category in categories)


@given(st.text(st.sampled_from(VIETNAMESE + " ,.&T-"), max_size=60))
def test_composition_tone_style_and_spaces_do_not_matter(text: str):
    wanted = search_text(text)
    assert search_text(unicodedata.normalize("NFD", text)) == wanted
    assert search_text(text.upper()) == wanted
    assert search_text(text.replace(" ", "\u00a0 ")) == wanted


@pytest.mark.parametrize(("old", "new"), [("hòa", "hoà"), ("thúy", "thuý"), ("khỏe", "khoẻ"), ("TÓA", "TOÁ")])
def test_both_places_of_a_tone_are_one_word(old: str, new: str):
    assert search_text(old) == search_text(new) == search_text(unicodedata.normalize("NFD", new))


def test_words_beyond_the_limit_are_cut():
    assert search_text("x" * 5_000 + " ngắn") == "x" * LONGEST_WORD + " ngắn"


def test_a_cut_that_makes_a_syllable_end_stays_stable():
    once = search_text("x" * (LONGEST_WORD - 2) + "oàn")
    assert search_text(once) == once


def test_word_pairs_are_shingles():
    assert word_pairs(["hà", "nội", "mới"]) == ["hà_nội", "nội_mới"]
    assert word_pairs(["hà"]) == word_pairs([]) == []


@pytest.mark.parametrize("words", [[], ["hà"], ["hà", "nội"], ["hà", "nội", "mới"], ["a"] * 50])
def test_pairs_are_one_text_as_they_are_one_by_one(words):
    assert pairs_text(words) == " ".join(word_pairs(words))


def test_folding_takes_all_marks_off():
    assert fold("đường đến Đà Nẵng: cộng hòa") == "duong den Da Nang: cong hoa"
    assert fold(unicodedata.normalize("NFD", "cộng hòa")) == "cong hoa"


def test_folding_equals_the_engines_filter_for_every_letter_of_search_text():
    engine = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.ascii_fold()).build()
    for code in range(0x80, 0x20000):
        letter = chr(code)
        if unicodedata.category(letter)[0] != "L" or search_text(letter) != letter:
            continue
        assert fold(letter) == "".join(engine.analyze(letter)), hex(code)


@pytest.mark.parametrize("hostile", ["TT&", "& ", "o", "\u0301", "a\u200b", "uý "])
def test_hostile_repeats_take_linear_time(hostile: str):
    assert growth(lambda text: (normalise(text), search_text(text)), hostile) < 24
