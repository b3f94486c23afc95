"""Editors correct and withhold articles; whoever reads is told; what is withheld is shown nowhere."""

import json
import re
from html import unescape

import pytest
import sqlalchemy as sa

from indexer.tables import corrections
from tests.webui.conftest import post
from tests.webui.library import key_of
from webui.accounts.audit import AuditLog

KEY = key_of(0)
PAGE, FORM = f"/article/{KEY}", f"/article/{KEY}/correct"
DAY = {"field": "date", "day": "2009-01-16", "expected": "", "reason": "Theo bản giấy lưu ở Sở."}
WITHHELD = {"field": "withheld", "expected": "", "reason": "Theo yêu cầu của người trong bài."}


def send(client, **fields: object):
    return post(client, FORM, fields, page=FORM)


def ledger(services) -> list[tuple[object, ...]]:
    rows = sa.select(corrections.c.who, corrections.c.field, corrections.c.value, corrections.c.reason)
    with services.database.reading() as connection:
        return [tuple(row) for row in connection.execute(rows.order_by(corrections.c.id))]


def test_an_editor_corrects_a_date_and_readers_are_told(editor, client, services):
    answer = send(editor, **DAY)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = unescape(client.get(PAGE).text)
    assert "Đã sửa bởi biên tập:" in page
    assert "ngày đăng: 16/01/2009 (trang ghi: 15/01/2009)." in " ".join(page.split())
    assert "Lý do: Theo bản giấy lưu ở Sở." in " ".join(page.split())
    assert '<time datetime="2009-01-16">16/01/2009</time> <span class="how">do biên tập sửa</span>' in page
    assert "minh" not in page[page.index("Đã sửa bởi") : page.index("</article>")], "who it was is for colleagues"
    assert "minh" in editor.get(PAGE).text
    assert ledger(services) == [("minh", "date", '"2009-01-16"', "Theo bản giấy lưu ở Sở.")]
    [deed, *_] = AuditLog(services.database, services.clock).recent()
    assert (deed.who, deed.action) == ("minh", "corrected")
    assert deed.subject == f"{KEY}: date: Theo bản giấy lưu ở Sở."


def test_provinces_and_category_are_corrected_and_taken_back(admin, client, services):
    send(admin, field="category", category="An toàn thông tin", expected="", reason="x")
    send(
        admin,
        field="provinces",
        then=["Bình Dương", "Thừa Thiên Huế"],
        today=["Đồng Nai"],
        expected="",
        reason="y",
    )
    record = services.record.article(KEY)
    assert record.article.category == "An toàn thông tin"
    told = client.get(f"/api/v1/articles/{KEY}").json
    about = [place for place in told["places"] if place["role"] == "subject"]
    assert [place["then"] for place in about] == [["Bình Dương"], ["Thừa Thiên Huế"], []]
    assert [place["today"] for place in about] == [["Thành phố Hồ Chí Minh"], ["Huế"], ["Đồng Nai"]]
    assert [(one["field"], one["reason"]) for one in told["corrections"]] == [
        ("category", "x"),
        ("provinces", "y"),
    ]
    ticked = re.findall(r'name="(then|today)" value="([^"]+)" checked', unescape(admin.get(FORM).text))
    assert ticked == [("then", "Bình Dương"), ("then", "Thừa Thiên Huế"), ("today", "Đồng Nai")]
    number = services.record.corrections(KEY)[0].id
    send(admin, field="provinces", back="1", expected=str(number), reason="Nhầm.")
    assert [one.field for one in services.record.article(KEY).corrections] == ["category"]
    assert "rút lại: theo điều các trang ghi" in admin.get("/corrections").text
    assert "chuyên mục" in admin.get(FORM).text


@pytest.mark.parametrize(
    "wrong",
    [
        DAY | {"reason": "  "},
        DAY | {"reason": "x" * 1001},
        DAY | {"day": "nonsense"},
        DAY | {"day": "0009-01-01"},
        DAY | {"field": "title"},
        DAY | {"field": "provinces", "then": "Atlantis"},
        DAY | {"field": "category", "category": " "},
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(editor, services, wrong):
    answer = send(editor, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert ledger(services) == []


def test_two_who_correct_at_once_are_told(editor, admin, services):
    send(editor, **DAY)
    answer = send(admin, **DAY | {"day": "2009-01-17"})
    assert answer.status_code == 409
    assert "Đã có người sửa chỗ này" in answer.text
    assert len(ledger(services)) == 1


def test_only_people_with_accounts_correct_anything(client, editor, services):
    for address in (FORM, "/corrections"):
        assert client.get(address).status_code == 403
        assert editor.get(address).status_code == 200
        assert editor.get(address).headers["Cache-Control"] == "no-store"
    (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/account/login").text)
    assert client.post(FORM, data=DAY | {"csrf_token": token}).status_code == 403
    assert editor.post(FORM, data=DAY).status_code == 400, "without the token of a form"
    assert ledger(services) == []
    assert "Sửa hoặc ngừng hiển thị" not in client.get(PAGE).text
    assert FORM in editor.get(PAGE).text


def test_unknown_articles_have_no_form(editor):
    for address in ("/article/mic:1/correct", "/article/nonsense/correct"):
        assert editor.get(address).status_code == 404


def test_a_withheld_article_says_so_and_nothing_of_what_it_said(editor, client, services):
    title = services.record.article(KEY).article.title
    before = services.record.count()
    send(editor, **WITHHELD)
    for visitor in (client, editor):
        answer = visitor.get(PAGE)
        assert answer.status_code == 451
        assert "Bài này đã ngừng hiển thị" in answer.text
        assert title not in unescape(answer.text)
        assert "noindex" in answer.text
    assert "Theo yêu cầu của người" not in client.get(PAGE).text
    assert "Theo yêu cầu của người" in editor.get(PAGE).text
    answer = client.get(f"/api/v1/articles/{KEY}")
    assert (answer.status_code, answer.content_type) == (451, "application/problem+json")
    assert title not in json.dumps(answer.json, ensure_ascii=False)
    assert title not in unescape(editor.get(FORM).text)
    assert services.record.count() == before - 1


def test_it_is_held_back_from_an_index_that_still_has_it(editor, client, services):
    """The test's index is never written: so is one whose engine is down, or that was put back."""
    title = services.record.article(KEY).article.title

    def shown() -> list[str]:
        addresses = ("/search?q=long+an", "/", "/api/v1/search?q=long+an&size=100", "/api/v1/suggest?q=long an h")
        return [address for address in addresses if title in unescape(client.get(address).get_data(as_text=True))]

    assert len(shown()) >= 2
    send(editor, **WITHHELD)
    assert shown() == []


def test_it_is_released_by_another_line(editor, client, services):
    send(editor, **WITHHELD)
    number = services.record.corrections(KEY)[0].id
    assert send(editor, field="withheld", back="1", expected=str(number), reason="Rút lại.").status_code == 302
    assert client.get(PAGE).status_code == 200
    assert [(row[1], row[2]) for row in ledger(services)] == [("withheld", "true"), ("withheld", "")]


def test_an_editor_begins_where_corrections_are_listed_an_administrator_in_the_administration(admin, editor):
    assert editor.get("/account/start").headers["Location"] == "/corrections"
    assert admin.get("/account/start").headers["Location"] == "/admin/"
