"""The English host's sitemap (trap 16): it has some of the articles, and what is gone, and what is elsewhere."""

import gzip
from collections.abc import Iterator
from html import escape

from tests.replica import addresses
from tests.replica.corpus import Corpus
from tests.replica.exchange import Answer
from tests.replica.slots import Slot

HOST = addresses.HOSTS["english"]
INDEX = "/sitemap.xml"
_NEW = "/sitemap-news.xml"
_OLD = "/sitemap-archive.xml.gz"

_LISTED_TOO = 3
"""One of so many articles that lists show is in the sitemap as well."""


def sitemap(corpus: Corpus, host: str, path: str) -> Answer | None:
    """The sitemap's index or one of its two files, the older one compressed."""
    if 16 not in corpus.options.traps or host != HOST:
        return None
    match path.lower():
        case "/sitemap.xml":
            parts = "".join(f"<sitemap><loc>https://{HOST}{part}</loc></sitemap>" for part in (_NEW, _OLD))
            return Answer(headers=_XML, body=f"{_HEAD}<sitemapindex {_SPACE}>{parts}</sitemapindex>".encode())
        case "/sitemap-news.xml":
            return Answer(headers=_XML, body=_urls((*_entries(corpus, "htm"), *_stale())))
        case "/sitemap-archive.xml.gz":
            body = gzip.compress(_urls(_entries(corpus, "")), mtime=0)
            return Answer(headers=(("Content-Type", "application/x-gzip"),), body=body)
        case _:
            return None


_XML = (("Content-Type", "text/xml; charset=utf-8"),)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _urls(found: Iterator[str] | tuple[str, ...]) -> bytes:
    urls = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in found)
    return f"{_HEAD}<urlset {_SPACE}>{urls}</urlset>".encode()


def _entries(corpus: Corpus, folder: str) -> Iterator[str]:
    def is_of_it(slot: Slot) -> bool:
        return slot.site == "english" and slot.folder == folder

    for index in corpus.layout.having(is_of_it):
        item = corpus.item(index)
        if item.slot.reach == "sitemap" or index % _LISTED_TOO == 0:
            yield addresses.home(item)


def _stale() -> tuple[str, ...]:
    """What such files hold besides: addresses of other hosts, of nothing, and of what crawlers leave alone."""
    return (
        "https://www.example.org/news.htm",
        f"https://{HOST}/Pages/TinTuc/99999/gone.html",
        f"https://{HOST}/noi-bo/duty.aspx",
    )
