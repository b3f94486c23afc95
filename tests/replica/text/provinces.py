"""The provinces as a text of a given day would name them, with what they are called in the two lists."""

import csv
import random
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parents[3] / "config" / "vocabulary" / "provinces.csv"

MERGED = date(2025, 7, 1)
"""From this day on there are 34."""

_HUE = date(2025, 1, 1)
_HA_TAY_ENDS = date(2008, 8, 1)
_SINCE_2004 = ("Đắk Nông", "Hậu Giang", "Điện Biên")

_SPELLINGS = {
    "Thành phố Hồ Chí Minh": ("TP. Hồ Chí Minh", "TP.HCM", "thành phố Hồ Chí Minh"),
    "Thừa Thiên Huế": ("Thừa Thiên - Huế", "Thừa Thiên Huế"),
    "Bà Rịa - Vũng Tàu": ("Bà Rịa-Vũng Tàu", "Bà Rịa – Vũng Tàu"),
    "Đắk Lắk": ("Đăk Lăk", "Đắc Lắc"),
    "Đắk Nông": ("Đăk Nông",),
    "Bắc Kạn": ("Bắc Cạn",),
}
"""How others write them; the table's own spelling is used too."""

_ENGLISH = {
    "Thành phố Hồ Chí Minh": "Ho Chi Minh City",
    "Hà Nội": "Hanoi",
    "Thừa Thiên Huế": "Thua Thien-Hue",
    "Bà Rịa - Vũng Tàu": "Ba Ria-Vung Tau",
}


class _Unmarking(dict[int, str]):
    """Each letter's base, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        base = {"Đ": "D", "đ": "d"}.get(chr(code)) or unicodedata.normalize("NFD", chr(code))
        self[code] = "".join(letter for letter in base if not unicodedata.combining(letter))
        return self[code]


_UNMARKED = _Unmarking()


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """A province as it is written in one text, and its labels in the lists of 63 and of 34."""

    written: str
    then: tuple[str, ...]
    today: tuple[str, ...]
    city: bool

    @property
    def full(self) -> str:
        """With the word for what it is: `tỉnh Long An`, `thành phố Đà Nẵng`."""
        if self.written.lower().startswith(("tp", "thành phố")):
            return self.written
        return f"{'thành phố' if self.city else 'tỉnh'} {self.written}"


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=1)
def _parts() -> dict[str, tuple[str, ...]]:
    """Of each of the 34 the ones of the 63 it was made of."""
    parts: dict[str, list[str]] = defaultdict(list)
    for row in _rows():
        parts[row["today"]].append(row["then"])
    return {name: tuple(then) for name, then in parts.items()}


def choose(chance: random.Random, day: date, *, vary: bool = False) -> Province:
    """One of the provinces there were on a day; `vary`: not always in its usual spelling."""
    if day >= MERGED:
        return _present(chance)
    row = chance.choice(_rows())
    name = row["then"]
    if day.year == 2003 and name in _SINCE_2004:
        row = {"then": "Đắk Lắk", "today": "Đắk Lắk", "then_kind": "province"}
        name = "Đắk Lắk"
    if name == "Hà Nội" and day < _HA_TAY_ENDS and chance.random() < 0.5:
        return Province(written="Hà Tây", then=("Hà Nội",), today=("Hà Nội",), city=False)
    city, written = row["then_kind"] == "city", name
    if name == "Thừa Thiên Huế" and day >= _HUE:
        city, written = True, "Huế"
    elif name == "Thành phố Hồ Chí Minh" or (vary and name in _SPELLINGS):
        written = chance.choice(_SPELLINGS[name])
    return Province(written=written, then=(name,), today=(row["today"],), city=city)


def _present(chance: random.Random) -> Province:
    """One of the 34. Which of the 63 is meant is known only where nothing was merged."""
    name, parts = chance.choice(sorted(_parts().items()))
    city = next(row["today_kind"] for row in _rows() if row["today"] == name) == "city"
    written = "TP. Hồ Chí Minh" if name == "Thành phố Hồ Chí Minh" else name
    return Province(written=written, then=parts if len(parts) == 1 else (), today=(name,), city=city)


def venue(name: str, day: date) -> Province:
    """One of the 63 by its label, in its usual spelling."""
    row = next(row for row in _rows() if row["then"] == name)
    alone = len(_parts()[row["today"]]) == 1
    written = "TP. Hồ Chí Minh" if name == "Thành phố Hồ Chí Minh" else name
    then = (name,) if day < MERGED or alone else ()
    return Province(written=written, then=then, today=(row["today"],), city=row["then_kind"] == "city")


def in_english(province: Province) -> str:
    """Its name without marks, as the English pages write it."""
    label = (province.then or province.today)[0]
    if province.written == "Hà Tây" or label not in _ENGLISH:
        return unmarked(province.written)
    return "Hue" if province.written == "Huế" else _ENGLISH[label]


def unmarked(text: str) -> str:
    """Without Vietnamese marks, letters' case kept."""
    return text.translate(_UNMARKED)


def labels() -> tuple[str, ...]:
    """The 63, sorted."""
    return tuple(sorted(row["then"] for row in _rows()))
