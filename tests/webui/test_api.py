"""The API's search and articles: as the pages have them, strict about parameters, errors as problem+json."""

import io
import re
from datetime import date

import openpyxl
import pytest

from indexer.query.cursor import Position
from tests.webui.library import MISSING, SIZE, WITHDRAWN, key_of

PROBLEM = "application/problem+json"


def test_the_same_search_as_the_page(client):
    answer = client.get("/api/v1/search?q=chuyen+doi+so&then=Long+An").json
    page = client.get("/search?q=chuyen+doi+so&then=Long+An").text
    assert [hit["key"] for hit in answer["hits"]] == re.findall(r'<a href="/article/([^"?]+)', page)
    assert answer["total"] == 1
    assert answer["mode"] == "strict"
    (hit,) = answer["hits"]
    assert hit["published"] == "2009-01-15"
    assert (hit["published_how"], hit["published_sure"]) == ("text", False)
    assert hit["page"] == f"/article/{key_of(0)}"
    assert {"value": "Long An", "count": 1, "chosen": True} in answer["facets"]["then"]


def test_what_was_taken_down_says_since_when_and_how_that_is_known(client):
    (hit,) = client.get("/api/v1/search?status=withdrawn").json["hits"]
    assert (hit["key"], hit["status"]) == (str(key_of(WITHDRAWN)), "withdrawn")
    assert hit["withdrawn_at"] == "2019-04-11T03:04:00Z"
    article = client.get(f"/api/v1/articles/{hit['key']}").json
    assert (article["withdrawn_at"], article["last_at"]) == (hit["withdrawn_at"], hit["last_seen_at"])
    (standing,) = article["standings"]
    (absence,) = standing["absences"]
    assert absence == {
        "last_seen_at": hit["last_seen_at"],
        "since": hit["withdrawn_at"],
        "until": None,
        "confirmations": 3,
        "why": "404",
    }
    assert [copy["server"] for copy in article["copies"]] == [standing["server"]] == ["mic"]
    missing = client.get(f"/api/v1/articles/{key_of(MISSING)}").json
    assert (missing["status"], missing["withdrawn_at"]) == ("current", None)
    assert missing["missing_since"] == missing["standings"][0]["missing_since"] == "2019-04-11T03:04:00Z"


def test_marks_are_places_in_the_text(client):
    (first, *_) = client.get("/api/v1/search?q=lương+hưu").json["hits"]
    title = first["title"]
    assert {title["text"][start:end].lower() for start, end in title["marks"]} <= {"lương", "hưu", "lương hưu"}
    assert title["marks"]


def test_cursors_lead_through_everything(client):
    keys, after = [], ""
    while True:
        answer = client.get(f"/api/v1/search?size=25&sort=oldest&after={after}").json
        keys += [hit["key"] for hit in answer["hits"]]
        after = answer["next"]
        if not after:
            break
    assert len(keys) == len(set(keys)) == SIZE


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=501", "page"),
        ("size=101", "size"),
        ("size=ten", "size"),
        ("sort=price", "sort"),
        ("from=2009-02-31", "from"),
        ("from=15/1/2009", "from"),
        ("from=0", "from"),
        ("from=2010-01-01&to=2009-01-01", "to"),
        ("year=MMIX", "year"),
        ("year=2009&year=3000", "year"),
        ("then=Atlantis", "then"),
        ("today=Long+An", "today"),
        ("region=Atlantis", "region"),
        ("status=gone", "status"),
        ("dated=maybe", "dated"),
        ("language=Vietnamese", "language"),
        ("reprints=perhaps", "reprints"),
        ("category=", "category"),
        ("after=typo", "after"),
        (f"sort=oldest&after={Position(sort='newest', order='2009', rank=20).write()}", "after"),
        ("query=typo", "query"),
        (f"q={'a' * 1001}", "q"),
        (f"q={'a' * 10_000}", "q"),
    ],
)
def test_a_parameter_without_sense_is_named(client, query, field):
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 422
    assert answer.content_type == PROBLEM
    assert answer.json["field"] == field
    assert answer.json["status"] == 422
    assert answer.json["detail"]


def test_an_article_with_all_that_is_known_of_it(client):
    answer = client.get(f"/api/v1/articles/{key_of(0)}").json
    assert answer["title"].startswith("Long An: Hội nghị")
    assert answer["published"] == {"day": "2009-01-15", "hour": None, "how": "text", "sure": False}
    assert answer["dates"] == [answer["published"]]
    assert date.fromisoformat(answer["not_after"]) > date(2009, 1, 15)
    assert answer["files"][0]["recognised"] is False
    assert [version["number"] for version in answer["versions"]] == [1, 2]
    assert answer["files"][0]["pages"] == 12
    assert {
        "written": "Long An",
        "then": ["Long An"],
        "today": ["Tây Ninh"],
        "role": "subject",
        "regions": [],
    } in answer["places"]
    assert answer["blocks"][1] == {"kind": "heading", "text": "Kết quả của năm đầu tiên"}


@pytest.mark.parametrize(
    ("address", "status"),
    [("articles/mic:1", 404), ("articles/nonsense", 422), ("nothing", 404), ("articles/", 404)],
)
def test_what_is_not_there_is_a_problem(client, address, status):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)


def test_suggestions_lead_somewhere(client):
    lines = client.get("/api/v1/suggest?q=long").json["lines"]
    assert any("Long An" in line["text"] for line in lines)
    assert all(client.get(line["page"]).status_code == 200 for line in lines)


def test_nothing_is_taken_but_get(client):
    answer = client.post("/api/v1/search")
    assert (answer.status_code, answer.content_type) == (405, PROBLEM)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_facet_has_all_its_values_in_parts(client):
    whole = client.get("/api/v1/search?q=thông+tin").json["facets"]["then"]
    found, after = [], ""
    while True:
        answer = client.get(f"/api/v1/facets/then?q=thông+tin&size=3&after={after}").json
        found += answer["values"]
        after = answer["next"]
        if not after:
            break
    assert found == whole
    assert answer["total"] == len(whole) > 6


def test_a_facet_value_is_found_without_marks(client):
    answer = client.get("/api/v1/facets/then?find=ben+tre").json
    assert [value["value"] for value in answer["values"]] == ["Bến Tre"]
    assert client.get("/api/v1/facets/then?find=xyz").json == {
        "facet": "then",
        "total": 0,
        "next": "",
        "partial": False,
        "values": [],
    }


@pytest.mark.parametrize("address", ["facets/then?after=typo", "facets/then?size=0", "facets/then?then=Atlantis"])
def test_a_facet_refuses_what_makes_no_sense(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    assert client.get("/api/v1/facets/nonsense").json["field"] == "facet"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_is_the_file_of_the_page(client, form):
    """The same lines, but for the address, which is in no language."""
    asked = f"{form}?q=thông+tin&then=Long+An&column=title&column=key&sort=newest"
    with client.get(f"/api/v1/export/{asked}") as answer:
        mine, headers = answer.text, answer.headers
    with client.get(f"/export/{asked}&lang=en") as answer:
        its, wanted = answer.text, answer.headers
    assert mine == its.replace("lang=en&", "")
    assert mine.count("mic:1300") == 2
    for name in ("Content-Type", "Content-Disposition"):
        assert headers[name] == wanted[name]


def test_an_export_can_be_a_spreadsheet(client):
    with client.get("/api/v1/export/xlsx?q=thông+tin") as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["mic"].max_row == 1 + client.get("/api/v1/search?q=thông+tin").json["total"]


def test_an_export_speaks_vietnamese_where_it_is_asked_to_and_refuses_unknown_columns(client):
    with client.get("/api/v1/export/jsonl?q=thông+tin&lang=vi") as answer:
        assert "Số bài" in answer.text
        assert "Set-Cookie" not in answer.headers
    assert client.get("/api/v1/export/csv?column=nonsense").json["field"] == "column"
    assert client.get("/api/v1/export/pdf").json["field"] == "form"
    assert client.get("/api/v1/export/csv?page=2").json["field"] == "page"
