"""A page's text, also where it is in an encoding that has no name a page could declare."""

import re

from crawler.page import FetchedPage, body, decode
from crawler.page.body import MAX_MARKUP, windows_1252
from indexer.language.legacy import TCVN3_HYPHEN, detect, is_doubtful

_NAMELESS = ("tcvn3", "vni", "vps")
_MISNAMED = "cp1258"
"""What such pages call themselves, where they do not keep silent."""
_SOFT_HYPHEN = re.compile("\u00ad|&shy;|&#173;|&#x0*ad;", re.IGNORECASE)


def text_of(page: FetchedPage) -> str:
    """The page's text. Raises BodyError.

    TCVN3, VNI and VPS are fonts, not charsets: their pages declare nothing, or what does not fit. Read as Latin-1
    they can be recognised by their words, and are converted with the article.
    """
    decoded = decode(page)
    text = decoded.text
    if decoded.is_guess or decoded.charset == _MISNAMED:
        latin = windows_1252(body(page, MAX_MARKUP))
        if detect(latin) in _NAMELESS:
            text = latin
    return _with_letters_kept(text) if _SOFT_HYPHEN.search(text) else text


def _with_letters_kept(text: str) -> str:
    """The text with a mark for each soft hyphen that is a letter: between tags where the words are in TCVN3."""
    pieces = text.split("<")
    marked = [_SOFT_HYPHEN.sub(TCVN3_HYPHEN, piece) for piece in pieces]
    odd = [is_doubtful(piece) for piece in marked]
    if detect("\n".join(piece for piece, is_odd in zip(marked, odd, strict=True) if is_odd)) != "tcvn3":
        return text
    return "<".join(new if is_odd else piece for piece, new, is_odd in zip(pieces, marked, odd, strict=True))
