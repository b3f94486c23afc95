"""The truth: complete, varied, the same in every process, and what the pages show."""

import re
import resource
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from typing import get_args

import pytest
from selectolax.lexbor import LexborHTMLParser

from config.site import load_profile
from indexer.article import Role
from tests.replica import Truth
from tests.replica.changes import Changes
from tests.replica.client import ROOT
from tests.replica.conftest import Ask, asking, site_of
from tests.replica.corpus import Corpus
from tests.replica.options import Options
from tests.replica.seed import seed_text
from tests.replica.templates import dates
from tests.replica.text import provinces
from tests.replica.truth import truth, truths

_ROLES: tuple[Role, ...] = get_args(Role)


def visible(body: bytes) -> str:
    """A page's words, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body.decode())).split())


def test_a_truth_survives_being_written_and_read(known: tuple[Truth, ...]) -> None:
    assert all(Truth.from_json(one.to_json()) == one for one in known)


def test_the_corpus_is_varied_enough_to_search(known: tuple[Truth, ...]) -> None:
    """Every category, province, year, template, way to be dated and kind of file occurs."""
    assert {one.category for one in known} == {*load_profile("mic").categories.values(), ""}
    then = {name for one in known for place in one.provinces for name in place.then}
    assert then == set(provinces.labels())
    years = {evidence.day.year for one in known for evidence in one.evidence}
    assert years >= set(range(2003, 2026))
    assert {one.template for one in known} == {"T1", "T2", "T3", "T4", "T5", "T6"}
    how = Counter(one.published.how if one.published else None for one in known)
    assert set(how) == {"stated", "listed", "address", "feed", "text", None}
    assert {one.reach for one in known} == {"listed", "linked", "number"}
    assert {file.type for one in known for file in one.attachments} == {"pdf", "docx", "xlsx"}
    assert {place.role for one in known for place in one.provinces} == {"subject", "issuer", "venue", "mentioned"}
    assert {number.role for one in known for number in one.numbers} == {"issues", "cites"}
    assert {block.kind for one in known for block in one.blocks} == {"text", "heading", "list", "table", "caption"}
    titles = Counter(one.title for one in known)
    assert len(titles) > 0.9 * len(known)


def test_numbers_and_places_are_in_the_words(known: tuple[Truth, ...]) -> None:
    for one in known:
        words = "\n".join((one.title, one.lead, *one.paragraphs))
        assert all(number.normal in words for number in one.numbers), one.key
        if one.language == "vi":
            assert all(place.written in words for place in one.provinces), one.key


def test_what_issues_is_also_what_it_is_about(known: tuple[Truth, ...]) -> None:
    """Most articles are about one province; venues and places merely mentioned are others."""
    about = 0
    for one in known:
        roles = {role: {place.today for place in one.provinces if place.role == role} for role in _ROLES}
        assert roles["issuer"] <= roles["subject"]
        assert len(roles["subject"]) <= 1
        assert not roles["mentioned"] & (roles["subject"] | roles["venue"])
        about += bool(roles["subject"])
    assert 0.5 < about / len(known) < 0.7


def test_nothing_is_left_in_braces(known: tuple[Truth, ...]) -> None:
    for one in known:
        text = "\n".join((one.title, one.lead, one.author, one.source, *one.paragraphs))
        assert "{" not in text
        assert "  " not in text
        assert one.title[0].isupper() or one.title[0].isdigit()


@pytest.mark.parametrize("template", ["T1", "T2", "T3", "T4", "T5", "T6"])
def test_pages_show_what_the_truth_says(template: str, known: tuple[Truth, ...], ask: Ask) -> None:
    """Title, lead, body, author, source and files; the first three in that order."""
    chosen = [one for one in known if one.template == template][:40]
    assert len(chosen) > 20
    for one in chosen:
        for address in one.addresses:
            answer = ask(address)
            assert answer.status == 200, address
            shown = visible(answer.body)
            place = shown.index(" ".join(one.title.split()))
            for words in (one.lead, *one.paragraphs):
                place = shown.index(" ".join(words.split()), place)
            for words in (*one.captions, one.author, one.source, *(file.name for file in one.attachments)):
                assert words in shown, (address, words)


def test_stated_dates_are_on_the_pages_that_state_them(known: tuple[Truth, ...], ask: Ask) -> None:
    """In the form of the page's make; a page without a date has none of these forms but the visit's day."""
    forms = {"T1": dates.sharepoint, "T3": dates.modern, "T4": dates.printed, "T5": dates.english}
    corpus = site_of(articles=len(known)).corpus
    counted: Counter[bool] = Counter()
    for index, one in list(enumerate(known))[::2]:
        if one.template not in forms:
            continue
        moment = corpus.layout.place(index).moment
        stated = any(found.how == "stated" and found.at == one.addresses[0] for found in one.evidence)
        shown = visible(ask(one.addresses[0]).body)
        assert (forms[one.template](moment) in shown) == stated, one.key
        counted[stated] += 1
    assert counted[True] > 200
    assert counted[False] > 20


def test_the_best_evidence_is_the_date(known: tuple[Truth, ...]) -> None:
    order = ("stated", "listed", "address", "feed", "text")
    for one in known:
        ranks = [order.index(found.how) for found in one.evidence]
        assert ranks == sorted(ranks)
        assert one.published == (one.evidence[0] if one.evidence else None)


def test_attachments_are_linked_and_served(known: tuple[Truth, ...], ask: Ask) -> None:
    for one in [one for one in known if one.attachments][:60]:
        page = LexborHTMLParser(ask(one.addresses[0]).body.decode())
        links = [link.attributes.get("href") or "" for link in page.css("a")]
        for file in one.attachments:
            assert any(file.address.endswith(link) for link in links if link)
            assert ask(file.address).status == 200


def test_an_article_does_not_depend_on_those_before_it() -> None:
    corpus = Corpus(Options(articles=500))
    alone = truth(corpus, corpus.item(321), Changes())
    assert alone == list(truths(Corpus(Options(articles=500)), Changes()))[321]


def test_every_process_makes_the_same_truth() -> None:
    """Whatever the order of its sets is."""
    command = [sys.executable, "-m", "tests.replica", "--articles=150", "--truth=-"]
    written = [
        subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]
    assert written[0].count(b"\n") == 150


def test_another_seed_makes_another_site() -> None:
    first, second = (next(truths(Corpus(Options(articles=50, seed=seed)), Changes())) for seed in (1, 2))
    assert first.title != second.title
    assert first.key != second.key


def test_memory_stays_flat_while_the_truth_streams() -> None:
    """18,000 articles more take hardly more than the first 2,000, all caches being full by then."""
    stream = truths(Corpus(Options(articles=20_000)), Changes())
    for _ in range(2_000):
        next(stream)
    early = resident()
    assert sum(1 for _ in stream) == 18_000
    assert resident() - early < 25_000_000


def resident() -> int:
    """Bytes of memory this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def test_the_notice_of_long_an_is_where_it_is_said_to_be(known: tuple[Truth, ...], ask: Ask) -> None:
    """As a T2 page, dated by its text alone."""
    one = known[-1]
    assert one.key == "mic:106807"
    assert one.template == "T2"
    assert one.addresses[0].startswith("https://mic.gov.vn/mic_2020/Pages/TinTuc/106807/")
    assert one.published is not None
    assert (one.published.how, one.published.day.isoformat()) == ("text", "2009-01-15")
    assert [(place.then, place.today, place.role) for place in one.provinces] == [
        (("Long An",), ("Tây Ninh",), "subject")
    ]
    shown = visible(ask(one.addresses[0]).body)
    assert shown.count(one.lead) == 2


def test_the_notice_is_told_verbatim_where_its_text_is_at_hand(tmp_path: Path) -> None:
    """Title, lead once, body, author; the furniture's line is left to the page."""
    lines = ["Tiêu đề & nguồn", "(Mic.gov.vn) - ", "Đoạn đầu.", "", "Đoạn đầu.", "Đoạn hai.", "Đoạn ba.", "BCXB"]
    (tmp_path / "seed_article.txt").write_text("\n".join((*lines, "ĐÁNH GIÁ BÀI VIẾT( 0)")), encoding="utf-8")
    text = seed_text(tmp_path)
    assert (text.title, text.lead, text.author) == ("Tiêu đề & nguồn", "Đoạn đầu.", "BCXB")
    assert [block.text for block in text.blocks] == ["Đoạn hai.", "Đoạn ba."]


def test_the_real_notice_is_served_verbatim(shared_data: Path) -> None:
    """Line by line, in the file's order."""
    site = site_of(shared_data=shared_data)
    one = list(truths(site.corpus, Changes()))[-1]
    shown = "".join(visible(asking(site)(one.addresses[0]).body).split())
    place = shown.rindex("".join(one.title.split()))
    for line in (shared_data / "seed_article.txt").read_text(encoding="utf-8").split("\n"):
        words = "".join(line.split())
        place = shown.index(words, place) + len(words)
