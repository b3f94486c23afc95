"""Text in the encodings Vietnam used before Unicode, recognised by what its words become, and converted.

Until about 2005 pages were typed for fonts: TCVN3 (".VnTime"), VNI-Windows and VPS put Vietnamese letters where
Latin-1 has others. Such text arrives here decoded as Latin-1 or windows-1252. Conversion belongs to the reading of
a page, never to the normaliser: a query or a single word is too little evidence.
The tables follow TCVN 5712:1993 (VN3) and the code charts of the VNI and VPS fonts.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

Encoding = Literal["windows-1258", "tcvn3", "vni", "vps"]
"""What the text is written in though it was read as windows-1252."""

SAMPLE = 20_000
"""Characters looked at, from the first that is not ASCII: enough evidence for any page."""
GLANCE = 2_000
"""Characters looked at where the text is likely to be proper."""
LEAST_WORDS = 6
"""Words that must become Vietnamese before anything is converted."""
LEAST_SHARE = 0.9
"""Share of the converted words that must be Vietnamese syllables; right conversions of real text reach .97."""
CLEAR_LEAD = 0.25
"""By how much that share must exceed the share of the unconverted text.

VPS shares half its places with Latin-1, so that up to .65 of its words pass for syllables as they are. With these
three thresholds none of 44,229 pieces of 600 characters in 26 European languages is taken for Vietnamese.
"""


def detect(text: str) -> Encoding | None:
    """The encoding a text is in though it was read as windows-1252; None for proper text, or too little of it."""
    first = _BEYOND_ASCII.search(text)
    sample = text[first.start() : first.start() + SAMPLE] if first else ""
    if not sample or _PROPER.search(sample):
        return None
    good, odd = _judge(sample)
    as_is = good / odd if odd else 1.0
    best: tuple[float, Encoding] | None = None
    for encoding, converter in _CONVERTERS.items():
        converted = converter(sample)
        good, odd = _judge(converted)
        share = good / odd if odd and converted != sample else 0.0
        least = max(LEAST_SHARE, as_is + CLEAR_LEAD)
        if good >= LEAST_WORDS and share >= least and (not best or share > best[0]):
            best = (share, encoding)
    return best[1] if best else None


def convert(text: str, encoding: Encoding) -> str:
    """The text as its writer meant it, composed. What has no place in the encoding stays as it is."""
    return unicodedata.normalize("NFC", _CONVERTERS[encoding](text))


def undoubled(text: str) -> str:
    """Text or markup in which what was encoded in UTF-8 twice ("Bá»™") is read once more, wherever it stands.

    To be asked before anything is cleaned: half of "à" looks like a space. What is proper beside it stays.
    """
    first = min(_first_after(text, "á", mark) for mark in _DOUBLED_MARKS)
    if first == len(text):
        return text
    sample = text[first : first + SAMPLE]
    good, new = _count(_marked_words(_read_once(sample)) - _marked_words(sample))
    return _read_once(text) if good >= LEAST_WORDS and good >= LEAST_SHARE * new else text


def is_vietnamese(text: str) -> bool:
    """Whether the first words with marks of a text are Vietnamese syllables, in proper Unicode."""
    first = _BEYOND_ASCII.search(text)
    good, odd = _judge(text[first.start() : first.start() + GLANCE]) if first else (0, 0)
    return good >= LEAST_WORDS and good >= LEAST_SHARE * odd


def is_doubtful(text: str) -> bool:
    """Whether a text may be in one of these: with letters beyond ASCII, none of them only proper Unicode's."""
    return not text.isascii() and not _PROPER.search(text)


def repair_all(texts: Sequence[str]) -> list[str]:
    """The texts of one page or file: the doubtful ones are judged together, and only they are converted.

    So a body that was pasted in an old encoding is repaired under a title typed in Unicode.
    """
    odd = [is_doubtful(text) for text in texts]
    doubtful = [text for text, is_odd in zip(texts, odd, strict=True) if is_odd]
    encoding = detect("\n".join(doubtful)) if doubtful else None
    if encoding is None:
        return list(texts)
    return [convert(text, encoding) if is_odd else text for text, is_odd in zip(texts, odd, strict=True)]


# Letters only proper Unicode has: with dots below and hooks above, or barred d and horned vowels.
_PROPER = re.compile("[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u0128\u0129\u0168\u0169]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:iêu|yêu|oai|oay|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|yê|iu|oa|oă|oe|oi|oo|ôi|ơi|"
    r"ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|[aăâeêioôơuưy])"
    r"(?:ch?|m|ng?|nh|p|t)?",
)
_TONES = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))


def _judge(text: str) -> tuple[int, int]:
    """How many words with marks are Vietnamese syllables, and how many words have marks."""
    return _count(_marked_words(text))


def _marked_words(text: str) -> set[str]:
    return {word for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()) if not word.isascii()}


def _count(words: set[str]) -> tuple[int, int]:
    return sum(map(_is_syllable, words)), len(words)


def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word)
    toneless = unicodedata.normalize("NFC", parts.translate(_TONES))
    return len(parts) - len(parts.translate(_TONES)) <= 1 and _SYLLABLE.fullmatch(toneless) is not None


def _seen_as(code: int) -> tuple[str, str]:
    """The characters a byte turns into when read as Latin-1 and as windows-1252."""
    return chr(code), bytes([code]).decode("cp1252", "replace").replace("\ufffd", chr(code))


_BYTES = {ord(letter): code for code in range(0x80, 0x100) for letter in _seen_as(code)}


def _table(letters: str, codes: str) -> dict[int, str]:
    """Character as read → letter as meant, for letters and their bytes in hexadecimal, in the same order."""
    return {
        ord(seen): letter
        for letter, code in zip(letters.split(), codes.split(), strict=True)
        for seen in _seen_as(int(code, 16))
    }


_TCVN3 = _table(
    "Ă Â Ê Ô Ơ Ư Đ ă â ê ô ơ ư đ à ả ã á ạ ằ ẳ ẵ ắ ặ ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ ề ể ễ ế ệ "
    "ì ỉ ĩ í ị ò ỏ õ ó ọ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ù ủ ũ ú ụ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ",
    "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE B5 B6 B7 B8 B9 BB BC BD BE C6 C7 C8 C9 CA CB CC CE CF D0 "
    "D1 D2 D3 D4 D5 D6 D7 D8 DC DD DE DF E1 E2 E3 E4 E5 E6 E7 E8 E9 EA EB EC ED EE EF F1 F2 F3 F4 F5 F6 "
    "F7 F8 F9 FA FB FC FD FE",
)
TCVN3_HYPHEN = "\uf0ad"
"""What the reading of pages puts for the soft hyphen that is "ư" in TCVN3: unseen, it would be lost."""
_TCVN3[ord(TCVN3_HYPHEN)] = "ư"
_VPS = _table(
    "á à ả ã ạ â ấ ầ ẩ ẫ ậ ă ắ ằ ẳ ẵ ặ é è ẻ ẽ ẹ ê ế ề ể ễ ệ ó ò ỏ õ ọ ô ố ồ ổ ỗ ộ ơ ớ ờ ở ỡ ợ ú ù ủ ũ ụ "
    "ư ứ ừ ử ữ ự í ì ỉ ĩ ị ý ỳ ỷ ỹ ỵ đ Á À Ả Ã Â Ấ Ầ Ẩ Ă Ắ Ằ Ẳ Ẵ É È Ẻ Ẽ Ê Ế Ề Ể Ễ Ó Ò Ỏ Õ Ô Ố Ồ Ổ Ỗ Ơ Ớ Ờ Ở Ỡ "
    "Ú Ù Ủ Ũ Ư Ứ Ừ Ử Í Ì Ỉ Ĩ Ý Ỳ Ỷ Ỹ Đ",
    "E1 E0 E4 E3 E5 E2 C3 C0 C4 C5 C6 E6 A1 A2 A3 A4 A5 E9 E8 C8 EB CB EA 89 8A 8B CD 8C F3 F2 D5 F5 86 "
    "F4 D3 D2 B0 87 B6 D6 A7 A9 AA AB AE FA F9 FB DB F8 DC D9 D8 BA BB BF ED EC CC EF CE 9A FF 9B CF 9C "
    "C7 C1 80 81 82 C2 83 84 85 88 8D 8E 8F F0 C9 D7 DE FE CA 90 93 94 95 B9 BC BD BE D4 96 97 98 99 F7 "
    "9D 9E 9F A6 DA A8 D1 AC D0 AD AF B1 B4 B5 B7 B8 DD B2 FD B3 F1",
)


def _vni_table() -> dict[str, str]:
    """VNI writes a vowel and, after it, its marks; some letters have a place of their own."""
    plain = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
    circumflex = dict(zip("âáàåãä", ("", *plain.values()), strict=True))
    breve = dict(zip("êéèúüë", ("", *plain.values()), strict=True))
    table = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))
    for vowel in "aeouy":
        table |= {vowel + seen: vowel + tone for seen, tone in plain.items()}
    for vowel in "aeo":
        table |= {vowel + seen: f"{vowel}\u0302{tone}" for seen, tone in circumflex.items()}
    table |= {f"a{seen}": f"a\u0306{tone}" for seen, tone in breve.items()}
    for seen_vowel, vowel in ("ô", "ơ"), ("ö", "ư"):
        table |= {seen_vowel + seen: vowel + tone for seen, tone in plain.items()}
    capitals = {seen.upper(): meant.upper() for seen, meant in table.items()}
    first_capital = {seen[0].upper() + seen[1:]: meant[0].upper() + meant[1:] for seen, meant in table.items()}
    return {
        seen: unicodedata.normalize("NFC", meant) for seen, meant in (first_capital | capitals | table).items()
    }


_VNI = _vni_table()
_VNI_LETTER = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_RUN = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_BYTES)) + "]+")


def _from_1258(text: str) -> str:
    def decoded(run: re.Match[str]) -> str:
        try:
            return _bytes(run[0]).decode("cp1258")
        except UnicodeDecodeError:
            return run[0]

    return _RUN.sub(decoded, text)


def _bytes(seen: str) -> bytes:
    return bytes(_BYTES[ord(letter)] for letter in seen)


_DOUBLED_MARKS = "»º"
"""After "á" they begin letters with a dot below or a hook, which any six words of Vietnamese have."""
_LATER = "[" + "".join(re.escape(chr(seen)) for seen, code in _BYTES.items() if code < 0xC0) + "]"  # noqa: PLR2004
_DOUBLED = re.compile(f"[ÂÃÄÅÆÌ]{_LATER}|[áâï]{_LATER}{{2}}")
_MEANT = re.compile(
    "[\u00a0-\u017f\u01a0\u01a1\u01af\u01b0\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9"
    "\u2010-\u205e\u20ab\u2122\ufeff]"
)
"""What Vietnamese pages hold; "ê…”" of a proper sentence would become a letter of the Yi."""


def _first_after(text: str, before: str, mark: str) -> int:
    """Where two letters stand first, else the end. Looking for the rarer one takes a thirtieth of the time."""
    place = text.find(mark)
    while place >= 0 and not text.startswith(before, place - 1):
        place = text.find(mark, place + 1)
    return place - 1 if place >= 0 else len(text)


def _read_once(text: str) -> str:
    return _DOUBLED.sub(lambda found: _meant(found[0]), text)


@lru_cache(maxsize=4_096)
def _meant(seen: str) -> str:
    letter = _bytes(seen).decode("utf-8", "replace")
    return letter if _MEANT.fullmatch(letter) else seen


def _translator(table: Mapping[int, str]) -> Callable[[str], str]:
    return lambda text: text.translate(table)


_CONVERTERS: dict[Encoding, Callable[[str], str]] = {
    "windows-1258": _from_1258,
    "tcvn3": _translator(_TCVN3),
    "vni": lambda text: _VNI_LETTER.sub(lambda found: _VNI[found[0]], text),
    "vps": _translator(_VPS),
}
