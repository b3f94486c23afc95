"""Text as it is read for names and numbers: composed, spelled one way, case kept, with the way back."""

import re
import unicodedata
from dataclasses import dataclass

from indexer.language.letters import is_usual
from indexer.language.normalise import TONES

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SAME_LENGTH = {
    0xD0: "Đ",
    0xF0: "đ",
    **dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys((0x2028, 0x2029), "\n"),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-"),
}
_ODD = re.compile(f"[{''.join(map(chr, _SAME_LENGTH))}]")
"""Looked for first: translating costs ten times as much, and most texts need none."""
_CASES = {
    case(new[0]) + other(new[1]): case(old[0]) + other(old[1])
    for new, old in TONES.items()
    for case in (str.lower, str.upper)
    for other in (str.lower, str.upper)
}
_NEWER = re.compile(rf"[{''.join(sorted({new[1] for new in _CASES}))}](?<=[oOuU].)(?!\w)")
"""The second letter of what may be spelled anew; looking back from it is ten times as fast as looking on to it."""
_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class View:
    """`text` to be read; `back` gives, for each of its characters and its end, the place in the original.

    Eth is đ, every space is a space and every dash a hyphen, tones stand where the older spelling puts them.
    """

    text: str
    back: tuple[int, ...] | None = None
    """None where both have the same length."""

    @classmethod
    def of(cls, original: str) -> "View":
        """The view of a text. Linear in its length."""
        if is_usual(original) or (unicodedata.is_normalized("NFC", original) and not _HIDDEN.search(original)):
            return cls(_spelled(original))
        places = [place for place, letter in enumerate(original) if not _HIDDEN.match(letter)]
        seen = "".join(original[place] for place in places)
        letters: list[str] = []
        back: list[int] = []
        for cluster in _CLUSTER.finditer(seen):
            composed = unicodedata.normalize("NFC", cluster[0])
            letters.append(composed)
            back += [places[cluster.start()]] * len(composed)
        back.append(len(original))
        return cls(_spelled("".join(letters)), tuple(back))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the original of a part of the view."""
        return (start, end) if self.back is None else (self.back[start], self.back[end])


def _spelled(text: str) -> str:
    if _ODD.search(text):
        text = text.translate(_SAME_LENGTH)
    pieces: list[str] = []
    done = 0
    for found in _NEWER.finditer(text):
        start, end = found.start() - 1, found.end()
        older = _CASES.get(text[start:end])
        if older and (text[start] in "oO" or text[start - 1 : start] not in ("q", "Q")):
            pieces += (text[done:start], older)
            done = end
    return "".join((*pieces, text[done:])) if done else text
