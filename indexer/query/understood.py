"""A query as it was understood: words, phrases, prefixes, what is excluded, what are alternatives (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

FieldName = Literal[
    "title", "author", "attachment", "category", "number", "province", "year", "status", "before", "after"
]  # fmt: skip
"""What an operator with a colon restricts."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as search text and without its marks."""

    text: str
    bare: str

    @property
    def marked(self) -> bool:
        """Whether it was typed with marks."""
        return self.text != self.bare


@dataclass(frozen=True, slots=True)
class Words:
    """Words in the order they were typed, to be found anywhere."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that follow each other. Their marks count if any has one."""

    words: tuple[Word, ...]

    @property
    def marked(self) -> bool:
        """Whether marks count."""
        return any(word.marked for word in self.words)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A word that begins like this, without marks."""

    start: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Restricted:
    """What one field must hold: words of a text field, one of some values, or a day among some."""

    field: FieldName
    written: str
    """The value as it was typed."""
    words: tuple[Word, ...] = ()
    """In a phrase next to each other, else (of one run of letters) all of them."""
    values: tuple[str, ...] = ()
    """Years, states, keys of document numbers; of provinces labels of the 63."""
    today: tuple[str, ...] = ()
    """Of a province that is none of the 63: the label of the 34."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """What must not occur."""

    part: "Part"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    choices: tuple["Every", ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: tuple["Part", ...] = ()


Part = Words | Quoted | Beginning | Restricted | Excluded | Either | Every


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was understood."""

    root: Every = Every()
    structured: bool = False
    """Whether it holds more than words."""
    broken: bool = False
    """Whether its operators made no sense and it was read as words."""

    @property
    def runs(self) -> tuple[tuple[Word, ...], ...]:
        """What is looked for, as runs of neighbouring words, phrases included, exclusions left out."""
        return tuple(_runs(self.root))

    @property
    def phrases(self) -> tuple[Quoted, ...]:
        """What is looked for next to each other, exclusions left out; a single word has no neighbours."""
        return tuple(_phrases(self.root))

    @property
    def words(self) -> tuple[Word, ...]:
        """Every word looked for, each once, in the order typed."""
        return tuple(dict.fromkeys(word for run in self.runs for word in run))

    @property
    def relaxable(self) -> bool:
        """Whether it asks for words of which fewer could be enough."""
        return _relaxable(self.root)

    @property
    def excludes(self) -> bool:
        """Whether it asks for more than words and phrases, which a title that holds them may not have."""
        return not all(isinstance(part, Words | Quoted) for part in self.root.parts)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """Every prefix looked for."""
        return tuple(_beginnings(self.root))


def _runs(part: Part) -> Iterator[tuple[Word, ...]]:
    match part:
        case Words(words) | Quoted(words):
            yield words
        case Restricted(field="title" | "attachment") if part.words:
            yield part.words
        case Every(parts) | Either(parts):
            for inner in parts:
                yield from _runs(inner)


def _phrases(part: Part) -> Iterator[Quoted]:
    match part:
        case Quoted(words) if len(words) > 1:
            yield part
        case Every(parts) | Either(parts):
            for inner in parts:
                yield from _phrases(inner)


def _relaxable(part: Part) -> bool:
    match part:
        case Either(choices):
            return any(map(_relaxable, choices))
        case Every(parts):
            words = sum(len(inner.words) for inner in parts if isinstance(inner, Words))
            return words > 1 or any(map(_relaxable, parts))
        case _:
            return False


def _beginnings(part: Part) -> Iterator[str]:
    match part:
        case Beginning(start):
            yield start
        case Every(parts) | Either(parts):
            for inner in parts:
                yield from _beginnings(inner)


def size(part: Part) -> int:
    """How many words and prefixes it holds."""
    match part:
        case Words(words) | Quoted(words):
            return len(words)
        case Restricted():
            return max(1, len(part.words))
        case Excluded(inner):
            return size(inner)
        case Every(parts) | Either(parts):
            return sum(map(size, parts))
        case _:
            return 1
