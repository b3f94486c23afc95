"""The lists and feeds of the site: what each shows, under which addresses, how many to a page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from config.site import load_profile
from tests.replica.addresses import plain_slug, slug
from tests.replica.layout import Layout

Style = Literal["sharepoint", "cms", "english", "policy", "documents"]

FEED_LENGTH = 30


@dataclass(frozen=True, kw_only=True)
class Series:
    """A list over several pages, newest first."""

    stream: str
    title: str
    host: str
    style: Style
    size: int
    """Entries to a page."""
    path: Callable[[int], str]
    """Path and query of a page, counted from 1."""
    pattern: re.Pattern[str]
    """Matches every path (and query) of the list; the group `page` may be empty or missing."""
    feed: str = ""
    """Path and query of its feed."""
    one_page: bool = False
    """Further pages are there for scripts only."""

    def address(self, page: int) -> str:
        return f"https://{self.host}{self.path(page)}"

    def pages(self, layout: Layout) -> int:
        """How many pages it has; an empty list has one."""
        return 1 if self.one_page else max(1, -(-layout.count(self.stream) // self.size))

    def place(self, layout: Layout, index: int) -> str | None:
        """The address of the page an article of its stream stands on; None where no page shows it."""
        page = layout.rank(self.stream, index) // self.size + 1
        return None if self.one_page and page > 1 else self.address(page)

    def in_feed(self, layout: Layout, index: int) -> bool:
        """Whether its feed has the article. The seed article is left out: only its text is to date it."""
        new = bool(self.feed) and layout.rank(self.stream, index) < FEED_LENGTH
        return new and index != layout.articles - 1


@lru_cache(maxsize=1)
def catalogue() -> tuple[Series, ...]:
    """Every list of the site."""
    categories = {int(number): name for number, name in load_profile("mic").categories.items()}
    by_category = (
        series
        for number, name in categories.items()
        for series in (_sharepoint(number, name), _cms(number, name), _successor(number, name))
    )
    return (*by_category, *_english(), _policy(), _documents())


@lru_cache(maxsize=1)
def by_stream() -> dict[str, Series]:
    """The list of each stream."""
    return {series.stream: series for series in catalogue()}


def _sharepoint(number: int, name: str) -> Series:
    last = f"{slug(name)}.html"
    return Series(
        stream=f"mic:{number}",
        title=name,
        host="mic.gov.vn",
        style="sharepoint",
        size=15,
        path=lambda page: f"/mic_2020/Pages/ChuyenMuc/PhanTrang/{number}/{page}/{last}",
        pattern=re.compile(
            rf"(?:/[^/]+)?/pages/chuyenmuc/(?:phantrang/)?{number}(?:/(?P<page>\d*))?(?:/[^/]*)?", re.IGNORECASE
        ),
        feed=f"/Pages/TinTuc/rss.aspx?chuyenmucid={number}",
    )


def _cms(number: int, name: str) -> Series:
    return _paged(f"cms:{number}", name, "mic.gov.vn", f"/{plain_slug(name)}")


def _successor(number: int, name: str) -> Series:
    path = f"/tin-tuc-su-kien/{plain_slug(name)}"
    return _paged(f"mst:{number}", name, "mst.gov.vn", path, feed=f"/rss{path}.rss")


def _paged(stream: str, title: str, host: str, base: str, *, feed: str = "", style: Style = "cms") -> Series:
    return Series(
        stream=stream,
        title=title,
        host=host,
        style=style,
        size=20,
        path=lambda page: f"{base}.htm" if page == 1 else f"{base}/trang-{page}.htm",
        pattern=re.compile(rf"{base}(?:/trang-(?P<page>\d+))?\.htm"),
        feed=feed,
    )


def _by_query(stream: str, title: str, host: str, path: str, style: Style) -> Series:
    return Series(
        stream=stream,
        title=title,
        host=host,
        style=style,
        size=10,
        path=lambda page: path if page == 1 else f"{path}?page={page}",
        pattern=re.compile(rf"{re.escape(path)}(?:\?page=(?P<page>\d*))?", re.IGNORECASE),
    )


def _english() -> tuple[Series, ...]:
    host, title = "english.mic.gov.vn", "News and press release"
    return (
        _by_query("english:pages", "Economic news", host, "/Pages/TinTuc/tintuckinhte.aspx", "english"),
        _paged("english:cms", title, host, "/news-gallery/news-and-press-release", style="english"),
    )


def _policy() -> Series:
    path = "/Pages/TinTuc/danhsach.aspx"
    return _by_query("cspl", "Hỏi đáp chính sách", "cspl.mic.gov.vn", path, "policy")


def _documents() -> Series:
    path = "/mic_2020/Pages/VanBan/danhsachvanban.aspx?LVB=100"
    return Series(
        stream="documents",
        title="Văn bản quy phạm pháp luật",
        host="mic.gov.vn",
        style="documents",
        size=20,
        path=lambda page: path if page == 1 else f"{path}&page={page}",
        pattern=re.compile(r"(?:/[^/]+)?/pages/vanban/danhsachvanban\.aspx(?:\?.*)?", re.IGNORECASE),
        one_page=True,
    )
