"""The stories of the second site: what each says, and under which addresses."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from tests.replica.addresses import plain_slug
from tests.replica.text.composing import Brief, Text, compose

Language = Literal["vi", "en"]

HOSTS: dict[Language, str] = {"vi": "bantin.example", "en": "en.bantin.example"}
NAMES = (*HOSTS.values(), "www.bantin.example", "m.bantin.example")
TOPICS: dict[Language, dict[str, tuple[str, int]]] = {
    "vi": {"buu-chinh": ("Bưu chính", 1747), "vien-thong": ("Viễn thông", 1748), "bao-chi": ("Báo chí", 1752)},
    "en": {"telecoms": ("Telecoms", 1748), "security": ("Security", 1694)},
}
"""By their name in addresses: what they are called, and the category of the texts that fill them."""

STORIES: dict[Language, int] = {"vi": 48, "en": 24}
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One story as it is published."""

    key: str
    id: str
    language: Language
    topic: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    author: str
    day: date | None
    """None where the page does not tell."""
    file: str = ""
    """Path of what it offers."""

    @property
    def host(self) -> str:
        return HOSTS[self.language]

    @property
    def path(self) -> str:
        """The one lists link to."""
        return f"/{self.topic}/{plain_slug(self.title)}~{self.id}"

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    @property
    def others(self) -> tuple[str, ...]:
        """Further addresses of the same story: a short one, one for small screens, one of another topic."""
        return (
            f"https://{self.host}/s/{self.id}",
            f"https://{self.host}/amp/{self.id}",
            f"https://{self.host}/x/y~{self.id}",
        )


@lru_cache(maxsize=2)
def stories(language: Language) -> tuple[Story, ...]:
    """All stories of a host, newest first. Both hosts count on their own."""
    return tuple(_story(language, number) for number in range(STORIES[language]))


def _story(language: Language, number: int) -> Story:
    chance = random.Random(f"bulletin/{language}/{number}")
    topic = list(TOPICS[language])[number % len(TOPICS[language])]
    day = date(2019, 12, 20) - timedelta(days=number * 9)
    text = _text(language, TOPICS[language][topic][1], day, chance)
    identifier = _identifier(language, number)
    return Story(
        key=f"{'bt' if language == 'vi' else 'bten'}:{identifier}",
        id=identifier,
        language=language,
        topic=topic,
        title=text.title,
        lead=text.lead,
        paragraphs=tuple(block.text for block in text.blocks),
        author=text.author or "Ban biên tập",
        day=None if number % 8 == 5 else day,
        file=f"/tep/{number}/phu-luc.pdf" if number % 6 == 2 else "",
    )


def _text(language: Language, category: int, day: date, chance: random.Random) -> Text:
    """Paragraphs only: this site has neither lists nor tables nor subheadings."""
    text = compose(Brief(language=language, category=category, day=day), chance)
    return replace(text, blocks=tuple(block for block in text.blocks if block.kind == "text"))


def _identifier(language: Language, number: int) -> str:
    """Letters and digits on one host; on the other twelve digits that look like a moment and are none."""
    if language == "en":
        return f"{110203 + number * 100:06d}{410042 + number:06d}"
    value, found = 20_000_000 + number * 7_919, ""
    while value:
        value, digit = divmod(value, len(_DIGITS))
        found = _DIGITS[digit] + found
    return found
