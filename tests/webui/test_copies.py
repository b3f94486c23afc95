"""An archived page is shown as it looked, and inert: no script, no origin, no address of anybody else."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from crawler.address import Addresses
from crawler.page import Html, decode
from indexer.article import Article
from tests.indexer.reading.pages import answer, own_pages, reader
from tests.webui.library import LOGO, STYLE, archive, key_of, library, stamp_of
from webui.protection import ARCHIVED, PART
from webui.replay import styles
from webui.replay.files import file_name
from webui.replay.markup import inert

RICH = key_of(0)
STAMP = stamp_of(0, edited=True)
COPY = f"/article/{RICH}/{STAMP}/copy"
VECTORS = [
    line
    for line in (Path(__file__).parent.parent / "data" / "markup_that_attacks.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]


def policy(answer) -> dict[str, str]:
    """The content security policy of an answer."""
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def rewritten(html: str) -> str:
    """Markup made inert, each address in brackets with its use."""
    page = Html.parse(html, "https://mic.gov.vn/Pages/x.html")
    return inert(page, lambda address, use: f"[{use} {address}]").removeprefix("<!doctype html>\n")


def test_our_page_frames_the_archived_one_without_any_right(client):
    answer = client.get(COPY)
    (frame,) = re.findall(r"<iframe [^>]*>", answer.text)
    assert 'sandbox="allow-top-navigation-by-user-activation"' in frame
    assert f'src="{COPY}/page"' in frame
    assert "Bản lưu lúc 04/07/2020 10:04" in answer.text
    assert "1 trong 3 hình và tệp định dạng không được lưu" in answer.text
    assert policy(answer)["frame-src"] == "'self'"
    assert policy(answer)["frame-ancestors"] == "'none'"


def test_the_framed_page_has_a_policy_that_forbids_all_but_its_looks(client):
    answer = client.get(f"{COPY}/page")
    assert policy(answer) == ARCHIVED
    assert "script-src" not in ARCHIVED
    assert ARCHIVED["default-src"] == "'none'"
    assert "allow-same-origin" not in ARCHIVED["sandbox"]
    assert "allow-scripts" not in ARCHIVED["sandbox"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers


def test_its_style_sheet_and_pictures_come_from_the_archive(client):
    page = client.get(f"{COPY}/page").text
    assert "Hội nghị triển khai" in unescape(page)
    assert "<script" not in page
    assert "mic.gov.vn/" not in re.sub(r">[^<]*<", "", page)
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    sheet = client.get(style)
    assert sheet.content_type == "text/css; charset=utf-8"
    (background,) = re.findall(r'url\("([^"]+)"\)', sheet.text)
    for address in (*re.findall(r'<img src="([^"]+)"', page), background):
        picture = client.get(address)
        assert picture.content_type == "image/png"
        assert picture.data.startswith(b"\x89PNG")
        assert policy(picture) == PART
        assert picture.headers["X-Content-Type-Options"] == "nosniff"


def test_what_was_never_archived_is_not_asked_for(client):
    page = client.get(f"{COPY}/page").text
    assert '<img alt="Ảnh hội nghị">' in unescape(page)


def test_links_lead_to_articles_of_this_archive_and_nowhere_else(client):
    page = client.get(f"{COPY}/page").text
    assert re.findall(r'<a href="([^"]+)" target="_top">', page) == ["/article/mic:130001"]


def test_a_part_can_be_had_only_through_a_page_that_names_it(client):
    page = client.get(f"{COPY}/page").text
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    token = style.rpartition("/")[2]
    other = f"/article/{key_of(5)}/{stamp_of(5)}/copy/part/{token}"
    assert client.get(style).status_code == 200
    for forged in (other, style[:-1] + ("A" if style[-1] != "A" else "B"), f"{COPY}/part/x"):
        assert client.get(forged).status_code == 404


def test_a_page_that_cannot_be_read_is_said_to_be_so(client, services):
    told = next(library(1)).article
    bomb = replace(told, key=key_of(980), url="https://mic.gov.vn/Pages/TinTuc/130980/")
    archive(services, bomb, page="<div>" * 50_000)
    capture = services.archive.captures(key=key_of(980))[0]
    address = f"/article/{key_of(980)}/{capture.captured_at:%Y%m%d%H%M%S}-{capture.payload_digest[7:23]}/copy"
    assert "Không hiển thị được bản lưu này" in client.get(address).text
    assert client.get(f"{address}/page").status_code == 404


def test_files_are_given_to_be_stored_and_never_opened_here(client):
    page = client.get(f"/article/{RICH}").text
    (address,) = re.findall(r'href="([^"]+/file/[^"]+)"', page)
    answer = client.get(address)
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert ".pdf" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"Attachment(")
    assert policy(answer) == PART
    assert client.get(f"/article/{key_of(5)}/file/{address.rpartition('/')[2]}").status_code == 404


def test_names_of_files_lead_nowhere():
    assert file_name("../../etc/passwd", "https://mic.gov.vn/a.PDF") == "etc-passwd.pdf"
    assert file_name('a"\r\nX: y', "https://mic.gov.vn/a.pdf") == "a---X- y.pdf"
    assert file_name("", "https://mic.gov.vn/a") == "file"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<p class="a" onclick="x()">b</p>', '<p class="a">b</p>'),
        ("<script>x</script><p>b", "<p>b</p>"),
        ("<foo><b>c</b></foo>", "<b>c</b>"),
        ('<img src="a.png" onerror="x" alt="&quot;">', '<img alt="&quot;" src="[image a.png]">'),
        ('<img data-src="a.png">', '<img src="[image a.png]">'),
        ('<a href="b.html">c</a>', '<a href="[link b.html]" target="_top">c</a>'),
        ('<a href="#d">c</a>', '<a href="#d">c</a>'),
        (
            '<table background="x.gif"><tr><td>1</table>',
            '<table background="[image x.gif]"><tbody><tr><td>1</td></tr></tbody></table>',
        ),
        (
            '<p style="background:url(a.png);color:red">b',
            '<p style="background:url(&quot;[image a.png]&quot;);color:red">b</p>',
        ),
        ('<form action="/x"><input name="a" formaction="//e"></form>', "<form><input></form>"),
        (
            "<svg viewBox='0 0 1 1' onload=x><path d='M0'/><script>y</script></svg>",
            '<svg viewBox="0 0 1 1"><path d="M0"></path></svg>',
        ),
        ("<svg><use href='//e/x.svg#a'/><use href='#b'/></svg>", '<svg><use></use><use href="#b"></use></svg>'),
        ("a &lt;script&gt; &amp;amp;", "a &lt;script&gt; &amp;amp;"),
        ("<template><p>x</p></template><noscript><p>y</p></noscript>z", "z"),
        ("<marquee><font color=red>q</font></marquee>", '<marquee><font color="red">q</font></marquee>'),
    ],
)
def test_markup_is_written_anew_out_of_what_is_known(html, kept):
    body = re.search(r"<body>(.*)</body>", rewritten(f"<body>{html}"), re.DOTALL)
    assert body
    assert body[1] == kept


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        ("a{background:url(x.png)}", 'a{background:url("[image x.png]")}'),
        ("a{background:URL( 'x.png' )}", 'a{background:url("[image x.png]")}'),
        (r"a{background:\75rl(x.png)}", 'a{background:url("[image x.png]")}'),
        ('@import "b.css" print;', '@import url("[style b.css]") print;'),
        ("@import url(b.css);", '@import url("[style b.css]");'),
        ("@font-face{src:url(f.woff)}", '@font-face{src:url("[font f.woff]")}'),
        ("@media print{a{b:url(x)}}", '@media print{a{b:url("[image x]")}}'),
        ('a{b:image-set("x.png" 1x)}', 'a{b:image-set(url("[image x.png]") 1x)}'),
        ("a{width:expression(alert(1))}", "a{width:}"),
        ("a{b:url(java\\script:x", 'a{b:url("[image javascript:x]")}'),
        ("}} a{color:red}", ""),
    ],
)
def test_style_sheets_have_other_addresses(css, kept):
    sheet = styles.sheet(css, lambda address, use: f"[{use} {address}]")
    if kept:
        assert sheet == kept


def test_an_address_without_a_stand_in_is_left_out():
    assert styles.sheet("a{b:url(x.png)}", lambda *_: "") == 'a{b:url("data:,")}'
    assert inert(Html.parse("<img src=a.png>", "https://mic.gov.vn/"), lambda *_: "").count("src") == 0


LIVE = re.compile(
    r"<(?:script|iframe|object|embed|base|meta|animate|set|foreignobject|math|video|audio|template|noscript)\b"
    r"|\s(?:on\w+|srcdoc|srcset|action|formaction|ping|data|xlink:href|http-equiv)\s*=",
    re.IGNORECASE,
)


@pytest.mark.parametrize("vector", VECTORS)
def test_markup_that_attacks_comes_out_inert(vector):
    """What is left is read once more by the same parser: nothing comes alive by being read twice."""
    once = rewritten(f"<body>{vector}<p>end")
    twice = Html.parse(once, "https://mic.gov.vn/")
    for text in (once, twice.tree.html or ""):
        tags = "".join(re.findall(r"<[a-zA-Z][^<>]*>", re.sub(r'"[^"]*"', '""', text)))
        assert LIVE.search(tags) is None, tags
        assert "javascript:" not in re.sub(
            r"\[(?:link|image|style|font) [^\]]*\]", "", " ".join(re.findall(r'(?:href|src)="([^"]*)"', text))
        )


def test_there_are_enough_of_them():
    assert len(VECTORS) == len(set(VECTORS)) >= 100


def test_the_library_has_what_its_pages_need(services):
    held = services.archive.held([STYLE, LOGO, "https://mic.gov.vn/Upload_Moi/anh.jpg"])
    addresses = Addresses(services.profile)
    assert held == {addresses.read(STYLE).canonical, addresses.read(LOGO).canonical}


@pytest.mark.parametrize("template", ["T1", "T2", "T3", "T4", "T5"])
def test_a_copy_says_all_that_the_page_says(template):
    """Read again by the same reader, the copy is the same article: nothing that counts was dropped."""
    compared = 0
    for _, url in list(own_pages(template))[:6]:
        given = answer(url)
        read = reader().read(given)
        if not isinstance(read, Article):
            continue
        html = inert(Html.parse(decode(given).text, url), lambda address, _: address)
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        again = reader().read(replace(given, payload=html.encode(), headers=headers))
        assert isinstance(again, Article)
        assert (again.title, again.lead, again.blocks) == (read.title, read.lead, read.blocks), url
        compared += 1
    assert compared
