"""Bodies made to harm are recognised before they fill memory or hours; honest ones are read, however odd."""

import contextlib
import gzip
import resource
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.site import SoftErrors
from crawler.page import BodyError, FetchedPage, Html, body, decode, harm
from crawler.page.body import MAX_BODY, MAX_MARKUP, unzipped
from crawler.page.feeds import MAX_LISTED, xml_links
from crawler.page.links import css_links
from tests.crawler.answers import AT, URL, html_page

FEW = 20_000


def formats(count: int) -> str:
    return "".join(f"<font color={number}>" for number in range(count))


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div>" * FEW, "elements"),
        ("</div>" * FEW + "<div>" * FEW, "elements"),
        ("<ul><li>" * FEW, "elements"),
        ("<span>" * FEW + "<div></div>" * FEW, "elements"),
        ("<div><object></div></object>" * FEW, "elements"),
        ("<form><div></form>" * FEW, "elements"),
        ("<span><div></span>" * FEW, "elements"),
        ("<b><div></b>" * FEW, "elements"),
        ("<h1><span></h1>" + "<span><h1></span>" * FEW, "elements"),
        ("<div><!--</div>-->" * FEW, "elements"),
        ("<div><!--></div--><? </div>" * FEW, "elements"),
        ("<div><script></div></script>" * FEW, "elements"),
        ("<svg><script><div>" * FEW, "elements"),
        ("<DIV a='>' B=\">\" c=</div>" * FEW, "elements"),
        ("<br>" * 400_000, "elements"),
        ("<p>" + formats(1_000) + "<p>x" * 2_000, "formatting"),
        ("<p>" + formats(1_000) + "<table><td></table>" + "<p>x" * 2_000, "formatting"),
        ("<table><td>" + formats(1_000) + "<p>x" * 2_000, "formatting"),
        ("".join(f"<i c={number}><p>x" for number in range(3_000)), "formatting"),
        ("<b>" * 30_000, "formatting"),
        ("<a " + " ".join(f"a{number}=1" for number in range(60_000)) + ">", "attributes"),
        ("<a " + "".join(f"a{number}='>'" for number in range(60_000)) + ">", "attributes"),
        ("<select>" + "<option>" * 30_000, "options"),
    ],
    ids=lambda value: value[:24],
)
def test_markup_that_would_keep_a_parser_busy_for_ever_is_refused_at_once(markup, reason):
    started = time.process_time()
    with pytest.raises(BodyError, match=f"{reason} without end"):
        Html.parse(markup, URL)
    assert time.process_time() - started < 2


ITEM = "<li class='x'><b>Tin</b> <a href=/Pages/TinTuc/1/x.html title='a > b'>Tin số</a> <i>12/07/2012"


@pytest.mark.parametrize(
    "markup",
    [
        "<ul>" + ITEM * 5_000,
        "<li><b>x" * 5_000,
        "<table>" + "<tr><td><font color=red>x<td>y" * 5_000,
        "<div><p>x<span>y</span></p></div>" * 20_000,
        "<div>" * 400 + "<p>x" * 10_000,
        "<div><b></div></b>" * 5_000,
        f"<img src='data:image/png;base64,{'A/b+' * 100_000}'>",
        "khi a < b và 'c " * 30_000,
        "".join(f"<p class=MsoNormal><span style='x'><font face={n % 30}>x</span></p>" for n in range(5_000)),
        "<script>if (a<b) { document.write('<div>') }</script>" * 5_000,
        "<p>" * 100_000,
        "<a href=x>x" * 10_000,
    ],
    ids=lambda value: value[:24],
)
def test_long_and_sloppy_pages_are_read(markup):
    assert harm(markup) == ""
    Html.parse(markup, URL).links()


def test_an_ordinary_page_costs_nothing():
    page = ITEM * 300
    started = time.process_time()
    for _ in range(1_000):
        harm(page)
    assert time.process_time() - started < 0.1


# ---- sizes ---------------------------------------------------------------------------------------------------


def packed(payload: bytes, coding: str = "gzip") -> FetchedPage:
    return html_page(payload, ("Content-Encoding", coding))


def test_of_a_page_without_end_the_beginning_is_read_up_to_a_tag():
    text = "<p>Quyết định số 15</p>" * 1_000_000
    decoded = decode(html_page(text))
    assert decoded.charset == "utf-8"
    assert decoded.text == text[: len(decoded.text)]
    assert MAX_MARKUP - 100 < len(decoded.text.encode()) <= MAX_MARKUP
    assert decoded.text.endswith(">")
    unpacked = decode(packed(zlib.compress(text.encode(), 1), "deflate"))
    assert unpacked.text == decoded.text


def test_a_file_is_unpacked_whole():
    data = bytes(range(256)) * 80_000
    assert body(packed(gzip.compress(data, 1))) == data


@pytest.mark.parametrize("most", [MAX_BODY, MAX_MARKUP])
def test_a_bomb_is_recognised_by_what_has_come_of_how_much(most):
    """Sixty times 16 MB: small members, each an honest file by its size."""
    bomb = gzip.compress(bytes(16_000_000)) * 60
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BodyError, match="beyond all bounds"):
        body(packed(bomb), most)
    with pytest.raises(BodyError, match="beyond all bounds"):
        unzipped(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64_000


def test_a_bomb_in_a_bomb_is_recognised():
    inner = gzip.compress(bytes(30_000_000))
    for nested in (gzip.compress(inner), inner):
        coding = "gzip, gzip" if nested is not inner else "gzip"
        with pytest.raises(BodyError, match="beyond all bounds"):
            decode(packed(nested, coding))


def test_of_a_sitemap_without_end_only_so_much_is_looked_at():
    same = "<url><loc>https://mic.gov.vn/x.htm</loc></url>" * 1_000_000
    other = "".join(f"<url><loc>https://mic.gov.vn/{number}.htm</loc></url>" for number in range(80_000))
    tracemalloc.start()
    try:
        assert xml_links(same, URL).anchors == ("https://mic.gov.vn/x.htm",)
        assert len(xml_links(other, URL).anchors) == MAX_LISTED
        assert tracemalloc.get_traced_memory()[1] < 80_000_000
    finally:
        tracemalloc.stop()


# ---- patterns ------------------------------------------------------------------------------------------------

LONG = 300_000


@pytest.mark.parametrize(
    "text",
    [
        "<loc" * LONG,
        "<loc>" + " " * LONG,
        "<loc> " * LONG,
        "<link href=" * LONG,
        "<link " + "href= " * LONG,
        "<loc><![CDATA[" * LONG,
        "url(" * LONG,
        "url(" + " " * LONG,
        "@import " * LONG,
        "&" * LONG,
        "<loc>http://x/" + "&amp" * LONG,
    ],
    ids=lambda value: value[:16],
)
def test_no_text_keeps_the_scan_for_links_busy(text):
    started = time.process_time()
    xml_links(text, URL)
    css_links(text, URL)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "text", ["<meta" * LONG + "\xff", "<?xml" * LONG + "\xff", "<meta charset=" * LONG + "\xff"]
)
def test_no_page_keeps_the_search_for_its_charset_busy(text):
    started = time.process_time()
    decode(html_page(text.encode("latin-1"), ("Content-Type", "text/html")))
    assert time.process_time() - started < 5


def test_an_error_is_not_looked_for_in_every_block_of_a_long_page():
    phrases = SoftErrors(phrases=("không tìm thấy trang",))
    nested = "<div>" * 1_000 + "không tìm thấy trang " + "<span>x " * 100_000
    started = time.process_time()
    assert Html.parse(nested.replace("<span>", "<br>"), URL).soft_error(phrases) == ""
    headings = "<h1><p>" * 1_000 + "x " * 200_000
    Html.parse(headings, URL).soft_error(phrases)
    assert time.process_time() - started < 5


# ---- whatever comes ------------------------------------------------------------------------------------------

CODINGS = (
    "gzip",
    "x-gzip",
    "deflate",
    "identity",
    "br",
    "",
    "gzip,deflate",
    "deflate, gzip",
    "GZIP,",
    ", ,",
    "\xff",
)
CHARSETS = (
    *("utf-8", "windows-1258", "utf-16", "iso-8859-1", "gb18030", "cp1258", "tis-620", "utf-7", "idna", "hex"),
    *("", "\0", "x" * 50, "utf-8;", '"utf-8', "shift_jis", "big5", "koi8-r", "mac-roman", "utf-32-be"),
)
payloads = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=200).map(gzip.compress),
    st.binary(max_size=200).map(zlib.compress),
    st.tuples(st.binary(max_size=100), st.integers(0, 60)).map(lambda pair: gzip.compress(pair[0])[: pair[1]]),
    st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff"]).flatmap(
        lambda mark: st.binary(max_size=100).map(lambda rest: mark + rest)
    ),
)


@given(payloads, st.sampled_from(CODINGS), st.sampled_from(CHARSETS), st.sampled_from(CHARSETS))
@settings(deadline=None)
def test_any_body_is_a_text_or_a_reason(payload, coding, charset, declared):
    headers = (("Content-Encoding", coding), ("Content-Type", f"text/html; charset={charset}"))
    payload = f'<meta charset="{declared}">'.encode() + payload if declared else payload
    with contextlib.suppress(BodyError):
        decoded = decode(FetchedPage(url=URL, captured_at=AT, status=200, headers=headers, payload=payload))
        Html.parse(decoded.text, URL).links()
        assert decoded.text.encode("utf-8", "surrogatepass") is not None


tags = st.sampled_from(
    [
        *("div", "span", "b", "i", "font", "p", "li", "ul", "table", "tr", "td", "select", "option", "object"),
        *("form", "button", "h1", "svg", "math", "script", "title", "textarea", "br"),
    ]
)
pieces = st.one_of(
    tags.map(lambda tag: f"<{tag}>"),
    tags.map(lambda tag: f"</{tag}>"),
    tags.map(lambda tag: f"<{tag} a='1>' b=2"),
    st.sampled_from(["<!--", "-->", "--!>", "<?", "<!x>", ">", '"', "'", "=", "/", "x", "</", "<"]),
    st.text(max_size=5),
)


@given(st.lists(pieces, min_size=1, max_size=12), st.integers(1, 300))
@settings(deadline=None)
def test_any_markup_is_judged_and_what_is_fit_is_parsed_soon(found, times):
    markup = "".join(found) * times + " " * 100_000  # long enough to be looked at
    started = time.process_time()
    if harm(markup) == "":
        Html.parse(markup, URL)
    assert time.process_time() - started < 2
