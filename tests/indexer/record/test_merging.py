"""What several pages, lists and files say of one article becomes one article, whatever the order of import."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.address import Key
from indexer.article import (
    EMPTY,
    WEB_PAGE,
    Article,
    Attachment,
    AttachmentLink,
    Block,
    HowDated,
    Listed,
    Published,
)
from indexer.record.documents import document
from indexer.record.meaning import meaning
from indexer.record.merging import merge
from indexer.record.saying import FileSaid, ListSaid, PageKind, PageSaid, Sighting, proper

KEY = Key(family="mic", id="106353")
START = datetime(2009, 1, 15, 3, 0, tzinfo=UTC)
FILE = "https://mic.gov.vn/Upload/38TT.PDF"


def article(text: str = "Nội dung.", **values: object) -> Article:
    made = Article(
        key=KEY,
        url="https://mic.gov.vn/Pages/TinTuc/106353/",
        template="mic_2020",
        language="vi",
        title="Hội nghị",
        blocks=(Block(text=text),),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def page(day: int, said: Article, *, kind: PageKind = "article", copy: str = "mic") -> PageSaid:
    return PageSaid(
        capture=day + 1,
        captured_at=START + timedelta(days=day),
        kind=kind,
        copy=copy,
        url=f"https://{copy}.gov.vn/{kind}",
        payload_digest=f"sha256:{day}",
        article=said,
    )


def seen(day: int, said: PageSaid) -> Sighting:
    return Sighting(at=START + timedelta(days=day), page=said)


def file(day: int, digest: str) -> FileSaid:
    return FileSaid(
        captured_at=START + timedelta(days=day),
        payload_digest=digest,
        attachment=Attachment(address=FILE, url=FILE, type="pdf", text=f"bản {digest}"),
    )


def listed(source: Literal["list", "feed"] = "list", **values: object) -> ListSaid:
    said = replace(Listed(key=KEY, url="x"), **values)  # type: ignore[arg-type]
    return ListSaid(source=source, listed=said)


def dated(day: int, how: HowDated = "stated", **values: object) -> Published:
    return replace(Published(day=date(2009, 1, day), how=how), **values)  # type: ignore[arg-type]


def test_lists_alone_make_no_article():
    assert merge([], [listed(title="Hội nghị")], {}) is None


def test_the_same_text_again_is_no_new_version():
    record = merge([page(0, article()), page(5, article())], [], {})
    assert record is not None
    assert [(version.number, version.last_seen_at.day) for version in record.versions] == [(1, 20)]
    assert record.status == "current"


def test_white_space_and_composition_are_no_change_of_meaning():
    assert meaning(article("Hội nghị  triển khai")) == meaning(article("Hội nghị\n triển khai"))
    assert meaning(article("Hội nghị")) == meaning(article("Ho\u0302\u0323i nghi\u0323"))
    assert meaning(article("Hội nghị")) != meaning(article("hội nghị"))


def test_an_edit_is_a_new_version_and_an_edit_taken_back_another():
    record = merge([page(0, article("a")), page(1, article("b")), page(2, article("a"))], [], {})
    assert record is not None
    assert [version.article.blocks[0].text for version in record.versions] == ["a", "b", "a"]
    assert record.status == "changed"


def test_a_page_seen_again_after_an_edit_says_that_it_was_taken_back():
    first, edited = page(0, article("a")), page(5, article("b"))
    record = merge([first, edited], [], {}, [seen(day, first) for day in (1, 4, 7, 9)])
    assert record is not None
    assert [
        (version.article.blocks[0].text, version.captured_at.day, version.last_seen_at.day)
        for version in record.versions
    ] == [("a", 15, 19), ("b", 20, 20), ("a", 22, 24)]
    assert record.article.blocks[0].text == "a"
    assert record.last_at == START + timedelta(days=9)
    assert [(copy.captures, copy.last_at.day) for copy in record.copies] == [(2, 24)]


def test_copies_that_always_differed_do_not_take_turns():
    said = [
        page(0, article("a")),
        page(1, article("a, bản chép"), copy="mst"),
        page(2, article("a")),
        page(3, article("a, bản chép"), copy="mst"),
    ]
    record = merge(said, [], {})
    assert record is not None
    assert [version.article.blocks[0].text for version in record.versions] == ["a", "a, bản chép"]


def test_a_print_view_speaks_only_where_nothing_else_was_captured():
    alone = merge([page(0, article("in"), kind="print")], [], {})
    both = merge([page(0, article("bài")), page(1, article("in", published=dated(3)), kind="print")], [], {})
    assert alone is not None
    assert both is not None
    assert alone.article.blocks[0].text == "in"
    assert both.article.blocks[0].text == "bài"
    assert both.article.published == dated(3)


def test_dates_are_believed_in_their_order():
    lists = [listed("feed", published=dated(9, "listed"))]
    text = [page(0, article(published=dated(7, "text")))]
    feed = merge(text, lists, {})
    in_list = merge(text, [*lists, listed(published=dated(8))], {})
    stated = merge([*text, page(1, article(published=dated(6)))], lists, {})
    assert feed is not None
    assert in_list is not None
    assert stated is not None
    assert [record.article.published for record in (feed, in_list, stated)] == [
        dated(9, "feed"),
        dated(8, "listed"),
        dated(6, "stated", sure=False),  # the feed says three days later
    ]
    assert [(date.day.day, date.how) for date in stated.dates] == [
        (6, "stated"),
        (9, "feed"),
        (7, "text"),
    ]


@pytest.mark.parametrize(
    ("day", "how", "sure"),
    [(10, "listed", True), (11, "listed", False), (20, "feed", False), (20, "address", False), (20, "text", True)],
)
def test_what_states_another_day_leaves_doubt_and_what_tells_of_one_does_not(day: int, how: HowDated, sure: bool):
    own = [page(0, article(published=dated(8)))]
    if how in ("listed", "feed"):
        record = merge(own, [listed("feed" if how == "feed" else "list", published=dated(day))], {})
    else:
        record = merge([*own, page(1, article(published=dated(day, how)))], [], {})
    assert record is not None
    assert record.article.published == dated(8, sure=sure)
    assert [one.day.day for one in record.dates] == [8, day]


def test_an_article_without_a_date_was_published_before_it_was_captured_or_listed():
    alone = merge([page(3, article())], [], {})
    assert alone is not None
    assert (alone.article.published, alone.dates, alone.not_after) == (None, (), date(2009, 1, 18))
    assert (document(alone).published, document(alone).published_how) == (None, "archive")
    earlier = replace(listed(), captured_at=datetime(2008, 12, 31, 17, 30, tzinfo=UTC))
    named = merge([page(3, article())], [earlier, listed()], {})
    assert named is not None
    assert named.not_after == date(2009, 1, 1)  # it was past midnight in Vietnam


def test_sources_of_one_kind_that_disagree_leave_doubt():
    lists = [listed(published=dated(day, "listed")) for day in (8, 8, 9)]
    record = merge([page(0, article())], lists, {})
    assert record is not None
    assert record.article.published == dated(8, "listed", sure=False)


def test_the_hour_is_kept_from_the_source_that_knows_it():
    said = [page(0, article(published=dated(8))), page(1, article(published=dated(8, hour=time(8, 54))))]
    record = merge(said, [], {})
    assert record is not None
    assert record.article.published == dated(8, hour=time(8, 54))


def test_a_list_lends_its_category():
    record = merge([page(0, article())], [listed(category="Viễn thông")], {})
    assert record is not None
    assert record.article.category == "Viễn thông"


def test_a_file_captured_later_is_no_new_version_but_a_replaced_one_is():
    offering = article(attachments=(AttachmentLink(address=FILE, url=FILE, name="38TT.PDF"),))
    said = page(0, offering)
    once = merge([said], [], {FILE: [file(1, "one")]}, [seen(9, said)])
    twice = merge([said], [], {FILE: [file(1, "one"), file(4, "two")]}, [seen(9, said)])
    assert once is not None
    assert twice is not None
    assert len(once.versions) == 1
    assert [(version.captured_at.day, version.last_seen_at.day) for version in twice.versions] == [
        (15, 16),
        (19, 24),
    ]
    assert twice.files[0].text == "bản two"


def test_an_error_page_in_a_files_place_or_half_of_it_is_no_new_file():
    good = file(1, "one")
    error = replace(file(2, "two"), attachment=Attachment(address=FILE, url=FILE, type="other", problem=WEB_PAGE))
    half = replace(file(3, "three"), whole=False)
    assert proper([good, error, half]) == [good]
    assert proper([error]) == [error]
    nothing = replace(file(4, "four"), attachment=replace(error.attachment, problem=EMPTY))
    assert proper([nothing, error]) == [nothing]
    assert proper([error, half]) == [half]


pages = st.lists(
    st.builds(
        page,
        st.integers(0, 12),
        st.builds(article, st.sampled_from("abc")),
        kind=st.sampled_from(["article", "print"]),
        copy=st.sampled_from(["mic", "mst"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda said: said.capture,
)


@given(pages, st.randoms())
def test_the_order_of_import_never_matters(said, random):
    shuffled = list(said)
    random.shuffle(shuffled)
    lists = [listed(published=dated(day, "listed")) for day in (3, 4, 4, 3)]
    again = [seen(one.capture + days, one) for one in said for days in (1, 4)]
    mixed, sighted = list(lists), list(again)
    random.shuffle(mixed)
    random.shuffle(sighted)
    assert merge(said, lists, {}, again) == merge(shuffled, mixed, {}, sighted)


@given(pages)
def test_neighbouring_versions_differ_and_do_not_overlap(said):
    record = merge(said, [], {})
    assert record is not None
    for earlier, later in zip(record.versions, record.versions[1:], strict=False):
        assert earlier.meaning_digest != later.meaning_digest
        assert earlier.captured_at < later.captured_at
        assert earlier.last_seen_at <= later.captured_at


def test_copies_tell_what_they_are_where_from_and_which_of_them_is_shown():
    said = [
        page(0, article("in"), kind="print"),
        replace(page(1, article()), source="CC-MAIN-2013.warc.gz", url="https://mic.gov.vn/mic_2020/x"),
        replace(page(2, article()), url="https://mic.gov.vn/mic_2020/x"),
        page(3, article(), copy="mst"),
        replace(page(4, article("nửa")), url="https://www.mic.gov.vn/x", whole=False),
    ]
    record = merge(said, [], {})
    assert record is not None
    assert [(copy.url, copy.kind, copy.sources, copy.captures, copy.leads) for copy in record.copies] == [
        ("https://mic.gov.vn/mic_2020/x", "article", ("CC-MAIN-2013.warc.gz", "crawl"), 2, True),
        ("https://mst.gov.vn/article", "article", ("crawl",), 1, False),
        ("https://www.mic.gov.vn/x", "article", ("crawl",), 1, False),
        ("https://mic.gov.vn/print", "print", ("crawl",), 1, False),
    ]
    assert record.article.blocks[0].text == "Nội dung."


def test_captures_of_one_moment_are_ordered_by_what_they_are_not_by_when_they_were_imported():
    one = replace(page(0, article("a")), url="https://mic.gov.vn/a")
    other = replace(page(0, article("b")), url="https://mic.gov.vn/b")
    texts = []
    for numbers in ((1, 2), (2, 1)):
        pages = [replace(said, capture=number) for said, number in zip((one, other), numbers, strict=True)]
        record = merge(pages, [], {})
        assert record is not None
        texts.append([version.article.blocks[0].text for version in record.versions])
    assert texts[0] == texts[1] == ["a", "b"]
