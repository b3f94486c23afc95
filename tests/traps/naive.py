"""A crawler as one writes it in an hour: it follows every link, believes what it is told, and knows no rules.

It stands for all that this project's crawler and reading must not be. Tests show that it falls into every trap.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup

from tests.replica import Replica
from tests.replica.text import provinces

MOST_BYTES = 2_000_000
"""Of one answer: even a crawler without rules runs on a machine that ends somewhere."""
SITE = ("mic.gov.vn", "mst.gov.vn")

_LINK = re.compile(r'(?:href|src)="([^"#]+)"')
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer as such a crawler keeps it."""

    url: str
    status: int
    text: str
    content: bytes

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    @cached_property
    def words(self) -> str:
        """All that the page says."""
        return self.soup.get_text()

    @property
    def title(self) -> str:
        heading = self.soup.find("h1") or self.soup.find("title")
        return heading.get_text() if heading else ""

    @property
    def body(self) -> str:
        """What the elements with the article's class say."""
        return "\n".join(part.get_text() for part in self.soup.select(".news_detail, .detail__content"))

    @property
    def day(self) -> date | None:
        """The first date on the page, day first."""
        found = _DATE.search(self.words)
        try:
            return date(int(found[3]), int(found[2]), int(found[1])) if found else None
        except ValueError:
            return None

    @property
    def provinces(self) -> set[str]:
        """Every province the page names."""
        return {name for name in provinces.labels() if name in self.words}


@dataclass(kw_only=True)
class Naive:
    """One crawl through a replica's proxy. `pages` are its answers by address, `failed` what it gave up."""

    replica: Replica
    timeout: float = 5.0
    pages: dict[str, Page] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = {"http": self.replica.proxy_url, "https": self.replica.proxy_url}
        self._session.verify = str(self.replica.ca_file)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def crawl(self, starts: Sequence[str], most: int, *, site: Sequence[str] = SITE, deep: bool = False) -> None:
        """Follow links to hosts whose names end so, for so many requests at most; `deep`: the latest first."""
        waiting, seen = deque(starts), set(starts)
        while waiting and len(self.pages) + len(self.failed) < most:
            url = waiting.pop() if deep else waiting.popleft()
            page = self.fetch(url)
            for link in links_of(page):
                if link not in seen and (urlsplit(link).hostname or "").rstrip(".").endswith(tuple(site)):
                    seen.add(link)
                    waiting.append(link)

    def fetch(self, url: str) -> Page | None:
        """Ask once. Redirects are followed wherever they lead; whatever fails is given up."""
        try:
            with self._session.get(url, timeout=self.timeout, stream=True) as answer:
                content = b"".join(self._some(answer))
                encoding = answer.encoding or "utf-8"
        except requests.RequestException as error:
            self.failed[url] = type(error).__name__
            return None
        self.pages[url] = Page(
            url=answer.url, status=answer.status_code, text=content.decode(encoding, "replace"), content=content
        )
        return self.pages[url]

    def turn_pages(self, url: str, most: int) -> list[Page]:
        """Follow the link to the next page until there is none, or so many times."""
        pages: list[Page] = []
        while url and len(pages) < most and (page := self.fetch(url)):
            pages.append(page)
            following = re.search(r'<a class="sau" href="([^"]+)"', page.text)
            url = urljoin(page.url, following[1]) if following else ""
        return pages

    def _some(self, answer: requests.Response) -> Iterator[bytes]:
        size = 0
        for piece in answer.iter_content(65_536):
            yield piece
            size += len(piece)
            if size > MOST_BYTES:
                return


def links_of(page: Page | None) -> Iterator[str]:
    """Everything a page links to or loads, made absolute."""
    for link in _LINK.findall(page.text) if page else ():
        assert page
        url = urljoin(page.url, link.replace("&amp;", "&"))
        if url.startswith("http"):
            yield url
