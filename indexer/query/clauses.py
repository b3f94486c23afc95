"""What to look for, as a small tree of clauses that each engine translates and none interprets (pure)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """A word or word pair that occurs in a text field; scores by BM25."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words or more that follow each other in a text field that keeps positions; scores by BM25."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word of a text field, or a value of a keyword field, that begins with `start`. Its score means nothing."""

    field: str
    start: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """At least one of the values in a keyword field. Its score means nothing."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Published on one of the days from `since` to `until`, both included; undated articles never are."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every clause holds; scores add up. Of no clause: everything."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least `minimum` of the clauses hold; scores add up. Of no clause: nothing."""

    clauses: tuple["Clause", ...]
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """The clause does not hold."""

    clause: "Clause"


@dataclass(frozen=True, slots=True)
class Boost:
    """The clause, its score multiplied by `weight`."""

    clause: "Clause"
    weight: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The clause, its score always the same."""

    clause: "Clause"
    score: float


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


Clause = Term | Phrase | Prefix | Keyword | Days | AllOf | AnyOf | Not | Boost | Constant | Everything
NOTHING: Clause = AnyOf(())
