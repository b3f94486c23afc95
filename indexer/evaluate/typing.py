"""Ways one query is typed by different people, made from the query as it is written (pure, repeatable)."""

import random
import unicodedata
import zlib
from collections.abc import Callable, Mapping

from indexer.language.folding import fold
from indexer.language.normalise import TONES

_BESIDE = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "k",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip
"""Neighbours on the keyboard."""

_TELEX = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}


def half_marked(query: str) -> str:
    """Every second word without its marks."""
    return " ".join(fold(word) if number % 2 else word for number, word in enumerate(query.split()))


def decomposed(query: str) -> str:
    """Every mark a character of its own (NFD)."""
    return unicodedata.normalize("NFD", query)


def newer_tones(query: str) -> str:
    """Tones where the newer spelling puts them: hoà, thuý."""
    for new, old in TONES.items():
        query = query.replace(old, new)
    return query


def other_i(query: str) -> str:
    """`i` for `y` and `y` for `i` where both spellings of a syllable are in use: kĩ thuật, lí do, quí."""
    return " ".join(map(_other_i, query.split()))


def telex(query: str) -> str:
    """One word as the keys of the Telex method, as they are left when it was off: `ddaats`, `tinhr`."""
    words = query.split()
    marked = [number for number, word in enumerate(words) if fold(word) != word]
    if marked:
        chosen = _chance(query).choice(marked)
        words[chosen] = keys(words[chosen])
    return " ".join(words)


def one_letter_wrong(query: str) -> str:
    """One word with a letter missing, doubled, beside the right key, or in its neighbour's place."""
    words = query.split()
    long = [number for number, word in enumerate(words) if len(word) > 2 and word.isalpha()]  # noqa: PLR2004
    if long:
        chance = _chance(query)
        chosen = chance.choice(long)
        words[chosen] = _slipped(words[chosen], chance)
    return " ".join(words)


def keys(word: str) -> str:
    """A word as it is typed by the Telex method, its tone last."""
    letters, tone = list[str](), ""
    for letter in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "DD")):
        if letter in _TELEX:
            letters.append(_TELEX[letter] or letters[-1])
        elif letter in _TELEX_TONES:
            tone = _TELEX_TONES[letter]
        else:
            letters.append(letter)
    end = len(letters)
    while end and not letters[end - 1].isalpha():
        end -= 1
    return "".join((*letters[:end], tone, *letters[end:]))


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[: at + 1] + word[at:]
        case 2:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            beside = _BESIDE.get(fold(word[at].lower()), "x")
            return word[:at] + chance.choice(beside) + word[at + 1 :]


def _other_i(word: str) -> str:
    bare = fold(word.lower())
    if len(word) == len(bare) and bare[:-1] in ("h", "k", "l", "m", "s", "t", "qu") and bare[-1] in "iy":
        last = unicodedata.normalize("NFD", word[-1])
        swapped = {"i": "y", "y": "i", "I": "Y", "Y": "I"}[last[0]] + last[1:]
        return word[:-1] + unicodedata.normalize("NFC", swapped)
    return word


def _chance(query: str) -> random.Random:
    return random.Random(zlib.crc32(query.encode("utf-8", "replace")))  # noqa: S311 - no secret


WAYS: Mapping[str, Callable[[str], str]] = {
    "marked": str,
    "unmarked": fold,
    "half marked": half_marked,
    "decomposed": decomposed,
    "newer tones": newer_tones,
    "i and y": other_i,
    "telex left": telex,
    "one letter wrong": one_letter_wrong,
}
"""By the names they are reported under."""
