"""Captures: one as it was, all of them, two compared, each by an address that stays; none of what is withheld."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup

from indexer.article import Block
from indexer.record import Correction
from tests.webui.library import RETURNED, archive, archive_hourly, key_of, library, page_of, stamp_of, withhold

RICH = key_of(0)
OLD, NEW = stamp_of(0), stamp_of(0, edited=True)
ROOMS = (
    "/article/{key}",
    "/article/{key}/captures",
    "/article/{key}/compare",
    "/article/{key}/compare?a={stamp}&b={stamp}",
    "/article/{key}/{stamp}",
    "/article/{key}/{stamp}/copy",
    "/article/{key}/{stamp}/copy/page",
    "/article/{key}/{stamp}/copy/part/x",
    "/article/{key}/{stamp}/cite",
    "/article/{key}/{stamp}/cite.bib",
    "/article/{key}/{stamp}/cite.nothing",
    "/article/{key}/file/{stamp}",
    "/verify?what={key}/{stamp}",
)


def words(client, address: str) -> str:
    """A page's words, without its markup."""
    page = client.get(address, follow_redirects=True).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_permalink_shows_what_was_said_then(client):
    old, new = (unescape(client.get(f"/article/{RICH}/{stamp}").text) for stamp in (OLD, NEW))
    assert "quy hoạch viễn thông đến năm 2020 và đào tạo" in old
    assert "quy hoạch viễn thông và công nghệ thông tin đến năm 2020" in new
    assert "Bạn đang đọc bài này như lúc 12/03/2019 10:04" in old
    assert "phiên bản 1 trong 2" in old
    assert "Bạn đang đọc bài này như lúc" not in new
    assert f'href="/article/{RICH}/compare?a={OLD}&b={NEW}"' in old
    assert f'<link rel="canonical" href="/article/{RICH}">' in old


def test_a_stamp_may_hold_more_or_less_of_the_digest(client, services):
    digest = services.archive.captures(key=RICH)[0].payload_digest.removeprefix("sha256:")
    second = OLD.partition("-")[0]
    for stamp in (f"{second}-{digest}", f"{second}-{digest[:8]}"):
        answer = client.get(f"/article/{RICH}/{stamp}")
        assert (answer.status_code, answer.location) == (302, f"/article/{RICH}/{OLD}")
    for stamp in (f"{second}-{'0' * 16}", f"{second}-{digest[:7]}", f"20190312030401-{digest}", "nonsense"):
        assert client.get(f"/article/{RICH}/{stamp}").status_code == 404


def test_every_capture_is_a_line_of_the_time_line(client):
    page = words(client, f"/article/{RICH}/captures")
    order = ["04/07/2020 10:04", "đã thay đổi", "12/03/2019 10:04", "thấy lần đầu", "So sánh hai lần lưu"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    returned = words(client, f"/article/{key_of(RETURNED)}/captures")
    assert "11/04/2019 10:04 không còn cho đến 12/05/2019 10:04" in returned
    assert "không đổi" in returned


def test_two_captures_are_compared_whichever_is_named_first(client):
    pages = [client.get(f"/article/{RICH}/compare?a={a}&b={b}").text for a, b in ((OLD, NEW), (NEW, OLD))]
    redlines = [page[page.index("change-summary") : page.index("</article>")] for page in pages]
    assert redlines[0] == redlines[1]
    assert "1 đoạn thay đổi" in redlines[0]
    assert re.search(r"<ins>.*?và công nghệ thông tin.*?</ins>", redlines[0])
    assert "13 đoạn không thay đổi" in redlines[0]
    assert "Dự hội nghị có lãnh đạo" in redlines[0], "folded, and still there"


def test_the_two_stand_side_by_side_where_that_is_asked_for(client):
    page = client.get(f"/article/{RICH}/compare?a={OLD}&b={NEW}&view=side").text
    paired = r'row-changed.*?<p class="row-before">(.*?)</p>\s*<p class="row-after">(.*?)</p>'
    ((before, after),) = re.findall(paired, page, re.DOTALL)
    assert "<del>" in before
    assert "<ins>" not in before
    assert "<ins>" in after
    assert "<del>" not in after


def test_without_a_choice_the_last_two_versions_are_compared(client):
    assert client.get(f"/article/{RICH}/compare").location == f"/article/{RICH}/compare?a={OLD}&b={NEW}"
    single = key_of(5)
    assert client.get(f"/article/{single}/compare").location == f"/article/{single}/captures"
    assert "Nội dung và tệp giống hệt nhau" in words(client, f"/article/{RICH}/compare?a={NEW}&b={NEW}")


def test_the_ministrys_furniture_is_no_version_and_no_change(client, services):
    """Only the page's bytes differ: another menu, another counter."""
    told = next(library(1)).article
    archive(services, replace(told, key=key_of(950), url="https://mic.gov.vn/Pages/TinTuc/130950/"))
    again = replace(told, key=key_of(950), url="https://mic.gov.vn/Pages/TinTuc/130950/", template="T9")
    archive(services, again, later=timedelta(days=1), furniture="<p>Lượt truy cập: 2170</p>")
    page = words(client, f"/article/{key_of(950)}/captures")
    stamps = re.findall(r'name="a" value="([^"]+)"', client.get(f"/article/{key_of(950)}/captures").text)
    assert len(stamps) == len({stamp.partition("-")[2] for stamp in stamps}) == 2
    assert "không đổi" in page
    assert "giống hệt nhau" in words(client, f"/article/{key_of(950)}/compare?a={stamps[0]}&b={stamps[1]}")


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_of_a_withheld_article_leaks_from_any_room(client, services, room):
    told, key = next(library(1)).article, key_of(960)
    archive(
        services, replace(told, key=key, url="https://mic.gov.vn/Pages/TinTuc/130960/", title="Tin cần giữ kín")
    )
    capture = services.archive.captures(key=key)[0]
    stamp = f"{capture.captured_at:%Y%m%d%H%M%S}-{capture.payload_digest[7:23]}"
    address = room.format(key=key, stamp=stamp)
    withhold(services, key)
    for asked in (address, address.replace(stamp, "20190312030400-00000000")):
        answer = client.get(asked)
        assert answer.status_code == 451, asked
        for secret in ("Tin cần giữ kín", capture.payload_digest[7:23], "Tân An", "Theo yêu cầu", "TinTuc/130960"):
            assert secret not in unescape(answer.text).replace(stamp, "")
    assert "không có bài hay tệp nào" in words(client, f"/verify?what={capture.payload_digest}")


def test_a_correction_holds_for_every_version(client, services):
    services.record.correct(
        Correction(
            at=services.clock.now(), who="lan", key=RICH, field="category", value="Chuyên mục đúng", reason="Sai."
        ),
        expected=None,
    )
    for address in (f"/article/{RICH}", f"/article/{RICH}/{OLD}"):
        assert "Chuyên mục đúng" in unescape(client.get(address).text)


def test_a_withdrawn_article_has_its_copies_and_says_since_when(client):
    page = words(client, "/article/mic:130040/captures")
    assert "11/04/2019 10:04 không còn" in page
    assert client.get(f"/article/mic:130040/{stamp_of(40)}").status_code == 200


def test_the_page_kept_is_the_page_that_was_answered(services):
    capture = services.archive.captures(key=RICH)[0]
    assert services.archive.digest_of(capture) == capture.payload_digest
    assert page_of(next(library(1)).article)


MANY = 230


@pytest.fixture
def often(services):
    """An article captured each hour, every second time with another last paragraph."""
    told, key = next(library(1)).article, key_of(980)
    url = "https://mic.gov.vn/Pages/TinTuc/130980/"
    article = replace(told, key=key, url=url, attachments=())
    lasts = (Block(text=f"Lần sửa thứ {number // 2}.") for number in range(MANY))
    archive_hourly(services, (replace(article, blocks=(*told.blocks[:-1], last)) for last in lasts))
    return key


def listed(page: str) -> list[str]:
    return re.findall(r'<input type="radio" name="a" value="([^"]+)"', page[page.index('<ol class="captures">') :])


def test_many_captures_come_in_pages_the_last_first(client, often):
    seen = []
    for number, size in ((1, 100), (2, 100), (3, 30)):
        page = client.get(f"/article/{often}/captures?page={number}").text
        assert len(listed(page)) == size
        assert re.findall(r'value="(\d)" [^>]*aria-current="page"', page) == [str(number)]
        seen += listed(page)
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == MANY
    for wanted, shown in (("0", 1), ("-1", 1), ("99", 3), ("x", 1), ("9" * 5000, 1)):
        page = client.get(f"/article/{often}/captures?page={wanted}").text
        assert re.findall(r'value="(\d)" [^>]*aria-current="page"', page) == [str(shown)]
    assert 'class="pager"' not in client.get(f"/article/{RICH}/captures").text


def test_two_of_different_pages_are_compared(client, often):
    first, third = (listed(client.get(f"/article/{often}/captures?page={number}").text) for number in (1, 3))
    chosen = f"a={third[-1]}&b={first[0]}"
    for number, here, elsewhere in ((1, [first[0]], [third[-1]]), (2, [], [third[-1], first[0]])):
        page = client.get(f"/article/{often}/captures?page={number}&{chosen}").text
        above, below = page.split('<ol class="captures">')
        assert re.findall(r'value="([^"]+)" checked', above) == elsewhere
        assert re.findall(r'value="([^"]+)" checked', below) == here
    compared = unescape(client.get(f"/article/{often}/compare?{chosen}").text)
    assert f'href="/article/{often}/captures?{chosen}"' in compared
    page = client.get(f"/article/{often}/captures?page=3&a=nonsense&b=20190101000000-00000000").text
    assert re.findall(r'value="([^"]+)" checked', page) == [first[1], first[0]], (
        "the last two, where none are named"
    )


def test_changes_are_listed_alone_and_beside_the_article_only_the_last_of_them(client, often):
    page = client.get(f"/article/{often}/captures?changes=1&page=2").text
    assert len(listed(page)) == MANY // 2 - 100
    assert '<input type="hidden" name="changes" value="1">' in page
    stamps = listed(client.get(f"/article/{often}/captures?changes=1").text) + listed(page)
    for shown, lines in ((stamps[0], 20 - 1), (stamps[50], 20), (stamps[-1], 20 - 1)):
        beside = BeautifulSoup(client.get(f"/article/{often}/{shown}").data, "lxml")
        assert len(beside.select(".versions > li")) == lines
        assert [found["href"] for found in beside.select(".versions [aria-current]")] == [
            f"/article/{often}/{shown}"
        ]
        assert beside.select(".versions li:last-child a")[0]["href"] == f"/article/{often}/{stamps[-1]}"
        assert f"{MANY // 2 - lines} lần thay đổi nữa" in beside.text
