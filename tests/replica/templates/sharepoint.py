"""T1 and T2: the SharePoint site's article pages, with a date and a trail of categories (T1) or without (T2)."""

from collections.abc import Iterator
from html import escape

from tests.replica import addresses
from tests.replica.catalogue import by_stream
from tests.replica.item import Item
from tests.replica.templates import dates, furniture
from tests.replica.templates.body import files, image, sharepoint_body, text
from tests.replica.templates.chunks import Part, Volatile
from tests.replica.templates.view import Link, View
from tests.replica.templates.widgets import widgets


def start(view: View, title: str, ids: tuple[str, str]) -> Iterator[str | Part]:
    """A page of this make up to its own content; `ids` are the numbers SharePoint gives parts of it."""
    yield (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
        '<html dir="ltr" lang="vi-VN" xmlns="http://www.w3.org/1999/xhtml"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>'
        f"<title>{text(title)}</title>"
    )
    yield furniture.head("sharepoint", view.look)
    yield '</head><body class="v4master"><form method="post" action="" id="aspnetForm">'
    yield '<input type="hidden" name="__REQUESTDIGEST" id="__REQUESTDIGEST" value="'
    yield Volatile.TOKEN
    yield '"/>'
    yield furniture.ribbon(view.look)
    yield '<div class="header"><a href="/"><img src="/Style%20Library/images/logo.png" alt="logo"/></a>'
    yield '<div class="ngay-thang">'
    yield Volatile.DAY
    yield "</div>"
    yield furniture.menu(view.host, view.look)
    yield f'</div><div class="ms-WPBody"><div id="ctl00_ctl45_g_{ids[0]}" webpartid="{ids[1]}">'


def end(view: View) -> Iterator[str | Part]:
    """What follows a page's own content."""
    yield "</div></div>"
    yield furniture.sidebar("sharepoint", view.look)
    yield "</form>"
    yield furniture.footer(view.host, view.look)


def article(view: View, item: Item) -> Iterator[str | Part]:
    """The page of an article."""
    yield from start(view, item.text.title, (view.guid(item, "first"), view.guid(item, "second")))
    yield '<div id="news_content">'
    if item.slot.template == "T1" and item.slot.category:
        series = by_stream()[f"mic:{item.slot.category}"]
        yield (
            f'<div class="duong-dan"><a href="/">Trang chủ</a> &gt; <a class="chuyen-muc" href="{series.path(1)}">'
            f"{text(series.title)}</a></div>"
        )
    yield f'<div class="title_news"><h1>{text(item.text.title)}</h1></div>'
    if item.dating.page:
        yield f'<div class="date-detail noprint"><span>{dates.sharepoint(item.moment)}</span></div>'
    yield _tools(view, item)
    yield f'<div class="news_detail"><div id="divArticleDescription">{_description(view, item)}<p>&nbsp;</p></div>'
    yield '<div id="divArticleContent" class="news_detail">'
    yield from sharepoint_body(view, item)
    yield f"</div>{files(view, item, 'file-dinh-kem', 'Tệp đính kèm:')}"
    yield '<div class="luot-truy-cap">Lượt truy cập: <span id="luottruycap">'
    yield Volatile.VIEWS
    yield f"</span></div>{_rating(view, item)}</div>{_comments(view, item)}{_related(view, item)}</div>"
    yield widgets(view, item)
    yield from end(view)


def _description(view: View, item: Item) -> str:
    """The lead after the site's name; a glued caption stands between them."""
    name = "(Mic.gov.vn) –" if item.slot.template == "T1" else "(Mic.gov.vn) - "
    picture = ""
    if item.picture and item.picture.glued:
        picture = f"{image(view, item)}<em>{text(item.picture.caption)}</em>"
    return f"{name}{picture}<strong>{text(item.text.lead)}</strong>"


def _tools(view: View, item: Item) -> str:
    """The tools above an article; most of what they call must never be fetched (trap 5)."""
    printing = f'<a class="in-bai" href="{addresses.print_path(item)}" rel="nofollow">In bài viết</a>'
    if 5 not in view.traps:
        return f'<div class="cong-cu noprint">{printing}</div>'
    number = item.key.id
    return (
        f'<div class="cong-cu noprint">{printing}'
        f'<a href="/pages/tintuc/sendtofriend.aspx?tintucID={number}&amp;lang=1" target="_blank">Gửi bạn bè</a>'
        f'<a href="/Pages/TinTuc/TTS.aspx?id_tintuc={number}&amp;url=nghe">Nghe bài viết</a></div>'
        f'<script type="text/javascript" src="/Pages/TinTuc/tangLuotTruyCap.aspx?tintucID={number}"></script>'
    )


def _rating(view: View, item: Item) -> str:
    number = item.key.id
    stars = "".join(
        f'<a href="/Pages/TinTuc/ratting.aspx?tintucID={number}&amp;diem={points}">{points}</a>'
        for points in (range(1, 6) if 5 in view.traps else ())
    )
    return (
        '<div class="tien-ich"><span class="danh-gia">ĐÁNH GIÁ BÀI VIẾT( <span id="danhgiabv">0</span>)</span>'
        f'{stars}<div class="chia-se">Chia sẻ: <a href="#">Facebook</a> <a href="#">Zalo</a></div></div>'
    )


def _comments(view: View, item: Item) -> str:
    """A form that scripts show; its words are no part of the article (trap 7)."""
    if 7 not in view.traps:
        return ""
    number = item.key.id
    answer = ""
    if 5 in view.traps:
        answer = (
            f'<iframe src="/Pages/TinTuc/loadcomment.aspx?tintucID={number}" width="0" height="0"></iframe>'
            f'<a href="/Pages/TinTuc/traloi.aspx?IDTinTuc={number}&amp;lang=1&amp;IDCha=0">Trả lời</a>'
        )
    return (
        '<div id="binhluan" style="display:none"><h3>Ý kiến bạn đọc</h3>'
        '<label>Họ và tên</label><input name="ten"/>'
        '<label>Nội dung bình luận</label><textarea name="noidung" rows="4"></textarea>'
        f"<p>Nhập mã xác nhận hiển thị trong ảnh</p>{answer}</div>"
    )


def _related(view: View, item: Item) -> str:
    more = ""
    if 5 in view.traps:
        more = (
            f'<a href="/Pages/tintuc/loaddstinlienquan.aspx?tintucID={item.key.id}">Xem thêm</a>'
            '<a href="/Pages/tintuc/loadnews.aspx?pageId=2&amp;pageSize=5&amp;totalPage=5&amp;totalItem=25">2</a>'
        )
    return related(view.related(item), "tin-lien-quan", "Các tin khác", more)


def related(links: tuple[Link, ...], css: str, heading: str, more: str = "") -> str:
    """A box of links to other articles."""
    rows = "".join(f'<li><a href="{escape(link.url)}">{text(link.title)}</a></li>' for link in links)
    return f'<div class="{css}"><h3>{heading}</h3><ul>{rows}</ul>{more}</div>' if links or more else ""
