"""The vocabulary's files: what they must hold, and what is said of a mistake in one."""

import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from config.vocabulary import FOLDER, VocabularyError, load_vocabulary
from indexer.language.view import View

WORDS = load_vocabulary()
_NEW_COMMUNE = r"có tên gọi là\s*((?:xã|phường|đặc khu) [^,.;:()]+?)\s*(?=[,.;:()])"


def test_sixty_three_provinces_became_thirty_four():
    assert len(WORDS.provinces) == 63
    assert len(WORDS.present) == 34
    assert len(WORDS.unchanged) == 11
    assert WORDS.unchanged["Huế"] == "Thừa Thiên Huế"
    assert WORDS.today_of(("Hải Dương", "Hưng Yên", "Hải Phòng")) == ("Hải Phòng", "Hưng Yên")


def test_every_province_can_be_found_by_its_own_name():
    assert {name.written for name in WORDS.names if name.kind == "province"} >= {
        province.name for province in WORDS.provinces
    }


def test_every_place_is_listed_once_and_stands_alone_only_where_one_province_has_it():
    places = [name for name in WORDS.names if name.kind == "place"]
    assert max(Counter((name.written, name.then) for name in places if "phố" not in name.units).values()) == 1
    alone = [name.written for name in places if not name.needs]
    provinces = {name: {place.then for place in places if place.written == name} for name in alone}
    assert [name for name, then in provinces.items() if len(then) > 1] == []


def test_no_context_is_given_two_meanings():
    assert max(Counter(context.words for context in WORDS.contexts).values()) == 1


def _spelled(text: str) -> str:
    """Small letters, single spaces, tones where the older spelling puts them."""
    return " ".join(View.of(text).text.lower().split())


def test_the_communes_are_those_that_the_resolutions_name():
    data = os.environ.get("SHARED_DATA")
    if not data:
        pytest.skip("SHARED_DATA is not set")
    known: dict[str, set[str]] = {}
    for one in WORDS.communes:
        known.setdefault(one.today, set()).add(_spelled(f"{one.kind} {one.name}"))
    texts = [path.read_text(encoding="utf-8") for path in Path(data, "resolutions2025").glob("*.md")]
    named = [set(re.findall(_NEW_COMMUNE, _spelled(re.sub(r"[*\\]", " ", text)))) for text in texts]
    assert sum(map(len, named)) > 1_700
    for communes in named:
        nearest = max(known, key=lambda province: len(known[province] & communes))
        assert communes - known[nearest] == set(), nearest


def test_every_province_of_today_has_its_communes_each_out_of_one_that_it_was_made_of():
    assert len(WORDS.communes) == 3_321
    assert {one.today for one in WORDS.communes} == WORDS.present
    for one in WORDS.communes:
        assert len(one.then) == 1, one
        assert WORDS.today_of(one.then) == (one.today,), one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "vocabulary"))


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("places.csv", "Atlantis,huyện,Lemuria,,", "no province is named Lemuria"),
        ("places.csv", "Atlantis,huyện", "5 cells are wanted"),
        ("places.csv", "Atlantis,huyện,Long An,,,,", "5 cells are wanted"),
        ("contexts.csv", "bến,harbour,", "'harbour' is none of"),
        ("names.csv", "Gia Định,Thành phố Hồ Chí Minh,luck,", "'luck' is none of"),
        ("historic.csv", "Gia Định,Long An,31/12/2003,,", "Invalid isoformat"),
        ("blocked.csv", "Bến Nghé,", "say in a comment why"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(folder: Path, file: str, line: str, message: str):
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    (folder / file).write_text("\n".join([*lines, line, ""]), encoding="utf-8")
    with pytest.raises(VocabularyError, match=f"{file}, line {len(lines) + 1}: .*{message}"):
        load_vocabulary(folder)


def test_a_missing_file_and_a_missing_column_are_named(folder: Path):
    (folder / "surnames.csv").write_text("name\nNguyễn\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"surnames.csv, line 2: no column 'surname'"):
        load_vocabulary(folder)
    (folder / "surnames.csv").unlink()
    with pytest.raises(VocabularyError, match=r"surnames\.csv: "):
        load_vocabulary(folder)
