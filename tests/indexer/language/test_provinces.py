"""The province tagger: traps, sentences, official texts; both maps; what a mention says of itself."""

import json
import os
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import load_vocabulary
from indexer.article import PlaceMention
from indexer.language.passage import Passage, Passages
from indexer.language.provinces import Tagger, most_named
from indexer.language.provinces.surroundings import Lists
from tests.indexer.language.growth import growth

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "provinces.jsonl").read_text(encoding="utf-8").splitlines()
]
TAGGER = Tagger(load_vocabulary())


def tag(text: str, published: date | None = None) -> tuple[PlaceMention, ...]:
    return TAGGER.tag(Passages([Passage(part="body", text=text)]), published)


def former(mentions: tuple[PlaceMention, ...]) -> set[str]:
    """What the facet of the 63 shows."""
    return {name for mention in mentions if mention.role in ("subject", "issuer") for name in mention.then}


def shared(*parts: str) -> Path:
    folder = os.environ.get("SHARED_DATA")
    if not folder:
        pytest.skip("SHARED_DATA is not set")
    return Path(folder, *parts)


def test_no_trap_catches_the_tagger():
    lines = shared("province_traps.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for trap in map(json.loads, lines):
        dated = re.match(r"\((\d{4})-(\d\d)\)", trap["text"])
        found = former(tag(trap["text"], date(int(dated[1]), int(dated[2]), 1) if dated else None))
        if found != set(trap["gold_63"]):
            wrong.append((trap["text"], trap["gold_63"], found))
    assert not wrong


def test_the_right_province_comes_first_for_every_resolution():
    texts = sorted(shared("resolutions2025").glob("*.md"))
    assert len(texts) == 17
    for path in texts:
        text = path.read_text(encoding="utf-8")
        named = re.search(r"cấp xã của (?:tỉnh|thành phố)\s+(\w+\s+\w+)", text, re.IGNORECASE)
        assert named
        wanted = " ".join(named[1].split()).casefold()
        for published in (date(2025, 6, 16), date(2025, 7, 2), None):
            first = most_named(tag(text, published))[0]
            assert [name.casefold() for name in first.today] == [wanted], path.name


def _with_new_tones(text: str) -> str:
    for old, new in (("òa", "oà"), ("óa", "oá"), ("úy", "uý"), ("ủy", "uỷ"), ("ÒA", "OÀ"), ("ỦY", "UỶ")):
        text = re.sub(rf"{old}(?!\w)", new, text)
    return text


VARIANTS: dict[str, Callable[[str], str]] = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "spaces": lambda text: text.replace(" ", "\u00a0"),
    "tones": _with_new_tones,
    "hidden": lambda text: text.replace(" ", " \u200b"),
    "eth": lambda text: text.replace("Đ", "\u00d0"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_composition_spaces_and_tone_style_change_no_tag(variant: str):
    changed = 0
    for line in SENTENCES:
        text = line["text"]
        other = VARIANTS[variant](text)
        changed += other != text
        assert [(m.then, m.today, m.role) for m in tag(other)] == [(m.then, m.today, m.role) for m in tag(text)], (
            other
        )
        assert all(other[m.where.start : m.where.end] == m.written for m in tag(other)), other
    assert changed > 20


@given(st.text(), st.sampled_from([None, date(2003, 1, 1), date(2026, 1, 1)]))
def test_no_text_raises(text: str, published: date | None):
    tag(text, published)


@given(
    st.lists(
        st.sampled_from(
            ["các", "xã", "tỉnh", "TP", ".", ",", "và", "Hà", "Nội", "-", "(", ")", "\n", "Huế", "từ", "đến"]
        )
    )
)
def test_no_row_of_known_words_raises(pieces: list[str]):
    tag(" ".join(pieces))


@pytest.mark.parametrize(
    ("text", "published", "then", "today", "role"),
    [
        ("Sở TT&TT tỉnh Long An họp", date(2009, 1, 15), ("Long An",), ("Tây Ninh",), "issuer"),
        ("tỉnh Tây Ninh đổi mới", date(2009, 1, 15), ("Tây Ninh",), ("Tây Ninh",), "subject"),
        ("tỉnh Tây Ninh đổi mới", date(2025, 7, 1), (), ("Tây Ninh",), "subject"),
        ("tỉnh Tây Ninh (cũ) đổi mới", date(2025, 8, 1), ("Tây Ninh",), ("Tây Ninh",), "subject"),
        ("tỉnh Tây Ninh sau sáp nhập", date(2025, 6, 1), (), ("Tây Ninh",), "subject"),
        ("tỉnh Lạng Sơn", date(2025, 8, 1), ("Lạng Sơn",), ("Lạng Sơn",), "subject"),
        ("thành phố Huế", date(2025, 8, 1), ("Thừa Thiên Huế",), ("Huế",), "subject"),
        ("TP.HCM", date(2025, 8, 1), (), ("Thành phố Hồ Chí Minh",), "subject"),
        ("TP.HCM", None, ("Thành phố Hồ Chí Minh",), ("Thành phố Hồ Chí Minh",), "subject"),
        ("tỉnh Hải Hưng", None, ("Hải Dương", "Hưng Yên"), ("Hải Phòng", "Hưng Yên"), "subject"),
        ("tỉnh Đắk Lắk", date(2003, 5, 1), ("Đắk Lắk", "Đắk Nông"), ("Đắk Lắk", "Lâm Đồng"), "subject"),
        ("Ngày 12/3, tại Hà Nội, Bộ họp", None, ("Hà Nội",), ("Hà Nội",), "venue"),
        ("tuyến cáp Hà Nội - Lào Cai", None, ("Hà Nội",), ("Hà Nội",), "mentioned"),
        ("từ Lạng Sơn đến Cà Mau", None, ("Lạng Sơn",), ("Lạng Sơn",), "mentioned"),
    ],
)
def test_a_mention_names_both_maps_and_its_role(text, published, then, today, role):
    first = tag(text, published)[0]
    assert (first.then, first.today, first.role) == (then, today, role)


def test_a_commune_named_after_a_district_gives_the_old_province_away():
    mentions = tag("tại xã Thái Thụy, tỉnh Hưng Yên; tỉnh Hưng Yên hỗ trợ", date(2025, 9, 1))
    assert [(mention.then, mention.today) for mention in mentions] == [
        (("Thái Bình",), ("Hưng Yên",)),
        (("Thái Bình",), ("Hưng Yên",)),
        ((), ("Hưng Yên",)),
    ]


def test_a_district_of_a_name_known_elsewhere_is_dropped_where_the_text_says_whose_it_is():
    assert former(tag("huyện Thanh Sơn, tỉnh Bắc Giang")) == {"Bắc Giang"}


def test_the_most_named_province_leads_not_the_first():
    text = "Hà Nội họp. UBND tỉnh Long An báo cáo. Tỉnh Long An có 14 huyện. Long An đứng đầu."
    assert most_named(tag(text))[0].then == ("Long An",)


def test_a_title_counts_for_more_than_a_paragraph():
    passages = [
        Passage(part="title", text="Long An: Hội nghị triển khai"),
        Passage(part="body", text="Hà Nội, Đà Nẵng và Hà Nội đã làm trước."),
    ]
    assert most_named(TAGGER.tag(Passages(passages)))[0].then == ("Long An",)


def test_a_region_is_written_with_the_words_that_make_it_one_and_leads_to_no_province():
    (region,) = tag("Các tỉnh miền Trung họp")
    assert (region.written, region.then, region.today) == ("miền Trung", (), ())
    assert region.regions == ("Bắc Trung Bộ", "Nam Trung Bộ")


HOSTILE = [
    "Hà Nội, ", "A", "Hà ", "(", "Bình, ", "xã ", "Q. 1 ", "quận 10, ", "miền Trung ", "TP. ", "Nguyễn Thái Bình ",
    "xã Thái Thụy, tỉnh Hưng Yên; ", "tỉnh ", "Hà Nội - ", "Sở TT&TT ",
    "ha noi, ", "xã A (", "từ Huế đến ", "\n", "Q.",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_repeats_take_linear_time(hostile: str):
    assert growth(lambda text: tag(f"các xã {text}", date(2025, 9, 1)), hostile) < 24


@pytest.mark.parametrize(
    "text",
    [
        "các tỉnh Long An, Cà Mau và Bạc Liêu, Kiên Giang",
        "các xã Tân Lập (huyện Mộc Hóa), Bình Hiệp, An Ninh và Long Hựu",
        "Long An, Cà Mau. Các tỉnh: Bạc Liêu, Kiên Giang cùng hai huyện Phú Quốc, Cần Giờ",
        "tỉnh Long An",
        f"các tỉnh {'Long An, ' * 40}Cà Mau",
    ],
)
def test_a_list_looked_back_from_once_says_the_same_for_each_of_its_items(text: str):
    kept = Lists(text)
    starts = [found.start() for found in re.finditer(r"(?:Long|Cà|Bạc|Kiên|Tân|Bình|An|Phú|Cần)(?= )", text)]
    assert len(starts) > 0
    assert [kept.words_before(start) for start in starts] == [Lists(text).words_before(start) for start in starts]
