"""The API's versions, captures, differences and citations: what the pages show, in parts, and nothing withheld."""

from datetime import timedelta
from typing import Any

import pytest

from crawler.archive.records import digest
from tests.webui.library import (
    FIRST_AT,
    RETURNED,
    SIZE,
    STYLE,
    archive,
    key_of,
    library,
    page_of,
    stamp_of,
    withhold,
)

PROBLEM = "application/problem+json"
KEY = key_of(0)
OLD, NEW = stamp_of(0), stamp_of(0, edited=True)
OF_ARTICLE = [
    "",
    "/related",
    "/versions",
    f"/versions/{OLD}",
    "/diff",
    "/captures",
    f"/captures/{OLD}",
    f"/captures/{OLD}/citations",
]


def ask(client, address: str):
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    return answer.json


def through(client, address: str, name: str) -> list[dict[str, Any]]:
    """A list read part by part, one entry at a time."""
    found, after = [], ""
    while True:
        answer = ask(client, f"{address}&size=1&after={after}")
        assert len(answer[name]) == 1
        found += answer[name]
        after = answer["next"]
        if not after:
            assert len(found) == answer["total"]
            return found


def test_versions_and_captures_come_in_parts_the_oldest_first(client, services):
    article = next(iter(library(SIZE))).article
    archive(services, article, furniture="<p>Lượt xem: 5</p>")  # the first text again, among other things
    versions = through(client, f"/articles/{KEY}/versions?", "versions")
    assert [version["first"]["stamp"] for version in versions][:2] == [OLD, NEW]
    captures = through(client, f"/articles/{KEY}/captures?", "captures")
    assert [capture["stamp"] for capture in captures][:2] == [OLD, NEW]
    assert [capture["captured_at"] for capture in captures] == sorted(one["captured_at"] for one in captures)
    assert len(captures) == sum(version["captures"] for version in versions) == 3
    for version in versions:
        of_it = ask(client, f"/articles/{KEY}/captures?version={version['number']}")
        assert of_it["captures"][0] == version["first"]
        assert of_it["total"] == version["captures"]


def test_a_version_is_the_article_as_it_was(client):
    before, after = (ask(client, f"/articles/{KEY}/versions/{stamp}") for stamp in (OLD, NEW))
    now = ask(client, f"/articles/{KEY}")
    assert after["moment"]["stamp"] == NEW
    assert {name: value for name, value in after.items() if name != "moment"} == now
    assert before["blocks"][-1] != now["blocks"][-1]
    assert before["blocks"][:-1] == now["blocks"][:-1]
    assert before["files"][0]["pages"] == 12
    assert client.get(before["moment"]["page"]).status_code == 200
    assert client.get(before["moment"]["copied"]).status_code == 200


def test_a_difference_tells_both_texts_by_words(client):
    told = ask(client, f"/articles/{KEY}/diff?a={NEW}&b={OLD}")
    assert (told["before"]["stamp"], told["after"]["stamp"]) == (OLD, NEW), "in the order of time"
    (changed,) = [block for block in told["blocks"] if block["change"] != "same"]
    texts = [
        "".join(run["text"] for run in changed["runs"] if run["change"] in ("kept", change))
        for change in ("removed", "added")
    ]
    blocks = [ask(client, f"/articles/{KEY}/versions/{stamp}")["blocks"][-1]["text"] for stamp in (OLD, NEW)]
    assert texts == blocks
    assert not told["same"]
    assert told["words_added"] > 0
    assert ask(client, f"/articles/{KEY}/diff") == told, "without stamps, the last two versions"
    short = ask(client, f"/articles/{KEY}/diff?context=changed")
    assert short == told | {"blocks": [changed]}
    same = ask(client, f"/articles/{KEY}/diff?a={NEW}&b={NEW}")
    assert same["same"]
    assert {block["change"] for block in same["blocks"]} == {"same"}


def test_a_capture_is_read_again_from_the_archive(client, services):
    told = ask(client, f"/articles/{KEY}/captures/{NEW}")
    assert (told["status"], told["media_type"], told["kind"], told["source"]) == (
        200,
        "text/html",
        "article",
        "crawl",
    )
    assert told["verdict"] == "match"
    assert told["computed"] == told["payload_digest"]
    assert told["articles"] == [str(KEY)]
    assert [client.get(page).status_code for page in told["pages"]] == [200, 200]
    capture = services.archive.captures(key=KEY)[-1]
    with services.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE captures SET payload_digest = ? WHERE id = ?", (told["payload_digest"][:-1] + "0", capture.id)
        )
    damaged = ask(client, f"/articles/{KEY}/captures/{NEW}")
    assert damaged["verdict"] == "mismatch"


def test_nothing_that_runs_is_given(client):
    """What archived pages say comes as text in JSON; their markup only through the inert copy."""
    for address in OF_ARTICLE:
        answer = client.get(f"/api/v1/articles/{KEY}{address}")
        assert answer.content_type == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in answer.text


@pytest.mark.parametrize(("days", "stamp"), [(-100, OLD), (200, OLD), (300, NEW), (4_000, NEW)])
def test_the_nearest_capture_of_an_address(client, days, stamp):
    at = (FIRST_AT + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = ask(client, f"/captures/nearest?url=http://www.mic.gov.vn/Pages/TinTuc/{KEY.id}/x.html&at={at}")
    assert told["stamp"] == stamp
    assert told["verdict"] == "match"


def test_the_nearest_capture_of_a_file_says_whose_it_is(client):
    told = ask(client, f"/captures/nearest?url=https://mic.gov.vn/Upload/{KEY.id}.pdf")
    assert (told["kind"], told["articles"]) == ("attachment", [str(KEY)])
    with client.get(told["pages"][0]) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert digest(answer.data) == told["payload_digest"]


@pytest.mark.parametrize("url", [STYLE, "https://mic.gov.vn/nothing", "https://elsewhere.example/a"])
def test_what_belongs_to_no_article_has_no_nearest_capture(client, url):
    answer = client.get("/api/v1/captures/nearest", query_string={"url": url})
    assert (answer.status_code, answer.json["field"]) == (404, "url")


def test_a_digest_leads_to_its_captures(client):
    whole = digest(page_of(next(iter(library(SIZE))).article).encode())
    for written in (whole, whole.removeprefix("sha256:").upper()):
        (told,) = ask(client, f"/digests/{written}")["captures"]
        assert told["stamp"] == OLD
        assert told["verdict"] == "match"
    assert ask(client, f"/digests/{'0' * 64}") == {"captures": []}


def test_citations_are_those_of_the_page(client):
    told = ask(client, f"/articles/{KEY}/captures/{OLD}/citations?lang=vi")
    assert [form["form"] for form in told["forms"]] == ["txt", "apa", "bib", "ris", "json"]
    for form in told["forms"]:
        assert client.get(form["file"]).text == form["text"]
    english = ask(client, f"/articles/{KEY}/captures/{OLD}/citations")
    assert "Archived on" in english["forms"][0]["text"]


def test_an_absence_makes_no_version(client):
    assert ask(client, f"/articles/{key_of(RETURNED)}/versions")["total"] == 1
    answer = client.get(f"/api/v1/articles/{key_of(RETURNED)}/diff")
    assert (answer.status_code, answer.json["title"]) == (404, "The article has one version only")


@pytest.mark.parametrize("address", OF_ARTICLE)
def test_what_is_withheld_is_in_no_answer(client, services, address):
    whole = ask(client, f"/articles/{KEY}/captures/{OLD}")
    withhold(services, KEY)
    answer = client.get(f"/api/v1/articles/{KEY}{address}")
    assert (answer.status_code, answer.content_type) == (451, PROBLEM)
    assert "Long An" not in answer.text
    assert client.get(f"/api/v1/captures/nearest?url={whole['url']}").status_code == 451
    assert client.get(f"/api/v1/captures/nearest?url=https://mic.gov.vn/Upload/{KEY.id}.pdf").status_code == 404
    assert ask(client, f"/digests/{whole['payload_digest']}") == {"captures": []}


@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("mic:1/versions", 404, "key"),
        ("nonsense/versions", 422, "key"),
        (f"{KEY}/versions/{OLD[:-1]}f", 404, "stamp"),
        (f"{KEY}/versions/1", 422, "stamp"),
        (f"{KEY}/versions?after=typo", 422, "after"),
        (f"{KEY}/versions?size=101", 422, "size"),
        (f"{KEY}/captures?version=0", 422, "version"),
        (f"{KEY}/captures/{OLD[:-1]}f", 404, "stamp"),
        (f"{KEY}/diff?a={OLD}", 422, "b"),
        (f"{KEY}/diff?b={OLD}", 422, "b"),
        (f"{KEY}/diff?a={OLD}&b={OLD[:-1]}f", 404, "b"),
        (f"{KEY}/captures/{OLD}/citations?lang=fr", 422, "lang"),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_named(client, address, status, field):
    answer = client.get(f"/api/v1/articles/{address}")
    assert (answer.status_code, answer.content_type, answer.json["field"]) == (status, PROBLEM, field)


@pytest.mark.parametrize(
    "query", ["url=ftp://mic.gov.vn/a", "url=https://mic.gov.vn/%00", "at=2019-01-01T00:00:00Z"]
)
def test_an_address_that_is_none_is_refused(client, query):
    answer = client.get(f"/api/v1/captures/nearest?{query}")
    assert (answer.status_code, answer.json["field"]) == (422, "url")


@pytest.mark.parametrize("at", ["yesterday", "2019", "2019-01-01", "2019-01-01T00:00:00", "0"])
def test_a_moment_needs_its_zone(client, at):
    answer = client.get(f"/api/v1/captures/nearest?url=https://mic.gov.vn/&at={at}")
    assert (answer.status_code, answer.json["field"]) == (422, "at")
