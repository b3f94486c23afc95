"""Old encodings: each is recognised and converted; proper text and other languages are left alone."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.legacy import convert, detect, repair_all, undoubled
from indexer.language.normalise import search_text

TEXT = (
    "Bộ Thông tin và Truyền thông tổ chức hội nghị triển khai nhiệm vụ năm học mới, "
    "các đơn vị báo cáo kết quả phổ cập dịch vụ viễn thông ở vùng sâu, vùng xa"
)
WRITTEN = {
    "tcvn3": (
        "Bé Th«ng tin vµ TruyÒn th«ng tæ chøc héi nghÞ triÓn khai nhiÖm vô n¨m häc míi, c¸c ®¬n vÞ b¸o c¸o "
        "kÕt qu¶ phæ cËp dÞch vô viÔn th«ng ë vïng s©u, vïng xa"
    ),
    "vni": (
        "Boä Thoâng tin vaø Truyeàn thoâng toå chöùc hoäi nghò trieån khai nhieäm vuï naêm hoïc môùi, caùc ñôn vò "
        "baùo caùo keát quaû phoå caäp dòch vuï vieãn thoâng ôû vuøng saâu, vuøng xa"
    ),
    "vps": (
        "B¶ Thông tin và Truy\x8an thông t° chÙc h¶i nghÎ tri\x8bn khai nhi\x8cm vø næm h\x86c m§i, các ÇÖn vÎ "
        "báo cáo k\x89t quä ph° cÆp dÎch vø viÍn thông ª vùng sâu, vùng xa"
    ),
    "windows-1258": "".join(
        unicodedata.normalize("NFC", base) + tone
        for letter in TEXT
        for base, tone in [
            (
                "".join(
                    part
                    for part in unicodedata.normalize("NFD", letter)
                    if part not in "\u0300\u0301\u0303\u0309\u0323"
                ),
                "".join(
                    part
                    for part in unicodedata.normalize("NFD", letter)
                    if part in "\u0300\u0301\u0303\u0309\u0323"
                ),
            )
        ]
    )
    .encode("cp1258")
    .decode("cp1252"),
}


def repair(text: str) -> str:
    (repaired,) = repair_all([text])
    return repaired


@pytest.mark.parametrize("encoding", WRITTEN)
def test_each_encoding_is_recognised_and_converted(encoding: str):
    assert detect(WRITTEN[encoding]) == encoding
    assert repair(WRITTEN[encoding]) == TEXT


def twice(text: str, *, as_windows: bool) -> str:
    """The text as it arrives where UTF-8 was taken for Latin-1 or windows-1252 and written in UTF-8 again."""
    seen = text.encode().decode("latin-1")
    return "".join(one.encode("latin-1").decode("cp1252", "ignore") or one for one in seen) if as_windows else seen


@pytest.mark.parametrize("as_windows", [False, True])
def test_what_is_in_utf_8_twice_is_read_once_more(as_windows: bool):
    text = f"{TEXT} – “{TEXT.upper()}”…"
    assert undoubled(twice(text, as_windows=as_windows)) == text
    half = f"<h1>Hội nghị ở “quê…” Ð–</h1><p>{twice(text, as_windows=as_windows)}</p><p>à la carte</p>"
    assert undoubled(half) == f"<h1>Hội nghị ở “quê…” Ð–</h1><p>{text}</p><p>à la carte</p>"


def test_a_few_odd_signs_are_no_evidence():
    for text in (
        TEXT,
        "«Là cá», «má» và «lá»",
        f"{TEXT}: «quán cá»” và «nhà má»…",
        "Bá»™ trưởng",
        WRITTEN["tcvn3"],
    ):
        assert undoubled(text) == text


def test_capitals_of_vni_and_bytes_read_as_windows_1252():
    assert convert("BOÄ THOÂNG TIN, Ñaø Naüng", "vni") == "BỘ THÔNG TIN, Đà Nẵng"
    assert repair(WRITTEN["vps"].encode("latin-1").decode("cp1252")) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        search_text(TEXT),
        unicodedata.normalize("NFD", TEXT),
        "Le ministère français a présenté à Genève des mesures très élevées pour la société numérique européenne",
        "Die Bundesbehörde für Öffentlichkeit übergab größere Aufträge für Züge und Straßen in München",
        "A comunicação não é só informação: são ações, opiniões e atenção às crianças do país e à população",
        "plain ASCII text of a notice",
        "é à",
        "",
    ],
)
def test_proper_text_is_left_alone(text: str):
    assert detect(text) is None
    assert repair(text) == text


def test_texts_of_one_page_are_judged_together_and_proper_ones_left_alone():
    words = WRITTEN["tcvn3"].split(", ")
    assert repair_all(["Hội nghị ở Đà Nẵng", *words, "2004", ""]) == [
        "Hội nghị ở Đà Nẵng",
        *TEXT.split(", "),
        "2004",
        "",
    ]
    assert repair_all(["Hội nghị ở Đà Nẵng", "Café Müller"]) == ["Hội nghị ở Đà Nẵng", "Café Müller"]


@given(st.text())
def test_no_text_raises(text: str):
    repair(text)
    undoubled(text)


@given(st.text(st.characters(min_codepoint=0x80, max_codepoint=0xFF)))
def test_no_bytes_raise(text: str):
    repair(text)
    undoubled(f"á»™ {text}")


def test_a_long_text_is_judged_by_its_beginning():
    began = time.perf_counter()
    detect("Bé Th«ng tin vµ " * 1_000_000)
    assert time.perf_counter() - began < 1
