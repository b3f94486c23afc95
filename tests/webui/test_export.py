"""Whole results as files: every article, said in full, harmless in a spreadsheet, and told what they are."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from bs4 import BeautifulSoup

from crawler.address import Key
from indexer.query.request import SearchRequest
from tests.webui.library import withhold
from webui.export.asked import file_name
from webui.export.columns import COLUMNS, USUAL
from webui.export.sending import AT_ONCE
from webui.export.writing import FORMS, ROWS

ABOUT = [("Query", "a"), ("Articles", "2")]


def written(ending, rows, columns=("title", "numbers")) -> bytes:
    return b"".join(FORMS[ending].write(ABOUT, columns, rows))


def saved(client, address: str) -> bytes:
    """A file as a browser saves it: a connection left open keeps others waiting."""
    with client.get(address) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def rows_of(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return [row for row in csv.reader(io.StringIO(text, newline="")) if not row[0].startswith("# ")]


@pytest.mark.parametrize(
    "address", ["q=thông+tin", "q=thông+tin&then=Long+An", "", "q=qqqq", "sort=oldest&page=3"]
)
def test_every_form_holds_the_whole_result_in_its_order(client, services, address):
    whole = [str(hit.key) for hit in services.index.scan(_request(client, address))]
    head, *table = rows_of(saved(client, f"/export/csv?{address}"))
    assert head == list(USUAL)
    assert [row[0] for row in table] == whole
    about, *lines = map(json.loads, saved(client, f"/export/jsonl?{address}").decode().splitlines())
    assert [line["key"] for line in lines] == whole
    assert about["about"]["Số bài"] == str(len(whole))
    book = openpyxl.load_workbook(io.BytesIO(saved(client, f"/export/xlsx?{address}")))
    assert [row[0] for row in book["mic"].iter_rows(min_row=2, values_only=True)] == whole


def _request(client, address):
    found = client.get(f"/api/v1/search?{address}").json
    assert found["total"] >= 0
    values = dict(pair.split("=") for pair in address.split("&") if pair)
    asked = SearchRequest(query=values.get("q", "").replace("+", " "))
    if "then" in values:
        asked = replace(asked, filters=(("then", (values["then"].replace("+", " "),)),))
    return replace(asked, sort="oldest") if "sort" in values else asked


def test_a_file_says_what_it_is_of(client):
    with client.get("/export/csv?q=thông+tin&then=Long+An&from=2007") as answer:
        data, headers = answer.data, answer.headers
    assert data.startswith(b"\xef\xbb\xbf")
    about = [line for line in data.decode("utf-8-sig").splitlines() if line.startswith(("#", '"#'))]
    told = "\n".join(about)
    for said in ("thông tin", "Long An", "2007", "Số bài", "then=Long+An"):
        assert said in told
    assert headers["Content-Disposition"].startswith('attachment; filename="mic-thong-tin-')
    english = saved(client, "/export/jsonl?q=a&lang=en").decode().splitlines()[0]
    assert {"Query", "Articles", "Made"} <= json.loads(english)["about"].keys()


def test_columns_are_chosen(client):
    head, first, *_ = rows_of(saved(client, "/export/csv?column=url&column=title&column=nonsense"))
    assert head == ["title", "url"]
    assert first[1].startswith("https://mic.gov.vn/")
    every = "&".join(f"column={name}" for name in COLUMNS)
    assert rows_of(saved(client, f"/export/csv?{every}"))[0] == list(COLUMNS)


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "＝1", '=HYPERLINK("x")'],
)
def test_no_cell_is_a_formula(formula):
    head, row = rows_of(written("csv", [[formula, (formula,)]]))
    assert head == ["title", "numbers"]
    assert [cell[0] for cell in row] == ["'", "'"]
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", [[formula, (formula,)]])))
    cells = [cell for row in book["mic"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert json.loads(written("jsonl", [[formula, ()]]).splitlines()[1])["title"] == formula


@pytest.mark.parametrize(
    "text", ['a"b', "a;b,c", "a\nb", "\ud800", "\x00\x07", "\ufffe\uffff", "x" * 40_000, "😀", "</script>"]
)
def test_any_text_is_written_and_read_back(text):
    head, row = rows_of(written("csv", [[text, ()]]))
    assert len(row) == len(head)
    assert row[0] == text.encode("utf-8", "replace").decode()
    assert len(written("jsonl", [[text, ()]]).splitlines()) == 2
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", [[text, ()]])))
    assert book["mic"]["A2"].value


def test_files_come_piece_by_piece():
    asked = 0

    def rows():
        nonlocal asked
        while asked < 10 * ROWS:
            asked += 1
            yield ["a", ()]

    pieces = FORMS["csv"].write(ABOUT, ["title", "numbers"], rows())
    next(pieces)
    assert asked < 2 * ROWS


def test_what_is_withheld_is_in_no_file(client, services):
    key = rows_of(saved(client, "/export/csv"))[1][0]
    withhold(services, Key.parse(key))
    for ending in FORMS:
        assert key.encode() not in saved(client, f"/export/{ending}")


@pytest.mark.parametrize("query", ['a"\r\nSet-Cookie: x', "../../etc/passwd", "=1", "ă" * 500, "😀", ""])
def test_a_file_name_is_letters_and_digits(app, query):
    with app.test_request_context("/"):
        name = file_name(replace(SearchRequest(), query=query), "csv")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(name) < 90


def test_no_more_than_a_few_are_made_at_once(client):
    begun = [client.get("/export/csv") for _ in range(AT_ONCE)]
    assert client.get("/export/csv").status_code == 429
    for answer in reversed(begun):
        answer.close()
    with client.get("/export/csv") as answer:
        assert answer.status_code == 200


def test_a_kind_there_is_not_is_no_page(client):
    assert client.get("/export/doc").status_code == 404


def test_the_form_offers_columns_and_keeps_the_search(client):
    page = BeautifulSoup(client.get("/export?q=thông+tin&then=Long+An&page=2").data, "lxml")
    assert len(page.select("[name=column]")) == len(COLUMNS)
    assert [box["value"] for box in page.select("[name=column][checked]")] == list(USUAL)
    kept = {str(field["name"]): field["value"] for field in page.select("main form input[type=hidden]")}
    assert kept == {"q": "thông tin", "then": "Long An"}
    ways = [str(button["formaction"]) for button in page.select("button[formaction]")]
    assert ways == [f"/export/{ending}" for ending in FORMS]
    results = BeautifulSoup(client.get("/search?q=thông+tin&then=Long+An").data, "lxml")
    assert results.select('a[href^="/export?q="]')
    assert not BeautifulSoup(client.get("/export?q=qqqq").data, "lxml").select("main form")
