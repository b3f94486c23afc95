"""Feeds: what RSS and Atom say of articles. Entities are never expanded, nothing outside is ever loaded."""

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser

from selectolax.lexbor import LexborHTMLParser

from crawler.address import Addresses
from crawler.page import harm
from indexer.article import Listed, Listing, Published, Rejected
from indexer.language.dates import feed_date
from indexer.reading.text import clean

MOST = 1_000
"""Entries of one feed that are taken."""
LONGEST = 5_000_000
"""Characters of a feed that is read."""

_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)(\w+);")
_BARE = re.compile(r"&(?!\w+;|#\w+;)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read_feed(text: str, url: str, addresses: Addresses) -> Listing | Rejected:
    """The articles a feed names, newest first as it gives them; Rejected where it is none."""
    if len(text) > LONGEST:
        return Rejected(url=url, reason="a feed without end")
    if _DECLARATION.search(text):
        return Rejected(url=url, reason="a feed that declares entities")
    try:
        root = _parse(text)
    except ParseError as error:
        return Rejected(url=url, reason=f"not XML: {error}")
    entries = (_entry(element, url, addresses) for element in _items(root))
    found = {str(entry.key): entry for entry in entries if entry is not None}
    if not found and root.tag not in ("rss", "{http://www.w3.org/2005/Atom}feed"):
        return Rejected(url=url, reason=f"no feed but {_local(root)}")
    return Listing(url=addresses.read(url).canonical, entries=tuple(found.values()))


def _parse(text: str) -> Element:
    """The tree, mended where writers forgot to escape. Without a DTD expat knows no entities but XML's five."""
    text = _CONTROL.sub("", _ENCODING.sub("", text, count=1))
    text = _BARE.sub("&amp;", _NAMED.sub(lambda named: html.escape(html.unescape(named[0])), text))
    parser = XMLParser()  # noqa: S314 - declarations were refused above
    parser.feed(text)
    root: Element = parser.close()
    return root


def _items(root: Element) -> Iterator[Element]:
    found = (element for element in root.iter() if _local(element) in ("item", "entry"))
    return (element for element, _ in zip(found, range(MOST), strict=False))


def _entry(element: Element, url: str, addresses: Addresses) -> Listed | None:
    said: dict[str, str] = {}
    for child in element:
        name = _local(child)
        value = (child.text or "").strip() or (child.get("href") or "" if name == "link" else "")
        said.setdefault(name, value)
    for target in (said.get("link", ""), said.get("guid", ""), said.get("id", "")):
        address = addresses.read(target, url) if target else None
        if address and address.key:
            break
    else:
        return None
    moment = feed_date(
        said.get("pubDate") or said.get("published") or said.get("date") or said.get("updated") or ""
    )
    return Listed(
        key=address.key,
        url=address.canonical,
        title=_plain(said.get("title", "")),
        lead=_plain(said.get("description") or said.get("summary") or ""),
        published=Published(day=moment.day, hour=moment.hour, how="feed") if moment else None,
    )


def _plain(text: str) -> str:
    """The words of a field that may hold markup."""
    if ("<" not in text and "&" not in text) or harm(text):
        return clean(text)
    body = LexborHTMLParser(text).body
    return clean(body.text(separator=" ")) if body is not None else ""


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
