"""Home pages, feeds, robots.txt, and pages that say that there is no page."""

from collections.abc import Iterator
from html import escape

from tests.replica import addresses, detours, hardships, sitemaps
from tests.replica.catalogue import FEED_LENGTH, Series, catalogue
from tests.replica.changes import Gone
from tests.replica.templates import dates, modern, sharepoint
from tests.replica.templates.body import text
from tests.replica.templates.chunks import Part
from tests.replica.templates.view import View
from tests.replica.templates.widgets import widgets

HOME_ENTRIES = 6
BROKEN_ROBOTS = "www.english.mic.gov.vn"
"""The host name whose robots.txt answers 500 (trap 16)."""
ONLY_THERE = "/Pages/ThongTin/114077/About-this-site.html"
"""A page that is linked under that name and no other."""
DISALLOWED = ("/noi-bo/", "/_layouts/", "/_vti_bin/", "/Pages/tintuc/loadnews.aspx")

_IDS = ("2f8d3c51_6a0b_4e0c_8f3e_77a1c0b9d4e2", "d1a6e8f0_41c7_4d9b_b3a5_0c2e9f7b6a18")


def home_page(view: View) -> Iterator[str | Part]:
    """The host's home page: the newest of each of its lists, and a link robots.txt forbids to follow."""
    modern_host = view.host in (addresses.HOSTS["english"], addresses.HOSTS["mst"])
    yield from modern.start(view, view.host) if modern_host else sharepoint.start(view, view.host, _IDS)
    for series in catalogue():
        if series.host != view.host:
            continue
        heading = f'<a href="{escape(series.path(1))}">{text(series.title)}</a>'
        yield f'<div class="khoi-trang-chu"><h3>{heading}</h3><ul>'
        for item in view.newest(series, HOME_ENTRIES):
            yield f'<li><a href="{escape(addresses.at_host(item, view.host))}">{text(item.text.title)}</a></li>'
        yield "</ul></div>"
    yield '<div class="noi-bo"><a href="/noi-bo/lich-truc.aspx">Lịch trực</a></div>'
    yield from _traps(view)
    yield from modern.end(view) if modern_host else sharepoint.end(view)


def _traps(view: View) -> Iterator[str]:
    """Links of a home page that lead where nobody should go, or get stuck."""
    links: list[str] = []
    if view.host == addresses.HOSTS["mic"]:
        yield widgets(view)
        links += detours.STARTS if 13 in view.traps else ()
        links += [looping_address(view)] if 13 in view.traps else []
        links += (hardships.ENDLESS, hardships.PACKED) if 14 in view.traps else ()
    if view.host == addresses.HOSTS["english"] and 16 in view.traps:
        links.append(f"https://{BROKEN_ROBOTS}{ONLY_THERE}")
    rows = "".join(f'<li><a href="{escape(link)}">Liên kết</a></li>' for link in links)
    yield f'<ul class="lien-ket-khac">{rows}</ul>' if rows else ""


def looping_address(view: View) -> str:
    """An article's address that leads to another form of itself, which leads back."""
    return f"/Pages/TinTuc/{view.corpus.numbering.looping().id}/Tin-da-chuyen.html"


def static_page(view: View) -> Iterator[str | Part]:
    """A page that is no article."""
    yield from sharepoint.start(view, "Giới thiệu", _IDS)
    yield '<div class="trang-tinh"><h2>Giới thiệu</h2><p>Nội dung đang được cập nhật.</p></div>'
    yield from sharepoint.end(view)


def feed_page(view: View, series: Series) -> Iterator[str | Part]:
    """The newest articles of a list as RSS."""
    yield '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
    yield f"<title>{text(series.title)}</title><link>https://{series.host}/</link><description/>"
    for item in view.newest(series, FEED_LENGTH):
        if not series.in_feed(view.corpus.layout, item.index):
            continue
        url = escape(addresses.at_host(item, series.host))
        yield (
            f"<item><title>{text(item.text.title)}</title><link>{url}</link><guid>{url}</guid>"
            f"<description>{text(item.text.lead)}</description><pubDate>{dates.feed(item.moment)}</pubDate></item>"
        )
    yield "</channel></rss>"


def robots(view: View) -> str:
    """What crawlers may do."""
    rules = "".join(f"Disallow: {path}\n" for path in DISALLOWED)
    sitemap = f"Sitemap: https://{sitemaps.HOST}{sitemaps.INDEX}\n"
    more = sitemap if 16 in view.traps and view.host == sitemaps.HOST else ""
    return f"User-agent: *\n{rules}Crawl-delay: {view.corpus.options.crawl_delay:g}\n{more}"


def gone_page(view: View, way: Gone) -> Iterator[str | Part]:
    """What is shown in place of a page that is not there."""
    if way == "error page":
        yield (
            "<html><head><title>Error</title></head><body><h1>Error</h1><p>An unexpected error has occurred.</p>"
            "<p>Troubleshoot issues with Microsoft SharePoint Foundation.</p>"
            "<p>Correlation ID: 7c1f2e0a-94b3-4a55-b0c6-3df1a5d0e9b1</p></body></html>"
        )
        return
    words = {
        "soft 404": "Không tìm thấy bài viết. Bài viết đã bị xóa hoặc không tồn tại.",
        "404": "Không tìm thấy trang bạn yêu cầu (404).",
        "410": "Trang này đã được gỡ bỏ (410).",
    }
    yield from sharepoint.start(view, "Thông báo", _IDS)
    yield f'<div class="thong-bao"><p>{words[way]}</p><p><a href="/">Về trang chủ</a></p></div>'
    yield from sharepoint.end(view)
