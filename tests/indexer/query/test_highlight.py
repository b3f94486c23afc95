"""What is marked and shown of an article: the words people see, in fragments that make sense."""

import time
import unicodedata
from timeit import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.highlight import FRAGMENT, Highlighter
from indexer.query.language import parse
from indexer.query.sentences import PART, parts, pieces


def _title(query, text):
    marked = Highlighter(parse(query)).title(text)
    return [marked.text[start:end] for start, end in marked.marks]


def _snippets(query, *texts):
    return Highlighter(parse(query)).snippets(*texts)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("chuyen doi so", "Chuyển đổi số ở Huế", ["Chuyển đổi số"]),
        ("chuyển đổi số", "CHUYỂN ĐỔI SỐ", ["CHUYỂN ĐỔI SỐ"]),
        ("Hoà Bình", "tỉnh Hòa Bình", ["Hòa Bình"]),
        ("hoa binh", "tỉnh Hoà Bình", ["Hoà Bình"]),
        ("lương", "lượng và lương", ["lương"]),
        ("lương", "chỉ có lượng", ["lượng"]),
        ("luong", "lượng và lương", ["lượng", "lương"]),
        ("lương", "luong và lượng", ["luong"]),
        ("Long An", "an toàn ở Long An", ["Long An"]),
        ("an Long", "an toàn ở Long An", ["an", "Long", "An"]),
        ("toàn Huế", "an toàn ở Huế", ["toàn", "Huế"]),
        ('"an toàn"', "an toàn ở Long An", ["an toàn"]),
        ('"hội nghị"', "Hội ở quận Nghị, rồi hội nghị", ["hội nghị"]),
        ('"hoi nghi"', "Hội nghị và nghị hội", ["Hội nghị"]),
        ('"hội nghị" long an', "hội nghị ở Long An, hội thảo", ["hội nghị", "Long An"]),
        ('"hội nghị" hội', "hội thảo, hội nghị", ["hội nghị"]),
        ('"hội nghị"', "hội nghi", []),
        ('"hội"', "hội thảo", ["hội"]),
        ("kỹ thuật", "kĩ thuật và kỹ thuật", ["kĩ thuật", "kỹ thuật"]),
        ("ki thuat", "kỹ thuật", ["kỹ thuật"]),
        ("chuyeenr ddooir so", "chuyển đổi số", ["chuyển đổi số"]),
        ("bưu chí*", "Bưu chính và chỉ", ["Bưu", "chính", "chỉ"]),
        ("nhà -máy", "nhà máy", ["nhà"]),
        ("TTTT", "Bộ TT&TT họp", ["TT&TT"]),
        ("TT&TT", "Bộ TT & TT họp", ["TT & TT"]),
        ("749/QĐ-TTg", "Quyết định 749/QĐ-TTg.", ["749/QĐ-TTg"]),
        ("so", "số 5 và sổ", ["số", "sổ"]),
        ("a", "", []),
        ("", "Chữ", []),
        ("gì", "không có", []),
    ],
)
def test_marks_in_a_title(query, text, marked):
    assert _title(query, text) == marked


def test_composed_and_decomposed_letters_are_the_same():
    text = unicodedata.normalize("NFD", "Tỉnh Đắk Lắk họp")
    assert _title("đắk lắk", text) == _title("dak lak", text) == ["Đắk Lắk"]


@pytest.mark.parametrize(
    "odd", ["İstanbul", "straße", "ﬁn", "a\u0301\u0323\u0301x", "😀", "\ud800", "ǆ", "\u200bx\u200b"]
)
def test_letters_that_change_their_length_move_no_mark(odd):
    assert _title("huế", f"{odd} {odd} Huế") == ["Huế"]
    shown = _snippets("huế", f"{odd} {odd} Huế.")
    assert [text.text[start:end] for text in shown for start, end in text.marks] == ["Huế"]


BODY = (
    "Mở đầu chẳng nói gì đáng kể. Ở Long An có trạm mới. TP. HCM và GS. TS. Nam không ở đây. "
    "Ngày mai trời mưa.\nChuyển đổi số ở Long An đi trước. Kết thúc."
)


def test_the_best_two_sentences_in_reading_order():
    shown = _snippets("chuyển đổi số long an", BODY)
    assert [text.text for text in shown] == ["Ở Long An có trạm mới.", "Chuyển đổi số ở Long An đi trước."]


def test_a_second_fragment_adds_words_rather_than_repeats_them():
    shown = _snippets("trạm huế", "Trạm một. Trạm trạm hai hai. Ở Huế thì khác hẳn.")
    assert [text.text for text in shown] == ["Trạm một.", "Ở Huế thì khác hẳn."]


def test_a_fragment_with_the_phrase_goes_before_those_with_its_words_alone():
    text = "Ông Nghị đi. Hội làng vui. Nghị quyết của hội đồng. Hội nghị khai mạc. Hội xuân."
    assert [snippet.text for snippet in _snippets('"hội nghị"', text)] == ["Hội nghị khai mạc."]


def test_an_abbreviation_ends_no_sentence():
    assert [text.text for text in _snippets("hcm", BODY)] == ["TP. HCM và GS. TS. Nam không ở đây."]


def test_fragments_come_from_every_text():
    shown = _snippets("sóng biển", "Lời dẫn về sóng.", "Thân bài.", "Phụ lục: biển.")
    assert [text.text for text in shown] == ["Lời dẫn về sóng.", "Phụ lục: biển."]


def test_the_beginning_where_nothing_was_found():
    assert [text.text for text in _snippets("xyz", "", "Thân bài. Rồi nữa.")] == ["Thân bài."]
    assert [text.text for text in _snippets("", "Lời dẫn. Khác.", "Thân")] == ["Lời dẫn."]
    assert _snippets("xyz", "", "") == ()


def test_a_long_sentence_is_cut_between_words_around_its_mark():
    shown = _snippets("kim", "rơm rạ " * 300 + "cái kim ở giữa " + "rơm rạ " * 300)[0]
    assert len(shown.text) <= FRAGMENT + 4
    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert [shown.text[start:end] for start, end in shown.marks] == ["kim"]
    assert set(shown.text.strip("… ").split()) <= {"rơm", "rạ", "cái", "kim", "ở", "giữa"}


def test_a_long_beginning_is_cut_too():
    assert len(_snippets("xyz", "rơm rạ " * 300)[0].text) <= FRAGMENT + 4


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Một. Hai! Ba? Bốn… Năm", 5),
        ("Ông GS. TS. Nguyễn Văn A. Nam đến TP. HCM năm 2009. Hết.", 2),
        ("1. Mở đầu. 2. Kết luận.", 2),
        ("Giá 1.000 đồng tại Q. Tân Bình (Th.S. Vy). xong", 1),
        ("Dòng một\nDòng hai\fTrang hai", 3),
        ("Ông nói: “Được.” Rồi đi.", 2),
    ],
)
def test_where_sentences_end(text, sentences):
    assert len(list(pieces(text))) == sentences, list(pieces(text))


def test_a_text_of_a_million_letters_takes_no_second():
    body = "không có gì ở đây cả, " * 50_000 + "chỉ có cái kim. " + "và thêm nữa " * 10_000
    began = time.perf_counter()
    shown = _snippets("cái kim", body)
    assert time.perf_counter() - began < 1
    assert any("cái kim" in text.text for text in shown)


@given(
    query=st.lists(st.sampled_from(["hà", "nội", "ha", "tt&tt", '"hà nội"', "n*", "số"]), max_size=4).map(
        " ".join
    ),
    text=st.text(alphabet=st.sampled_from("hànộiNỘItTs&ố .,\n😀ß\u0301\u200b-/"), max_size=400),
)
def test_marks_are_in_order_inside_the_text_and_never_overlap(query, text):
    highlighter = Highlighter(parse(query))
    shown = highlighter.snippets(text)
    assert len(shown) <= 2
    for marked in (highlighter.title(text), *shown):
        end = 0
        for start, stop in marked.marks:
            assert end <= start < stop <= len(marked.text)
            end = stop


def test_what_stands_far_back_in_a_long_text_is_found():
    text = (
        "Một câu nói về chuyện khác hẳn.\n" * 12_000 + "Công văn về chuyển đổi số ở Cà Mau. " + "Rồi thôi.\n" * 50
    )
    (found,) = Highlighter(parse("Cà Mau")).snippets("", text)
    assert found.text == "Công văn về chuyển đổi số ở Cà Mau."
    assert [found.text[start:end] for start, end in found.marks] == ["Cà Mau"]


@pytest.mark.parametrize("query", ["chuyển đổi số", "chuyen doi so", "đổi số xã tỉnh huyện"])
def test_a_book_full_of_the_words_takes_hardly_longer_than_a_page(query):
    page = "Tỉnh nói về số. Xã đổi mới. Chuyển đổi số ở xã, ở tỉnh. Các tỉnh nói tiếp.\n" * 60
    highlighter = Highlighter(parse(query))

    def took(text: str) -> float:
        return min(repeat(lambda: highlighter.snippets("", text), number=3, repeat=5))

    assert highlighter.snippets("", page * 100) == highlighter.snippets("", page)
    assert took(page * 100) < 5 * took(page)


def test_parts_are_the_text_and_end_between_words():
    text = ("Một câu ngắn thôi. " * 700) + ("từ " * 5_000) + "x" * 10_000
    assert "".join(parts(text)) == text
    assert all(len(part) <= PART for part in parts(text))
    assert all(part[-1] in " x" for part in parts(text))
