"""List pages of every era, with their pagers and what is wrong with those (trap 3)."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from tests.replica import addresses
from tests.replica.catalogue import Series
from tests.replica.item import Item
from tests.replica.templates import modern, sharepoint
from tests.replica.templates.body import text
from tests.replica.templates.chunks import Part
from tests.replica.templates.view import View

_SHAREPOINT_IDS = ("6f1c0f1e_3f4b_45d6_8a0e_2b1d6b0a7c55", "0b7a9a3c_77f2_4d8e_9a51_5f0f6e6d1c20")


def list_page(view: View, series: Series, page: int) -> Iterator[str | Part]:
    """A page of a list; past the end the last one is shown again, under the number asked for."""
    last = series.pages(view.corpus.layout)
    items = list(view.page_of(series, min(page, last)))
    pager = _pager(view, series, page, last)
    match series.style:
        case "sharepoint" | "policy":
            yield from sharepoint.start(view, series.title, _SHAREPOINT_IDS)
            yield f'<div class="chuyen-muc-title"><h2>{text(series.title)}</h2>{_feed(series)}</div>'
            yield from _sharepoint_items(items)
            yield pager
            yield from sharepoint.end(view)
        case "documents":
            yield from sharepoint.start(view, series.title, _SHAREPOINT_IDS)
            yield from _documents(items)
            yield from sharepoint.end(view)
        case _:
            yield from modern.start(view, series.title, "en" if series.style == "english" else "vi", _head(series))
            yield from _modern_items(items, series)
            yield pager
            yield from modern.end(view)


def _sharepoint_items(items: Iterable[Item]) -> Iterator[str]:
    yield '<div class="list_news">'
    for item in items:
        day = f'<span class="date">({item.moment:%d/%m/%Y})</span>' if item.dating.listed else ""
        url = escape(addresses.home(item))
        yield (
            f'<div class="item_news"><a class="title" href="{url}">{text(item.text.title)}</a>{day}'
            f'<p class="sapo">{text(item.text.lead)}</p></div>'
        )
    yield "</div>"


def _modern_items(items: Sequence[Item], series: Series) -> Iterator[str]:
    """The first of the list stands in a box of its own, as on the real lists."""
    yield f'<h1 class="list__heading">{text(series.title)}</h1>{_feed(series)}'
    for css, part in (("list__focus", items[:1]), ("list__news", items[1:])):
        yield f'<div class="{css}">'
        for item in part:
            url = escape(addresses.at_host(item, series.host))
            title = escape(item.text.title)
            day = f'<span class="box-category-time">{item.moment:%d/%m/%Y}</span>' if item.dating.listed else ""
            yield (
                f'<div class="box-category-item"><a class="box-category-title" href="{url}" title="{title}">'
                f'{text(item.text.title)}</a>{day}<p class="box-category-sapo">{text(item.text.lead)}</p></div>'
            )
        yield "</div>"


def _documents(items: Iterable[Item]) -> Iterator[str]:
    """Documents as rows; only a script turns this list's pages."""
    yield '<table class="table-vb"><tr><th>Số ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th></tr>'
    for item in items:
        assert item.document is not None
        url = escape(addresses.home(item))
        yield (
            f'<tr><td><a href="{url}">{item.document.number}</a></td><td>{item.document.day:%d/%m/%Y}</td>'
            f'<td><a href="{url}">{text(item.text.title)}</a></td></tr>'
        )
    links = "".join(
        f"<a href=\"javascript:__doPostBack('ctl00$ctl45$trang','{page}')\">{page}</a>" for page in range(1, 6)
    )
    yield f'</table><div class="phan-trang">{links}</div>'


def _pager(view: View, series: Series, page: int, last: int) -> str:
    """Links to pages around this one. Without an end and back to the start, where trap 3 is set."""
    near = sorted({1, *range(max(1, page - 2), min(last, page + 2) + 1), last})
    links = [f'<a href="{escape(series.path(number))}">{number}</a>' for number in near if number != page]
    following = page + 1
    if series.style == "sharepoint" and 3 in view.traps:
        links.append(f'<a class="dau" href="{escape(empty_page(series))}">Đầu</a>')
    elif page >= last:
        following = 0
    if following:
        links.append(f'<a class="sau" href="{escape(series.path(following))}">Sau</a>')
    return f'<div class="phan-trang"><span class="trang-nay">{page}</span>{"".join(links)}</div>'


def empty_page(series: Series) -> str:
    """The first page under an address with an empty number: the way back that looks like a way on."""
    return series.path(1).replace("/PhanTrang", "").replace("/1/", "//")


def _feed(series: Series) -> str:
    return f'<a class="rss" href="{escape(series.feed)}">RSS</a>' if series.feed else ""


def _head(series: Series) -> str:
    return (
        f'<link rel="alternate" type="application/rss+xml" href="{escape(series.feed)}"/>' if series.feed else ""
    )
