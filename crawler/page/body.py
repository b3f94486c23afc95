"""What a page's payload holds once its content-coding is removed, and the text it stands for."""

import codecs
import re
import unicodedata
import zlib
from dataclasses import dataclass

from bs4.dammit import EncodingDetector
from charset_normalizer import from_bytes

from crawler.page.answer import FetchedPage

MAX_BODY = 100_000_000
"""Bytes a payload may decompress to."""
MAX_RATIO = 200
"""Times a payload may grow; honest pages stay under 50, a gzip bomb reaches 1,000."""
SMALL = 10_000_000
"""Bytes below which the ratio is not looked at."""
MAX_MARKUP = 12_000_000
"""Bytes of a page, feed or style sheet that are read, which takes some 240 MB; all of it is archived."""

_CHUNK = 65_536
_HEAD = 65_536
"""Bytes in which a page declares its charset, if it does."""
_GZIP, _ZLIB, _RAW = 31, 15, -15
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CHARSETS = re.compile(
    r"utf-(?:8|16|32).*|ascii|(?:iso8859|koi8|euc)[-_].*|cp\d+|(?:big5|gb|shift_jis|mac-).*|tis-620"
)
_DEFAULTS = frozenset({"iso8859-1", "cp1252", "ascii", "utf-8"})
"""What servers claim without having looked."""
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_VIETNAMESE = "cp1258"
_SURELY_VIETNAMESE = 0.9
"""Text of other encodings, read as windows-1258, stays below 0.75 (measured on Russian, Chinese, French)."""
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")


class BodyError(Exception):
    """A payload cannot be decoded, or would grow beyond all bounds; the message says which, in one of few ways."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """A page's text and the charset it was in."""

    text: str
    charset: str
    is_guess: bool = False
    """Neither a mark nor UTF-8 nor a charset that was declared and fits."""
    utf8: bytes | None = None
    """The text in UTF-8 where that is at hand: parsers take it sooner."""


def body(page: FetchedPage, most: int = MAX_BODY) -> bytes:
    """The payload without its content-coding, the first `most` bytes of it; what came of it where it ends early.

    Raises BodyError for what cannot be decoded, and for what would grow beyond MAX_BODY or MAX_RATIO.
    """
    data = page.payload
    for coding in reversed(page.header("content-encoding").lower().split(",")):
        data = _without(coding.strip(), data, most)
    return data[:most]


def unzipped(data: bytes, most: int = MAX_BODY) -> bytes:
    """What a gzip file holds, or the data itself where it is none, the first `most` bytes. Raises BodyError."""
    return _without("gzip", data, most)[:most]


def decode(page: FetchedPage) -> Decoded:
    """The page's text, up to MAX_MARKUP. Raises BodyError.

    Believed in this order: a byte order mark; the bytes being UTF-8, which text of no other encoding is by chance;
    what header and page declare, unless it is a server's default and windows-1258 makes more Vietnamese of it;
    what the bytes look like.
    """
    data = body(page, MAX_MARKUP)
    if len(data) == MAX_MARKUP:  # not in the middle of a letter
        data = data[: data.rfind(b">") + 1] or data
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return Decoded(text=data[len(mark) :].decode(charset, "replace"), charset=charset)
    if b"\0" not in data[:256]:
        try:
            return Decoded(text=data.decode("utf-8"), charset="utf-8", utf8=data)
        except UnicodeDecodeError:
            broken = _as_broken_utf8(data)
            if broken is not None:
                return Decoded(text=broken, charset="utf-8")
    return _as_declared(data, page.header("content-type")) or _as_guessed(data)


def windows_1252(data: bytes) -> str:
    """Text as browsers read what calls itself ISO-8859-1, ASCII or windows-1252 (WHATWG); never raises."""
    return data.decode("latin-1").translate(_WINDOWS_1252)


def _without(coding: str, data: bytes, most: int) -> bytes:
    if coding in ("", "identity"):
        return data
    if coding in ("gzip", "x-gzip"):
        return _inflate(data, _GZIP, most) if data.startswith(b"\x1f\x8b") else data
    if coding == "deflate":
        try:
            return _inflate(data, _ZLIB, most)
        except BodyError as error:
            if isinstance(error.__cause__, zlib.error):
                return _inflate(data, _RAW, most)
            raise
    raise BodyError("unknown content-coding")


def _inflate(data: bytes, form: int, most: int) -> bytes:
    found = bytearray()
    inflater = zlib.decompressobj(form)
    start = 0
    while start < len(data) and len(found) <= most:
        piece = data[start : start + _CHUNK]
        start += len(piece)
        try:
            found += inflater.decompress(piece, most + 1 - len(found))
        except zlib.error as error:
            if not found:
                raise BodyError("damaged content-coding") from error
            break
        _check(len(found), start - len(inflater.unconsumed_tail))
        if inflater.eof:
            start -= len(inflater.unused_data)
            if form != _GZIP or data[start : start + 2] != b"\x1f\x8b":
                break
            inflater = zlib.decompressobj(form)
    return bytes(found)


def _check(size: int, of: int) -> None:
    """Refuse what has grown too much; `of` are the bytes it grew from."""
    if size > MAX_BODY or size > max(SMALL, MAX_RATIO * of):
        raise BodyError("decompresses beyond all bounds")


def _as_broken_utf8(data: bytes) -> str | None:
    """The text if it is UTF-8 but for a few broken letters (SharePoint cuts teasers in the middle of one)."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - broken - len(data.translate(None, delete=bytes(range(0x80, 0x100))))
    return text if whole >= 10 * broken else None


def _as_declared(data: bytes, content_type: str) -> Decoded | None:
    header = _CHARSET.search(content_type)
    declared = (header[1] if header else None, EncodingDetector.find_declared_encoding(data[:_HEAD], is_html=True))
    for name in declared:
        charset = _known(name)
        if charset is None or charset == "utf-8":
            continue
        try:
            text = windows_1252(data) if charset in _DEFAULTS else data.decode(charset)
        except UnicodeDecodeError:
            continue
        if charset not in _DEFAULTS or _vietnamese(text) >= _vietnamese(_from_1258(data)):
            return Decoded(text=unicodedata.normalize("NFC", text), charset=charset)
    return None


def _as_guessed(data: bytes) -> Decoded:
    text = _from_1258(data)
    if _vietnamese(text) > _SURELY_VIETNAMESE:
        return Decoded(text=text, charset=_VIETNAMESE, is_guess=True)
    best = from_bytes(data[:_CHUNK]).best()
    charset = best.encoding if best else "cp1252"
    return Decoded(text=data.decode(charset, "replace"), charset=charset, is_guess=True)


def _known(name: str | None) -> str | None:
    """Python's name of a charset pages are written in; codecs such as base64 or punycode are none."""
    try:
        found = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return None
    return found if _CHARSETS.fullmatch(found) else None


def _from_1258(data: bytes) -> str:
    return unicodedata.normalize("NFC", data.decode(_VIETNAMESE, "replace"))


def _vietnamese(text: str) -> float:
    """The share of Vietnamese letters among the letters that are not ASCII; 1 where all are."""
    others = [letter for letter in text[:_CHUNK] if letter > "\x7f" and unicodedata.category(letter)[0] in "LMC"]
    return sum(map(_is_vietnamese, others)) / len(others) if others else 1.0


def _is_vietnamese(letter: str) -> bool:
    if letter in "đĐ":
        return True
    parts = unicodedata.normalize("NFD", letter)
    return parts[0].isascii() and parts[0].isalpha() and parts[1:] != "" and _MARKS.issuperset(parts[1:])
