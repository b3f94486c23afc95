"""Pages whose bytes are not what they are said to be, or whose letters are written in odd ways (trap 9)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from html.entities import codepoint2name
from typing import Literal, get_args
from zlib import crc32

from tests.replica.addresses import HOSTS
from tests.replica.item import Item
from tests.replica.options import Options

Coding = Literal[
    "utf-8 unnamed",
    "utf-8 called iso-8859-1",
    "decomposed",
    "entities",
    "spaces",
    "windows-1258",
    "windows-1258 unnamed",
    "windows-1258 called utf-8",
]

CODINGS: tuple[Coding, ...] = get_args(Coding)

_MODERN = 5
"""The first ones, which the new system may have too."""
_ONE_IN = 48
"""Of so many articles, each coding has one."""
_META = "charset=utf-8"
_OLD_META = 'charset="utf-8"'
_TEXT = re.compile(r"<(script|style)\b.*?</\1>|>([^<>]+)<", re.DOTALL)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def coding(item: Item, host: str, options: Options) -> Coding | None:
    """How an article's page is written on a host; None for most, which are plain UTF-8."""
    if 9 not in options.traps or item.language != "vi" or host == HOSTS["mst"]:
        return None
    if item.document or item.index == options.articles - 1:  # the notice of Long An stays as it is
        return None
    number = crc32(f"{options.seed}/{item.index}/coding".encode()) % _ONE_IN
    most = _MODERN if item.slot.template == "T3" else len(CODINGS)
    return CODINGS[number] if number < most else None


def coded(page: str, how: Coding) -> tuple[str, bytes]:
    """Content type and bytes of a page."""
    named, declared, encode = _WAYS[how]
    if declared is not None:
        page = _declared(page, declared)
    return f"text/html; charset={named}" if named else "text/html", encode(page)


def windows_1258(text: str) -> bytes:
    """Vietnamese as Windows wrote it: tones after their vowels, letters that it lacks as numbers."""
    return "".join(map(_tone_apart, text)).encode("cp1258", "xmlcharrefreplace")


def _tone_apart(letter: str) -> str:
    if letter.isascii():
        return letter
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in marks if mark in _TONES)
        return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)) + tones
    return letter


def _declared(page: str, charset: str) -> str:
    """The page with another charset declared in its head, or none."""
    if charset:
        return page.replace(_META, f"charset={charset}", 1).replace(_OLD_META, f'charset="{charset}"', 1)
    return page.replace(f"; {_META}", "", 1).replace(f"<meta {_OLD_META}/>", "", 1)


def _entity(letter: str) -> str:
    if letter.isascii():
        return letter
    name = codepoint2name.get(ord(letter))
    return f"&{name};" if name else f"&#{ord(letter)};"


def _spaced(found: re.Match[str]) -> str:
    """Text as it was pasted: spaces that do not break, and marks that nobody sees."""
    if found[2] is None:
        return found[0]
    return f">{found[2].replace(', ', ',&nbsp;').replace('. ', '.&nbsp; ').replace(': ', ':&#8203; ')}<"


_WAYS: Mapping[Coding, tuple[str, str | None, Callable[[str], bytes]]] = {
    "utf-8 unnamed": ("", "", str.encode),
    "utf-8 called iso-8859-1": ("ISO-8859-1", "iso-8859-1", str.encode),
    "decomposed": ("utf-8", None, lambda page: unicodedata.normalize("NFD", page).encode()),
    "entities": ("utf-8", None, lambda page: "".join(map(_entity, page)).encode()),
    "spaces": ("utf-8", None, lambda page: _TEXT.sub(_spaced, page).encode()),
    "windows-1258": ("windows-1258", "windows-1258", windows_1258),
    "windows-1258 unnamed": ("", "", windows_1258),
    "windows-1258 called utf-8": ("utf-8", None, windows_1258),
}
"""The charset the header names, the one the page is changed to declare (None: left as it is), and the bytes."""
