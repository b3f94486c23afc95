"""One image, style sheet or font of an archived page, as a browser may be given it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from urllib.parse import urlsplit

from crawler.address import Addresses
from crawler.archive import Archive, ArchiveError
from crawler.page import BodyError, Capture, FetchedPage, body, decode
from crawler.page.links import absolute
from webui.replay import styles
from webui.replay.markup import Use

HOPS = 3
"""Redirects in a row that are followed."""
LARGEST = 20_000_000
"""Bytes of a part."""
_IMAGES = frozenset(
    f"image/{name}"
    for name in ("png", "jpeg", "gif", "webp", "avif", "bmp", "x-icon", "vnd.microsoft.icon", "svg+xml")
)
_FONTS = frozenset(
    {"application/font-woff", "application/x-font-woff", "application/x-font-ttf", "application/vnd.ms-fontobject"}
    | {f"font/{name}" for name in ("woff", "woff2", "ttf", "otf", "sfnt")}
)
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})


class PartMissingError(Exception):
    """A part cannot be shown: it was not archived, cannot be read, or is something else than it is taken for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What a browser gets."""

    data: bytes
    media_type: str


def part(
    canonical: str,
    use: Use,
    at: datetime,
    *,
    archive: Archive,
    addresses: Addresses,
    address: Callable[[str, Use], str],
) -> Part:
    """A part as it was archived nearest to a moment; `address` writes the addresses in style sheets.

    Raises PartMissingError.
    """
    capture = _followed(canonical, at, archive, addresses)
    try:
        page = archive.read(capture)
        if use == "style":
            return _style(page, addresses, address)
        media_type = _media_type(page)
        if media_type not in (_FONTS if use == "font" else _IMAGES):
            raise PartMissingError(f"{media_type} for {use}")
        return Part(data=body(page, LARGEST), media_type=media_type)
    except (ArchiveError, BodyError) as error:
        raise PartMissingError(str(error)) from error


def _followed(canonical: str, at: datetime, archive: Archive, addresses: Addresses) -> Capture:
    for _ in range(HOPS + 1):
        capture = archive.nearest(canonical, at)
        if capture is None:
            break
        if not capture.location:
            return capture
        canonical = addresses.read(capture.location).canonical
    raise PartMissingError("not archived")


def _style(page: FetchedPage, addresses: Addresses, address: Callable[[str, Use], str]) -> Part:
    if page.media_type in ("text/html", "application/xhtml+xml"):
        raise PartMissingError("a page in place of a style sheet")

    def rewritten(written: str, use: styles.StyleUse) -> str:
        if written.strip().lower().startswith("data:image/"):
            return written.strip() if use == "image" else ""
        url = absolute(page.url, written)
        return address(addresses.read(url).canonical, use) if url else ""

    text = styles.sheet(decode(page).text, rewritten)
    return Part(data=text.encode("utf-8", "replace"), media_type="text/css; charset=utf-8")


def _media_type(page: FetchedPage) -> str:
    """What the server said it is; what its name says where the server said nothing."""
    if page.media_type == "image/jpg":
        return "image/jpeg"
    if page.media_type in _UNTOLD:
        return guess_type(urlsplit(page.url).path)[0] or ""
    return page.media_type
