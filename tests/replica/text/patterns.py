"""The sentence patterns of a language, read from their file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["vi", "en"]
Scope = Literal["provincial", "national"]

_FILES: Mapping[Language, str] = {"vi": "vietnamese.toml", "en": "english.toml"}

Dated = tuple[str, int, int]
"""A phrase with the first and the last year it is used in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A kind of thing that happens, and how it is told."""

    name: str
    weight: int
    titles: Mapping[Scope, tuple[str, ...]]
    leads: Mapping[Scope, tuple[str, ...]]
    body: tuple[str, ...]
    list: tuple[str, ...]
    table: tuple[str, ...]
    categories: tuple[int, ...]
    issues: Literal["", "province", "ministry"]
    """Who issues the document the article announces, if it announces one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patterns:
    """All patterns of one language."""

    language: Language
    topics: Mapping[int, tuple[Dated, ...]]
    units: Mapping[int, tuple[Dated, ...]]
    lists: Mapping[str, tuple[str, ...]]
    events: tuple[Event, ...]
    bodies: Mapping[int, tuple[Dated, ...]]
    common: Mapping[str, Any]
    document: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def told(self, category: int, scope: Scope) -> tuple[tuple[Event, ...], tuple[int, ...]]:
        """The events that happen in a category to a province or to the whole country, with their weights."""
        return _told(self.language, category, scope)


@lru_cache(maxsize=2)
def load(language: Language) -> Patterns:
    """Read the patterns of a language."""
    raw = tomllib.loads((Path(__file__).parent / _FILES[language]).read_text(encoding="utf-8"))
    return Patterns(
        language=language,
        topics=_by_category(raw["topics"]),
        units=_by_category(raw["units"]),
        lists={name: tuple(values) for name, values in raw["lists"].items()},
        events=tuple(_event(event) for event in raw["event"]),
        bodies={category: tuple(map(_dated, texts)) for category, texts in _by_category(raw["bodies"]).items()},
        common=raw["common"],
        document=raw.get("document", {}),
    )


def _by_category(table: Mapping[str, Any]) -> dict[int, tuple[Any, ...]]:
    return {int(category): tuple(values) for category, values in table.items()}


def _dated(pattern: str | list[Any]) -> Dated:
    return (pattern, 0, 9_999) if isinstance(pattern, str) else (pattern[0], pattern[1], pattern[2])


def _event(raw: Mapping[str, Any]) -> Event:
    scopes: tuple[Scope, ...] = ("provincial", "national")
    return Event(
        name=raw["name"],
        weight=raw["weight"],
        titles={scope: tuple(raw.get(scope, {}).get("titles", ())) for scope in scopes},
        leads={scope: tuple(raw.get(scope, {}).get("leads", ())) for scope in scopes},
        body=tuple(raw["body"]),
        list=tuple(raw.get("list", ())),
        table=tuple(raw.get("table", ())),
        categories=tuple(raw.get("categories", ())),
        issues=raw.get("issues", ""),
    )


@lru_cache(maxsize=64)
def _told(language: Language, category: int, scope: Scope) -> tuple[tuple[Event, ...], tuple[int, ...]]:
    fitting = tuple(
        event
        for event in load(language).events
        if event.titles[scope] and (not event.categories or category in event.categories)
    )
    return fitting, tuple(event.weight for event in fitting)
