"""The query language: words, "phrases", -word, OR, field:value, prefix*, parentheses; all else is words (pure)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.lexicon import Lexicon
from indexer.query.operators import field_of, read
from indexer.query.request import MAX_QUERY, MAX_WORDS
from indexer.query.understood import (
    Beginning,
    Either,
    Every,
    Excluded,
    Part,
    Query,
    Quoted,
    Word,
    Words,
    size,
)

MAX_DEPTH = 20
"""Parentheses inside each other; more is no query of a person."""

FIELDED = re.compile(r'(?<![^\s(-])(?P<name>[^\W\d_][\w-]{0,19}):(?P<value>"[^"]*"|[^\s()":][^\s()"]*)(?![^\s()])')
"""An operator on a field, whichever it is."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))

GRAMMAR = rf"""
?start: either

either: every (_OR every)*
every: _part+
_part: atom | excluded
excluded: _NOT atom
?atom: fielded | quoted | beginning | words | _OPEN either _CLOSE
fielded: FIELD
quoted: QUOTED
beginning: BEGINNING
words: WORD

FIELD.6: /{FIELDED.pattern}/
QUOTED.5: /"[^"]*"/
_OR.4: /(?<![^\s()])OR(?![^\s()])/
_NOT.3: /(?<![^\s(])-(?=[^\W\d_]|["(])/
BEGINNING.2: /[^\s()"*]+\*(?![^\s()"])/
WORD: /[^\s()"]+/
_OPEN: "("
_CLOSE: ")"
%ignore /\s+/
"""
"""An operator on a field has no space behind its colon, which the "số: 12" of pasted titles has.

A hyphen excludes only between a space and a letter: pasted titles are full of " - " and of "COVID-19".
"""


EMPTY = Lexicon()


class QueryTooLong(Exception):  # noqa: N818 - a decision of the caller: show the message
    """A query has more than MAX_QUERY characters; the message says so."""


def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text, at most MAX_WORDS of them."""
    return tuple(Word(word, fold(word)) for word in search_text(text).split()[:MAX_WORDS])


def as_words(text: str) -> Query:
    """The query with everything but its words ignored. Raises QueryTooLong."""
    _check(text)
    words = read_words(text)
    return Query(Every((Words(words),) if words else ()))


def parse(text: str, lexicon: Lexicon = EMPTY) -> Query:
    """Understand a query; one whose operators make no sense is read as words. Raises QueryTooLong."""
    _check(text)
    straight = plain(text)
    if straight.count("(") > MAX_DEPTH:
        return _broken(text)
    try:
        root = _tree(straight, lexicon)
    except LarkError:
        return _broken(text)
    structured = any(not isinstance(part, Words) for part in root.parts)
    if structured:
        return _broken(text) if size(root) > MAX_WORDS else Query(root, structured=True)
    return Query(Every(tuple(Words(part.words[:MAX_WORDS]) for part in root.parts if isinstance(part, Words))))


def plain(text: str) -> str:
    """The text with composed letters and one kind of quotation mark, as operators are looked for in it."""
    return unicodedata.normalize("NFC", text).translate(_QUOTES)


def _check(text: str) -> None:
    if len(text) > MAX_QUERY:
        raise QueryTooLong(f"a query has at most {MAX_QUERY:,} characters, this one {len(text):,}")


def _tree(text: str, lexicon: Lexicon) -> Every:
    if not text.strip():
        return Every()
    return _Builder(lexicon).transform(_parser().parse(text))


def _broken(text: str) -> Query:
    return Query(as_words(text).root, broken=True)


@v_args(inline=True)
class _Builder(Transformer[Token, Every]):
    """Makes the tree. Bare words stay as they were typed until their neighbours are known: "TT & TT" is a name."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def fielded(self, token: str) -> Part | str:
        name, _, value = token.partition(":")
        field = field_of(name)
        found = read(field, value.strip('"'), self._lexicon) if field else None
        if found:
            return found
        return str(token) if '"' not in value else Every((Words(read_words(name)), Quoted(read_words(value))))

    def words(self, token: str) -> str:
        return str(token)

    def quoted(self, token: str) -> Part:
        return Quoted(read_words(token))

    def beginning(self, token: str) -> Part:
        words = read_words(token)
        if not words or len(words[-1].bare) == 1:
            return Words(words)
        return _every([Words(words[:-1]), Beginning(words[-1].bare)])

    def excluded(self, part: Part | str) -> Part:
        match part:
            case str():
                return Excluded(Quoted(read_words(part)))
            case Words(words):
                return Excluded(Quoted(words))
            case _:
                return Excluded(part)

    def every(self, *parts: Part | str) -> Every:
        read: list[Part] = []
        for typed, group in groupby(parts, lambda part: isinstance(part, str)):
            if typed:
                read.append(Words(read_words(" ".join(map(str, group)))))
            else:
                read.extend(part for part in group if not isinstance(part, str))
        return _every(read)

    def either(self, *choices: Every) -> Every:
        kept = tuple(choice for choice in choices if choice.parts)
        return kept[0] if len(kept) == 1 else Every((Either(kept),) if kept else ())


def _every(parts: Sequence[Part]) -> Every:
    """Parts without empty ones, groups opened, neighbouring words joined."""
    kept: list[Part] = []
    for part in _opened(parts):
        if isinstance(part, Words) and kept and isinstance(kept[-1], Words):
            kept[-1] = Words(kept[-1].words + part.words)
        else:
            kept.append(part)
    return Every(tuple(kept))


def _opened(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Every):
            yield from part.parts
        elif not _empty(part):
            yield part


def _empty(part: Part) -> bool:
    match part:
        case Words(words) | Quoted(words):
            return not words
        case Excluded(inner):
            return _empty(inner)
        case Every(parts):
            return not parts
        case _:
            return False


@lru_cache(maxsize=1)
def _parser() -> Lark:
    """Built at first use: a program that searches nothing need not pay for it."""
    return Lark(GRAMMAR, parser="lalr")
