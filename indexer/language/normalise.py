"""The one normaliser: displayed text becomes search text, the same for articles and queries, on both engines."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

LONGEST_WORD = 100
"""Characters of a word that count; what is longer is no word but data."""

JOINED = (
    "AT&TT", "BC&XB", "BC,VT&CNTT", "CNTT&TT", "GD&ĐT", "KH&CN", "KH&ĐT", "KT&XH", "LĐTB&XH", "M&A", "NN&PTNT",
    "P&T", "PT&TH", "PTTH&TTĐT", "Q&A", "R&D", "TB&XH", "TN&MT", "TT&DL", "TT&TT", "VH&TT", "VH&TT&DL", "VHTT&DL",
    "VH&TTDL",
)  # fmt: skip
"""Abbreviations written with "&" that are one name.

The list is closed on purpose: joining whatever capitals stand around "&" would make "UBND & HĐND" one word.
"""


@dataclass(frozen=True, slots=True)
class SearchText:
    """Search text with the way back. `offsets[i]` are start and end, in the original, of the i-th word of `text`.

    Starts never decrease. A joined pair stands before its parts: "TT&TT" gives `tttt`, `tt`, `tt`.
    """

    text: str
    offsets: tuple[tuple[int, int], ...]

    @property
    def words(self) -> list[str]:
        """The words, as many as there are offsets."""
        return self.text.split()


def search_text(text: str) -> str:
    """Search text: lower-case NFC words of letters, marks and digits, single spaces between them.

    Doing it twice changes nothing. Tones stand where the older spelling puts them (hòa, thúy): the style of the
    names of provinces and of most of what the ministry published; it is a convention, no judgement.
    """
    if "&" in text:
        text = _with_pairs_joined(text)
    pieces = text.split()
    if len(text) > _CACHED_PIECE and max(map(len, pieces), default=0) > _CACHED_PIECE:
        return " ".join(filter(None, map(_word, pieces)))
    return " ".join(filter(None, map(_piece, pieces)))


def normalise(text: str) -> SearchText:
    """Search text as `search_text` makes it, with the place of every word in the original."""
    words: list[str] = []
    offsets: list[tuple[int, int]] = []
    done = 0
    for pair in _pairs(text):
        _add_words(text, (done, pair.start()), words, offsets)
        parts = [(pair.start() + part.start(), pair.start() + part.end()) for part in _PART.finditer(pair[0])]
        words.append(_plain("".join(text[start:end] for start, end in parts)))
        offsets.append(pair.span())
        for start, end in parts:
            words.append(_plain(text[start:end]))
            offsets.append((start, end))
        done = pair.end()
    _add_words(text, (done, len(text)), words, offsets)
    return SearchText(" ".join(words), tuple(offsets))


def word_pairs(words: Sequence[str]) -> list[str]:
    """Each word with the one after it, as the engines' shingle filter writes them: `hà_nội`, `nội_mới`.

    No word holds an underscore, so a pair is one word to whatever splits at spaces.
    """
    return [f"{first}_{second}" for first, second in pairwise(words)]


def pairs_text(words: Sequence[str]) -> str:
    """The same pairs as one text, with spaces between them; of whole articles, and twice as fast."""
    count = len(words) - 1
    if count < 1:
        return ""
    pieces = ["_"] * (4 * count - 1)
    pieces[0::4], pieces[2::4], pieces[3::4] = words[:-1], words[1:], [" "] * (count - 1)
    return "".join(pieces)


class _Letters(dict[int, str]):
    """Character to what it is in search text: itself in lower case, nothing, or the space between words."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        self[code] = result = self.result(letter, category)
        return result

    def result(self, letter: str, category: str) -> str:
        if category == "Cf" or letter in _INVISIBLE:
            return ""
        return letter.lower() if category[0] in "LM" or category == "Nd" else " "


class _Places(_Letters):
    """Character to `w` where it belongs to a word, else to a space: a map of the text as long as the text."""

    def result(self, letter: str, category: str) -> str:
        return " " if super().result(letter, category) == " " else "w"


_INVISIBLE = "".join(map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0xFE00, 0xFE10), 0x3164, 0xFFA0)))
"""Marks and fillers that are never seen: the variation selectors that follow emoji, above all."""

# Eth, in either case, is what keyboards and old code pages gave for đ.
_LETTERS = _Letters({0xD0: "đ", 0xF0: "đ"})
_PLACES = _Places()

TONES = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize("NFC", first + tone + second)
    for first, second in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0309\u0303\u0323"
}
"""Ends of syllables in the newer spelling to the older one, both composed: oà to òa."""

_FINAL_TONES = [(f"{new} ", f"{old} ") for new, old in TONES.items()]
_AFTER_Q = [(f"q{old} ", f"q{new} ") for new, old in TONES.items() if new[0] == "u"]
"""In "quý" the u belongs to the consonant, so the tone has one place only."""

_PAIR = re.compile(
    "|".join(
        written.replace("Đ", "[ĐÐD]").replace("&", r"\s?&\s?").replace(",", r",\s?")
        for written in sorted(JOINED, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
_PAIR_REACH = 16
"""Characters from an "&" to the farther end of the longest pair."""
_PART = re.compile(r"[^\W_]+")


def _with_pairs_joined(text: str) -> str:
    pieces: list[str] = []
    done = 0
    for pair in _pairs(text):
        parts = _PART.findall(pair[0])
        pieces += (text[done : pair.start()], f" {''.join(parts)} {' '.join(parts)} ")
        done = pair.end()
    return "".join((*pieces, text[done:]))


def _pairs(text: str) -> Iterator[re.Match[str]]:
    """The listed pairs, looked for around each "&": everywhere would take longer than all the rest."""
    done = 0
    place = text.find("&")
    while place >= 0:
        pair = None
        if text[max(0, place - 2) : place].strip() and text[place + 1 : place + 3].lstrip()[:1].isalpha():
            around = _PAIR.finditer(text, max(done, place - _PAIR_REACH), place + _PAIR_REACH)
            pair = next((found for found in around if found.start() < place < found.end()), None)
        if pair and _stands_alone(text, pair):
            yield pair
            done = pair.end()
        place = text.find("&", max(place + 1, done))


def _stands_alone(text: str, pair: re.Match[str]) -> bool:
    """Whether a pair is no piece of something longer."""
    before, after = text[max(0, pair.start() - 2) : pair.start()], text[pair.end() : pair.end() + 2]
    around = (before[-1:].translate(_PLACES), after[:1].translate(_PLACES))
    return not ("w" in around or before.rstrip().endswith("&") or after.lstrip().startswith("&"))


def _plain(text: str) -> str:
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = text.translate(_LETTERS)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    words = text.split()
    odd = [word for word in set(words) if len(word) > LONGEST_WORD or unicodedata.category(word[0])[0] == "M"]
    if odd:
        mended = {word: _without_leading_marks(word)[:LONGEST_WORD] for word in odd}
        words = [word for word in (mended.get(word, word) for word in words) if word]
    text = f"{' '.join(words)} "
    for new, old in _FINAL_TONES:
        text = text.replace(new, old)
    for old, new in _AFTER_Q:
        text = text.replace(old, new)
    return text[:-1]


def _without_leading_marks(word: str) -> str:
    return next((word[i:] for i, letter in enumerate(word) if unicodedata.category(letter)[0] != "M"), "")


_CACHED_PIECE = 200
"""Characters; longer pieces are not kept, so that the cache stays some megabytes whatever is read."""

_piece = lru_cache(maxsize=65_536)(_plain)
"""Vietnamese has some thousand syllables: nearly every piece between two spaces was seen before."""


def _word(run: str) -> str:
    return _piece(run) if len(run) <= _CACHED_PIECE else _plain(run)


def _add_words(text: str, within: tuple[int, int], words: list[str], offsets: list[tuple[int, int]]) -> None:
    """Append every word between two places of the text, and its offsets."""
    start = within[0]
    for run in _RUN.finditer(text[slice(*within)].translate(_PLACES)):
        first, last = start + run.start(), start + run.end()
        word = _word(text[first:last])
        if word:
            words.append(word)
            offsets.append((first, last))


_RUN = re.compile("w+")
