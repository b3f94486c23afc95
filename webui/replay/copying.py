"""One archived page as it looked: which of its parts the archive holds, and the inert HTML that shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from crawler.address import Addresses, Key
from crawler.archive import Archive
from crawler.page import FetchedPage, Html, decode
from crawler.page.links import absolute
from webui.replay.markup import Use, inert

MOST_PARTS = 2_000
"""Addresses of images and style sheets in one page that are looked up."""
_IMAGE_DATA = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """An archived page, ready to be shown in a frame of its own."""

    html: str
    parts: int
    """Images and style sheets it names."""
    missing: tuple[str, ...]
    """Those of them that were never archived."""


@dataclass(slots=True)
class _Named:
    """What a page names, by canonical address."""

    parts: dict[str, str] = field(default_factory=dict)


def copied_page(
    page: FetchedPage,
    *,
    archive: Archive,
    addresses: Addresses,
    part: Callable[[str, Use], str],
    link: Callable[[Key], str],
) -> Copied:
    """The page rewritten. `part` writes the address of an image or style sheet, `link` that of an article.

    Raises BodyError where the page cannot be read.
    """
    parsed = Html.parse(decode(page).text, page.url)
    named = _Named()

    def noted(address: str, use: Use) -> str:
        canonical = _canonical(address, parsed.base, addresses)
        if use != "link" and canonical and len(named.parts) < MOST_PARTS:
            named.parts[canonical] = address
        return ""

    inert(parsed, noted)
    held = archive.held(named.parts)

    def rewritten(address: str, use: Use) -> str:
        if address.strip().lower().startswith(_IMAGE_DATA) and use == "image":
            return address.strip()
        if use == "link":
            key = addresses.read(urldefrag(address)[0], parsed.base).key
            return link(key) if key else ""
        canonical = _canonical(address, parsed.base, addresses)
        return part(canonical, use) if canonical in held else ""

    missing = tuple(url for url in named.parts if url not in held)
    return Copied(html=inert(parsed, rewritten), parts=len(named.parts), missing=missing)


def _canonical(address: str, base: str, addresses: Addresses) -> str:
    url = absolute(base, address)
    return addresses.read(url).canonical if url else ""
