"""Addresses written in a page, feed, sitemap or style sheet, made absolute."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

MAX_LINKS = 10_000
"""Links of one page that are looked at; only lists made to harm have more."""

_ELSEWHERE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ROOT = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_XML_LINK = re.compile(
    r"<(?:link|loc|guid|image:loc)\b[^<>]*>\s*(?:<!\[CDATA\[\s*)?(https?://[^<\s\]]+)|"  # RSS and sitemaps
    r"<(?:\w{1,20}:)?link\b[^<>]*?\bhref\s*=\s*[\"']([^\"'<>]+)[\"']",  # Atom
    re.IGNORECASE,
)
_CSS_LINK = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """What a page leads to and what it needs, absolute, without fragments, each once, in order."""

    anchors: tuple[str, ...] = ()
    requisites: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, base: str, *, anchors: Iterable[str | None] = (), requisites: Iterable[str | None] = ()
    ) -> "Links":
        """Links as they are written, made absolute."""
        return cls(anchors=_all(base, anchors), requisites=_all(base, requisites))


def xml_links(text: str, base: str) -> Links:
    """Links of a feed or sitemap. A scan, no parser: many are not well-formed, and no entity is ever expanded."""
    found = (match[1] or match[2] for match in _XML_LINK.finditer(text))
    return Links.of(base, anchors=map(html.unescape, found))


def css_links(text: str, base: str) -> Links:
    """Images, fonts and further style sheets that a style sheet names."""
    return Links.of(base, requisites=(match[1] or match[2] for match in _CSS_LINK.finditer(text)))


def absolute(base: str, link: str) -> str:
    """A link of a page at `base`, without its fragment; '' for what leads nowhere that can be fetched."""
    link = link.strip().partition("#")[0].replace("\\", "/")
    if not link or _ELSEWHERE.match(link):
        return ""
    if link[0] == "/" and link[1:2] != "/":
        root = _ROOT.match(base)
        return root[0] + link if root else ""
    try:
        return link if _ROOT.match(link) else urljoin(base, link)
    except ValueError:
        return ""


def first_of_srcset(value: str) -> str:
    """The first picture of a `srcset`."""
    return value.strip().partition(" ")[0].rstrip(",")


def _all(base: str, links: Iterable[str | None]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for link in dict.fromkeys(links):
        url = absolute(base, link) if link else ""
        if url:
            found[url] = None
            if len(found) == MAX_LINKS:
                break
    return tuple(found)
