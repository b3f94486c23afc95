"""The vocabulary's files: what they must hold, and what is said of a mistake in one."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from config.vocabulary import FOLDER, VocabularyError, load_vocabulary

WORDS = load_vocabulary()


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
