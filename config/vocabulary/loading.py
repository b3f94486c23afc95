"""The vocabulary read from its files, with every mistake named by file and line."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args

from config.vocabulary.words import (
    Abbreviation,
    Alone,
    Commune,
    Context,
    DocumentType,
    Effect,
    Issuer,
    Name,
    Needs,
    Province,
    Surname,
    Vocabulary,
)

T = TypeVar("T")

FOLDER = Path(__file__).parent


class VocabularyError(Exception):
    """A vocabulary file cannot be used; the message names the file, the line and the mistake."""


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
        communes=tuple(_read(folder / "communes.csv", lambda row: _commune(row, listed))),
        namesakes=frozenset(_read(folder / "namesakes.csv", lambda row: row["name"])),
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
    regions = frozenset(province.region for province in provinces)
    yield from _read(folder / "regions.csv", lambda row: _region(row, regions))
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
    return Province(name=row["then"], region=row["region"], today=row["today"], today_region=row["today_region"])


def _commune(row: dict[str, str], listed: Callable[[str], tuple[str, ...]]) -> Commune:
    return Commune(name=row["commune"], kind=row["kind"], today=row["today"], then=listed(row["then"]))


def _region(row: dict[str, str], known: frozenset[str]) -> Name:
    if unknown := [name for name in _parts(row["of"]) if name not in known]:
        raise ValueError(f"no region is named {', '.join(unknown)}")
    before, written = _without_small_words(row["region"])
    needs: Needs = "unit" if row["unit"] == "yes" else ""
    return Name(written=written, kind="region", before=before, regions=_parts(row["of"]), needs=needs)


def _context(row: dict[str, str]) -> Context:
    return Context(words=tuple(row["words"].split()), effect=_one_of(Effect, row["effect"]))


def _blocked(row: dict[str, str]) -> Name:
    if not row["comment"]:
        raise ValueError(f"{row['phrase']!r}: say in a comment why it is blocked")
    before, written = _without_small_words(row["phrase"])
    return Name(written=written, kind="blocked", before=before)


def _without_small_words(phrase: str) -> tuple[tuple[str, ...], str]:
    """The words in lower case that a phrase begins with, and the rest, which is looked for."""
    words = phrase.split()
    before = next((index for index, word in enumerate(words) if not word[0].islower()), 0)
    return tuple(words[:before]), " ".join(words[before:])


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
