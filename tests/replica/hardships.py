"""Answers that are slow, cut, endless or refused (trap 14)."""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from tests.replica.exchange import WHOLE, Answer, Fate
from tests.replica.item import Item
from tests.replica.options import Options

Hardship = Literal["slow", "cut", "short", "large"]

SLOW = 11
"""The article whose page is slow; one is enough for everybody."""
EVERY = 64
"""One article of so many is cut, one sent short, one large."""
LARGE = 5_000_000
"""Bytes a large page has at least."""
BOMB = 120_000_000
"""Bytes that a page of a few hundred thousand unpacks to."""
BURST = 10
"""Requests that may come at once."""
TOLERATED = 5
"""Requests answered with 429 before a client is shut out."""
SHUT_OUT = 3.0
"""Seconds of 403."""

ENDLESS, PACKED = "/Pages/ThongTin/truc-tuyen.html", "/Pages/ThongTin/toan-van.html"
"""Pages that hold nothing: one never ends, the other unpacks to more than anybody wants."""

_AT: dict[int, Hardship] = {5: "cut", 21: "short", 37: "large"}


def hardship(item: Item, options: Options) -> Hardship | None:
    """What makes an article's page hard to get; all of it passes with patience."""
    if 14 not in options.traps or item.slot.reach != "listed" or item.index == options.articles - 1:
        return None
    return "slow" if item.index == SLOW else _AT.get(item.index % EVERY)


class Hardships:
    """How often each article was asked for: what is cut or short is so twice, then whole."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._asked: Counter[int] = Counter()

    def suffered(self, item: Item, answer: Answer) -> Answer:
        """The answer with what becomes of it."""
        kind = hardship(item, self._options)
        if kind is None or answer.status != 200:
            return answer
        self._asked[item.index] += 1
        if kind == "large":
            return _large(answer)
        return replace(answer, fate=_fate(kind, self._asked[item.index], answer, self._options.slow))

    def page(self, path: str) -> Answer | None:
        """The page that never ends, or the one that unpacks to too much."""
        if 14 not in self._options.traps:
            return None
        if path == ENDLESS:
            body = b"<p>Dang truyen hinh truc tuyen hoi nghi toan quoc.</p>\n" * 200
            return Answer(headers=_HTML, body=body, fate=Fate(endless=True))
        return Answer(headers=(*_HTML, ("Content-Encoding", "gzip")), body=_bomb()) if path == PACKED else None


def _fate(kind: Hardship, times: int, answer: Answer, slow: float) -> Fate:
    """What becomes of an article's page when it is asked for for the n-th time."""
    match kind, times:
        case "slow", _:
            return Fate(pause=slow)
        case "cut", 1:
            return Fate(silent=True)
        case "cut", 2:
            return Fate(cut_after=len(answer.body) // 2)
        case "short", 1 | 2:
            return Fate(missing=1_000)
        case _:
            return WHOLE


@dataclass
class Guard:
    """Refuses clients that ask faster than robots.txt asks them to."""

    delay: float
    elapsed: Callable[[], float]
    _left: dict[str, float] = field(default_factory=dict)
    _at: dict[str, float] = field(default_factory=dict)
    _refused: Counter[str] = field(default_factory=Counter)
    _shut_until: dict[str, float] = field(default_factory=dict)

    def refusal(self, family: str) -> Answer | None:
        """The answer to a request that comes too soon, by the family of hosts it is for."""
        now = self.elapsed()
        if now < self._shut_until.get(family, 0):
            return Answer(status=403, headers=_TEXT, body=b"403 Forbidden")
        gained = (now - self._at.get(family, now)) * 1.5 / self.delay
        left = min(self._left.get(family, BURST) + gained, BURST)
        self._at[family] = now
        self._left[family] = left - 1 if left >= 1 else left
        if left >= 1:
            self._refused[family] = 0
            return None
        self._refused[family] += 1
        if self._refused[family] > TOLERATED:
            self._shut_until[family] = now + SHUT_OUT
            self._refused[family] = 0
        return Answer(status=429, headers=(*_TEXT, ("Retry-After", "1")), body=b"429 Too Many Requests")


_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_TEXT = (("Content-Type", "text/plain"),)
_BODY = re.compile(rb"<body[^>]*>")


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return gzip.compress(bytes(BOMB), compresslevel=6, mtime=0)


def _large(answer: Answer) -> Answer:
    """The page with a view state as large as the worst ones, before what it says."""
    headers = tuple((name, value) for name, value in answer.headers if name != "Content-Encoding")
    body = gzip.decompress(answer.body) if answer.body.startswith(b"\x1f\x8b") else answer.body
    state = (
        b'<input type="hidden" name="__VIEWSTATE1" value="' + b"AAECAwQFBgcICQoLDA0ODw" * (LARGE // 22) + b'"/>'
    )
    return replace(answer, headers=headers, body=_BODY.sub(lambda tag: tag[0] + state, body, count=1))
