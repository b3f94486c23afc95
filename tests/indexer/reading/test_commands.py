"""`extract` and `tag` on the command line."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.__main__ import main
from tests.indexer.reading.pages import ARTICLE, sharepoint


def run(*arguments: str, given: str | bytes = "") -> str:
    done = CliRunner().invoke(main, list(arguments), input=given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def fails(*arguments: str, given: str | bytes = "") -> str:
    done = CliRunner().invoke(main, list(arguments), input=given)
    assert done.exit_code in (1, 2), done.output
    assert "Traceback" not in done.output
    return done.output


def test_extract_prints_an_article_as_json(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(
        sharepoint("<p>Văn bản ở tỉnh Long An theo Nghị định số 14 của Chính phủ.</p>"), encoding="utf-8"
    )
    said = json.loads(run("extract", str(path), "--url", ARTICLE))
    assert (said["type"], said["key"], said["title"]) == ("article", "mic:144805", "Tên bài")
    assert said["paragraphs"] == ["Văn bản ở tỉnh Long An theo Nghị định số 14 của Chính phủ."]
    assert said["places"][0]["today"] == ["Tây Ninh"]
    assert said["numbers"][0]["normal"] == "14/NĐ-CP"


def test_extract_reads_standard_input_and_says_why_there_is_no_article():
    said = json.loads(run("extract", "-", "--url", ARTICLE, given="<p>Không tìm thấy trang"))
    assert (said["type"], said["reason"]) == ("rejected", "soft 404")


def test_extract_refuses_a_day_that_is_none():
    assert "is not a day such as" in fails("extract", "-", "--url", ARTICLE, "--captured", "soon", given="x")


@pytest.mark.parametrize(
    ("asked", "then", "today"),
    [
        ({"text": "Sở TT&TT Long An họp"}, ["Long An"], ["Tây Ninh"]),
        ({"text": "tỉnh Tây Ninh họp", "published": "2025-09"}, [], ["Tây Ninh"]),
        ({"text": "tỉnh Tây Ninh họp", "published": "2025-09-30T08:00:00+07:00"}, [], ["Tây Ninh"]),
        ({"text": "tỉnh Tây Ninh họp", "published": "30/9/2025"}, [], ["Tây Ninh"]),
        ({"text": "(2025-09) tỉnh Tây Ninh họp"}, [], ["Tây Ninh"]),
        ({"text": "Sáng ngày 30/9/2025, tỉnh Tây Ninh họp"}, [], ["Tây Ninh"]),
        ({"text": "tỉnh Tây Ninh họp", "published": "one day"}, ["Tây Ninh"], ["Tây Ninh"]),
        ({"title": "Long An: Hội nghị", "text": None}, ["Long An"], ["Tây Ninh"]),
    ],
)
def test_tag_names_provinces_of_both_maps(asked, then, today):
    (line,) = run("tag", given=json.dumps({"id": 7} | asked)).splitlines()
    found = json.loads(line)
    assert found["id"] == 7
    assert [(one["then"], one["today"]) for one in found["provinces"]] == [(then, today)]


def test_tag_names_each_document_once_and_the_main_province_first():
    text = "Hà Nội họp. Quyết định số 749/QĐ-TTg.\n\nTỉnh Long An thực hiện 749/QĐ-TTg. Tỉnh Long An báo cáo."
    found = json.loads(run("tag", given=json.dumps({"id": "a", "title": "", "text": text})))
    assert found["document_numbers"] == ["749/QĐ-TTg"]
    assert [one["written"] for one in found["provinces"]] == ["Long An", "Hà Nội"]


@pytest.mark.parametrize(
    ("given", "message"),
    [("{", "line 1: not JSON"), ("\n[1]", "line 2: not an object"), (b"\xff\xfe", "not UTF-8")],
)
def test_tag_names_the_line_that_makes_no_sense(given, message):
    assert message in fails("tag", given=given)


def test_tag_answers_every_trap():
    shared = os.environ.get("SHARED_DATA")
    if not shared:
        pytest.skip("SHARED_DATA is not set")
    path = Path(shared, "province_traps.jsonl")
    traps = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    answers = [json.loads(line) for line in run("tag", str(path)).splitlines()]
    for trap, found in zip(traps, answers, strict=True):
        counted = {
            name for one in found["provinces"] if one["role"] in ("subject", "issuer") for name in one["then"]
        }
        assert (found["id"], counted) == (trap["id"], set(trap["gold_63"]))
