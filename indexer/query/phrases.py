"""Phrases that many titles share, to be offered while somebody types one (pure).

Runs of two to six words are counted level by level: a run can only be frequent if both its parts are (Agrawal and
Srikant 1994), so that memory follows what is frequent and not what is there.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.results import Suggestion
from indexer.query.understood import Word

LINES = 8
"""Lines that are offered at once."""
PHRASES = 3
"""Phrases among them, if there are titles to be offered too."""
OFTEN = 5
"""Titles that hold a phrase."""
LONGEST = 6
"""Words of a phrase. Runs of one word more are counted, to know what is a fragment of them."""
KEPT = 20_000
SAME = 0.9
"""Share of a phrase's titles: where so many hold a longer one, the shorter is a fragment of it."""
LOOKED_AT = 20
"""Places at which it is looked how a phrase is written, and what stands around it."""
VARIETY = 0.2
"""What stands before it, and behind it, differs at so many of them, ends and function words always counting; …"""
LEAST_VARIETY = 3
"""… and at no fewer than these. "chuyển đổi" before "số" alone is no phrase but a piece of one."""

_FUNCTION_WORDS = """
    bằng bị bởi các cho có cùng của do dưới đã đang đến để đó được giữa hay hoặc khi không là mà một này nên nếu
    những như ở qua ra rằng sau sẽ tại theo thì trên trong trước từ và vào về vì với and by for from of the with
"""
"""Words a phrase neither begins nor ends with."""

FIGURES = "0"
"""Stands for whatever holds a figure. No phrase does: one that only stands before them is none, either."""

_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_BREAK = re.compile(r"[^\w\s&./-]+|\s[-./&]+(?=\s)")
"""What ends a phrase in a title."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Titles:
    """Titles as places: the word at each, without and with its capitals; 0 where a phrase ends."""

    words: "array[int]" = field(default_factory=lambda: array("I", [0]))
    written: "array[int]" = field(default_factory=lambda: array("I", [0]))
    names: list[str] = field(default_factory=lambda: [""])
    """Search text of each word."""
    forms: list[str] = field(default_factory=lambda: [""])
    """Each word as it is written."""

    @classmethod
    def of(cls, titles: Iterable[str]) -> Self:
        """Take titles apart."""
        made = cls()
        known: dict[str, tuple[int, int]] = {}
        words = {"": 0}
        for title in titles:
            for part in _BREAK.split(title):
                for piece in part.split():
                    if piece not in known:
                        known[piece] = made._number(piece.strip("./-&"), words)
                    word, form = known[piece]
                    made.words.append(word)
                    made.written.append(form)
                made.words.append(0)
                made.written.append(0)
        return made

    def _number(self, token: str, words: dict[str, int]) -> tuple[int, int]:
        """The numbers of a word and of how it is written; 0 for what is none."""
        name = FIGURES if any(map(str.isdigit, token)) else search_text(token)
        if name and name not in words:
            words[name] = len(self.names)
            self.names.append(name)
        self.forms.append(token)
        return words[name], len(self.forms) - 1 if name else 0

    def is_phrase(self, run: "_Run") -> bool:
        """Whether neither end of a run is in the middle of something."""
        if {self.names[run.words[0]], self.names[run.words[-1]]} & _FUNCTION:
            return False
        before = [self.names[self.words[place - 1]] for place in run.places]
        behind = [self.names[self.words[place + len(run.words)]] for place in run.places]
        return min(_variety(before), _variety(behind)) >= max(LEAST_VARIETY, VARIETY * len(run.places))

    def as_written(self, run: "_Run") -> str:
        """As it is written most often, not at the beginning of a title if it stands elsewhere too."""
        within = [place for place in run.places if self.words[place - 1]]
        forms = Counter(self.written[place : place + len(run.words)].tobytes() for place in within or run.places)
        chosen = array("I", forms.most_common(1)[0][0])
        return " ".join(self.forms[number] for number in chosen)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that follow each other in so many titles, and some places where they do."""

    words: tuple[int, ...]
    count: int
    places: tuple[int, ...]


class Phrases:
    """The phrases of some titles, what is most frequent first."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [(text, f" {fold(search_text(text))}") for text in texts]

    @classmethod
    def of(cls, titles: Iterable[str], often: int = OFTEN) -> Self:
        """Find what at least so many titles hold."""
        read = _Titles.of(titles)
        runs = [run for run in _frequent(read, often) if read.is_phrase(run)]
        longer = _longer(runs)
        kept = [run for run in runs if len(run.words) <= LONGEST and longer.get(run.words, 0) < SAME * run.count]
        kept.sort(key=lambda run: (-run.count, -len(run.words), [read.names[word] for word in run.words]))
        return cls(read.as_written(run) for run in kept[:KEPT])

    def __len__(self) -> int:
        return len(self._texts)

    def holding(self, typed: Sequence[Word]) -> Iterator[str]:
        """Phrases with the typed words in them, the last perhaps unfinished; first those that begin with them."""
        start = " " + " ".join(word.bare for word in typed)
        asked = " ".join(word.text for word in typed)
        found = [
            (text, bare) for text, bare in self._texts if typed and start in bare and search_text(text) != asked
        ]
        yield from (text for text, bare in found if bare.startswith(start))
        yield from (text for text, bare in found if not bare.startswith(start))


def with_phrases(lines: Sequence[Suggestion], phrases: Iterable[str]) -> tuple[Suggestion, ...]:
    """Lines and phrases together: provinces and numbers, then phrases, then titles; none twice, at most LINES."""
    titles = [line for line in lines if line.kind == "title"]
    together: dict[str, Suggestion] = {}
    for line in lines:
        if line.kind != "title":
            together.setdefault(_same(line.text), line)
    most = max(PHRASES, LINES - len(together) - len(titles)) + len(together)
    for phrase in phrases:
        if len(together) == most:
            break
        together.setdefault(_same(phrase), Suggestion(text=phrase, kind="phrase", query=phrase))
    for line in titles:
        together.setdefault(_same(line.text), line)
    return tuple(together.values())[:LINES]


def _same(text: str) -> str:
    return fold(search_text(text))


def _frequent(titles: _Titles, often: int) -> Iterator[_Run]:
    """Runs of two words and more that occur so often, shortest first."""
    size = len(titles.names)
    runs = array("Q", (0 if titles.names[word] == FIGURES else word for word in titles.words))
    words = array("Q", runs)
    places: Sequence[int] = range(len(words) - 1)
    for length in range(2, LONGEST + 2):
        places = [place for place in places if runs[place] and runs[place + 1]]
        keys = array("Q", (runs[place] * size + words[place + length - 1] for place in places))
        counts = Counter(keys)
        numbers = {key: number for number, key in enumerate((k for k, n in counts.items() if n >= often), 1)}
        runs = array("Q", bytes(8 * len(words)))
        sample = defaultdict[int, list[int]](list)
        for place, key in zip(places, keys, strict=True):
            if number := numbers.get(key):
                runs[place] = number
                if len(seen := sample[key]) < LOOKED_AT:
                    seen.append(place)
                else:  # spread over all titles: those of one year are alike
                    seen[place % LOOKED_AT] = place
        for key, seen in sample.items():
            yield _Run(tuple(words[seen[0] : seen[0] + length]), counts[key], tuple(seen))


def _variety(beside: Sequence[str]) -> int:
    """How many different words stand beside a phrase; where one ends, or a function word follows, counts anew."""
    ends = [word for word in beside if not word or word in _FUNCTION]
    return len(ends) + len(set(beside) - set(ends))


def _longer(runs: Iterable[_Run]) -> Mapping[tuple[int, ...], int]:
    """For each part of a phrase, how many titles hold the most frequent longer one."""
    most = dict[tuple[int, ...], int]()
    for run in runs:
        length = len(run.words)
        for size in range(2, length):
            for start in range(length - size + 1):
                part = run.words[start : start + size]
                most[part] = max(most.get(part, 0), run.count)
    return most
