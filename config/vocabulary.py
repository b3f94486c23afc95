"""The words texts are read with: provinces and places, contexts, abbreviations, who issues documents."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

T = TypeVar("T")

FOLDER = Path(__file__).parent / "vocabulary"

NameKind = Literal["province", "historic", "place", "region", "blocked"]
Needs = Literal["", "capitals", "unit", "context"]
"""What a name must have to be believed: nothing, a capital on every word, a unit before it ("tỉnh"), or a unit, a
preposition of place or another province beside it."""

Effect = Literal[
    "province", "city", "town", "district", "ward", "commune", "place", "archipelago", "street", "nature",
    "person", "officer", "firm", "issuer", "quoted", "route", "compared", "none", "former", "merged",
]  # fmt: skip
"""What words beside a name make of it."""


class VocabularyError(Exception):
    """A vocabulary file cannot be used; the message names the file, the line and the mistake."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """One of the 63 provinces of 2008 to June 2025, and which of the 34 it became part of."""

    name: str
    today: str


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
    before: tuple[str, ...] = ()
    """Words in lower case that stand before it."""
    until: date | None = None
    """It means this in texts up to that day."""


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
"""Whether a figure after a type's name is believed to be a number: where "số", a year or an issuer stands beside it,
without any of these too, never."""


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


def load_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Read the files of a folder. Raises VocabularyError naming file, line and mistake."""
    provinces = tuple(_read(folder / "provinces.csv", _province))
    known = frozenset(province.name for province in provinces)

    def listed(text: str) -> tuple[str, ...]:
        names = _parts(text)
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"no province is named {', '.join(unknown)}")
        return names

    return Vocabulary(
        provinces=provinces,
        names=tuple(_names(folder, provinces, listed)),
        contexts=tuple(_read(folder / "contexts.csv", _context)),
        followers=tuple(_read(folder / "followers.csv", _context)),
        surnames=tuple(
            _read(
                folder / "surnames.csv", lambda row: Surname(written=row["surname"], is_word=row["word"] == "yes")
            )
        ),
        abbreviations=tuple(
            _read(folder / "abbreviations.csv", lambda row: Abbreviation(short=row["short"], long=row["long"]))
        ),
        issuers=tuple(_read(folder / "organisations.csv", _issuer)),
        document_types=tuple(_read(folder / "document_types.csv", _document_type)),
    )


def _names(
    folder: Path, provinces: tuple[Province, ...], listed: Callable[[str], tuple[str, ...]]
) -> Iterator[Name]:
    spelled = list(
        _read(
            folder / "names.csv",
            lambda row: Name(
                written=row["name"], kind="province", then=listed(row["province"]), needs=_needs(row["needs"])
            ),
        )
    )
    yield from spelled
    named = {name.written for name in spelled}
    yield from (
        Name(written=province.name, kind="province", then=(province.name,))
        for province in provinces
        if province.name not in named
    )
    yield from _read(
        folder / "historic.csv",
        lambda row: Name(
            written=row["name"],
            kind="historic",
            then=listed(row["became"]),
            needs=_needs(row["needs"]),
            until=date.fromisoformat(row["until"]) if row["until"] else None,
        ),
    )
    yield from _read(
        folder / "places.csv",
        lambda row: Name(
            written=row["place"],
            kind="place",
            then=listed(row["province"]),
            units=_parts(row["kinds"]),
            needs="" if row["alone"] == "yes" else "unit",
        ),
    )
    yield from _read(folder / "regions.csv", lambda row: Name(written=row["region"], kind="region"))
    yield from _read(folder / "blocked.csv", _blocked)


def _read(path: Path, make: Callable[[dict[str, str]], T]) -> Iterator[T]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval=None)
            for row in reader:
                try:
                    if None in row.values() or "" in row:
                        raise ValueError(f"{len(reader.fieldnames or ())} cells are wanted")
                    yield make(row)
                except (ValueError, KeyError) as error:
                    reason = f"no column {error}" if isinstance(error, KeyError) else str(error)
                    raise VocabularyError(f"{path.name}, line {reader.line_num}: {reason}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise VocabularyError(f"{path.name}: {error}") from error


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _one_of(kind: Any, text: str) -> Any:
    if text not in get_args(kind):
        raise ValueError(f"{text!r} is none of {', '.join(filter(None, get_args(kind)))}")
    return text


def _needs(text: str) -> Needs:
    found: Needs = _one_of(Needs, text)
    return found


def _province(row: dict[str, str]) -> Province:
    return Province(name=row["then"], today=row["today"])


def _context(row: dict[str, str]) -> Context:
    return Context(words=tuple(row["words"].split()), effect=_one_of(Effect, row["effect"]))


def _blocked(row: dict[str, str]) -> Name:
    if not row["comment"]:
        raise ValueError(f"{row['phrase']!r}: say in a comment why it is blocked")
    words = row["phrase"].split()
    before = next((index for index, word in enumerate(words) if not word[0].islower()), 0)
    return Name(written=" ".join(words[before:]), kind="blocked", before=tuple(words[:before]))


def _issuer(row: dict[str, str]) -> Issuer:
    return Issuer(
        code=row["code"], name=row["name"], forms=_parts(row["forms"]), spellings=_parts(row["spellings"])
    )


def _document_type(row: dict[str, str]) -> DocumentType:
    return DocumentType(
        code=row["code"],
        name=row["name"],
        forms=_parts(row["forms"]),
        issuer=row["issuer"],
        alone=_one_of(Alone, row["alone"]),
    )
