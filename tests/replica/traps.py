"""The traps of the real site, by their numbers in the design page, each to be switched off."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

TRAPS = {
    1: "one article under many addresses",
    2: "the same number on two families of hosts",
    3: "pagination that never ends or leads back",
    4: "calendars and searches without end",
    5: "addresses that count every touch",
    6: "dates missing, misleading or contradicted",
    7: "text doubled, glued, hidden or loose",
    8: "other places named in the furniture",
    9: "typos, odd letters, odd encodings",
    10: "attachments that are not what they seem",
    11: "session numbers in addresses",
    12: "pages that are gone and say so in four ways",
    13: "redirects old to new, in circles, and out",
    14: "answers that are slow, cut, endless or refused",
    15: "edits, removals and outages between crawls",
    16: "robots.txt with pauses, prohibitions, errors",
    17: "the same corpus as a web archive",
}
"""Every trap of the design page."""

DEFAULT = frozenset(TRAPS) - {14}
"""Set where nobody chooses. 14 is left out: its slow, cut and refused answers cost whoever crawls waiting time."""


class UnknownTrapError(ValueError):
    """A trap was asked for that there is not."""


@dataclass(frozen=True)
class Traps:
    """Which traps are set."""

    numbers: frozenset[int] = DEFAULT

    def __contains__(self, number: int) -> bool:
        return number in self.numbers

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Self:
        """Set these. Raises UnknownTrapError."""
        chosen = frozenset(numbers)
        if not chosen <= set(TRAPS):
            wrong = ", ".join(map(str, sorted(chosen - set(TRAPS))))
            raise UnknownTrapError(f"no such trap: {wrong}; there are {min(TRAPS)} to {max(TRAPS)}")
        return cls(chosen)


_NEVER = re.compile(
    r"/(?:tangluottruycap|ratting|sendtofriend|traloi|tts|loadnews|loadcomment|loaddstinlienquan|loaddstindongsukien)"
    r"(?:\.aspx)?$",
    re.IGNORECASE,
)
"""Addresses that do something, or are asked for by scripts only: a crawler that touches one has misbehaved."""


def is_never_fetched(path: str) -> bool:
    """Whether the (encoded) path is one no crawler may ever ask for."""
    return _NEVER.search(unquote(path)) is not None
