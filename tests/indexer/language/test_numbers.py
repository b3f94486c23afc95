"""Document numbers: found in labelled lines, normalised, with issuer and role; look-ups in any spelling."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary import load_vocabulary
from indexer.article import DocumentNumber
from indexer.language.numbers import Numbers
from indexer.language.passage import Passage, Passages
from tests.indexer.language.growth import growth

LINES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "numbers.jsonl").read_text(encoding="utf-8").splitlines()
]
NUMBERS = Numbers(load_vocabulary())


def find(text: str, *, own: bool = False) -> tuple[DocumentNumber, ...]:
    return NUMBERS.find(Passages([Passage(part="title" if own else "body", text=text)]), own=own)


@pytest.mark.parametrize(
    ("text", "normal", "kind", "number", "year", "issuer"),
    [
        ("Nghị định số 14 của Chính phủ", "14/NĐ-CP", "NĐ", "14", None, "Chính phủ"),
        ("14/2008/ND - CP", "14/2008/NĐ-CP", "NĐ", "14", 2008, "Chính phủ"),
        ("Quyết định 749/QĐ-TTg", "749/QĐ-TTg", "QĐ", "749", None, "Thủ tướng Chính phủ"),
        ("Luật Viễn thông số 41/2009/QH12", "41/2009/QH12", "Luật", "41", 2009, "Quốc hội"),
        ("công văn số 3/BTTTT-CVT", "3/BTTTT-CVT", "CV", "3", None, "Bộ Thông tin và Truyền thông"),
        ("Nghị quyết 52-NQ/TW", "52-NQ/TW", "NQ", "52", None, "Ban Chấp hành Trung ương Đảng"),
        ("Quyết định số 9/QĐ-ABCD", "9/QĐ-ABCD", "QĐ", "9", None, "ABCD"),
        (
            "Thông tư liên tịch số 03/2010/TTLT-BTTTT-BNV", "03/2010/TTLT-BTTTT-BNV", "TTLT", "03", 2010,
            "Bộ Thông tin và Truyền thông, Bộ Nội vụ",
        ),
    ],
)  # fmt: skip
def test_a_number_says_its_type_year_and_issuer(text, normal, kind, number, year, issuer):
    (found,) = find(text)
    assert (found.normal, found.type, found.number, found.year, found.issuer) == (
        normal, kind, number, year, issuer,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Bộ TT&TT vừa ban hành Thông tư số 05/2020/TT-BTTTT", "issues"),
        ("Thủ tướng đã ký Quyết định số 749/QĐ-TTg", "issues"),
        ("Số: 1654/NQ-UBTVQH15", "issues"),
        ("Căn cứ Quyết định số 749/QĐ-TTg", "cites"),
        ("Quy chế ban hành kèm theo Quyết định số 749/QĐ-TTg", "cites"),
    ],
)
def test_a_text_issues_a_document_or_cites_it(text, role):
    assert [number.role for number in find(text)] == [role]


def test_what_is_issued_stands_early_in_a_text():
    passage = Passage(part="body", index=7, text="Bộ đã ban hành Thông tư số 05/2020/TT-BTTTT")
    assert [number.role for number in NUMBERS.find(Passages([passage]))] == ["cites"]


def test_the_page_of_a_document_issues_it():
    found = find("Nghị định số 15/2020/NĐ-CP sửa đổi Nghị định số 49/2017/NĐ-CP", own=True)
    assert [number.role for number in found] == ["issues", "cites"]


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("14/2008/ND-CP", "14/2008/NĐ-CP"),
        ("14/2008/nđ-cp", "14/2008/NĐ-CP"),
        ("nghị định 14/2008", "14/2008/NĐ-CP"),
        ("nghi dinh so 14 cua chinh phu", "14/NĐ-CP"),
        ("15 2020 nd cp", "15/2020/NĐ-CP"),
        ("nghi-dinh-15-2020-nd-cp", "15/2020/NĐ-CP"),
        ("so 749/QD-TTg", "749/QĐ-TTg"),
        ("Quyết định số 749/QĐ-TTg", "749/QĐ-TTg"),
        ("5/2020/tt-btttt", "05/2020/TT-BTTTT"),
        ("luat so 67/2006/qh11", "67/2006/QH11"),
        ("52-nq/tw", "52-NQ/TW"),
        ("12/3/2020", None),
        ("2020", None),
        ("1/2", None),
        ("long an 2009", None),
        ("749/QĐ-TTg chuyển đổi số", None),
        ("", None),
    ],
)
def test_a_number_typed_in_any_spelling_leads_to_its_normal_form(typed, normal):
    assert NUMBERS.normal(typed) == normal


@given(st.sampled_from([line for line in LINES if line["numbers"]]))
@settings(max_examples=200, deadline=None)
def test_a_normal_form_is_its_own_normal_form(line):
    for normal in line["numbers"]:
        if normal.count("/") + normal.count("-") > 1:
            assert NUMBERS.normal(normal) == normal


@given(st.sampled_from(LINES))
@settings(deadline=None)
def test_composition_and_spaces_change_nothing_and_offsets_lead_to_the_words(line):
    for text in (
        unicodedata.normalize("NFD", line["text"]),
        line["text"].replace(" ", "\u00a0"),
        line["text"].replace("-", "\u2013"),
    ):
        found = find(text)
        assert Counter(number.normal for number in found) == Counter(line["numbers"])
        assert all(text[number.where.start : number.where.end] == number.written for number in found)


@given(st.text())
def test_no_text_raises(text):
    find(text)
    NUMBERS.normal(text)


@given(st.text(st.sampled_from("0123456789/-. ,QĐNCPTBsố\n và")))
def test_no_row_of_digits_and_codes_raises(text):
    find(f"Quyết định số {text}")


HOSTILE = [
    "1/", "12, ", "Quyết định số ", "9", "1/A-", "Nghị định ", "số 14 của ", "14/2008/", "1/QĐ-", "12 và ",
    "NĐ ", "1\n",
    "Nghị định 14 năm 2008 ", "QH1", "ngày 1/1/2008 ", "1/2008/NĐ.", "CV 1/A B-", "Số: ",
    "5/BTTTT-CVT, ", "1 ", "Đ",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_repeats_take_linear_time(hostile: str):
    assert growth(find, hostile) < 24
