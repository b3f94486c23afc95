"""Pages that mislead who reads them: traps 6 to 10, and 12."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from crawler.address import Key
from indexer.record.merging import ArticleRecord
from indexer.tables import articles
from tests.indexer.pipeline.comparing import wrongly_recorded
from tests.replica import Replica, Truth
from tests.replica.addresses import HOSTS
from tests.replica.coding import coding
from tests.replica.corpus import Corpus
from tests.traps.conftest import Ours
from tests.traps.naive import Naive, Page


@pytest.fixture(scope="module")
def seen(replica: Replica, known: dict[str, Truth]) -> dict[str, Page]:
    """What the crawler without rules has of some articles of every make."""
    crawler = Naive(replica=replica)
    pages = {}
    for template in ("T1", "T2", "T3", "T4"):
        for one in [one for one in known.values() if one.template == template][:25]:
            page = crawler.fetch(one.addresses[0])
            assert page
            pages[one.key] = page
    crawler.close()
    return pages


def recorded(ours: Ours, key: str) -> ArticleRecord:
    record = ours.workshop.stores.record.article(Key.parse(key))
    assert record is not None
    return record


def test_all_of_them_every_article_is_read_as_it_is(ours: Ours, known: dict[str, Truth]):
    """Titles, leads, texts, authors, sources, categories, dates and how they are known, files."""
    assert wrongly_recorded(ours.workshop, known.values()) == {}


def test_6_no_date_is_taken_for_another(ours: Ours, known: dict[str, Truth], seen: dict[str, Page]):
    """The day of the visit is on nearly every page; print pages put the month first; some have none."""
    today = datetime.now(UTC).date()
    wrong = 0
    for key, page in seen.items():
        published, true = recorded(ours, key).article.published, known[key].published
        assert (published and published.day) == (true and true.day)
        wrong += page.day != (true and true.day)
    assert wrong > 0.8 * len(seen)
    assert sum(abs((page.day - today).days) <= 1 for page in seen.values() if page.day) > 0.5 * len(seen)


def test_7_no_text_is_doubled_glued_or_mixed_with_a_form(
    ours: Ours, known: dict[str, Truth], seen: dict[str, Page]
):
    doubled = 0
    for key, page in seen.items():
        article = recorded(ours, key).article
        words = "\n".join(article.paragraphs)
        assert article.lead == known[key].lead
        assert words.count("Nhập mã xác nhận") == 0
        paragraph = next(iter(article.paragraphs), "")
        assert words.count(paragraph) == 1 or len(paragraph) < 40
        doubled += page.body.count(known[key].lead) > 1 or page.body.count(paragraph) > 1
    assert doubled > 20


def test_8_places_in_the_furniture_are_not_the_articles(
    ours: Ours, known: dict[str, Truth], seen: dict[str, Page]
):
    mixed = 0
    for key, page in seen.items():
        found = {name for place in recorded(ours, key).article.places for name in place.then}
        true = {name for place in known[key].provinces for name in place.then}
        about = {
            name for place in known[key].provinces if place.role in ("subject", "issuer") for name in place.then
        }
        assert about <= found <= true, key
        mixed += bool(page.provinces - true)
    assert mixed > 0.9 * len(seen)


def test_9_odd_letters_and_codings_are_read(ours: Ours, replica: Replica, known: dict[str, Truth]):
    corpus = Corpus(replica.options)
    crawler = Naive(replica=replica)
    odd, wrong, kinds = 0, 0, set()
    for index in range(len(corpus)):
        one = known.get(str(corpus.key(index)))
        how = coding(corpus.item(index), HOSTS["mic"], replica.options)
        if one is None or how is None or one.addresses[0] in one.moved or "//mic." not in one.addresses[0]:
            continue
        article = recorded(ours, one.key).article
        assert (article.title, article.lead) == (one.title, one.lead), how
        page = crawler.fetch(one.addresses[0])
        assert page
        odd += 1
        kinds.add(how)
        wrong += page.title != one.title or one.lead not in page.words
    crawler.close()
    assert len(kinds) > 5
    assert wrong > 0.6 * odd > 10


def test_9_eths_and_newer_tones_are_found_like_any_other(ours: Ours, known: dict[str, Truth]):
    """Whoever types Đ finds what was typed with Ð; document numbers are one."""
    odd = [one for one in known.values() if any("Ð" in number for number in one.paragraphs) and one.numbers]
    assert odd
    for one in odd:
        assert {number.normal for number in recorded(ours, one.key).article.numbers} == {
            number.normal for number in one.numbers
        }


def test_10_files_are_what_they_hold_not_what_they_are_called(
    ours: Ours, replica: Replica, known: dict[str, Truth]
):
    crawler = Naive(replica=replica)
    files = {file.address: file for one in known.values() for file in one.attachments}
    said = {
        file.address: file.problem
        for one in known.values()
        if one.attachments
        for file in recorded(ours, one.key).files
    }
    assert set(said) == set(files)
    broken = {"empty": "empty", "error page": "a web page instead of a file", "whole": ""}
    assert all(said[address] == broken[file.state] for address, file in files.items())
    by_ending = [url for url in files if url.endswith((".pdf", ".docx", ".xlsx"))]
    pdfs = [page for url in by_ending if url.endswith(".pdf") and (page := crawler.fetch(url))]
    crawler.close()
    assert len(by_ending) < len(files)
    assert not all(page.content.startswith(b"%PDF") for page in pdfs)
    bare = [one for one in known.values() if one.template != "T6" and one.attachments and len(one.blocks) == 1]
    assert all(recorded(ours, one.key).article.attachments for one in bare)
    assert bare


def test_12_what_is_gone_is_no_article(ours: Ours, replica: Replica, known: dict[str, Truth]):
    """However the site says so; a status of 200 is believed by who does not read."""
    dead = replica.dead()
    with ours.workshop.database.reading() as connection:
        keys = set(connection.scalars(sa.select(articles.c.key).where(articles.c.present)))
    assert keys == set(known)
    assert not keys & set(dead)
    asked = {row.key for row in ours.captures()}
    assert len(asked & set(dead)) > 8
    crawler = Naive(replica=replica)
    fooled = 0
    for key, way in dead.items():
        page = crawler.fetch(f"https://mic.gov.vn/Pages/TinTuc/{key.partition(':')[2]}/Tin-da-dang.html")
        assert page
        fooled += page.status == 200 and way in ("soft 404", "error page")
    crawler.close()
    assert fooled > 4
