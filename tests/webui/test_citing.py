"""A citation names exactly one capture, in forms that its readers take; verifying it computes the digest anew."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
import sqlalchemy as sa

from config.settings import Settings
from crawler.tables import captures
from tests.webui.library import archive, key_of, library, stamp_of
from webui import create_app
from webui.citing import FORMATS, Citation

RICH = key_of(0)
OLD, NEW = stamp_of(0), stamp_of(0, edited=True)
CITATION = Citation(
    key="mic:130000",
    title="Hội nghị 50% & {A_B}: #1 \\ $2 ~ ^",
    author="Minh Tâm",
    publisher="Bộ Thông tin và Truyền thông",
    archive="Lưu trữ MIC",
    published=date(2009, 1, 15),
    how="text",
    sure=True,
    url="https://mic.gov.vn/Pages/TinTuc/130000/x_y.html",
    permalink="https://archive.example/article/mic:130000/20190312030400-3f9a1c22d0e4b7a1",
    captured_at=datetime(2019, 3, 12, 20, 4, tzinfo=UTC),
    digest="3f9a1c22d0e4b7a1" * 4,
    language="vi",
)


@pytest.fixture
def written(app):
    """Writes a citation in one form."""

    def writing(form: str, citation: Citation = CITATION, language: str = "vi") -> str:
        with app.test_request_context(f"/?lang={language}"):
            return FORMATS[form].write(citation)

    return writing


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_has_the_permalink_and_those_for_machines_the_digest(written, form):
    text = written(form)
    assert CITATION.permalink in text
    assert form == "apa" or CITATION.digest in text


def test_plain_text_is_a_sentence_in_the_language_of_the_page(written):
    assert "Lưu lúc 13/03/2019 03:04 (UTC+7) bởi Lưu trữ MIC" in written("txt")
    assert "Archived on 13 March 2019 03:04 (UTC+7)" in written("txt", language="en")
    assert "15/01/2009 (theo nội dung)" in written("txt")
    assert "15/01/2009. " in written("txt", replace(CITATION, how="stated"))
    assert "không rõ ngày" in written("txt", replace(CITATION, published=None, how=None))


def test_apa(written):
    text = written("apa")
    assert text.startswith("Minh Tâm. (2009, January 15). Hội nghị")
    assert "Retrieved March 13, 2019, from https://archive.example/" in text
    nameless = written("apa", replace(CITATION, author="", published=None))
    assert nameless.startswith("Bộ Thông tin và Truyền thông. (n.d.).")
    assert nameless.count("Bộ Thông tin") == 1


def test_bibtex_escapes_what_means_something_to_tex(written):
    text = written("bib")
    assert (
        r"title = {{Hội nghị 50\% \& \{A\_B\}: \#1 \textbackslash{} \$2 \textasciitilde{} \textasciicircum{}}}"
        in text
    )
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert text.startswith("@online{mic-130000-20190313,\n")


def test_ris_has_one_field_a_line(written):
    lines = written("ris").split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_csl_is_an_item_that_citeproc_reads(written):
    (item,) = json.loads(written("json"))
    assert item["type"] == "webpage"
    assert item["issued"] == {"date-parts": [[2009, 1, 15]]}
    assert item["accessed"] == {"date-parts": [[2019, 3, 13]]}
    assert item["author"] == [{"literal": "Minh Tâm"}]


def test_the_page_of_a_citation_has_every_form_as_text_and_as_a_file(client):
    page = unescape(client.get(f"/article/{RICH}/{OLD}/cite").text)
    assert page.count('class="quotable"') == len(FORMATS) + 1
    for name, form in FORMATS.items():
        answer = client.get(f"/article/{RICH}/{OLD}/cite.{name}")
        assert answer.text.strip().replace("\r\n", "\n") in page.replace("\r\n", "\n")
        assert answer.headers["Content-Disposition"] == f"attachment; filename=mic-130000-20190312.{form.ending}"
    assert client.get(f"/article/{RICH}/{OLD}/cite.exe").status_code == 404


def test_a_title_with_line_ends_begins_no_field_of_its_own(client, services):
    told = next(library(1)).article
    evil = replace(
        told, key=key_of(970), url="https://mic.gov.vn/Pages/TinTuc/130970/", title="A\r\nUR  - evil\u2028B"
    )
    archive(services, evil)
    capture = services.archive.captures(key=key_of(970))[0]
    stamp = f"{capture.captured_at:%Y%m%d%H%M%S}-{capture.payload_digest[7:23]}"
    ris = client.get(f"/article/{key_of(970)}/{stamp}/cite.ris").text
    assert "TI  - A UR - evil B\r\n" in ris


def test_links_have_the_address_people_see(services, settings: Settings):
    told = settings.model_copy(update={"public_url": "https://archive.example/"})
    client = create_app(told, replace(services, settings=told)).test_client()
    page = client.get(f"/article/{RICH}/{OLD}/cite?lang=en", base_url="http://other.example").text
    assert f"https://archive.example/article/{RICH}/{OLD}<" in page
    assert "other.example" not in page


def words(client, what: str) -> str:
    """What the page says of it."""
    page = client.get("/verify", query_string={"what": what}).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_verifying_computes_the_digest_from_the_archive(client, services):
    capture = services.archive.captures(key=RICH)[0]
    citation = client.get(f"/article/{RICH}/{OLD}/cite.txt").text
    for what in (capture.payload_digest, capture.payload_digest[7:].upper(), f"{RICH}/{OLD}", citation):
        page = words(client, what)
        assert "Khớp: kho lưu trữ giữ đúng những byte này." in page
        assert page.count(capture.payload_digest) >= 2
        assert str(RICH) in page


def test_a_citation_whose_digest_is_another_does_not_match(client):
    assert "dẫn đến một lần lưu có mã băm khác" in words(client, f"/article/{RICH}/{OLD} SHA-256: {'0' * 64}")


def test_bytes_that_were_changed_do_not_match(client, services):
    """Another record lies where the capture's row says it is: as good as a changed one."""
    first, second = services.archive.captures(key=RICH)
    places = {"offset": second.offset, "length": second.length}
    with services.database.writing() as connection:
        connection.execute(sa.update(captures).where(captures.c.id == second.id).values(offset=-1))
        connection.execute(sa.update(captures).where(captures.c.id == first.id).values(**places))
    assert "Không khớp: tệp đã hỏng hoặc bị thay đổi" in words(client, first.payload_digest)
    assert "Không tính được" in words(client, second.payload_digest)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("0" * 64, "không có bài hay tệp nào"),
        ("mic:1/20190312030400-00000000", "không có bài hay tệp nào"),
        ("xin chào", "không phải liên kết cố định"),
        ("a" * 5000, "không phải liên kết cố định"),
        ("<script>alert(1)</script>", "không phải liên kết cố định"),
    ],
)
def test_what_is_not_there_is_said_plainly(client, what, told):
    assert told in words(client, what)


def test_the_form_alone_asks_nothing(client):
    page = client.get("/verify").text
    assert "Trả lời" not in page
    assert "<textarea" in page
