"""Pages and files in the encodings of before Unicode, converted by another program than ours."""

import io
from pathlib import Path

import docx
import pytest

from config.site import load_profile
from crawler.address import Addresses
from crawler.page import FetchedPage
from indexer.article import Article, Listing
from indexer.reading.attachments import read_file
from indexer.reading.attachments.files import extract
from tests.indexer.reading.pages import ARTICLE, page, read, reader, sharepoint

FOLDER = Path(__file__).with_name("samples")
TITLE, LEAD, *BODY = (FOLDER / "words.txt").read_text(encoding="utf-8").splitlines()
NAMES = ("tcvn", "vni", "vps")
SAID = ("", "; charset=utf-8", "; charset=iso-8859-1", "; charset=windows-1258", "; charset=x-user-defined")
LIST = "https://mic.gov.vn/Pages/ChuyenMuc/PhanTrang/1748/1/x.html"
FEED = "https://mic.gov.vn/Pages/TinTuc/rss.aspx?chuyenmucid=91"


def written(name: str) -> list[str]:
    """The lines in an old encoding, one letter for each byte."""
    return (FOLDER / f"{name}.txt").read_bytes().decode("latin-1").splitlines()


def old_page(name: str) -> bytes:
    title, lead, *body = written(name)
    markup = sharepoint("".join(f"<p>{line}</p>" for line in body), lead=lead, title=title)
    return markup.replace("Thứ bảy, ngày", "").replace("–", "-").encode("latin-1")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parameter", SAID)
def test_a_page_is_read_whatever_charset_it_claims(name: str, parameter: str):
    found = read(old_page(name), content_type=f"text/html{parameter}")
    assert isinstance(found, Article), found
    assert (found.title, found.lead) == (TITLE, LEAD)
    assert [block.text for block in found.blocks] == BODY
    assert {place.then for place in found.places} == {("Long An",)}


@pytest.mark.parametrize("name", NAMES)
def test_an_old_body_under_a_new_title_is_converted(name: str):
    markup = sharepoint("".join(f"<p>{line}</p>" for line in written(name)[2:]), lead=LEAD, title=TITLE)
    found = read(markup)
    assert isinstance(found, Article)
    assert (found.title, found.lead, [block.text for block in found.blocks]) == (TITLE, LEAD, BODY)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_converted(name: str):
    items = "".join(
        f'<div class="item_news"><a class="title" href="/Pages/TinTuc/{number}/x.html">{line}</a></div>'
        for number, line in enumerate(written(name), start=100001)
    )
    markup = f'<html><body><div class="list_news">{items}</div></body></html>'.encode("latin-1")
    found = reader().read(FetchedPage(url=LIST, captured_at=page("").captured_at, status=200, payload=markup))
    assert isinstance(found, Listing), found
    assert [entry.title for entry in found.entries] == [TITLE, LEAD, *BODY]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_converted_where_it_is_old(name: str):
    document = docx.Document()
    document.add_paragraph("THÔNG TƯ CỦA BỘ BƯU CHÍNH, VIỄN THÔNG")
    for line in written(name):
        document.add_paragraph(
            "".join(bytes([ord(letter)]).decode("cp1252", "ignore") or letter for letter in line)
        )
    target = io.BytesIO()
    document.save(target)
    address = Addresses(load_profile("mic")).read("https://mic.gov.vn/Upload_Moi/VanBan/38TT.docx")
    found = read_file(target.getvalue(), address, extract)
    assert found.text.split("\n")[1:] == [TITLE, LEAD, *BODY]


def _twice(text: str) -> str:
    return text.encode().decode("latin-1")


def test_a_body_that_was_encoded_twice_is_read_once_more():
    """Half of "à" looks like a space, half of "ở" is no sign at all: both are lost once words are cleaned."""
    found = read(sharepoint("".join(f"<p>{_twice(line)}</p>" for line in BODY), lead=_twice(LEAD), title=TITLE))
    assert isinstance(found, Article)
    assert (found.title, found.lead, [block.text for block in found.blocks]) == (TITLE, LEAD, BODY)


def test_feeds_that_were_encoded_twice_are_read_once_more():
    entry = f"<title>{_twice(TITLE)}</title><link>{ARTICLE}</link><description>{_twice(LEAD)}</description>"
    found = read(f"<rss><channel><item>{entry}</item></channel></rss>", FEED)
    assert isinstance(found, Listing)
    assert [(entry.title, entry.lead) for entry in found.entries] == [(TITLE, LEAD)]


def test_french_stays_french():
    words = "Le ministère a présenté à Genève des mesures très élevées pour la société européenne, été après été."
    found = read(sharepoint(f"<p>{words}</p>", lead="", title="Genève").encode("utf-8"), ARTICLE)
    assert isinstance(found, Article)
    assert found.blocks[0].text == words
