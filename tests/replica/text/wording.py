"""Fills the braces of sentence patterns, and keeps account of the places and documents it named."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from indexer.article import NumberRole, Role
from tests.replica.text import legal, provinces
from tests.replica.text.patterns import Patterns
from tests.replica.text.provinces import Province

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATED_CITATION = 0.3


class Wording:
    """What the words in braces stand for in one article; asked again, figures differ and facts do not."""

    def __init__(self, patterns: Patterns, chance: random.Random, day: date, facts: Mapping[str, str]) -> None:
        self._patterns = patterns
        self._chance = chance
        self._day = day
        self._facts = facts
        self.provinces: list[tuple[Province, Role]] = []
        self.numbers: list[legal.Mention] = []

    def fill(self, pattern: str) -> str:
        """The pattern with everything in braces filled in."""
        return pattern.format_map(self)

    def cite(self, document: legal.LegalDocument, role: NumberRole) -> str:
        """Name a document, and remember that."""
        mention = legal.Mention(written=document.number, normal=document.number, role=role)
        if mention not in self.numbers:
            self.numbers.append(mention)
        return document.named

    def remember(self, province: Province, role: Role) -> None:
        """Note that a place was named."""
        if (province, role) not in self.provinces:
            self.provinces.append((province, role))

    def __getitem__(self, name: str) -> str:
        if name[0].isupper():
            value = self[name.lower()]
            return value[0].upper() + value[1:]
        if name in self._facts:
            return self._facts[name]
        if name in self._patterns.lists:
            return self._chance.choice(self._patterns.lists[name])
        return _MAKERS[name](self)

    def _number(self, low: int, high: int) -> str:
        text = f"{self._chance.randint(low, high):,}"
        return text if self._english else text.replace(",", ".")

    def _fraction(self, low: int, high: int) -> str:
        text = f"{self._chance.randint(low * 10, high * 10) / 10:g}"
        return text if self._english else text.replace(".", ",")

    @property
    def _english(self) -> bool:
        return self._patterns.language == "en"

    def _share(self) -> str:
        whole = self._chance.randint(8, 40)
        part = whole - self._chance.randint(1, whole // 2)
        return f"{part} of {whole}" if self._english else f"{part}/{whole}"

    def _quarter(self) -> str:
        number = self._chance.randint(1, 4)
        return str(number) if self._english else ("I", "II", "III", "IV")[number - 1]

    def _cited(self) -> str:
        """A document of some time before, with its day now and then."""
        rank: legal.Rank = self._chance.choice(("government", "premier", "ministry"))
        document = legal.invent(self._chance, legal.earlier(self._chance, self._day), rank)
        named = self.cite(document, "cites")
        if self._english:
            return f"Document {document.number}"
        dated = self._chance.random() < _DATED_CITATION
        return f"{named} ngày {document.day:%d/%m/%Y}" if dated else named

    def _others(self) -> str:
        """Two provinces the article is not about."""
        about = {province.today for province, _ in self.provinces}
        names: list[str] = []
        while len(names) < 2:
            province = provinces.choose(self._chance, self._day)
            if province.today not in about:
                about.add(province.today)
                self.remember(province, "mentioned")
                names.append(provinces.in_english(province) if self._english else province.written)
        return f" {'and' if self._english else 'và'} ".join(names)

    def _place(self) -> str:
        """Where something national takes place: mostly the capital."""
        name = self._chance.choices(
            ("Hà Nội", "Thành phố Hồ Chí Minh", "Đà Nẵng", "Cần Thơ", "Hải Phòng", "Quảng Ninh"),
            (60, 14, 14, 4, 4, 4),
        )[0]
        found = provinces.venue(name, self._day)
        self.remember(found, "venue")
        return provinces.in_english(found) if self._english else found.written

    def _deadline(self) -> str:
        return f"{self._day + timedelta(days=self._chance.randint(20, 60)):%d/%m/%Y}"


_MAKERS: Mapping[str, Callable[[Wording], str]] = {
    "n": lambda words: words._number(2, 48),
    "m": lambda words: words._number(5, 60),
    "many": lambda words: words._number(120, 9_800),
    "million": lambda words: words._number(15, 900),
    "billion": lambda words: words._fraction(1, 480),
    "percent": lambda words: f"{words._fraction(5, 99)}%",
    "months": lambda words: words._chance.choice(("6", "9")),
    "share": Wording._share,
    "quarter": Wording._quarter,
    "cited": Wording._cited,
    "others": Wording._others,
    "place": Wording._place,
    "deadline": Wording._deadline,
}


def written_day(chance: random.Random, day: date, *, english: bool, whole: bool) -> str:
    """A day as a sentence has it; `whole`: never without the year."""
    if english:
        return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    forms = [f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}"]
    forms += [f"{day:%d} tháng {day:%m} năm {day.year}"] + ([] if whole else [f"{day.day}/{day.month}"])
    return f"ngày {chance.choice(forms)}"
