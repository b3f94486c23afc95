"""T3: the article pages of the new system, on mic.gov.vn and on its successor, with widgets after the body."""

from collections.abc import Iterator
from html import escape

from tests.replica.addresses import HOSTS
from tests.replica.catalogue import Series, by_stream
from tests.replica.item import Item
from tests.replica.templates import dates, furniture
from tests.replica.templates.body import files, modern_body, text
from tests.replica.templates.chunks import Part, Volatile
from tests.replica.templates.sharepoint import related
from tests.replica.templates.view import View


def start(view: View, title: str, language: str = "vi", extra: str = "") -> Iterator[str | Part]:
    """A page of this make up to its own content; `extra` goes into its head."""
    yield (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"/><title>{text(title)}</title>'
        f'<meta name="viewport" content="width=device-width"/>{extra}'
    )
    yield furniture.head("modern", view.look)
    yield '</head><body><header class="header"><a class="logo" href="/"></a><div class="header__today">'
    yield Volatile.DAY
    yield "</div>"
    yield furniture.menu(view.host, view.look)
    yield '</header><main class="main">'


def end(view: View) -> Iterator[str | Part]:
    """What follows a page's own content."""
    yield "</main>"
    yield furniture.sidebar("modern", view.look)
    yield furniture.footer(view.host, view.look)


def article(view: View, item: Item) -> Iterator[str | Part]:
    """The page of an article. The successor's copies always state the date."""
    successor = view.host == HOSTS["mst"]
    series = by_stream()[f"{'mst' if successor else 'cms'}:{item.slot.category}"]
    yield from start(view, item.text.title)
    yield f'<article class="detail" data-id="{view.guid(item, "detail")}">{_trail(series)}'
    yield f'<h1 class="detail__title">{text(item.text.title)}</h1>'
    if item.dating.page or (successor and item.slot.copied):
        yield f'<div class="detail__meta"><span class="detail__date">{dates.modern(item.moment)}</span></div>'
    yield f'<h2 class="detail__lead">{text(item.text.lead)}</h2><div class="detail__content">'
    yield from modern_body(view, item)
    yield f"</div>{_signature(item)}{files(view, item, 'detail__files', 'Tài liệu kèm theo')}"
    yield '<div class="detail__views">Lượt xem: <span>'
    yield Volatile.VIEWS
    yield f"</span></div></article>{related(view.related(item), 'detail__related', 'Tin cùng chuyên mục')}"
    yield from end(view)


def _trail(series: Series) -> str:
    link = f'<a class="detail__category" href="{escape(series.path(1))}" title="{escape(series.title)}">'
    return f'<div class="detail__trail"><a href="/">Trang chủ</a>{link}{text(series.title)}</a></div>'


def _signature(item: Item) -> str:
    if item.text.source:
        return f'<div class="detail__source">Theo {text(item.text.source)}</div>'
    return f'<div class="detail__author">{text(item.text.author)}</div>' if item.text.author else ""
