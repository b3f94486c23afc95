"""Numbers of legal documents that never were, in every form the real ones have."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Literal

from indexer.article import NumberRole

Rank = Literal["government", "premier", "ministry", "province"]

_BORN = date(2007, 8, 1)
"""Until then the ministry was that of Posts and Telematics, BBCVT."""

_LONG = {
    "NĐ": "Nghị định",
    "QĐ": "Quyết định",
    "TT": "Thông tư",
    "CT": "Chỉ thị",
    "NQ": "Nghị quyết",
    "KH": "Kế hoạch",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A document number as written in a text, and the form it is looked up by."""

    written: str
    normal: str
    role: NumberRole


@dataclass(frozen=True, kw_only=True, slots=True)
class LegalDocument:
    """A decree, decision, circular or directive."""

    type: str
    number: str
    """Whole, such as `38/2016/TT-BTTTT` or `749/QĐ-TTg`."""
    issuer: str
    day: date

    @property
    def named(self) -> str:
        """As a sentence names it: `Quyết định số 749/QĐ-TTg`."""
        return f"{_LONG[self.type]} số {self.number}"

    @property
    def title(self) -> str:
        """As a heading names it: `Quyết định 749/QĐ-TTg`."""
        return f"{_LONG[self.type]} {self.number}"

    @property
    def long_type(self) -> str:
        """`Nghị định`, `Thông tư` …"""
        return _LONG[self.type]


def ministry_code(day: date) -> str:
    """The letters the ministry signs with."""
    if day >= date(2025, 3, 1):
        return "BKHCN"
    return "BTTTT" if day >= _BORN else "BBCVT"


def ministry_name(day: date) -> str:
    """What the ministry is called on a day."""
    if day >= date(2025, 3, 1):
        return "Bộ Khoa học và Công nghệ"
    return "Bộ Thông tin và Truyền thông" if day >= _BORN else "Bộ Bưu chính, Viễn thông"


def invent(chance: random.Random, day: date, rank: Rank) -> LegalDocument:
    """A document of such a rank, dated that day."""
    number = chance.randint(1, 99) if rank == "government" else chance.randint(5, 2450)
    code, year = ministry_code(day), day.year
    if rank == "government":
        kind, issuer = chance.choice(("NĐ", "NĐ", "NQ")), "Chính phủ"
        text = f"{number:02d}/{year}/{kind}-CP" if kind == "NĐ" else f"{number}/NQ-CP"
    elif rank == "premier":
        kind, issuer = chance.choice(("QĐ", "QĐ", "CT")), "Thủ tướng Chính phủ"
        text = f"{number % 60 + 1:02d}/CT-TTg" if kind == "CT" else f"{number}/QĐ-TTg"
    elif rank == "ministry":
        kind, issuer = chance.choice(("TT", "TT", "QĐ", "CT")), ministry_name(day)
        text = f"{number}/QĐ-{code}" if kind == "QĐ" else f"{number % 60 + 1:02d}/{year}/{kind}-{code}"
    else:
        kind, issuer = chance.choice(("QĐ", "KH")), "UBND"
        text = f"{number}/{kind}-UBND" if kind == "KH" or number % 2 else f"{number % 90 + 1:02d}/{year}/QĐ-UBND"
    return LegalDocument(type=kind, number=text, issuer=issuer, day=day)


def earlier(chance: random.Random, day: date) -> date:
    """A working day some months or years before, not before 2002."""
    oldest = date(2002, 1, 1).toordinal()
    return date.fromordinal(max(oldest + chance.randint(0, 300), day.toordinal() - chance.randint(40, 1_500)))
