"""Other ways to spell a word: i for y, keys of a typing method that was off, one letter wrong (pure).

None of these is believed instead of what was typed: they are further alternatives, decided without any list of
words but the syllables Vietnamese can have.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MOST_MEANT = 24
"""Syllables that one wrong letter could have been meant to be: more are no hint."""

_ONSETS = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x|"
_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ic ich iec iem ien ieng
    iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om
    on ong oong op ot u ua uan uang uat uay uc ue uech uenh ui uich um un ung uo uoc uoi uom uon uong uop uot
    uou up ut uu uy uya uych uyen uyet uynh uyt uyu y yem yen yeng yet yeu
"""
_SYLLABLE = re.compile(f"(?:{_ONSETS})(?:{'|'.join(_RIMES.split())})")
_SAME = re.compile(r"(h|k|l|m|qu|s|t)([iy])")
_TONE = re.compile(r"(?<=[aeiouy])((?:ng|nh|ch|[cmnpt])?)[sfrxj](?=(?:ng|nh|ch|[cmnpt])?$)")
_DOUBLED = re.compile(r"([aeo])\1|(?<=[aou])w|(?<=^d)d")
_LETTERS = "abcdeghiklmnopqrstuvxy"


def is_syllable(bare: str) -> bool:
    """Whether a word without marks can be Vietnamese."""
    return _SYLLABLE.fullmatch(bare) is not None


def same(bare: str) -> str:
    """The other spelling of a syllable that is written with i or y alike (ki thuat, ky thuat); '' for others."""
    found = _SAME.fullmatch(bare)
    return f"{found[1]}{'y' if found[2] == 'i' else 'i'}" if found else ""


def same_marked(word: str) -> str:
    """The same for a word with its marks: kỹ, kĩ."""
    last = unicodedata.normalize("NFD", word[-1:])
    other = same(f"{word[:-1]}{last[:1]}")
    return unicodedata.normalize("NFC", f"{other}{last[1:]}") if other else ""


@lru_cache(maxsize=4_096)
def telex(bare: str) -> str:
    """What the keys of the Telex method spell, without marks (`ddaats` is dat); '' for what spells nothing."""
    if is_syllable(bare) or not bare.isascii() or not bare.isalpha():
        return ""
    letters = _DOUBLED.sub(r"\1", bare)
    without_tone = _TONE.sub(r"\1", letters, count=1)
    return next((read for read in (letters, without_tone) if is_syllable(read)), "")


@lru_cache(maxsize=4_096)
def meant(bare: str) -> tuple[str, ...]:
    """Syllables that a word which is none may have been meant to be: its keys read as Telex, or one slip away."""
    if is_syllable(bare) or len(bare) < 3 or not bare.isascii() or not bare.isalpha():  # noqa: PLR2004
        return ()
    if read := telex(bare):
        return (read,)
    near = dict.fromkeys(word for word in _one_slip_away(bare) if is_syllable(word))
    return tuple(near) if len(near) <= MOST_MEANT else ()


def _one_slip_away(word: str) -> Iterator[str]:
    for at in range(len(word)):
        before, after = word[:at], word[at + 1 :]
        yield before + after
        if after:
            yield before + after[0] + word[at] + after[1:]
        yield from (before + letter + after for letter in _LETTERS)
        yield from (before + letter + word[at] + after for letter in _LETTERS)
    yield from (word + letter for letter in _LETTERS)
