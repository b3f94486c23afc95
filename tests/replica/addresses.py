"""Every address of an article, the one lists link to first."""

import random
import re
import unicodedata
from functools import lru_cache

from tests.replica.item import Item
from tests.replica.slots import Site
from tests.replica.text.provinces import unmarked

HOSTS: dict[Site, str] = {
    "mic": "mic.gov.vn",
    "english": "english.mic.gov.vn",
    "cspl": "cspl.mic.gov.vn",
    "mst": "mst.gov.vn",
}
FAMILIES = {
    "mic.gov.vn": "mic",
    "english.mic.gov.vn": "mic",
    "cspl.mic.gov.vn": "cspl",
    "mst.gov.vn": "mst",
}
"""The family of each host."""

ALIASES = {
    "www.mic.gov.vn": "mic.gov.vn",
    "m.mic.gov.vn": "mic.gov.vn",
    "www.english.mic.gov.vn": "english.mic.gov.vn",
    "www.mst.gov.vn": "mst.gov.vn",
    "m.mst.gov.vn": "mst.gov.vn",
}
"""Other names of the hosts."""

NAMES = (*FAMILIES, *ALIASES)
"""Every host name the replica answers to."""

_DOTTED = "https://mic.gov.vn."
"""The host's name as the domain name system writes it: the same host."""

_STAMP = 12
"""Ids of so many digits and more are moments: born in the new system, they have none of the old addresses."""


@lru_cache(maxsize=4_096)
def slug(title: str) -> str:
    """As SharePoint wrote it: no marks, case kept but for đ, a hyphen for each space and punctuation mark."""
    return re.sub(r"[^A-Za-z0-9]", "-", unmarked(title.replace("Đ", "d")))


@lru_cache(maxsize=4_096)
def plain_slug(title: str) -> str:
    """As the new system writes it: lower case, single hyphens, punctuation dropped."""
    text = re.sub(r"[^a-z0-9 -]", "", unmarked(unicodedata.normalize("NFC", title)).lower().replace(" - ", " "))
    return re.sub(r"[ -]+", "-", text).strip("-")


def home(item: Item) -> str:
    """The address lists link to."""
    if item.slot.template == "T6":
        return addresses(item)[0]
    return f"https://{HOSTS[item.slot.site]}{_path(item, _first_form(item))}"


def at_host(item: Item, host: str) -> str:
    """The address a list on that host links to: the successor's copy on the successor's host."""
    return addresses(item)[-1] if host == HOSTS["mst"] else home(item)


def print_path(item: Item) -> str:
    """Path and query of the print view."""
    return f"/pages/tintuc/printpage.aspx?tintucID={item.key.id}"


def addresses(item: Item) -> tuple[str, ...]:
    """All addresses under their hosts' own names and https; every other name and http answer the same."""
    host = f"https://{HOSTS[item.slot.site]}"
    if item.slot.template == "T6":
        return tuple(host + path for path in _document_paths(item))
    copy = (f"https://{HOSTS['mst']}{_path(item, 'htm')}",) if item.slot.copied else ()
    return (*(host + path for path in _paths(item)), *copy)


def variants(item: Item) -> tuple[str, ...]:
    """Further addresses of the same article: other hosts' names, http, another case, a wrong slug, a parameter."""
    if item.slot.site != "mic" or item.slot.template == "T6":
        return (home(item).replace("https:", "http:"),)
    number, path = item.key.id, home(item).removeprefix("https://mic.gov.vn")
    found = [f"http://www.mic.gov.vn{path}", f"https://m.mic.gov.vn{path}"]
    if not is_stamped(item):
        found += [
            f"https://mic.gov.vn/Pages/TinTuc/{number}/x.html",
            f"http://mic.gov.vn/pages/tintuc/{number}/Default.html",
            f"https://www.mic.gov.vn/Pages/TinTuc/tinchitiet.aspx?tintucID={number}",
        ]
    return (*found, f"https://mic.gov.vn/x-{item.prefix}{number}.htm?utm_source=zalo", f"{_DOTTED}{path}")


def linked(item: Item, chance: random.Random, *, dotted: bool) -> str:
    """The address under which another page happens to link to the article (traps 1 and, if `dotted`, 13)."""
    if item.slot.template == "T4" or chance.random() < 0.6:
        return home(item)
    return chance.choice([url for url in variants(item) if dotted or not url.startswith(_DOTTED)])


def is_stamped(item: Item) -> bool:
    """Whether the id is the moment of publication."""
    return item.slot.template != "T6" and len(item.key.id) >= _STAMP


def _paths(item: Item) -> list[str]:
    """The path lists link to, then the others."""
    first = _first_form(item)
    if is_stamped(item):
        return [_path(item, first)]
    everywhere = ("", "query", "print") if item.slot.site == "cspl" else ("", "mic_2020", "query", "print", "htm")
    return [_path(item, form) for form in (first, *(form for form in everywhere if form != first))]


def _first_form(item: Item) -> str:
    """The form of address lists use: the folder before `/Pages`, or `query`, `print`, `htm`."""
    return "htm" if is_stamped(item) else item.slot.folder


def _path(item: Item, form: str) -> str:
    number = item.key.id
    match form:
        case "query":
            folder = "" if item.slot.site == "cspl" else "/mic_2020"
            return f"{folder}/Pages/TinTuc/tinchitiet.aspx?tintucid={number}"
        case "print":
            return print_path(item)
        case "htm":
            return f"/{plain_slug(item.text.title)}-{item.prefix}{number}.htm"
        case _:
            return f"{f'/{form}' if form else ''}/Pages/TinTuc/{number}/{slug(item.text.title)}.html"


def _document_paths(item: Item) -> tuple[str, ...]:
    assert item.document is not None
    number = item.key.id
    return (
        f"/Pages/VanBan/{number}/{slug(item.document.title)}.html",
        f"/mic_2020/Pages/VanBan/{number}/{slug(item.document.title)}.html",
        f"/van-ban-phap-luat/{number}.htm",
    )
