"""A page's text, also where it is in an encoding that has no name a page could declare."""

from collections.abc import Iterable

from crawler.page import Decoded, FetchedPage, body, decode
from crawler.page.body import MAX_MARKUP, windows_1252
from indexer.language.legacy import TCVN3_HYPHEN, detect, is_doubtful, is_vietnamese, undoubled

_NAMELESS = ("tcvn3", "vni", "vps")
_MISNAMED = "cp1258"
"""What such pages call themselves, where they do not keep silent."""
_SOFT_HYPHENS = ("\u00ad", "&shy;", "&#173;", "&#xad;", "&#xAD;")


def text_of(page: FetchedPage) -> Decoded:
    """The page's text. Raises BodyError.

    TCVN3, VNI and VPS are fonts, not charsets: their pages declare nothing, or what does not fit. Read as Latin-1
    they can be recognised by their words, and are converted with the article. What is in UTF-8 twice is mended.
    """
    decoded = decode(page)
    once = undoubled(decoded.text)
    if once != decoded.text:
        return Decoded(text=once, charset=decoded.charset)
    if (decoded.is_guess or decoded.charset == _MISNAMED) and not is_vietnamese(decoded.text):
        latin = windows_1252(body(page, MAX_MARKUP))
        if detect(latin) in _NAMELESS:
            return Decoded(text=latin, charset="cp1252", is_guess=True)
    return decoded


def lacks_letters(texts: Iterable[str]) -> bool:
    """Whether these texts of a page are in TCVN3, so that letters were lost that look like soft hyphens."""
    doubtful = [text for text in texts if is_doubtful(text)]
    return bool(doubtful) and detect("\n".join(doubtful)) == "tcvn3"


def with_letters(text: str) -> str:
    """The markup with a mark for each soft hyphen that is a letter: between tags where the words are in TCVN3."""
    if not any(written in text for written in _SOFT_HYPHENS):
        return text
    pieces = text.split("<")
    marked = [_marked(piece) for piece in pieces]
    odd = [is_doubtful(piece) for piece in marked]
    if detect("\n".join(piece for piece, is_odd in zip(marked, odd, strict=True) if is_odd)) != "tcvn3":
        return text
    return "<".join(new if is_odd else piece for piece, new, is_odd in zip(pieces, marked, odd, strict=True))


def _marked(piece: str) -> str:
    for written in _SOFT_HYPHENS:
        piece = piece.replace(written, TCVN3_HYPHEN)
    return piece
