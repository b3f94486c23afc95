"""What people correct, and what becomes of an article by it (pure)."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from crawler.address import Key
from indexer.article import Article, PlaceMention, Published, Where

Field = Literal["date", "category", "provinces", "withheld"]
FIELDS: tuple[Field, ...] = get_args(Field)

_ABOUT = ("subject", "issuer")
_NOWHERE = Where(part="title", start=0, end=0)


class CorrectionError(ValueError):
    """A correction cannot be taken in; the message says why."""


@dataclass(frozen=True, slots=True)
class Provinces:
    """What an article is about, as pairs: a name of the 63, and of the 34; either may be ''."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def then(self) -> tuple[str, ...]:
        """Out of the 63."""
        return tuple(dict.fromkeys(then for then, _ in self.pairs if then))

    @property
    def today(self) -> tuple[str, ...]:
        """Out of the 34."""
        return tuple(dict.fromkeys(today for _, today in self.pairs if today))


Value = date | str | Provinces | bool | None
"""What is right: a day or None where none is known, a category, provinces, True for withheld."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """One thing somebody said is otherwise than the pages say."""

    id: int = 0
    at: datetime
    who: str
    key: Key
    field: Field
    value: Value = None
    reason: str
    supersedes: int | None = None
    """The correction before it of the same article and field."""
    taken_back: bool = False
    """Nothing is corrected any more: what the pages say counts again."""


def write(value: Value) -> str:
    """A value as JSON."""
    match value:
        case date():
            return json.dumps(value.isoformat())
        case Provinces():
            return json.dumps(value.pairs, ensure_ascii=False)
        case _:
            return json.dumps(value, ensure_ascii=False)


def read(field: Field, text: str) -> Value:
    """What `write` wrote."""
    said = json.loads(text)
    match field:
        case "date":
            return date.fromisoformat(said) if said is not None else None
        case "provinces":
            return Provinces(tuple((str(then), str(today)) for then, today in said))
        case "category":
            return str(said)
        case "withheld":
            return bool(said)


def corrected(article: Article, correction: Correction) -> Article:
    """The article with what is right in the place of what was read."""
    match correction.value:
        case Provinces() as provinces:
            return replace(article, places=_places(article, provinces))
        case bool():
            return article
        case str() as category:
            return replace(article, category=category)
        case date() as day:
            return replace(article, published=Published(day=day, how="corrected"))
        case None:
            return replace(article, published=None)


def _places(article: Article, right: Provinces) -> tuple[PlaceMention, ...]:
    """Mentions stay where they are written; what the article is about is what somebody said."""
    kept = [_judged(place, right) for place in article.places]
    about = [place for place in kept if place.role in _ABOUT]
    then = {"", *(name for place in about for name in place.then)}
    today = {"", *(name for place in about for name in place.today)}
    missing = (pair for pair in right.pairs if pair[0] not in then or pair[1] not in today)
    return (*kept, *(_unwritten(*pair) for pair in missing))


def _judged(place: PlaceMention, right: Provinces) -> PlaceMention:
    """A mention of anything but what is right says no more than that it is written there."""
    is_right = set(place.then) <= set(right.then) and set(place.today) <= set(right.today)
    return place if is_right or place.role not in _ABOUT else replace(place, role="mentioned")


def _unwritten(then: str, today: str) -> PlaceMention:
    return PlaceMention(
        written=then or today,
        then=(then,) if then else (),
        today=(today,) if today else (),
        role="subject",
        where=_NOWHERE,
    )
