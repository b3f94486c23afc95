"""The record takes in what captures were read as: once each, in any order, with its cursor."""

from dataclasses import replace
from datetime import date

import pytest

from crawler.address import Key
from indexer.article import Attachment, AttachmentLink, PlaceMention, Rejected, Role, Where
from indexer.record import ReadCapture
from tests.indexer.record.ministry import FILE, KEY, LIST, PAGE, article, listed, listing


def test_an_article_comes_in_with_the_cursor(ministry):
    read = ministry.answer(PAGE, "a", article())
    assert ministry.take_in(read) == {str(KEY): True}
    assert ministry.record.cursor == read.capture.sequence
    assert ministry.record.count() == 1
    [document] = ministry.documents()
    assert (document.title, document.body, document.status) == ("Hội nghị", "Nội dung.", "current")


def test_the_same_batch_again_changes_nothing(ministry):
    batch = [
        ministry.answer(
            PAGE, "a", article(attachments=(AttachmentLink(address=FILE, url=FILE, name="38TT.PDF"),))
        ),
        ministry.answer(LIST, "b", listing(listed(8))),
        ministry.answer(FILE, "c", Attachment(address=FILE, url=FILE, type="pdf", text="thông tư")),
    ]
    ministry.take_in(*batch)
    before = ministry.record.last_sequence
    ministry.take_in(*batch)
    assert ministry.record.last_sequence == before
    assert len(ministry.documents()) == 1


def test_the_cursor_never_goes_back(ministry):
    first, second = ministry.answer(PAGE, "a", article()), ministry.answer(PAGE, "b", article("b"))
    ministry.take_in(second)
    ministry.take_in(first)
    assert ministry.record.cursor == second.capture.sequence


def test_an_unchanged_page_is_seen_later_and_indexed_no_sooner(ministry):
    read = ministry.answer(PAGE, "a", article())
    ministry.take_in(read)
    before = ministry.record.last_sequence
    again = ministry.unchanged(read)
    assert ministry.take_in(again) == {str(KEY): False}
    assert ministry.record.last_sequence == before
    assert ministry.record.article(KEY).last_at == again.capture.captured_at


def test_an_edit_makes_a_version_and_a_change(ministry):
    ministry.take_in(ministry.answer(PAGE, "a", article("a")))
    before = ministry.record.last_sequence
    assert ministry.take_in(ministry.answer(PAGE, "b", article("b"))) == {str(KEY): True}
    [document] = ministry.documents(before)
    assert (document.body, document.status, document.versions) == ("b", "changed", 2)


def test_an_older_capture_taken_in_later_takes_its_place(ministry):
    old, new = ministry.answer(PAGE, "a", article("cũ")), ministry.answer(PAGE, "b", article("mới"))
    ministry.take_in(new)
    ministry.take_in(old)
    record = ministry.record.article(KEY)
    assert [version.article.blocks[0].text for version in record.versions] == ["cũ", "mới"]
    assert record.article.blocks[0].text == "mới"


def test_an_edit_taken_back_is_a_version_though_its_bytes_are_in_the_archive_already(ministry):
    """The archive keeps the same bytes once: the third capture only refers to the first."""
    first = ministry.answer(PAGE, "a", article("a"))
    ministry.take_in(first, ministry.answer(PAGE, "b", article("b")))
    back = ministry.answer(PAGE, "a", article("a"))
    assert back.capture.revisit_of == first.capture.id
    assert ministry.take_in(back) == {str(KEY): True}
    confirmed = ministry.unchanged(back)
    ministry.take_in(confirmed)
    record = ministry.record.article(KEY)
    assert [version.article.blocks[0].text for version in record.versions] == ["a", "b", "a"]
    assert record.versions[-1].last_seen_at == confirmed.capture.captured_at
    assert record.versions[0].last_seen_at < record.versions[1].captured_at


def test_what_was_seen_unchanged_after_an_edit_that_is_imported_later_was_taken_back(ministry):
    first = ministry.answer(PAGE, "a", article("a"))
    edited = ministry.answer(PAGE, "b", article("b"))
    ministry.take_in(first, ministry.unchanged(first))
    ministry.take_in(edited)
    record = ministry.record.article(KEY)
    assert [version.article.blocks[0].text for version in record.versions] == ["a", "b", "a"]


def test_what_a_list_says_joins_the_article_whichever_comes_first(ministry):
    assert ministry.take_in(ministry.answer(LIST, "l", listing(listed(8)))) == {}
    ministry.take_in(ministry.answer(PAGE, "a", article()))
    [document] = ministry.documents()
    assert (document.category, document.published) == ("Viễn thông", date(2009, 1, 8))
    assert ministry.record.keys("Viễn thông") == [KEY]


def test_a_list_that_says_the_same_again_adds_nothing(ministry):
    ministry.take_in(ministry.answer(PAGE, "a", article()))
    ministry.take_in(ministry.answer(LIST, "1", listing(listed(8))))
    assert ministry.take_in(ministry.answer(LIST, "2", listing(listed(8)))) == {}


def test_a_files_text_is_its_articles(ministry):
    offering = article(attachments=(AttachmentLink(address=FILE, url=FILE, name="38TT.PDF"),))
    ministry.take_in(ministry.answer(PAGE, "a", offering))
    file = Attachment(address=FILE, url=FILE, type="pdf", text="Thông tư số 38", pages=4)
    ministry.take_in(ministry.answer(FILE, "f", file))
    *_, document = ministry.documents()
    assert (document.attachments, document.attachment_names) == ("Thông tư số 38", ("38TT.PDF",))
    assert ministry.record.article(KEY).files == (file,)


def test_only_what_an_article_is_about_becomes_a_facet(ministry):
    def place(name: str, role: Role) -> PlaceMention:
        where = Where(part="body", start=0, end=len(name))
        return PlaceMention(written=name, then=(name,), today=(name,), role=role, where=where)

    places = (place("Long An", "subject"), place("Cà Mau", "issuer"), place("Hà Nội", "venue"))
    ministry.take_in(ministry.answer(PAGE, "a", article(places=(*places, place("Huế", "mentioned")))))
    [document] = ministry.documents()
    assert document.provinces_then == ("Long An", "Cà Mau")


def test_reading_again_replaces_what_was_said_before(ministry):
    read = ministry.answer(PAGE, "a", article("Chia sẻ Nội dung."))
    ministry.take_in(read)
    cursor = ministry.record.cursor
    better = ministry.read(read.capture, article("Nội dung."))
    ministry.record.apply([better], None)
    assert ministry.record.cursor == cursor
    *_, document = ministry.documents()
    assert (document.body, document.versions) == ("Nội dung.", 1)


def test_what_is_no_article_any_more_is_removed_from_the_index(ministry):
    read = ministry.answer(PAGE, "a", article())
    ministry.take_in(read)
    before = ministry.record.last_sequence
    ministry.take_in(ministry.read(read.capture, Rejected(url=PAGE, reason="soft 404")))
    assert ministry.documents(before) == [None]
    assert ministry.record.count() == 0
    assert ministry.record.article(KEY) is None
    assert ministry.record.rejected() == {"soft 404": 1}


def test_changes_come_in_batches_that_end_where_they_say(ministry):
    keys = [Key(family="mic", id=str(number)) for number in range(101, 106)]
    batch = [
        ministry.answer(f"https://mic.gov.vn/Pages/TinTuc/{key.id}/x.html", key.id, article(key=key))
        for key in keys
    ]
    ministry.take_in(*batch)
    found = list(ministry.record.changes(0, limit=2))
    assert [len(changes) for changes, _ in found] == [2, 2, 1]
    assert found[-1][1] == ministry.record.last_sequence
    assert all(changes[-1].sequence == end for changes, end in found)


def test_a_batch_of_changes_ends_early_where_there_is_much_text(ministry, monkeypatch):
    said = [
        ministry.answer(
            f"https://mic.gov.vn/Pages/TinTuc/{number}/x.html",
            str(number),
            article("a" * length, key=Key(family="mic", id=str(number))),
        )
        for number, length in ((301, 1), (302, 4_000), (303, 1), (304, 1))
    ]
    ministry.take_in(*said)
    monkeypatch.setattr("indexer.record.BATCH_TEXT", 4_000)
    found = list(ministry.record.changes(0))
    assert [len(changes) for changes, _ in found] == [2, 2], "a long one ends its batch, however few came before"
    assert all(changes[-1].sequence == end for changes, end in found)


def test_a_batch_that_fails_leaves_nothing_behind(ministry):
    read = ministry.answer(PAGE, "a", article())
    broken = ReadCapture(capture=replace(read.capture, id=10**6), copy="mic", reading=article("b"))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        ministry.take_in(read, broken)
    assert (ministry.record.cursor, ministry.record.count()) == (0, 0)


def test_every_way_to_an_article_leads_to_one_record_of_it(ministry):
    ways = (
        "https://mic.gov.vn/Pages/TinTuc/106353/x.html",
        "https://mic.gov.vn/mic_2020/Pages/TinTuc/106353/x.html",
        "https://mic.gov.vn/pages/tintuc/printpage.aspx?tintucID=106353",
        "https://mst.gov.vn/x-197106353.htm",
    )
    reads = [ministry.answer(way, way, article(url=way)) for way in ways]
    assert {str(read.capture.key) for read in reads} == {str(KEY)}
    ministry.take_in(*reads)
    assert ministry.record.count() == 1
    record = ministry.record.article(KEY)
    assert sorted(copy.url for copy in record.copies) == sorted(ways)
    assert [copy.kind for copy in record.copies if copy.leads] == ["article"]
    assert len(record.versions) == 1
