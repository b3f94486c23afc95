"""Archived pages that attack are shown, and do nothing: no script, no request, no way out of their frame."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.address import Addresses, Key
from crawler.page import FetchedPage, stamp
from indexer.article import AttachmentLink, Block
from tests.browser.test_hostile import FOREIGN, attacking
from tests.webui.library import FIRST_AT, archive

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

FILE = Path(__file__).parent.parent / "data" / "markup_that_attacks.txt"
VECTORS = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")]
PICTURE = "https://mic.gov.vn/Upload_Moi/attack.svg"
ATTACKING_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="90" height="90" onload="alert(1)"><style>@import url(//evil.example/x.css);</style>
<script>alert(2)</script><script href="//evil.example/x.js"/>
<image href="//evil.example/x.png" width="9" height="9"/>
<a href="javascript:alert(3)"><rect width="90" height="90" fill="#b5121b"/></a>
<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(4)">
<iframe src="javascript:alert(5)"/></body></foreignObject></svg>"""


def key_of(number: int) -> Key:
    """Key of the article with that vector."""
    return Key(family="mic", id=str(910_000 + number))


@pytest.fixture(scope="module")
def copies(site) -> list[str]:
    """Addresses of articles whose pages and texts attack, the last with a picture that does."""
    picture = FetchedPage(
        url=PICTURE,
        captured_at=FIRST_AT,
        status=200,
        headers=(("Content-Type", "image/svg+xml"),),
        payload=ATTACKING_PICTURE.encode(),
    )
    site.services.archive.append(picture, Addresses(site.services.profile).read(PICTURE))
    return [_archived(site, number, vector) for number, vector in enumerate([*VECTORS, f"<img src={PICTURE}>"])]


def _archived(site, number: int, vector: str) -> str:
    key = key_of(number)
    link = AttachmentLink(address=f"https://mic.gov.vn/{number}.pdf", url=vector, name=vector)
    article = attacking(key, f"{vector} {number}", vector, link)
    page = (
        f"<html><head><title>a</title></head><body><h1>Trang {number}</h1>{vector}<p>Hết trang.</p></body></html>"
    )
    archive(site.services, article, page=page)
    later = replace(article, blocks=(*article.blocks, Block(text=f"{vector} {vector}")))
    archive(site.services, later, page=f"{page}<!-- {number} -->", later=timedelta(days=1))
    capture = site.services.archive.captures(key=key)[0]
    return f"/article/{key}/{stamp(capture.captured_at, capture.payload_digest)}"


FRAMES = """addresses => Promise.all(addresses.map(address => new Promise(done => {
  const frame = document.querySelector("iframe").cloneNode();
  frame.addEventListener("load", () => done(frame.contentDocument === null));
  frame.src = address + "/copy/page";
  document.querySelector("main").append(frame);
})))"""


def test_copies_that_attack_are_inert(open_page, copies):
    """Whatever runs, asks another host, or is refused by the policy is heard by `open_page`."""
    page = open_page(f"{copies[0]}/copy")
    assert all(page.evaluate(FRAMES, copies)), "each has another origin"
    shown = [frame.locator("h1").first.inner_text() for frame in page.frames[1:]]
    assert sorted(shown[1:]) == sorted(f"Trang {number}" for number in range(len(copies)))
    assert page.url.endswith("/copy")


def test_the_same_pages_opened_by_themselves_are_inert(open_page, copies):
    page = open_page("/")
    for address in copies[::8]:
        page.goto(f"{address}/copy/page")
        assert page.locator("h1").first.is_visible(), address


def test_titles_texts_and_file_names_that_attack_are_text(open_page, copies):
    page = open_page("/")
    for address in copies[::6]:
        for room in (
            address,
            f"{address}/cite",
            f"{address.rpartition('/')[0]}/captures",
            f"{address.rpartition('/')[0]}/compare",
        ):
            page.goto(room)
            assert page.evaluate(FOREIGN) == [], room


@pytest.fixture
def heard(browser, site):
    """A page that may say what it likes in the console, and what it does: dialogs, answers of others."""
    with browser.new_context(base_url=site.url) as context:
        page, told = context.new_page(), list[str]()

        def dismissed(dialog: "Dialog") -> None:
            told.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismissed)
        context.on("response", lambda answer: None if answer.url.startswith(site.url) else told.append(answer.url))
        yield page, told


def test_a_picture_that_attacks_is_a_picture_and_nothing_else(open_page, copies, heard):
    page = open_page(f"{copies[-1]}/copy")
    picture = page.frame_locator("iframe").locator("img")
    box = picture.bounding_box()
    assert box
    assert box["width"] == 90
    alone, told = heard
    alone.goto(picture.get_attribute("src"))
    alone.wait_for_load_state("networkidle")
    assert told == []


def test_without_the_rewriting_the_frame_and_its_policy_hold(copies, site, heard):
    """The second lock by itself: pages as they were answered, under our headers and in our frame."""
    page, told = heard
    archive = site.services.archive

    def answered(route) -> None:
        number = int(route.request.url.split("mic:")[1].split("/")[0]) - 910_000
        raw = archive.read(archive.captures(key=key_of(number))[0]).payload.decode()
        body = f"<script>top.document.title = 'broken'; alert(1)</script><h1>roh</h1>{raw}"
        route.fulfill(response=route.fetch(), body=body)

    page.route("**/copy/page", answered)
    for address in copies[::10]:
        page.goto(f"{address}/copy")
        page.frame_locator("iframe").locator("h1", has_text="roh").wait_for()
        assert page.title() != "broken"
        assert page.url.endswith("/copy"), address
    assert told == []
