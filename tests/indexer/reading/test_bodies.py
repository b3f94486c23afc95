"""Bodies as editors leave them: what becomes of odd markup, leads, captions, signatures, furniture."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article, Attachment, Block, Listing, Rejected
from tests.indexer.reading.pages import ARTICLE, article, read, sharepoint

LEAD = "Lời dẫn của bài viết về hạ tầng viễn thông ở vùng sâu."


SPANNING = """<table><caption>Bảng 1</caption>
<tr><td rowspan=2>Tỉnh</td><td colspan=2>Năm</td></tr>
<tr><td>2008</td><td>2009</td></tr>
<tr><td>L<b>on</b>g An<style>p{}</style></td><td>1</td><td>2</td></tr></table>"""


def blocks(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in article(sharepoint(body)).blocks]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (
            "<p>Một.</p><div>Hai.</div>Ba.<br><br>Bốn.",
            [("text", "Một."), ("text", "Hai."), ("text", "Ba."), ("text", "Bốn.")],
        ),
        ("<p>Dòng một<br>dòng hai</p>", [("text", "Dòng một\ndòng hai")]),
        ("<p>Ba <b>chữ</b> <i>liền</i> nhau</p>", [("text", "Ba chữ liền nhau")]),
        ("<p>H<b>ộ</b>i ngh<span>ị</span></p>", [("text", "Hội nghị")]),
        ("<p><strong>Mục một</strong></p><p>Văn bản.</p>", [("heading", "Mục một"), ("text", "Văn bản.")]),
        ("<h3>Mục</h3><p>Văn bản.</p>", [("heading", "Mục"), ("text", "Văn bản.")]),
        ("<ul><li>một</li><li>hai <b>ba</b></li></ul>", [("list", "một\nhai ba")]),
        ("<ol><li>một<ul><li>nhỏ</li></ul></li><li>hai</li></ol>", [("list", "một\nnhỏ\nhai")]),
        (
            "<table><tr><th>Tỉnh</th><th>Số</th></tr><tr><td>Long An</td><td><p>14</p></td></tr></table>",
            [("table", "Tỉnh\tSố\nLong An\t14")],
        ),
        (
            SPANNING,
            [("caption", "Bảng 1"), ("table", "Tỉnh\tNăm\t\n\t2008\t2009\nLong An\t1\t2")],
        ),
        ("<table><tr><td><p>Chỉ để xếp chỗ.</p></td></tr></table>", [("text", "Chỉ để xếp chỗ.")]),
        (
            '<table><tr><td><img src="/a.jpg"></td></tr><tr><td>Ảnh hội nghị</td></tr></table><p>Văn bản.</p>',
            [("caption", "Ảnh hội nghị"), ("text", "Văn bản.")],
        ),
        (
            '<p><img src="/a.jpg"></p><p><em>Toàn cảnh</em></p><p><em>Nghiêng</em></p>',
            [("caption", "Toàn cảnh"), ("text", "Nghiêng")],
        ),
        (
            "<figure><img src='/a.jpg'><figcaption>Toàn cảnh</figcaption></figure><p>X.</p>",
            [("caption", "Toàn cảnh"), ("text", "X.")],
        ),
        ("<p>&nbsp;</p><p>Hà&nbsp;Nội\u200b\u00ad mới</p>", [("text", "Hà Nội mới")]),
        (
            "<p>A</p><script>x()</script><style>p{}</style><p style='display:none'>ẩn</p><!-- ghi chú --><p>B</p>",
            [("text", "A"), ("text", "B")],
        ),
        ("<p>A</p><p>Lượt truy cập: 2.170</p>", [("text", "A")]),
    ],
)  # fmt: skip
def test_markup_becomes_blocks(body, wanted):
    assert blocks(body) == wanted


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LEAD}</p><p>Văn bản.</p>",
        f"<div><strong>{LEAD}</strong></div><p>Văn bản.</p>",
        f"<p>{LEAD.upper()}</p><p>Văn bản.</p>",
        f"<p>{LEAD} Văn bản.</p>",
        "<p>Văn bản.</p>",
    ],
)
def test_the_lead_is_there_once(body):
    found = article(sharepoint(body))
    assert found.lead == LEAD
    assert [block.text for block in found.blocks] == ["Văn bản."]


def test_a_caption_glued_to_the_lead_is_taken_off_it():
    glued = f'<img src="/Upload_Moi/a.jpg"/><em>Toàn cảnh hội nghị</em><strong>{LEAD}</strong>'
    found = article(
        sharepoint(f"<p><em>Toàn cảnh hội nghị</em>{LEAD}</p><p>Văn bản.</p>").replace(
            f"<strong>{LEAD}</strong>", glued
        )
    )
    assert found.lead == LEAD
    assert found.blocks == (Block(kind="caption", text="Toàn cảnh hội nghị"), Block(text="Văn bản."))
    assert [image.caption for image in found.images] == ["Toàn cảnh hội nghị"]


def test_a_caption_glued_in_plain_letters_is_known_by_the_body():
    found = article(sharepoint(f"<p>{LEAD}</p><p>Văn bản.</p>", lead=f"Toàn cảnh hội nghị{LEAD}"))
    assert found.lead == LEAD
    assert found.blocks[0] == Block(kind="caption", text="Toàn cảnh hội nghị")


@pytest.mark.parametrize(
    ("end", "author", "source"),
    [
        ('<p align="right"><strong>Chính Hiền - BCXB</strong></p>', "Chính Hiền - BCXB", ""),
        ('<p style="text-align: right">PT_IC</p>', "PT_IC", ""),
        ('<p align="right"><strong>Theo Báo Bưu điện</strong></p>', "", "Báo Bưu điện"),
        ("<p>(Theo VnExpress)</p>", "", "VnExpress"),
        ("<p>Nguồn: TTXVN</p>", "", "TTXVN"),
        ('<p align="right">Theo Cổng thông tin TP.HCM.</p>', "", "Cổng thông tin TP.HCM"),
        ('<p align="right">Minh Anh</p><p align="right">(Theo Nhân Dân)</p>', "Minh Anh", "Nhân Dân"),
        ("<p>Theo kế hoạch, việc này sẽ xong trong năm.</p>", "", ""),
        ("<p>Nguồn kinh phí được bố trí đủ.</p>", "", ""),
    ],
)
def test_who_signed(end, author, source):
    found = article(sharepoint(f"<p>Văn bản dài của bài.</p>{end}"))
    assert (found.author, found.source) == (author, source)
    signed = bool(author or source)
    assert len(found.blocks) == (1 if signed else 2)


def test_the_day_of_the_visit_is_never_taken():
    found = article(sharepoint("<p>Văn bản.</p>"))
    assert found.published is None


def test_a_date_in_the_address_is_used_and_checked():
    url = "https://mic.gov.vn/ten-bai-197231107162852928.htm"
    markup = (
        "<article class='detail'><h1 class='detail__title'>Tên bài</h1>{}"
        "<div class='detail__content'><p>Văn bản.</p></div></article>"
    )
    found = article(markup.format(""), url)
    assert found.published is not None
    assert (found.published.day, str(found.published.hour), found.published.how) == (
        date(2023, 11, 7),
        "16:28:52",
        "address",
    )
    stated = article(markup.format("<span class='detail__date'>Thứ ba, 07/11/2023 17:00</span>"), url)
    assert stated.published is not None
    assert (stated.published.how, stated.published.sure) == ("stated", True)
    doubted = article(markup.format("<span class='detail__date'>Thứ ba, 07/11/2022 17:00</span>"), url)
    assert doubted.published is not None
    assert (doubted.published.day.year, doubted.published.sure) == (2022, False)


def test_an_impossible_date_is_not_believed():
    markup = sharepoint("<p>Văn bản.</p>").replace(
        '<div class="news_detail"><div id="div',
        '<div class="date-detail"><span>{}</span></div><div class="news_detail"><div id="div',
    )
    assert article(markup.format("12/07/2012 08:54 SA")).published is not None
    for line in ("12/07/2031 08:54 SA", "12/07/1912", "32/07/2012"):
        assert article(markup.format(line)).published is None


def test_files_in_the_body_and_in_their_box_are_offered_once():
    found = article(
        sharepoint(
            '<p>Xem <a href="/Upload_Moi/VanBan/38TT.PDF">Thông tư 38</a>, <a href="/Pages/TinTuc/1/">bài</a></p>'
            '<p><a href="http://www.mic.gov.vn/Upload_Moi/VanBan/38TT.PDF"></a></p>'
        )
    )
    assert [(link.address, link.name) for link in found.attachments] == [
        ("https://mic.gov.vn/Upload_Moi/VanBan/38TT.PDF", "Thông tư 38")
    ]


def test_an_article_may_be_nothing_but_a_file():
    found = article(sharepoint('<a href="/Upload_Moi/VanBan/38TT.PDF">Tải về</a>', lead=""))
    assert [link.name for link in found.attachments] == ["Tải về"]


def test_text_typed_for_old_fonts_becomes_unicode():
    tcvn3 = "Bé Th«ng tin vµ TruyÒn th«ng tæ chøc héi nghÞ triÓn khai nhiÖm vô n¨m häc míi ë tØnh Long An"
    found = article(sharepoint(f"<p>{tcvn3}</p>", lead="", title="Héi nghÞ triÓn khai nhiÖm vô"))
    assert found.title == "Hội nghị triển khai nhiệm vụ"
    assert found.blocks[0].text.startswith("Bộ Thông tin và Truyền thông")
    assert [place.then for place in found.places] == [("Long An",)]


@pytest.mark.parametrize(
    ("markup", "url", "reason"),
    [
        ("", ARTICLE, "empty"),
        ("   ", ARTICLE, "empty"),
        ("<p>x", ARTICLE, "no title"),
        ("<h1>Error</h1><p>An unexpected error has occurred.</p>", ARTICLE, "soft 500"),
        ("<html><body><h2>Không tìm thấy bài viết</h2></body></html>", ARTICLE, "soft 404"),
        ("<p>Giới thiệu</p>", "https://mic.gov.vn/Pages/ThongTin/1/x.html", "no article and no list of any"),
        ("<html><body></body></html>", "https://elsewhere.example/", "not a host of this site"),
        ("\x89PNG", "https://mic.gov.vn/a.png", "asset"),
    ],
)  # fmt: skip
def test_what_is_no_article_says_why(markup, url, reason):
    found = read(markup, url)
    assert isinstance(found, Rejected)
    assert found.reason == reason


def test_an_error_in_an_articles_frame_is_an_error():
    found = read(sharepoint("<p>Không tìm thấy bài viết.</p>", lead="", title="Thông báo"))
    assert found == Rejected(url=ARTICLE, reason="soft 404")


@given(
    st.text(),
    st.sampled_from([ARTICLE, "https://mic.gov.vn/", "https://mst.gov.vn/rss/tin-tuc-su-kien/chuyen-doi-so.rss"]),
)
def test_no_text_raises(text, url):
    assert isinstance(read(text.encode("utf-8", "surrogatepass"), url), Article | Listing | Attachment | Rejected)


@given(st.binary(max_size=400), st.sampled_from([ARTICLE, "https://mic.gov.vn/Upload_Moi/VanBan/38TT.PDF"]))
@settings(deadline=None)
def test_no_bytes_raise(data, url):
    assert isinstance(read(data, url), Article | Listing | Attachment | Rejected)


TAGS = (
    "p",
    "div",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "b",
    "em",
    "span",
    "br",
    "img src=x",
    "h1",
    "figure",
    "a href=/x.pdf",
)


@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS]),
            st.text(max_size=8),
        )
    )
)
@settings(deadline=None)
def test_no_soup_of_tags_raises(parts):
    read(sharepoint("".join(parts)))


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5_000 + "x",
        "<b>" * 20_000 + "x",
        "<br>" * 60_000,
        "<table>" * 5_000,
        "<ul><li>" * 5_000,
    ],
    ids=["deep", "bold", "breaks", "tables", "lists"],
)
def test_pages_made_to_harm_are_read_in_time(body):
    began = time.perf_counter()
    read(sharepoint(body))
    assert time.perf_counter() - began < 12
