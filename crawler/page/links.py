"""Addresses written in a page or style sheet, made absolute."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

MAX_LINKS = 10_000
"""Links of one page that are looked at; only lists made to harm have more."""

_ELSEWHERE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ROOT = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_SIZES = re.compile(r",\s|,$")
_CSS_LINK = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """What a page leads to and what it needs, absolute, without fragments, each once, in order."""

    anchors: tuple[str, ...] = ()
    requisites: tuple[str, ...] = ()
    modified: Mapping[str, datetime] = field(default_factory=dict)
    """When anchors last changed, as far as a sitemap says."""
    sitemaps: frozenset[str] = frozenset()
    """Anchors that are sitemaps, whatever they are called."""

    @classmethod
    def of(
        cls,
        base: str,
        *,
        anchors: Iterable[str | None] = (),
        requisites: Iterable[str | None] = (),
        limit: int = MAX_LINKS,
    ) -> "Links":
        """Links as they are written, made absolute."""
        return cls(anchors=_all(base, anchors, limit), requisites=_all(base, requisites, limit))


def css_links(text: str, base: str) -> Links:
    """Images, fonts and further style sheets that a style sheet names."""
    return Links.of(base, requisites=css_names(text))


def css_names(text: str) -> Iterator[str]:
    """The same as they are written, also in a page's own styles."""
    return (match[1] or match[2] for match in _CSS_LINK.finditer(text))


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


def of_srcset(value: str) -> Iterator[str]:
    """The pictures of a `srcset`: one for each size of screen."""
    return (part.split()[0].rstrip(",") for part in _SIZES.split(value) if part.strip())


def _all(base: str, links: Iterable[str | None], limit: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen: set[str | None] = {None, ""}
    for link in links:
        url = absolute(base, link) if link and link not in seen else ""
        seen.add(link)
        if url:
            found[url] = None
            if len(found) == limit:
                break
    return tuple(found)
