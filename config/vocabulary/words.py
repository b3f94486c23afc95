"""What is known of words that texts are read with: provinces and places, contexts, abbreviations, documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

NameKind = Literal["province", "historic", "place", "region", "blocked"]
Needs = Literal["", "capitals", "unit", "context"]
"""What a name must have to be believed: nothing, a capital on every word, a unit before it ("tỉnh"), or a unit, a
preposition of place or another province beside it."""

Effect = Literal[
    "province", "city", "town", "district", "ward", "commune", "place", "archipelago", "street", "nature",
    "person", "officer", "firm", "issuer", "quoted", "route", "compared", "none", "former", "undivided", "merged",
]  # fmt: skip
"""What words beside a name make of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """One of the 63 provinces of 2008 to June 2025, and which of the 34 it became part of, with their regions."""

    name: str
    region: str
    """Out of seven; of the 34, out of six: the middle was drawn anew."""
    today: str
    today_region: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """One way to write a place, or a phrase that is none though it holds the name of one."""

    written: str
    kind: NameKind
    then: tuple[str, ...] = ()
    """Out of the 63; several for what was divided."""
    units: tuple[str, ...] = ()
    """Of a place: what it is called (`huyện`, `quận` …)."""
    needs: Needs = ""
    regions: tuple[str, ...] = ()
    """Of a region: those of the seven it is or spans."""
    before: tuple[str, ...] = ()
    """Words in lower case that stand before it."""
    until: date | None = None
    """It means this in texts up to that day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Commune:
    """A commune since July 2025: `kind` is xã, phường or đặc khu; `then` names the former provinces it lies in."""

    name: str
    kind: str
    today: str
    then: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Words, in lower case, that stand beside a name, and what they make of it."""

    words: tuple[str, ...]
    effect: Effect


@dataclass(frozen=True, kw_only=True, slots=True)
class Surname:
    """A family name, or a middle name that only people have; `is_word` where capitals alone do not show it."""

    written: str
    is_word: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Abbreviation:
    """A short form and what it stands for, as people write both."""

    short: str
    long: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """Who issues documents: the code in their numbers, the name, other ways to write it."""

    code: str
    name: str
    forms: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    """Of the code, beside those without marks."""


Alone = Literal["", "yes", "no"]
"""Whether a figure after a type's name is believed to be a number: where "số", a year or an issuer stands beside
it; without any of these too; never."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentType:
    """A type of document: the code in its numbers, the name, other ways to write it, who alone issues it."""

    code: str
    name: str
    forms: tuple[str, ...] = ()
    issuer: str = ""
    alone: Alone = ""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """All of it, read once and passed in. `names` holds every way to write a place, blocked phrases too."""

    provinces: tuple[Province, ...]
    names: tuple[Name, ...]
    communes: tuple[Commune, ...]
    namesakes: frozenset[str]
    """Names that provinces and towns of China bear too, in Vietnamese."""
    contexts: tuple[Context, ...]
    """Words before a name."""
    followers: tuple[Context, ...]
    """Words after a name."""
    surnames: tuple[Surname, ...]
    abbreviations: tuple[Abbreviation, ...]
    issuers: tuple[Issuer, ...]
    document_types: tuple[DocumentType, ...]

    @cached_property
    def today(self) -> Mapping[str, str]:
        """Name of the 63 to the name of the 34 it became part of."""
        return {province.name: province.today for province in self.provinces}

    @cached_property
    def present(self) -> frozenset[str]:
        """Names of the 34."""
        return frozenset(self.today.values())

    @cached_property
    def unchanged(self) -> Mapping[str, str]:
        """Name of the 34 to the one of the 63 it alone was made of; merged ones are missing."""
        parts: dict[str, list[str]] = {}
        for province in self.provinces:
            parts.setdefault(province.today, []).append(province.name)
        return {today: then[0] for today, then in parts.items() if len(then) == 1}

    def today_of(self, then: tuple[str, ...]) -> tuple[str, ...]:
        """The present provinces of some former ones, each once."""
        return tuple(dict.fromkeys(self.today[name] for name in then))
