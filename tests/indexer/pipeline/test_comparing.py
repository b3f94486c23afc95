"""A page that is read better than before has not changed: what it said before is read again and compared."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.address import Addresses
from crawler.page import Capture, body
from crawler.progress import silent
from indexer.article import Article, Block
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from tests.replica.truth import Truth


@pytest.fixture
def capture(workshop: Workshop, truths: dict[str, Truth]) -> Capture:
    """The one capture of an article."""
    key = next(key for key, one in truths.items() if one.template == "T1" and not one.revision)
    found = (capture for batch, _ in workshop.stores.archive.changes(0) for capture in batch)
    return next(capture for capture in found if str(capture.key) == key and capture.status == 200)


def read_worse(workshop: Workshop, captures: Iterable[Capture]) -> None:
    """Let the record hold what an older program read: a box that is no part of the article."""
    for read in workshop.stores.read_all(list(captures)):
        assert isinstance(read.reading, Article)
        worse = replace(read.reading, blocks=(*read.reading.blocks, Block(text="Chia sẻ bài viết")))
        workshop.stores.record.apply([replace(read, reading=worse)], None)


def answered_again(workshop: Workshop, capture: Capture, more: bytes = b"") -> None:
    """Archive the same page with another visit's numbers, and perhaps something more in its text."""
    page = workshop.stores.archive.read(capture)
    headers = tuple(pair for pair in page.headers if pair[0].lower() != "content-encoding")
    markup = b"<!-- another visit -->" + body(page)
    if more:
        markup = re.sub(rb"(id=\"divArticleContent\"[^>]*>)", rb"\1<p>" + more + b"</p>", markup, count=1)
    later = capture.captured_at + timedelta(days=1)
    again = replace(page, payload=markup, headers=headers, captured_at=later)
    address = Addresses(workshop.profile).read(capture.url)
    workshop.stores.archive.append(again, address)


def versions(workshop: Workshop, capture: Capture) -> list[str]:
    assert capture.key is not None
    record = workshop.stores.record.article(capture.key)
    assert record is not None
    return [version.article.blocks[-1].text for version in record.versions]


def test_better_reading_is_no_version(workshop, capture):
    good = versions(workshop, capture)
    read_worse(workshop, [capture])
    assert versions(workshop, capture) == ["Chia sẻ bài viết"]
    answered_again(workshop, capture)
    update(workshop.stores, silent)
    assert versions(workshop, capture) == good


def test_a_change_is_a_version_and_so_is_only_the_change(workshop, capture):
    read_worse(workshop, [capture])
    answered_again(workshop, capture, more="Bổ sung: lịch họp đã đổi.".encode())
    update(workshop.stores, silent)
    assert len(versions(workshop, capture)) == 2
    assert "Chia sẻ bài viết" not in versions(workshop, capture)


def test_what_cannot_be_read_any_more_stays_as_it_was(workshop, capture):
    read_worse(workshop, [capture])
    answered_again(workshop, capture, more=b"...")
    folder = workshop.settings.data / "archive"
    (warc,) = [path for path in folder.rglob("*.gz") if path.name == capture.warc]
    with warc.open("r+b") as file:
        file.seek(capture.offset)
        file.write(b"damaged!")
    update(workshop.stores, silent)
    assert versions(workshop, capture)[0] == "Chia sẻ bài viết"
    assert len(versions(workshop, capture)) == 2
