"""What a page's bytes say: content-codings, charsets, links, errors behind status 200, meaning."""

import contextlib
import gzip
import unicodedata
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.site import SoftErrors, load_profile
from crawler.address import Addresses
from crawler.page import BodyError, FetchedPage, Html, body, decode
from crawler.page.links import css_links
from tests.crawler.answers import AT, URL, html_page

ADDRESSES = Addresses(load_profile("mic"))
SENTENCE = "Sở Thông tin và Truyền thông tỉnh Long An đã tổ chức hội nghị tổng kết năm 2008, Quyết định số 15."
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Vietnamese as windows-1258 writes it: the letter with its shape, then the tone."""
    pieces = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        shape = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        pieces.append((shape + "".join(part for part in parts if part in TONES)).encode("cp1258"))
    return b"".join(pieces)


# ---- content-coding ------------------------------------------------------------------------------------------


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
        ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
        ("gzip", lambda data: gzip.compress(data) + b"trailing"),
        ("identity", lambda data: data),
        ("gzip", lambda data: data),
        ("", lambda data: data),
    ],
)
def test_a_content_coding_is_removed_and_a_claimed_one_that_is_not_there_is_ignored(coding, encode):
    page = html_page(encode(SENTENCE.encode()), ("Content-Encoding", coding))
    assert body(page) == SENTENCE.encode()


def test_what_came_before_a_cut_or_a_damage_is_kept():
    text = SENTENCE * 5_000
    whole = zlib.compress(text.encode(), 0)
    cut = body(html_page(whole[: len(whole) // 2], ("Content-Encoding", "deflate")))
    damaged = whole[:200_000] + b"\xff" * 70_000 + whole[270_000:]
    assert text.encode().startswith(cut)
    assert len(cut) > len(text.encode()) // 3
    assert text.encode().startswith(body(html_page(damaged, ("Content-Encoding", "deflate")))[:100_000])


def test_a_gzip_bomb_is_given_up_before_it_fills_memory():
    bomb = gzip.compress(bytes(30_000_000))
    with pytest.raises(BodyError, match="decompresses beyond"):
        body(html_page(bomb, ("Content-Encoding", "gzip")))
    nested = gzip.compress(gzip.compress(bytes(30_000_000)))
    with pytest.raises(BodyError, match="decompresses beyond"):
        body(html_page(nested, ("Content-Encoding", "gzip, gzip")))


def test_a_page_that_compresses_well_is_no_bomb():
    assert len(body(html_page(gzip.compress(bytes(9_000_000)), ("Content-Encoding", "gzip")))) == 9_000_000


@pytest.mark.parametrize(
    ("coding", "payload"), [("br", b"x"), ("gzip", b"\x1f\x8bnonsense"), ("deflate", b"nonsense")]
)
def test_what_cannot_be_decoded_says_so(coding, payload):
    with pytest.raises(BodyError, match="content-coding"):
        body(html_page(payload, ("Content-Encoding", coding)))


@given(
    st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "gzip,deflate", "", "text/html; charset=x"])
)
def test_decoding_never_fails_but_with_a_reason(payload, value):
    headers = (("Content-Encoding", value), ("Content-Type", "text/html; charset=" + value))
    with contextlib.suppress(BodyError):
        decode(FetchedPage(url=URL, captured_at=AT, status=200, headers=headers, payload=payload))


# ---- charset -------------------------------------------------------------------------------------------------

META = '<meta charset="{}">'


@pytest.mark.parametrize(
    ("payload", "content_type", "charset"),
    [
        (SENTENCE.encode(), "text/html; charset=utf-8", "utf-8"),
        (SENTENCE.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (SENTENCE.encode(), "text/html", "utf-8"),
        (b"\xef\xbb\xbf" + SENTENCE.encode(), "text/html; charset=windows-1258", "utf-8"),
        (b"\xff\xfe" + SENTENCE.encode("utf-16-le"), "text/html", "utf-16-le"),
        (b"\xfe\xff" + SENTENCE.encode("utf-16-be"), "text/html; charset=utf-8", "utf-16-be"),
        (SENTENCE.encode("utf-16-le"), "text/html; charset=utf-16-le", "utf-16-le"),
        (windows_1258(SENTENCE), "text/html; charset=windows-1258", "cp1258"),
        (windows_1258(SENTENCE), "text/html; charset=utf-8", "cp1258"),
        (windows_1258(SENTENCE), "text/html; charset=iso-8859-1", "cp1258"),
        (windows_1258(SENTENCE), "text/html; charset=none-such", "cp1258"),
        (windows_1258(SENTENCE), "text/html; charset=base64", "cp1258"),
        (windows_1258(META.format("windows-1258") + SENTENCE), "text/html", "cp1258"),
    ],
)
def test_vietnamese_is_read_whatever_charset_is_claimed(payload, content_type, charset):
    decoded = decode(html_page(payload, ("Content-Type", content_type)))
    assert decoded.charset == charset
    assert decoded.text.endswith(SENTENCE)


@pytest.mark.parametrize(
    ("text", "charset"),
    [("Министерство связи", "windows-1251"), ("Façade, “naïve”", "cp1252"), ("工业部", "gb18030")],
)
def test_a_declared_charset_of_another_language_is_believed(text, charset):
    assert decode(html_page(text.encode(charset), ("Content-Type", f"text/html; charset={charset}"))).text == text


def test_a_letter_cut_in_the_middle_does_not_change_the_charset():
    cut = (SENTENCE * 3).encode() + "ế".encode()[:2] + b"..."
    decoded = decode(html_page(cut, ("Content-Type", "text/html; charset=windows-1258")))
    assert (decoded.charset, decoded.text.count("\ufffd")) == ("utf-8", 1)


# ---- links ---------------------------------------------------------------------------------------------------


def test_links_are_absolute_without_fragments_once_and_in_order():
    page = Html.parse(
        """<a href="/a.htm#top">1</a> <a href='../b.htm'>2</a> <a href="/a.htm">1</a> <a>none</a> <a href>none</a>
        <a href="//www.mic.gov.vn/c.htm">3</a> <a href=" HTTPS://mic.gov.vn/d.htm ">4</a>
        <a href="\\e\\f.htm">5</a>
        <a href="javascript:go()">no</a> <a href="mailto:a@mic.gov.vn">no</a> <a href="tel:1">no</a>
        <a href="#x">no</a> <a href="http://[broken">as written</a> <map><area href="g.htm"></map>
        <!-- <a href="/no.htm">no</a> -->
        <iframe src="h.htm"></iframe> <meta http-equiv="Refresh" content="0; URL='i.htm'">""",
        URL,
    )
    assert page.links().anchors == (
        "https://mic.gov.vn/a.htm",
        "https://mic.gov.vn/Pages/TinTuc/b.htm",
        "https://www.mic.gov.vn/c.htm",
        "HTTPS://mic.gov.vn/d.htm",
        "https://mic.gov.vn/e/f.htm",
        "http://[broken",
        "https://mic.gov.vn/Pages/TinTuc/144805/g.htm",
        "https://mic.gov.vn/Pages/TinTuc/144805/h.htm",
        "https://mic.gov.vn/Pages/TinTuc/144805/i.htm",
    )


def test_what_a_page_needs_is_told_from_where_it_leads():
    links = Html.parse(
        """<link rel="stylesheet" href="/s.css"><link rel="shortcut icon" href="/i.ico">
        <link rel="alternate" type="application/rss+xml" href="/rss/x.rss"><link rel="preconnect" href="/no">
        <img src="/p.ashx?id=1"><img data-src="q.jpg" src="data:image/gif;base64,xx">
        <img srcset="r.jpg 1x, s.jpg 2x">
        <picture><source srcset="/a,b.webp 320w,  /c.webp 640w, "></picture>
        <style>@import "/u.css"; p { background: url('/u.png') }</style>
        <div style="background-image: url(&quot;/v.png&quot;)"></div><p style="color: red"></p>
        <link rel="preload" as="font" href="/f.woff2"><video poster="/w.jpg"></video>
        <object data="/o.swf"></object>
        <table background="/t.gif"><td></td></table><script src="/no.js"></script>""",
        "https://mic.gov.vn/x/y.htm",
    ).links()
    assert links.anchors == ("https://mic.gov.vn/rss/x.rss",)
    assert set(links.requisites) == {
        "https://mic.gov.vn/" + path
        for path in (
            *("s.css", "i.ico", "p.ashx?id=1", "x/q.jpg", "x/r.jpg", "x/s.jpg", "t.gif", "a,b.webp", "c.webp"),
            *("u.css", "u.png", "v.png", "f.woff2", "w.jpg", "o.swf"),
        )
    }


@pytest.mark.parametrize(
    ("base", "url"),
    [("/mic_2020/", "https://mic.gov.vn/mic_2020/a.htm"), ("", "https://mic.gov.vn/Pages/TinTuc/144805/a.htm")],
)
def test_a_base_element_moves_where_links_start(base, url):
    assert Html.parse(f'<base href="{base}"><a href="a.htm">', URL).links().anchors == (url,)


def test_a_page_with_links_without_end_gives_only_so_many():
    page = Html.parse("".join(f'<a href="/{number}.htm">' for number in range(20_000)), URL)
    assert len(page.links().anchors) == 10_000


def test_a_style_sheet_names_what_it_needs():
    css = "@import 'b.css'; @import url(c.css); a { background: url( \"../i/d.png\" ) } b { src: url(data:x) }"
    assert css_links(css, "https://mic.gov.vn/s/a.css").requisites == (
        "https://mic.gov.vn/s/b.css",
        "https://mic.gov.vn/s/c.css",
        "https://mic.gov.vn/i/d.png",
    )


@given(st.text(max_size=200))
def test_no_markup_makes_finding_links_fail(markup):
    page = Html.parse(f"<base href='{markup[:20]}'><a href='{markup}'>{markup}", URL)
    page.links()
    page.meaning(ADDRESSES)
    css_links(markup, URL)


# ---- soft errors ---------------------------------------------------------------------------------------------

PHRASES = SoftErrors(phrases=("không tìm thấy trang",), error_phrases=("an unexpected error has occurred",))
MENU = "".join(f'<a href="/{number}.htm">Mục {number}</a>' for number in range(40))
LONG = f"<p>{SENTENCE * 5}</p>"


@pytest.mark.parametrize(
    ("markup", "error"),
    [
        ("<title>Không tìm thấy trang</title>" + MENU, "soft 404"),
        (MENU + "<h1>KHÔNG TÌM THẤY TRANG bạn yêu cầu</h1>" + LONG, "soft 404"),
        (MENU + "<div><span>Xin lỗi,   không tìm\nthấy trang này.</span></div>", "soft 404"),
        (MENU + "<div>An unexpected error has occurred.</div>", "soft 500"),
        (MENU + LONG, ""),
        (MENU + LONG + "<p>Người dùng gặp thông báo “không tìm thấy trang”.</p>", ""),
        (MENU + f"<p>{SENTENCE} Khi không tìm thấy trang, {SENTENCE * 3}</p>", ""),
        ("", ""),
    ],
)
def test_an_error_behind_status_200_is_seen_where_a_page_states_it(markup, error):
    assert Html.parse(markup, URL).soft_error(PHRASES) == error


# ---- meaning -------------------------------------------------------------------------------------------------


def meaning(markup: str) -> str:
    return Html.parse(markup, URL).meaning(ADDRESSES)


def listing(*numbers: int, more: str = "") -> str:
    return more + "".join(f'<a href="/Pages/TinTuc/{n}/x.html">Tin {n}</a><span>Xem: {n}</span>' for n in numbers)


def test_a_list_means_the_articles_it_shows():
    today = listing(1, 2, 3, more="Thứ sáu, 01/03/2024 08:30 — Lượt truy cập: 2170")
    tomorrow = listing(3, 1, 2, more="Thứ bảy, 02/03/2024 09:15 — Lượt truy cập: 2995 <a href=/trang-2.htm>2</a>")
    assert meaning(today) == meaning(tomorrow)
    assert meaning(today) != meaning(listing(1, 2, 4))
    assert meaning(today) != meaning(listing(1, 2, 3).replace("Tin 3", "Tin ba"))


def test_another_page_means_its_words_but_for_numbers_and_scripts():
    one = "<head><title>1</title></head><body><p>Bộ trưởng</p><i>Xem: 12</i><script>token='a1'</script></body>"
    other = "<head><title>2</title></head><body><p>Bộ  trưởng</p><i>Xem: 4096</i><script>token='b'</script></body>"
    assert meaning(one) == meaning(other)
    assert meaning(one) != meaning(one.replace("Bộ trưởng", "Thứ trưởng"))
