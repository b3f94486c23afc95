"""The words around a name in running text, and what a list of known contexts makes of them."""

import re
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from config.vocabulary import Context, Effect

REACH = 56
"""Characters looked at on either side of a name."""

_LONGEST_WORD = 12

LIST_REACH = 240
"""Characters looked back over for the beginning of a list."""

_TOKEN = re.compile(r"(?P<word>\w+)|(?P<join>(?<=\w)[-/&'’](?=\w)| & )|(?P<stop>\n *\n|\t|[^\w\s])")
_SHORTENED = frozenset(
    ("tp", "tx", "tt", "q", "h", "p", "x", "t", "ts", "ths", "gs", "pgs", "dr", "mr", "mrs", "ms")
)
"""Abbreviations written with a full stop that ends no sentence."""
_OPENING = frozenset("(")
_LISTING = frozenset((",", "và", "va", "cùng", "and", "&"))


class Word(NamedTuple):
    """One word beside a name, as written and in lower case; `start` and `end` are places in the text."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


def _word(token: re.Match[str]) -> Word:
    text = token[0]
    return Word(text, text.lower(), token.start(), token.end())


def words_before(text: str, start: int) -> list[Word]:
    """The words before a place, the nearest first, up to the end of another sentence, clause or cell."""
    tokens = list(_TOKEN.finditer(text, max(0, start - REACH), start))
    found: list[Word] = []
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.lastgroup == "word":
            found.append(_word(token))
        elif token.lastgroup == "stop" and not (
            token[0] == "." and index and tokens[index - 1][0].lower() in _SHORTENED
        ):
            break
    return found


class Lists:
    """The lists of one text, and what leads up to them: "các xã A (huyện B), C và …" gives xã, các."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = len(text) + 1
        self._end: int | None = None
        """Where the words end that lead up to the list with an item at `_start`; None where none do."""
        self._joined = False
        """Whether something joins items between there and `_start`."""

    def words_before(self, start: int) -> list[Word]:
        """The words before the list whose item begins at a place, the nearest first.

        Items are capitalised words and what stands in brackets after them; [] where no list leads up to the place.
        Asked for one item after the other, each is looked back from once, however long the list.
        """
        nearest = self._text[max(0, start - _LONGEST_WORD) : start].rsplit(None, 1)
        if nearest and nearest[-1].isalpha() and not _is_item(nearest[-1]):
            return []
        if not self._goes_on(start):
            self._end, self._joined = self._led_from(start)
        self._start = start
        if self._end is None or not self._joined or self._end < start - LIST_REACH:
            return []
        return words_before(self._text, self._end)

    def _goes_on(self, start: int) -> bool:
        """Whether only items stand between the place that was asked for before and this one."""
        if not 0 <= start - self._start <= REACH:
            return False
        tokens = list(_TOKEN.finditer(self._text, self._start, start))
        if not all(token.lastgroup == "join" or token[0] == "," or _is_item(token[0]) for token in tokens):
            return False
        self._joined = self._joined or any(token[0].lower() in _LISTING for token in tokens)
        return True

    def _led_from(self, start: int) -> tuple[int | None, bool]:
        depth, joined = 0, False
        begin = max(0, start - LIST_REACH)
        while begin and self._text[begin - 1 : begin].isalnum() and begin < start:  # not in the middle of a word
            begin += 1
        for token in reversed(list(_TOKEN.finditer(self._text, begin, start))):
            joined = joined or token[0].lower() in _LISTING
            if token[0] in ")(":
                depth += 1 if token[0] == ")" else -1
            elif depth == 0 and token.lastgroup == "word" and not _is_item(token[0]):
                return token.end(), joined
            elif depth < 0 or token[0] in ".:;!?\t" or token[0].startswith("\n"):
                break
        return None, joined


def _is_item(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or word.lower() in _LISTING


def words_after(text: str, end: int, most: int = 4) -> list[Word]:
    """The words after a place, the nearest first; a bracket may open before the first of them."""
    found: list[Word] = []
    for token in _TOKEN.finditer(text, end, min(len(text), end + REACH)):
        if token.lastgroup == "word":
            found.append(_word(token))
        elif token.lastgroup == "stop" and (found or token[0] not in _OPENING):
            break
        if len(found) == most:
            break
    return found


E = TypeVar("E")


class Phrases(Generic[E]):
    """Known phrases, looked up in a row of words by the longest that begins it."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], E]]) -> None:
        by_first: dict[str, list[tuple[tuple[str, ...], E]]] = {}
        for words, meaning in phrases:
            by_first.setdefault(words[0], []).append((tuple(words), meaning))
        self._by_first = {
            first: sorted(known, key=lambda pair: -len(pair[0])) for first, known in by_first.items()
        }

    def longest(self, words: Sequence[str]) -> tuple[int, E] | None:
        """How many words the longest known phrase takes, and its meaning."""
        for phrase, meaning in self._by_first.get(words[0], ()) if words else ():
            if tuple(words[: len(phrase)]) == phrase:
                return len(phrase), meaning
        return None


def before_phrases(contexts: Iterable[Context]) -> Phrases[Effect]:
    """Contexts to be looked up in words that stand before a name, the nearest first."""
    return Phrases((context.words[::-1], context.effect) for context in contexts)


def after_phrases(contexts: Iterable[Context]) -> Phrases[Effect]:
    """Contexts to be looked up in words that stand after a name."""
    return Phrases((context.words, context.effect) for context in contexts)
