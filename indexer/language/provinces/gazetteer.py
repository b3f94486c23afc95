"""Every way to write a place, made ready to be found in running text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from config.vocabulary import Context, Name, Vocabulary
from indexer.language.folding import fold
from indexer.language.provinces.surroundings import after_phrases, before_phrases
from indexer.language.view import View

_UPPER = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA, 2))
_CAPITAL = re.compile(rf"[{_UPPER}]\w*")
_UNITS = ("quận ", "q.", "q. ")
_PLAIN_UNITS = ("quan ", "q.", "q. ")
"""Before urban districts that have numbers for names."""
_DIGITS = re.compile(r"[0-9]{1,2}(?!\w)")
_ANY_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"(\s+|[^\w\s])")
_SPACE = r"(?: {1,8}\n? {0,8}|\n {0,8})"
_SEPARATORS = {"-": "[ \n]?-[ \n]?", ".": r"\. ?", ",": " ?, ?", "(": r" ?\( ?", ")": r" ?\)", "'": "['’ʼ‘`]"}
_AROUND = re.compile(r"\s*([^\w\s])\s*")
_APOSTROPHES = str.maketrans("’ʼ‘`", "''''")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text, before anything was decided about it."""

    start: int
    end: int
    written: str
    names: tuple[Name, ...]


class Gazetteer:
    """The names, contexts and surnames of a vocabulary in one spelling: as written, or without marks."""

    def __init__(self, words: Vocabulary, *, folded: bool) -> None:
        spelled = _folded if folded else _viewed
        self._pattern = _ANY_WORD if folded else _CAPITAL
        units = _PLAIN_UNITS if folded else _UNITS
        self._hints = ("uan ", "UAN ", "Q.", "q.") if folded else ("uận ", "UẬN ", "Q.", "q.")
        self._units = tuple(case(unit) for unit in units for case in (str.lower, str.capitalize, str.upper))
        names: dict[str, list[Name]] = {}
        for name in words.names:
            names.setdefault(_key(spelled(name.written)), []).append(
                replace(name, before=tuple(map(spelled, name.before)))
            )
        self._names = {key: tuple(same) for key, same in names.items()}
        self._led = frozenset(key for key, same in names.items() if any(name.before for name in same))
        firsts = {word[0] for name in words.names if (word := _ANY_WORD.match(spelled(name.written)))}
        beginnings = _beginnings(self._names)
        self._numbers = {word: beginnings[word] for word in firsts if word.isdigit()}
        self._beginnings = {
            spelling: beginnings[word.lower()]
            for word in firsts - self._numbers.keys()
            for spelling in (word, *_capitalised(word.lower()), *((word.lower(),) if folded else ()))
            if len(spelling) > 1 or spelling.isupper()
        }
        self.contexts = before_phrases(_spelled(words.contexts, folded=folded))
        self.followers = after_phrases(_spelled(words.followers, folded=folded))
        self.surnames = frozenset(spelled(name.written).lower() for name in words.surnames)
        self.plain_surnames = frozenset(
            spelled(name.written).lower() for name in words.surnames if not name.is_word
        )
        self.namesakes = frozenset(spelled(name) for name in words.namesakes)

    def find(self, text: str) -> Iterator[Found]:
        """Names in the order of their beginnings, at each the longest first; they overlap."""
        for start, beginning in sorted(self._starts(text), key=lambda found: found[0]):
            match = beginning.match(text, start)
            while match:
                if names := self._named(match, text):
                    yield Found(start, match.end(), match[0], names)
                match = beginning.match(text, start, match.end() - 1)

    def _named(self, match: re.Match[str], text: str) -> tuple[Name, ...]:
        """The names that the words found may be, going by the small words before them: "miền Trung"."""
        key = match[0].lower()
        if key not in self._names:
            key = _key(match[0])
        names = self._names[key]
        if key not in self._led:
            return names
        return tuple(name for name in names if not name.before or _follows(text, match.start(), name.before))

    def _starts(self, text: str) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Where a name may begin, in no order. Words are looked up once each: most texts repeat theirs."""
        for word in self._beginnings.keys() & set(self._pattern.findall(text)):
            beginning = self._beginnings[word]
            start = text.find(word)
            while start >= 0:
                end = start + len(word)
                if not (text[end : end + 1].isalnum() or (start and text[start - 1].isalnum())):
                    yield start, beginning
                start = text.find(word, end)
        if any([hint in text for hint in self._hints]):  # noqa: C419 - a generator takes three times as long
            yield from self._numbered(text)

    def _numbered(self, text: str) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Urban districts that have numbers for names."""
        for found in _DIGITS.finditer(text):
            start = found.start()
            if found[0] in self._numbers and text[max(0, start - 5) : start].endswith(self._units):
                yield start, self._numbers[found[0]]

    def starts_province(self, text: str, place: int) -> bool:
        """Whether the name of a province stands at a place."""
        word = _ANY_WORD.match(text, place)
        beginning = self._beginnings.get(word[0]) if word else None
        match = beginning.match(text, place) if beginning else None
        return match is not None and any(name.kind == "province" for name in self._names[_key(match[0])])


def _follows(text: str, start: int, before: tuple[str, ...]) -> bool:
    """Whether these words stand right before a place."""
    length = sum(map(len, before)) + 2 * len(before)
    words = text[max(0, start - length) : start].lower().split()
    return tuple(words[-len(before) :]) == before and text[start - 1].isspace()


def _capitalised(word: str) -> tuple[str, ...]:
    """How a word with a capital is written, the slip of a second capital too."""
    return word.capitalize(), word.upper(), word[:2].upper() + word[2:]


def without_marks(text: str) -> str:
    """A view's text with its Vietnamese marks taken off, letter by letter: places stay what they are."""
    return text if text.isascii() else text.translate(_BARE)


class _Bare(dict[int, str]):
    """Character to its form without marks where that is one letter too; each is worked out when first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = fold(letter)
        self[code] = bare if len(bare) == 1 else letter
        return self[code]


_BARE = _Bare()


def _viewed(text: str) -> str:
    return View.of(text).text


def _folded(text: str) -> str:
    return without_marks(_viewed(text))


def _spelled(contexts: Iterable[Context], *, folded: bool) -> Iterator[Context]:
    for context in contexts:
        spelled = _folded if folded else _viewed
        yield replace(context, words=tuple(map(spelled, context.words)))


def _key(written: str) -> str:
    return " ".join(_AROUND.sub(r"\1", written.translate(_APOSTROPHES)).lower().split())


def _beginnings(names: Mapping[str, tuple[Name, ...]]) -> dict[str, re.Pattern[str]]:
    """First word to a pattern of all names that begin with it, the longest first."""
    by_first: dict[str, list[str]] = {}
    for key in names:
        word = _ANY_WORD.match(key)
        if word:
            by_first.setdefault(word[0], []).append(key)
    return {
        first: re.compile(
            rf"(?:{'|'.join(map(_flexible, sorted(keys, key=len, reverse=True)))})(?!\w)", re.IGNORECASE
        )
        for first, keys in by_first.items()
    }


def _flexible(key: str) -> str:
    """A pattern for a name whatever stands between its words: a line end, or spaces around a hyphen."""
    return "".join(
        _SPACE if piece.isspace() else _SEPARATORS.get(piece, re.escape(piece)) for piece in _PIECE.split(key)
    )
