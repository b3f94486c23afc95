"""The article page leads with the archived text and says what is known of it, and how."""

import re
from dataclasses import replace
from datetime import date, time
from html import unescape
from itertools import islice

import pytest
from bs4 import BeautifulSoup

from crawler.address import Key
from indexer.article import WEB_PAGE, HowDated, Published, Where
from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from tests.webui.library import MISSING, RETURNED, WITHDRAWN, archive, key_of, library, withhold
from webui import create_app
from webui.article.marking import Marks
from webui.wording import file_problem

RICH, SCANNED, ENGLISH, UNDATED, HUE, PHU_LUC = (key_of(number) for number in (0, 1, 7, 8, 4, 3))


@pytest.fixture
def page(client) -> str:
    return unescape(client.get(f"/article/{RICH}").text)


def test_the_text_leads(page):
    reading = page[page.index('<article class="reading"') :]
    order = [
        "Long An: Hội nghị triển khai",
        "Sáng ngày 15/01/2009, tại thị xã Tân An",
        "Dự hội nghị có lãnh đạo",
        "<h2>Kết quả của năm đầu tiên</h2>",
        "<li>Hoàn thành mạng truyền số liệu của 18 sở, ngành.</li>",
        "<td>Thuê bao Internet</td>",
        "Đại biểu trao đổi bên lề hội nghị.",
        "Báo cáo tổng kết năm 2008.pdf",
        "Trang gốc",
    ]
    places = [reading.index(text) for text in order]
    assert places == sorted(places)


def test_neighbouring_list_entries_are_one_list(page):
    lists = re.findall(r"<ul>(.*?)</ul>", page, re.DOTALL)
    assert [text.count("<li>") for text in lists] == [3]


def test_the_date_says_how_it_is_known(page, client):
    assert re.search(r'<time datetime="2009-01-15">15/01/2009</time> <span class="how">theo nội dung, <a', page)
    undated = unescape(client.get(f"/article/{UNDATED}").text)
    assert re.search(
        r"không rõ ngày</span> <span class=\"how\">không muộn hơn \d\d/\d\d/\d{4}, khi được lưu", undated
    )
    assert "Các ngày khác" not in page


def test_days_that_contradict_each_other_are_shown(client, services):
    told = next(islice(library(5), 4, None)).article
    named: tuple[tuple[date, HowDated], ...] = ((date(2011, 5, 6), "stated"), (date(2011, 6, 5), "text"))
    for day, how in named:
        archive(services, replace(told, key=key_of(900), published=Published(day=day, how=how)))
    page = unescape(client.get(f"/article/{key_of(900)}").text)
    assert re.search(r'"2011-05-06">06/05/2011</time> <span class="how">[^<]+ trên trang</span>', page)
    assert re.search(r"Các ngày khác.*?05/06/2011</time> <span class=\"fine\">theo nội dung", page, re.DOTALL)
    assert 'href="#dates"' not in page


@pytest.mark.parametrize(
    ("number", "how", "why"), [(901, "text", "việc xảy ra ngày nào"), (902, "stated", "không theo mẫu đã biết")]
)
def test_a_day_that_is_not_certain_leads_to_why(client, services, number: int, how: HowDated, why: str):
    told = next(islice(library(5), 4, None)).article
    published = Published(day=date(2009, 1, 15), hour=time(8, 30), how=how, sure=False)
    archive(services, replace(told, key=key_of(number), published=published))
    page = unescape(client.get(f"/article/{key_of(number)}").text)
    assert '<a class="doubt" href="#dates">chưa chắc</a>' in page
    assert "15/01/2009</time>, 08:30 <span" in page
    assert re.search(rf'<section id="dates">.*?{why}.*?</section>', page, re.DOTALL)


def test_articles_without_a_day_are_found_by_that_alone(client):
    page = unescape(client.get("/search?dated=no").text)
    assert f"/article/{UNDATED}" in page
    assert "không rõ ngày" in page
    assert f"/article/{RICH}" not in page
    assert f"/article/{UNDATED}" not in client.get("/search?dated=yes&from=1990-01-01").text


def test_the_newest_version_is_shown_and_all_are_listed(page):
    assert "quy hoạch viễn thông và công nghệ thông tin đến năm 2020" in page
    (versions,) = re.findall(r'<ol class="versions">(.*?)</ol>', page, re.DOTALL)
    assert re.findall(r">(\d\d/\d\d/\d{4}) ", versions) == ["04/07/2020", "12/03/2019"]
    assert "đã sửa" in page


def test_files_come_with_their_text_or_the_reason_why_not(page, client):
    assert "Sở đã tham mưu ban hành bảy văn bản" in page
    assert "12 trang" in page
    assert "bản chụp ảnh" in client.get(f"/article/{SCANNED}").text
    assert "có mật khẩu" in client.get(f"/article/{PHU_LUC}").text


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (WEB_PAGE, "máy chủ trả về một trang web thay cho tệp"),
        ("damaged: needs too much", "tệp hỏng: không đọc được nội dung"),
        ("no converter for DOC files is installed (antiword)", "máy chủ này không có chương trình chuyển đổi"),
        ("scanned: tesseract with Vietnamese is not installed", "máy chủ này không nhận dạng được chữ"),
        ("zip files are not read", "tệp nén: không mở để đọc"),
        ("of another kind", "không đọc được (of another kind)"),
    ],
)
def test_every_problem_of_a_file_is_said_in_words(app, problem, said):
    with app.test_request_context("/"):
        assert said in file_problem(problem)


def test_places_are_named_then_and_today(client):
    page = unescape(client.get(f"/article/{HUE}").text)
    assert 'href="/search?then=Th%E1%BB%ABa+Thi%C3%AAn+Hu%E1%BA%BF&sort=newest"' in page
    assert re.search(r'hiện nay <span lang="vi">Huế</span>', page)
    assert "chủ thể" in page


def test_document_numbers_lead_to_what_names_them(page, client):
    (url,) = re.findall(r'<a class="document-number" lang="vi" href="([^"]+)">14/2008/NĐ-CP</a>', page)
    assert str(RICH) in client.get(url).text


def test_links_out_give_nothing_away(page):
    out = re.findall(r'<a\b[^>]*href="https?://[^>]*>', page)
    assert len(out) >= 3
    assert all('rel="noopener noreferrer nofollow external"' in link for link in out)
    assert "Trang gốc có thể không còn" in page


def test_digest_and_key_are_there_to_be_cited(page):
    assert re.search(r"sha256:[0-9a-f]{64}", page)
    assert f"<code>{RICH}</code>" in page


def test_text_in_another_language_is_marked_as_such(client):
    assert '<article class="reading" lang="en">' in client.get(f"/article/{ENGLISH}").text
    assert '<article class="reading" lang="vi">' in client.get(f"/article/{RICH}?lang=en").text


@pytest.mark.parametrize("key", ["mic:1", "nonsense", "mic:vb:1", "mic:../../etc", "MIC:1", "%00", "a" * 3000])
def test_an_unknown_key_is_a_page_that_is_not_there(client, key):
    answer = client.get(f"/article/{key}")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_a_way_back_that_makes_no_sense_is_none(client):
    assert "Về kết quả" not in client.get(f"/article/{RICH}?page=x").text
    assert client.get(f"/article/{RICH}?q={'a' * 2000}").status_code == 200


def read(client, number: int, query: str = "") -> str:
    """The page's words, without its markup."""
    page = client.get(f"/article/{key_of(number)}{query}").text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_article_that_was_taken_down_says_so_first_and_can_still_be_read(client):
    page = read(client, WITHDRAWN)
    order = [
        "đã gỡ từ 11/04/2019",
        "Bộ đã gỡ bài này. Lần cuối còn thấy bài là 14/03/2019 02:04; từ 11/04/2019 10:04 thì không còn.",
        "Xác nhận trong 3 ngày (404).",
        "Bạn đang đọc bản lưu cuối cùng, lưu lúc 14/03/2019 02:04.",
        "Phiên bản",
        "11/04/2019 10:04 không còn",
        "Nguồn bản lưu",
        "không còn từ 11/04/2019 10:04 (404)",
    ]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    english = read(client, WITHDRAWN, "?lang=en")
    assert "withdrawn since 11 April 2019" in english
    assert "The ministry has taken this article down. It was last there on 14 March 2019 02:04" in english


def test_an_article_that_came_back_keeps_the_time_it_was_away(client):
    page = read(client, RETURNED)
    assert "11/04/2019 10:04 không còn cho đến 12/05/2019 10:04" in page
    assert "đã gỡ" not in page


def test_an_article_that_cannot_be_reached_is_not_called_taken_down(client):
    page = read(client, MISSING)
    assert "Không truy cập được từ 11/04/2019 10:04, chưa xác nhận là đã gỡ." in page
    assert "không truy cập được từ 11/04/2019 10:04, chưa xác nhận (403)" in page
    assert "đã gỡ từ" not in page


def test_related_articles_follow_the_text_and_are_in_the_api(client):
    page = BeautifulSoup(client.get("/article/mic:130006").data, "lxml")
    links = [str(link["href"]) for link in page.select(".related a")]
    assert 0 < len(links) <= 6
    assert "/article/mic:130006" not in links
    hits = client.get("/api/v1/articles/mic:130006/related").json["hits"]
    assert [hit["page"] for hit in hits] == links
    assert client.get("/api/v1/articles/mic:1/related").status_code == 404


def test_what_is_withheld_is_related_to_nothing(client, services):
    first = client.get("/api/v1/articles/mic:130006/related").json["hits"][0]["key"]
    withhold(services, Key.parse(first))
    keys = [hit["key"] for hit in client.get("/api/v1/articles/mic:130006/related").json["hits"]]
    assert first not in keys
    assert client.get(f"/api/v1/articles/{first}/related").status_code == 451


def test_mentions_are_marked_in_the_text_and_listed_with_the_words_around_them(page):
    (lead,) = re.findall(r'<p class="lead">(.*?)</p>', page, re.DOTALL)
    assert re.search(
        r'<a class="mention mention-subject" id="m1" href="#p-Long-An" title="[^"]+">Long An</a>', lead
    )
    assert re.sub(r"<[^>]+>", "", lead).startswith("Sáng ngày 15/01/2009, tại thị xã Tân An, Sở")
    assert re.search(r'<li id="p-Long-An">.*?<a href="#m1"[^>]*>[^<]*<mark>Long An</mark>', page, re.DOTALL)
    assert re.search(r'<a class="mention mention-number" id="d1" href="#n-14.2F2008[^"]*"', page)


def test_marks_never_change_the_text():
    told = next(library(1)).article
    wrong = replace(told.places[0], where=Where(part="body", index=99, start=5, end=9))
    beside = replace(told.places[0], where=Where(part="lead", start=1, end=8))
    overlapping = replace(told.numbers[0], where=replace(told.places[0].where, end=told.places[0].where.end + 3))
    marks = Marks(replace(told, places=(*told.places, wrong, beside), numbers=(*told.numbers, overlapping)))
    assert "".join(run.text for run in marks.runs("lead")) == told.lead
    assert [run.text for run in marks.runs("lead") if run.note] == ["Long An"]
    assert len(marks.evidence("Long An")) == 1


def test_neighbours_in_the_list_are_links_and_the_list_goes_on_over_its_pages(client):
    first = client.get("/search?q=thông+tin&size=2").text
    address = unescape(re.findall(r'<h2 class="hit-title"[^>]*><a href="([^"]+)"', first)[0])
    seen = []
    for number in range(1, 6):
        page = unescape(client.get(address).text)
        seen += re.findall(r"/article/(mic:\d+)", address)
        assert f'<span class="count">{number} / ' in page
        assert ("in-list-previous" in page) == (number > 1)
        (address,) = re.findall(r'<a rel="next" class="in-list-next" href="([^"]+)"', page)
    assert len(set(seen)) == 5
    assert "page=3" in address


def test_a_list_that_goes_on_by_cursor_leads_on_too(client):
    after = client.get("/api/v1/search?q=thông+tin&size=2").json
    found = client.get(f"/api/v1/search?q=thông+tin&size=2&after={after['next']}").json
    key = found["hits"][1]["key"]
    page = unescape(client.get(f"/article/{key}?q=thông+tin&size=2&after={after['next']}").text)
    assert '<span class="count">4 / ' in page
    assert re.search(r'class="in-list-next" href="[^"]*after=(?!' + re.escape(after["next"]) + ")", page)


def test_an_article_is_read_while_the_search_engine_is_down(settings, services):
    away = settings.model_copy(update={"engine": "elastic", "elastic_url": "http://127.0.0.1:1"})
    index = open_index(away, Lexicon())
    client = create_app(away, replace(services, index=index)).test_client()
    assert client.get("/search?q=thông+tin").status_code == 503
    answer = client.get(f"/article/{RICH}?q=thông+tin")
    index.close()
    assert answer.status_code == 200
    assert "Về kết quả" in answer.text
    assert 'class="in-list-next"' not in answer.text
