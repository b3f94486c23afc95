"""What people correct is kept, shown, replayed and honoured; what is withheld is nowhere to be found."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from crawler.address import Key
from indexer.article import PlaceMention, Role, Where
from indexer.record import CorrectionError, Provinces
from indexer.tables import TABLES, articles, corrections, cursors
from tests.indexer.record.ministry import KEY, LIST, PAGE, article, dated, listed, listing

pytestmark = pytest.mark.usefixtures("told")


def place(name: str, role: Role = "subject", today: str = "") -> PlaceMention:
    where = Where(part="title", start=0, end=len(name))
    return PlaceMention(written=name, then=(name,), today=(today or name,), role=role, where=where)


@pytest.fixture
def told(ministry):
    """An article that says when, where and under what, and a list that says otherwise."""
    said = article(published=dated(7), category="Bưu chính", places=(place("Huế"), place("Hà Nội", "venue")))
    reads = [ministry.answer(PAGE, "a", said), ministry.answer(LIST, "l", listing(listed(8)))]
    ministry.take_in(*reads)
    return reads


def document(ministry):
    return ministry.shown().get(str(KEY))


def test_a_correction_counts_and_says_so(ministry):
    ministry.correct("date", date(2009, 1, 15))
    ministry.correct("category", "Viễn thông")
    ministry.correct("provinces", Provinces((("Long An", "Tây Ninh"), ("", "Đồng Nai"))))
    found = document(ministry)
    assert (found.published, found.published_how) == (date(2009, 1, 15), "corrected")
    assert found.category == "Viễn thông"
    assert (found.provinces_then, found.provinces_today) == (("Long An",), ("Tây Ninh", "Đồng Nai"))
    assert ministry.record.keys("Viễn thông") == [KEY]
    record = ministry.record.article(KEY)
    assert [(one.field, one.who, one.reason) for one in record.corrections] == [
        (field, "minh", "Theo bản giấy.") for field in ("date", "category", "provinces")
    ]
    assert record.read.published == dated(7)
    assert [(mention.written, mention.role) for mention in record.article.places][:2] == [
        ("Huế", "mentioned"),
        ("Hà Nội", "venue"),
    ]


def test_what_is_right_already_keeps_the_words_that_say_so(ministry):
    ministry.correct("provinces", Provinces((("Huế", "Huế"),)))
    assert ministry.record.article(KEY).article.places[0] == place("Huế")


def test_a_date_can_be_corrected_to_none_at_all(ministry):
    ministry.correct("date", None)
    assert (document(ministry).published, document(ministry).published_how) == (None, "archive")


def test_a_correction_taken_back_leaves_what_the_pages_say_and_stays_in_the_ledger(ministry):
    ministry.correct("date", date(2009, 1, 15))
    ministry.correct("date", back=True, reason="Nhầm bài.")
    assert document(ministry).published == date(2009, 1, 7)
    assert ministry.record.article(KEY).corrections == ()
    ledger = ministry.record.corrections(KEY)
    assert [(one.taken_back, one.reason) for one in ledger] == [(True, "Nhầm bài."), (False, "Theo bản giấy.")]
    assert ledger[0].supersedes == ledger[1].id


def test_the_last_correction_counts_and_no_row_is_ever_changed(ministry):
    ministry.correct("category", "Viễn thông")
    with ministry.database.reading() as connection:
        before = connection.execute(sa.select(corrections)).all()
    ministry.correct("category", "An toàn thông tin", who="lan")
    assert document(ministry).category == "An toàn thông tin"
    with ministry.database.reading() as connection:
        assert connection.execute(sa.select(corrections).order_by(corrections.c.id)).all()[:1] == before


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 1001])
def test_a_correction_has_a_reason(ministry, reason):
    with pytest.raises(CorrectionError, match="reason"):
        ministry.correct("category", "Viễn thông", reason=reason)
    assert ministry.record.corrections() == []


def test_who_decided_before_somebody_else_did_is_told(ministry):
    ministry.correct("category", "Viễn thông")
    stale = replace(ministry.record.corrections()[0], value="Bưu chính")
    with pytest.raises(CorrectionError, match="meanwhile"):
        ministry.record.correct(stale, expected=None)
    assert document(ministry).category == "Viễn thông"


def test_what_is_no_article_cannot_be_corrected(ministry):
    with pytest.raises(CorrectionError, match="no article"):
        ministry.correct("category", "Viễn thông", key=Key(family="mic", id="1"))


def test_corrections_survive_whatever_is_read_again(ministry, told):
    ministry.correct("date", date(2009, 1, 15))
    better = replace(told[0], reading=article("Nội dung khác.", published=dated(3)))
    ministry.record.apply([better], None)
    assert (document(ministry).body, document(ministry).published) == ("Nội dung khác.", date(2009, 1, 15))


def test_corrections_survive_the_record_made_from_nothing(ministry, told):
    ministry.correct("date", date(2009, 1, 15))
    ministry.correct("category", "Viễn thông")
    expected, record = document(ministry), ministry.record.article(KEY)
    forget_all(ministry)
    assert ministry.shown() == {}
    ministry.take_in(*told)
    assert document(ministry) == expected
    assert ministry.record.article(KEY) == record


def test_a_withheld_article_is_nowhere(ministry):
    other = Key(family="mic", id="106354")
    ministry.take_in(ministry.answer(PAGE.replace("106353", "106354"), "b", article("Khác.", key=other)))
    before, sequence = ministry.record.count(), ministry.record.last_sequence
    ministry.correct("withheld", value=True, reason="Theo yêu cầu của người trong bài.")
    assert ministry.documents(sequence) == [None]
    assert ministry.record.count() == before - 1 == len(ministry.shown())
    assert ministry.record.article(KEY) is None
    assert ministry.record.keys("Bưu chính") == []
    withheld = ministry.record.withheld([KEY, other])
    assert {key: one.reason for key, one in withheld.items()} == {KEY: "Theo yêu cầu của người trong bài."}
    with ministry.database.reading() as connection:
        row = connection.execute(sa.select(articles).where(articles.c.key == str(KEY))).one()
    assert (row.present, row.document, row.title, row.published) == (False, "", "", None)


def test_it_stays_withheld_whatever_comes_and_comes_back_when_it_is_released(ministry, told):
    ministry.correct("withheld", value=True)
    forget_all(ministry)
    ministry.take_in(*told)
    ministry.take_in(ministry.answer(PAGE, "b", article("Sửa lại.")))
    assert (ministry.shown(), ministry.record.count()) == ({}, 0)
    ministry.correct("withheld", back=True, reason="Yêu cầu được rút lại.")
    assert document(ministry).body == "Sửa lại."
    assert ministry.record.withheld([KEY]) == {}


def forget_all(ministry):
    with ministry.database.writing() as connection:
        for table in TABLES:
            if table not in (corrections, cursors):
                connection.execute(sa.delete(table))
        connection.execute(sa.update(cursors).values(value=0))
