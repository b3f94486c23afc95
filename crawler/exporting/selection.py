"""What belongs to one article: its pages, the files it offers, and what these need to look as they looked."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from crawler.address import Addresses, Key
from crawler.archive import Archive, ArchiveError
from crawler.page import BodyError, Capture, FetchedPage, Html, decode
from crawler.page.links import css_links

MOST = 20_000
"""Captures of one article's export."""


def of_article(archive: Archive, addresses: Addresses, key: Key) -> list[Capture]:
    """All captures of an article and of what belongs to it, with the originals of revisits, in archive order."""
    chosen = {capture.id: capture for capture in archive.captures(key=key)}
    wanted = dict.fromkeys(
        canonical for capture in chosen.values() for canonical in _needs(archive, addresses, capture)
    )
    seen: set[str] = set()
    while wanted and len(chosen) < MOST:
        canonical = next(iter(wanted))
        del wanted[canonical]
        seen.add(canonical)
        for capture in archive.captures(canonical=canonical):
            chosen.setdefault(capture.id, capture)
            if capture.media_type == "text/css":
                wanted |= dict.fromkeys(need for need in _needs(archive, addresses, capture) if need not in seen)
    originals = [capture.revisit_of for capture in chosen.values() if capture.revisit_of not in (None, *chosen)]
    for number in originals:
        original = archive.capture(number) if number else None
        if original:
            chosen[original.id] = original
    return sorted(chosen.values(), key=lambda capture: capture.sequence)


def _needs(archive: Archive, addresses: Addresses, capture: Capture) -> Iterator[str]:
    """Canonical addresses of what one capture needs or offers. A revisit needs what its original needs."""
    if capture.revisit_of is not None or not capture.status:
        return
    with suppress(ArchiveError, BodyError):
        page = archive.read(capture)
        if page.media_type == "text/css":
            yield from _canonical(addresses, css_links(decode(page).text, page.url).requisites)
        elif page.media_type in ("text/html", "application/xhtml+xml", ""):
            yield from _of_page(addresses, page)


def _of_page(addresses: Addresses, page: FetchedPage) -> Iterator[str]:
    decoded = decode(page)
    links = Html.parse(decoded.text, page.url, decoded.utf8).links()
    yield from _canonical(addresses, links.requisites)
    files = (address for address in map(addresses.read, links.anchors) if address.kind == "attachment")
    yield from (address.canonical for address in files if address.allowed)


def _canonical(addresses: Addresses, urls: Iterable[str]) -> Iterator[str]:
    return (address.canonical for address in map(addresses.read, urls) if address.allowed)
