"""Each trap is set as it says, and can be left out."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from config.site import load_profile
from crawler.address import Addresses
from tests.replica import Truth
from tests.replica.catalogue import Series, catalogue
from tests.replica.changes import WAYS, Changes
from tests.replica.conftest import PLAIN, Ask, asking, site_of
from tests.replica.site import Site
from tests.replica.templates.others import DISALLOWED
from tests.replica.traps import DEFAULT, TRAPS, Traps, UnknownTrapError, is_never_fetched
from tests.replica.truth import truths

ADDRESSES = Addresses(load_profile("mic"))


def without(number: int, **options: int) -> Site:
    return site_of(traps=Traps.of(PLAIN - {number}), **options)


def listing(stream: str) -> Series:
    return next(series for series in catalogue() if series.stream == stream)


def links(body: bytes, css: str = "a[href]") -> list[str]:
    return [link.attributes["href"] or "" for link in LexborHTMLParser(body.decode()).css(css)]


def titles(body: bytes) -> list[str]:
    return [link.text() for link in LexborHTMLParser(body.decode()).css(".item_news a.title")]


def test_traps_that_there_are_not_are_refused() -> None:
    assert set(DEFAULT) == set(TRAPS) - {14}
    with pytest.raises(UnknownTrapError, match="no such trap: 0, 99; there are 1 to 17"):
        Traps.of([1, 0, 99])


# ---- 1 and 2: addresses and keys ---------------------------------------------------------------------------


def test_1_all_addresses_of_an_article_answer_alike(known: tuple[Truth, ...], ask: Ask) -> None:
    """Under every form, host name and scheme, with the same title; and each is read as the article's key."""
    for one in known[::7]:
        forms = (*one.addresses, *one.variants)
        forms += tuple(form.replace("https://mic.", "http://www.mic.") for form in one.addresses)
        for form in forms:
            address = ADDRESSES.read(form)
            assert (str(address.key), address.allowed) == (one.key, True), form
            answer = ask(form)
            assert answer.status == 200, form
            assert one.title.replace("&", "&amp;") in answer.body.decode(), form


def test_1_articles_link_to_each_other_under_odd_addresses() -> None:
    def odd(site: Site) -> int:
        ask, count = asking(site), 0
        regular = {one.addresses[0] for one in truths(site.corpus, Changes())}
        for one in list(truths(site.corpus, Changes()))[:100]:
            near = links(ask(one.addresses[0]).body, ".tin-lien-quan li a, .detail__related li a")
            count += sum(link not in regular for link in near if "Tin-da-dang" not in link)
        return count

    assert odd(site_of(traps=Traps.of(PLAIN))) > 50
    assert odd(without(1)) == 0


def test_2_one_number_is_two_articles(known: tuple[Truth, ...], ask: Ask) -> None:
    by_key = {one.key: one for one in known}
    shared = [one for one in known if one.key.startswith("cspl:") and one.key.replace("cspl", "mic") in by_key]
    assert len(shared) > 20
    for policy in shared:
        number, other = policy.key.partition(":")[2], by_key[policy.key.replace("cspl", "mic")]
        assert policy.title != other.title
        for host, one in (("cspl.mic.gov.vn", policy), ("mic.gov.vn", other)):
            page = LexborHTMLParser(
                ask(f"https://{host}/Pages/TinTuc/tinchitiet.aspx?tintucid={number}").body.decode()
            )
            heading = page.css_first("h1")
            assert heading is not None
            assert heading.text() == one.title


# ---- 3: pagination -----------------------------------------------------------------------------------------


def test_3_an_empty_page_number_is_the_first_page(ask: Ask) -> None:
    first = titles(ask("https://mic.gov.vn/mic_2020/Pages/ChuyenMuc/PhanTrang/1747/1/Buu-chinh.html").body)
    assert len(first) == 15
    for path in ("ChuyenMuc/1747//Buu-chinh.html", "ChuyenMuc/PhanTrang/1747//Buu-chinh.html", "ChuyenMuc/1747/"):
        assert titles(ask(f"https://www.mic.gov.vn/mic_2020/Pages/{path}").body) == first


def test_3_past_the_end_the_last_page_comes_again_and_leads_on(site: Site, ask: Ask) -> None:
    series = listing("mic:1747")
    last = series.pages(site.corpus.layout)
    shown = titles(ask(series.address(last)).body)
    for page in (last + 1, last + 2, last + 500):
        answer = ask(series.address(page))
        assert titles(answer.body) == shown
        assert series.path(page + 1) in links(answer.body)


def test_3_every_page_leads_back_to_the_beginning(site: Site, ask: Ask) -> None:
    series = listing("mic:1751")
    for page in (1, series.pages(site.corpus.layout)):
        (back,) = links(ask(series.address(page)).body, "a.dau")
        assert "//" in back
        assert titles(ask(f"https://mic.gov.vn{back}").body) == titles(ask(series.address(1)).body)


def test_3_without_the_trap_lists_end() -> None:
    site = without(3)
    ask, series = asking(site), listing("mic:1747")
    last = series.pages(site.corpus.layout)
    assert ask(series.address(last + 1)).status == 404
    assert not links(ask(series.address(last)).body, "a.sau, a.dau")


def test_3_the_pager_of_documents_is_for_scripts_only(ask: Ask, known: tuple[Truth, ...]) -> None:
    body = ask("https://mic.gov.vn/mic_2020/Pages/VanBan/danhsachvanban.aspx?LVB=100").body
    assert all(link.startswith("javascript:") for link in links(body, ".phan-trang a"))
    documents = [one for one in known if one.template == "T6"]
    assert len([one for one in documents if one.listed]) == 20
    assert {one.reach for one in documents} == {"listed", "linked", "number"}


# ---- 5: what must never be fetched -------------------------------------------------------------------------


def test_5_pages_refer_to_what_must_never_be_fetched(known: tuple[Truth, ...], ask: Ask) -> None:
    one = next(one for one in known if one.template == "T1")
    body = ask(one.addresses[0]).body.decode()
    refers = [
        found for found in re.findall(r'(?:href|src)="([^"]+)"', body) if is_never_fetched(found.partition("?")[0])
    ]
    names = {re.sub(r".*/(\w+)\.aspx.*", r"\1", found).lower() for found in refers}
    assert names == {
        *("tangluottruycap", "ratting", "sendtofriend", "tts", "loadcomment"),
        *("traloi", "loadnews", "loaddstinlienquan"),
    }
    assert all(not ADDRESSES.read(found, one.addresses[0]).allowed for found in refers)


def test_5_without_the_trap_pages_do_not() -> None:
    site = without(5)
    ask = asking(site)
    for one in list(truths(site.corpus, Changes()))[:60]:
        found = re.findall(r'(?:href|src)="([^"]+)"', ask(one.addresses[0]).body.decode())
        assert not any(is_never_fetched(address.partition("?")[0]) for address in found)


# ---- 6: dates ----------------------------------------------------------------------------------------------


def test_6_the_header_shows_the_day_of_the_visit(known: tuple[Truth, ...], ask: Ask) -> None:
    """NOW is a Monday in Vietnam."""
    for one in known[:40]:
        body = ask(one.addresses[0]).body.decode()
        if one.template != "T4":
            assert ("Monday, November 3, 2025" if one.language == "en" else "Thứ hai, ngày 03/11/2025") in body


def test_6_dates_are_missing_misleading_and_contradicted(known: tuple[Truth, ...]) -> None:
    prints = [one for one in known if one.template == "T4"]
    assert all(one.published and one.published.how == "stated" for one in prints)
    assert any(one.published and one.published.day.day <= 12 for one in prints)
    undated = [one for one in known if one.published is None]
    assert len(undated) > 20
    assert sum(one.published.how == "text" for one in known if one.published) > 10
    assert sum(one.published.how == "address" for one in known if one.published) > 2
    contradicted = [one for one in known if one.contradicted]
    assert len(contradicted) > 20
    assert all(one.published and one.published.how == "stated" for one in contradicted)
    leads = [found for one in contradicted for found in one.evidence if found.how == "text"]
    assert any(
        one.published and found.day.year != one.published.day.year for one in contradicted for found in leads
    )


def test_6_print_pages_put_the_month_first(known: tuple[Truth, ...], ask: Ask) -> None:
    for one in [one for one in known if one.template == "T4"]:
        assert one.published is not None
        assert one.published.hour is not None
        day, hour = one.published.day, one.published.hour
        half = "AM" if hour.hour < 12 else "PM"
        written = f"{day.month}/{day.day}/{day.year} {hour.hour % 12 or 12}:{hour:%M:%S} {half}"
        assert written in ask(one.addresses[0]).body.decode()


def test_6_without_the_trap_every_article_has_its_date() -> None:
    site = without(6)
    for one in truths(site.corpus, Changes()):
        assert not one.contradicted
        if one.reach == "listed" and one.key != "mic:106807":
            assert one.published
            assert one.published.how in ("stated", "listed")


# ---- 7 and 8: text and furniture ---------------------------------------------------------------------------


def test_7_selecting_by_the_class_doubles_the_text(known: tuple[Truth, ...], ask: Ask) -> None:
    for one in [one for one in known if one.template == "T2"][:20]:
        page = LexborHTMLParser(ask(one.addresses[0]).body.decode())
        outer, inner = page.css(".news_detail")
        assert inner.attributes["id"] == "divArticleContent"
        assert one.paragraphs[0].split("\n")[0] in inner.text()
        assert one.paragraphs[0].split("\n")[0] in outer.text()
        assert inner.text().count(one.lead) == 1
        assert outer.text().count(one.lead) == 2


def test_7_captions_are_glued_and_pictures_named_after_files(known: tuple[Truth, ...], ask: Ask) -> None:
    glued = 0
    for one in [one for one in known if one.template in ("T1", "T2") and one.pictures]:
        body = ask(one.addresses[0]).body.decode()
        assert re.search(r'<img alt="[^"]+\.JPG"', body)
        glued += any(f"<em>{caption}</em><strong>" in body for caption in one.captions)
    assert glued > 20


def test_7_bodies_mix_paragraphs_divisions_and_loose_text(known: tuple[Truth, ...], ask: Ask) -> None:
    seen = {"<p style=": 0, '<div style="text-align': 0, "<br/><br/>": 0, 'style="display:none"': 0}
    for one in [one for one in known if one.template in ("T1", "T2")][:200]:
        body = ask(one.addresses[0]).body.decode()
        for mark in seen:
            seen[mark] += mark in body
    assert min(seen.values()) > 20


def test_7_without_the_trap_bodies_are_tidy() -> None:
    site = without(7)
    ask = asking(site)
    for one in truths(site.corpus, Changes()):
        if one.template in ("T1", "T2"):
            body = ask(one.addresses[0]).body.decode()
            assert "<br/><br/>" not in body
            assert "display:none" not in body
            assert body.count(one.lead.replace("&", "&amp;")) == 1


def test_8_furniture_names_places_of_no_concern(known: tuple[Truth, ...], ask: Ask) -> None:
    body = ask(known[0].addresses[0]).body.decode()
    assert "Sở TT&amp;TT Cà Mau" in body
    site = without(8)
    one = next(truths(site.corpus, Changes()))
    assert "Cà Mau" not in asking(site)(one.addresses[0]).body.decode()


# ---- 12: pages that are gone -------------------------------------------------------------------------------


def test_12_pages_are_gone_in_four_ways(site: Site, ask: Ask, known: tuple[Truth, ...]) -> None:
    """Two of them with status 200 and words that the profile knows; and pages link to all of them."""
    profile = load_profile("mic")
    assert set(site.router.dead.values()) == set(WAYS)
    linked = {link for one in known for link in links(ask(one.addresses[0]).body) if "Tin-da-dang" in link}
    for key, way in site.router.dead.items():
        url = f"https://mic.gov.vn/Pages/TinTuc/{key.id}/Tin-da-dang.html"
        assert url in linked
        answer = ask(url)
        assert answer.status == {"404": 404, "410": 410}.get(way, 200)
        phrases = {"soft 404": profile.soft_errors.phrases, "error page": profile.soft_errors.error_phrases}.get(
            way
        )
        if phrases:
            assert any(phrase in answer.body.decode().lower() for phrase in phrases)


def test_12_without_the_trap_what_is_gone_answers_404() -> None:
    site = without(12)
    ask = asking(site)
    assert set(site.router.dead.values()) == {"404"}
    assert ask("https://mic.gov.vn/Pages/TinTuc/199999/x.html").status == 404


def test_robots_forbid_some_paths_and_no_article(known: tuple[Truth, ...], ask: Ask) -> None:
    text = ask("https://mic.gov.vn/robots.txt").body.decode()
    assert "Crawl-delay: 0.02" in text
    assert all(f"Disallow: {path}" in text for path in DISALLOWED)
    assert not any(path in address for one in known for address in one.addresses for path in DISALLOWED)
