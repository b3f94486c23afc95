"""Attached files on the article page: page by page, found by the words of the search that led there."""

from dataclasses import replace
from html import unescape

import pytest
from bs4 import BeautifulSoup, Tag

from indexer.article import Attachment, AttachmentLink
from tests.webui.library import archive, key_of, library

KEY = key_of(970)
URL = "https://mic.gov.vn/Upload/130970.pdf"
PAGE = "Quy định về quản lý hạ tầng viễn thông thụ động.\n" * 20


def a_law(pages: int = 45, **said: str) -> str:
    """Pages of a law; `p7="…"` says something on the seventh."""
    return "\f".join(f"{said.get(f'p{number}', '')}{PAGE}" for number in range(1, pages + 1))


@pytest.fixture
def offer(services, client):
    """Archives an article with one file and opens its page."""

    def offered(text: str, query: str = "", **more) -> Tag:
        told = next(library(1)).article
        link = AttachmentLink(address=URL, url=URL, name="Thông tư.pdf")
        file = Attachment(address=URL, url=URL, type="pdf", text=text, pages=text.count("\f") + 1)
        url = "https://mic.gov.vn/Pages/TinTuc/130970/"
        archive(services, replace(told, key=KEY, url=url, attachments=(link,)), replace(file, **more))
        return BeautifulSoup(client.get(f"/article/{KEY}{query}").data, "lxml").select(".file")[0]

    return offered


def numbers(file: Tag) -> list[str]:
    return [heading.get_text(" ", strip=True) for heading in file.select("h4")]


def test_each_page_has_its_number_and_an_anchor_that_leads_to_it(offer):
    file = offer(a_law(3, p2="Chương II"))
    assert numbers(file) == ["Trang 1", "Trang 2", "Trang 3"]
    for number, heading in enumerate(file.select("h4"), 1):
        assert heading["id"] == f"file-1-p{number}"
        assert heading.a["href"] == f"#file-1-p{number}"
    texts = [text.text for text in file.select(".file-text")]
    assert texts == [PAGE, f"Chương II{PAGE}", PAGE]


def test_a_page_without_text_keeps_its_number(offer):
    file = offer(f"{PAGE}\f\f{PAGE}\f")
    assert numbers(file) == ["Trang 1", "Trang 2 không có chữ", "Trang 3", "Trang 4 không có chữ"]


def test_a_long_text_opens_some_pages_at_a_time(offer):
    file = offer(a_law(45))
    outer = file.select("details > details")
    assert [folded.summary.text.strip() for folded in outer] == [
        "Trang 5–14", "Trang 15–24", "Trang 25–34", "Trang 35–44", "Trang 45",
    ]  # fmt: skip
    assert not [folded for folded in outer if folded.has_attr("open")]
    assert len(numbers(file)) == 45


@pytest.mark.parametrize(
    "said",
    [
        {"pages": 12},  # recorded before pages were told apart
        {"type": "docx", "pages": None},
    ],
)
def test_a_text_without_page_borders_is_shown_as_one(offer, said):
    file = offer(PAGE * 12, **said)
    assert numbers(file) == []
    assert [folded.summary.text.strip() for folded in file.select("details > details")] == ["Phần còn lại"]
    assert "".join(text.text for text in file.select(".file-text")).split() == (PAGE * 12).split()


def test_the_words_that_led_there_are_found_on_their_pages(offer, client):
    law = a_law(45, p7="Đài truyền thanh xã ", p20="Đài phát thanh ", p41="Đài truyền thanh xã ")
    file = offer(law, "?q=dai+truyen+thanh")
    links = file.select(".file-found a")
    assert [link["href"] for link in links] == ["#file-1-p7", "#file-1-p41"]
    assert [mark.text for mark in file.select("mark")] == ["Đài truyền thanh"] * 2
    assert [folded.summary.text.strip() for folded in file.select("details > details[open]")] == [
        "Trang 5–14", "Trang 35–44",
    ]  # fmt: skip
    assert file.select_one("details").has_attr("open")
    at_the_top = unescape(client.get(f"/article/{KEY}?q=dai+truyen+thanh").text)
    assert '<a href="#file-1-p7">Có trong tệp đính kèm: trang 7</a>' in at_the_top


QUERIES = {
    '"truyền thanh xã"': [41],
    "truyền*": [7, 41],
    "truyền -thanh": [7, 41],
    "đài": [7, 41],
    "đài truyền hình tỉnh vùng cao": [],
    "zzz": [],
    "": [],
}


def test_only_pages_that_hold_most_of_the_words_are_named(offer, client):
    offer(a_law(45, p7="Đài truyền thanh ở xã ", p41="Đài truyền thanh xã "))
    for query, found in QUERIES.items():
        page = BeautifulSoup(client.get(f"/article/{KEY}?q={query}&page=1").data, "lxml")
        assert [int(link.text) for link in page.select(".file-found a")] == found, query


def test_of_many_pages_the_first_are_named(offer):
    file = offer(a_law(45), "?q=viễn+thông")
    assert [int(link.text) for link in file.select(".file-found a")] == list(range(1, 11))


def test_hostile_text_stays_text_on_every_page(offer, client):
    offer("<script>alert(1)</script>\f<img src=x onerror=alert(1)> viễn thông", "?q=viễn+thông")
    page = client.get(f"/article/{KEY}?q=viễn+thông").text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "<img src=x onerror=alert(1)>" in unescape(page)


def test_the_api_says_how_pages_are_split(offer, client):
    offer(a_law(3))
    (file,) = client.get(f"/api/v1/articles/{KEY}").json["files"]
    assert (file["pages"], file["text"].count("\f")) == (3, 2)
