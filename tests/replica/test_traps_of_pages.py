"""Spaces without end, odd letters and codings, files that are not what they seem: set as they say."""

import unicodedata
from html import unescape
from typing import get_args
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.replica.addresses import HOSTS
from tests.replica.changes import Changes
from tests.replica.coding import CODINGS, Coding, coding, windows_1258
from tests.replica.conftest import PLAIN, asking, site_of
from tests.replica.exchange import Answer
from tests.replica.item import FileState
from tests.replica.site import Site
from tests.replica.spaces import QUESTIONS, questions_address
from tests.replica.traps import DEFAULT, Traps
from tests.replica.truth import Truth, truths

MIC = f"https://{HOSTS['mic']}"


@pytest.fixture(scope="module")
def trapped() -> Site:
    """A site with all that costs no time."""
    return site_of(articles=600)


@pytest.fixture(scope="module")
def true(trapped: Site) -> tuple[Truth, ...]:
    return tuple(truths(trapped.corpus, Changes()))


def links(answer: Answer, css: str) -> list[str]:
    return [urljoin(MIC, link.attributes["href"] or "") for link in LexborHTMLParser(answer.body).css(f"{css} a")]


# ---- 4: spaces without end ---------------------------------------------------------------------------------


def test_4_articles_lead_into_spaces_that_go_on_for_ever(trapped: Site, true: tuple[Truth, ...]) -> None:
    """Each page of theirs leads to others that were not seen yet; the calendar knows the day's articles."""
    ask = asking(trapped)
    one = next(one for one in true if one.template == "T1" and one.listed and one.key.startswith("mic:"))
    calendar, search, weeks, _ = links(ask(one.addresses[0]), ".tien-ich-tim")
    assert one.addresses[0] in links(ask(calendar), ".ket-qua")
    for start, css in ((calendar, ".lich-ngay"), (search, ".tim-them"), (weeks, ".tuan-khac")):
        seen, url = {start}, start
        for _ in range(20):
            answer = ask(url)
            assert answer.status == 200, url
            url = links(answer, css)[-1 if css == ".tuan-khac" else 0]
            assert url not in seen or css == ".lich-ngay", url
            seen.add(url)


def test_4_questions_repeat_themselves_past_their_end(trapped: Site) -> None:
    ask = asking(trapped)

    def shown(page: int) -> str:
        (content,) = LexborHTMLParser(ask(MIC + questions_address(page)).body).css(".ms-WPBody")
        return content.text()

    assert len({shown(page).partition("Sau")[0] for page in range(1, QUESTIONS + 1)}) == QUESTIONS
    assert shown(QUESTIONS) == shown(QUESTIONS + 1) == shown(QUESTIONS + 400)


@pytest.mark.parametrize(
    "path",
    [
        "/Pages/ChuyenMuc/XemTheoNgay/91/1/31-02-2009/x.html",
        "/Pages/ChuyenMuc/XemTheoNgay/5/1/01-02-2009/x.html",
        "/Pages/LichCongTac.aspx?tuan=60&nam=2009",
    ],
)
def test_4_days_that_there_are_not_are_not_there(trapped: Site, path: str) -> None:
    assert asking(trapped)(MIC + path).status == 404


def test_4_without_the_trap_nothing_leads_there() -> None:
    site = site_of(traps=Traps.of(PLAIN - {4}))
    one = next(one for one in truths(site.corpus, Changes()) if one.template == "T1")
    assert links(asking(site)(one.addresses[0]), ".tien-ich-tim") == []
    assert asking(site)(MIC + questions_address(1)).status == 404


# ---- 9: letters and codings --------------------------------------------------------------------------------


def test_9_every_coding_occurs_and_holds_the_article(trapped: Site, true: tuple[Truth, ...]) -> None:
    """Read as what it is, not as what it is said to be."""
    ask, met = asking(trapped), set()
    for index, one in enumerate(true):
        how = coding(trapped.corpus.item(index), HOSTS["mic"], trapped.corpus.options)
        if how is None or not one.addresses[0].startswith(MIC) or one.addresses[0] in one.moved:
            continue
        met.add(how)
        answer = ask(one.addresses[0])
        charset = "cp1258" if how.startswith("windows") else "utf-8"
        said = unicodedata.normalize("NFC", unescape(answer.body.decode(charset)))
        seen = " ".join(said.replace("\u200b", "").split())
        assert one.title in seen, (how, one.key)
        assert one.lead in seen, (how, one.key)
        assert dict(answer.headers)["Content-Type"] == _said_to_be(how)
    assert met == set(CODINGS)


def _said_to_be(how: Coding) -> str:
    if how.endswith("unnamed"):
        return "text/html"
    named = {"windows-1258": "windows-1258", "utf-8 called iso-8859-1": "ISO-8859-1"}
    return f"text/html; charset={named.get(how, 'utf-8')}"


def test_9_windows_1258_loses_no_letter() -> None:
    letters = "aàáảãạăằắẳẵặâầấẩẫậđeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
    text = f"{letters} {letters.upper()} “–” €"
    assert unicodedata.normalize("NFC", windows_1258(text).decode("cp1258")) == text
    assert windows_1258("→") == b"&#8594;"


def test_9_some_type_eths_newer_tones_and_slips(true: tuple[Truth, ...]) -> None:
    words = [" ".join((one.title, one.lead, *one.paragraphs)) for one in true if one.language == "vi"]
    assert sum("Ð" in text for text in words) > 10
    assert sum("hoà" in text or "oá" in text for text in words) > 3
    plain = {
        one.key: one for one in truths(site_of(articles=600, traps=Traps.of(DEFAULT - {9})).corpus, Changes())
    }
    slips = [one for one in true if one.title == plain[one.key].title and one.blocks != plain[one.key].blocks]
    assert len(slips) > 20
    for one in true:
        assert plain[one.key].title.replace("Đ", "D").count("D") == one.title.replace("Đ", "D").replace(
            "Ð", "D"
        ).count("D")


# ---- 10: files ---------------------------------------------------------------------------------------------


def test_10_files_are_empty_or_error_pages_and_their_articles_say_nothing_else(
    trapped: Site, true: tuple[Truth, ...]
) -> None:
    ask = asking(trapped)
    files = [file for one in true for file in one.attachments]
    assert {file.state for file in files} == set(get_args(FileState))
    for file in files:
        answer = ask(file.address)
        assert answer.status == 200
        assert (answer.body == b"") == (file.state == "empty")
        assert answer.body.startswith(b"<!DOCTYPE html") == (file.state == "error page")
        if file.state != "whole":
            assert (file.type, file.text, file.pages, file.numbers) == ("pdf", "", None, ())
            assert dict(answer.headers)["Content-Type"] == "application/pdf"
    assert {file.name.rpartition(".")[2] for file in files if file.type == "pdf"} == {"pdf", "PDF"}
    bare = [one for one in true if one.template != "T6" and one.attachments and len(one.blocks) == 1]
    assert len(bare) > 2
    assert all(one.paragraphs == (one.attachments[0].name,) for one in bare)


def test_10_without_the_trap_files_are_what_they_seem() -> None:
    for one in truths(site_of(articles=600, traps=Traps.of(PLAIN - {10})).corpus, Changes()):
        assert {file.state for file in one.attachments} <= {"whole"}
        assert not any(file.name.endswith("PDF") for file in one.attachments)
