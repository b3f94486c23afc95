"""List pages: which articles they show, with what title, day and category."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from selectolax.lexbor import LexborNode

from config.site import SiteProfile, Template
from crawler.address import Address, Addresses, Key
from crawler.page import Html
from indexer.article import Listed, Listing, Published
from indexer.language.dates import stated_date
from indexer.language.legacy import repair_all
from indexer.reading.dating import date_beside
from indexer.reading.text import clean

TITLE = 12
"""Characters of a link that may be a title, on pages of an unknown make."""
MOST = 1_000
"""Entries of one page that are taken; the longest real list has 60."""


def read_list(
    html: Html, template: Template | None, address: Address, *, addresses: Addresses, profile: SiteProfile
) -> Listing:
    """What a list says of others; on pages of an unknown make what stands beside its links."""
    category = _category(html, template, address, profile)
    found = _entries(html, template, addresses) if template else _links(html, addresses)
    entries: dict[str, Listed] = {}
    for entry in found:
        key = str(entry.key)
        known = entries.get(key)
        if known is None or (not known.published and entry.published) or len(known.title) < len(entry.title):
            entries[key] = entry
        if len(entries) == MOST:
            break
    texts = iter(repair_all([text for entry in entries.values() for text in (entry.title, entry.lead)]))
    return Listing(
        url=address.canonical,
        entries=tuple(
            replace(entry, title=next(texts), lead=next(texts), category=category) for entry in entries.values()
        ),
    )


def _category(html: Html, template: Template | None, address: Address, profile: SiteProfile) -> str:
    """The list's category, by its number, or by its heading where that is a category's name."""
    known = profile.categories.get(address.parts.get("category", ""), "")
    heading = _words(_first(html.tree.root, template.category)) if template and html.tree.root else ""
    return known or (heading if heading in profile.categories.values() else "")


def _entries(html: Html, template: Template, addresses: Addresses) -> Iterator[Listed]:
    for selector in template.items:
        for item in html.tree.css(selector):
            link = _first(item, template.title)
            address = addresses.read(link.attributes.get("href") or "", html.base) if link is not None else None
            if link is None or address is None or address.key is None:
                continue
            moment = stated_date(_words(_first(item, template.date)))
            yield Listed(
                key=address.key,
                url=address.canonical,
                title=clean(link.attributes.get("title") or "") or _words(link),
                lead=_words(_first(item, template.lead)),
                published=Published(day=moment.day, hour=moment.hour, how="listed") if moment else None,
            )


def without_visits(listing: Listing, captured: date) -> Listing:
    """A list of unknown make without days that may be the visit's, which heads of pages tell."""
    return replace(
        listing,
        entries=tuple(
            replace(entry, published=None)
            if entry.published and abs(entry.published.day - captured) <= timedelta(days=1)
            else entry
            for entry in listing.entries
        ),
    )


def _links(html: Html, addresses: Addresses) -> Iterator[Listed]:
    asked = 0
    for link in html.tree.css("a[href]"):
        title = _words(link)
        address = addresses.read(link.attributes.get("href") or "", html.base)
        if address.key is None or len(title) < TITLE:
            continue
        asked += 1
        line = (
            date_beside(link, title, partial(_leads_to, address.key, addresses, html.base))
            if asked <= MOST
            else ""
        )
        moment = stated_date(line)
        yield Listed(
            key=address.key,
            url=address.canonical,
            title=title,
            published=Published(day=moment.day, hour=moment.hour, how="listed", sure=False) if moment else None,
        )


def _leads_to(key: Key, addresses: Addresses, base: str, target: str) -> bool:
    """Whether an address is this article's, or no article's."""
    return addresses.read(target, base).key in (key, None)


def _first(node: LexborNode, selectors: Sequence[str]) -> LexborNode | None:
    return next((found for selector in selectors if (found := node.css_first(selector)) is not None), None)


def _words(node: LexborNode | None) -> str:
    return clean(node.text(separator="")) if node is not None else ""
