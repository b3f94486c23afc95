"""The search page: what was found, how it was understood, every number an address, nothing a dead end."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from markupsafe import Markup

from config.settings import Settings
from config.vocabulary import load_vocabulary
from indexer.query.language import parse
from indexer.query.lexicon import Lexicon
from indexer.query.operators import NAMES
from indexer.query.request import MAX_QUERY, SearchRequest
from indexer.query.results import Marked, SearchResults, YearCount
from tests.webui.library import SIZE, WITHDRAWN, key_of
from webui import create_app
from webui.search.chart import draw
from webui.search.marking import marked
from webui.services import open_services


def links(text: str, words: str) -> list[str]:
    """Addresses of links whose text has these words."""
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return [unescape(url) for url, inside in found if words in unescape(re.sub(r"<[^>]+>|\s+", " ", inside))]


def total(text: str) -> int:
    """How many articles a result page says it found."""
    heading = re.search(r"data-total>(.*?)</h1>", text, re.DOTALL)
    assert heading, text[:2_000]
    number = re.match(r"[\d.,]+", heading[1].strip())
    return int(re.sub(r"\D", "", number[0])) if number else 0


def titles(text: str) -> list[str]:
    """Titles of the hits on a page."""
    found = re.findall(r'<h2 class="hit-title"[^>]*>(.*?)</h2>', text, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", title)) for title in found]


def test_the_front_page_counts_the_archive_and_shows_what_came_last(client):
    page = client.get("/").text
    assert f"{SIZE} bài" in page
    assert titles(page)[0] == "Xuất khẩu phần mềm và dịch vụ số: mục tiêu 13 tỷ USD"
    for url in [url for url in links(page, "chuyển đổi số") if url.startswith("/search")]:
        assert total(client.get(url).text) > 0


def test_a_query_on_the_front_page_is_searched(client):
    answer = client.get("/?q=long+an&then=Long+An")
    assert answer.location == "/search?q=long+an&then=Long+An"


def test_marks_are_needless(client):
    with_marks, without = (client.get(f"/search?q={query}").text for query in ("viễn+thông", "vien+thong"))
    assert total(with_marks) == total(without) > 5
    assert "<mark>" in without


def test_the_mode_is_said(client):
    assert "đủ mọi từ" in client.get("/search?q=mã+bưu+chính").text
    near = client.get("/search?q=hội+nghị+triển+khai+kế+hoạch+xây+dựng+mạng+lưới+tàu+điện").text
    assert "gần đúng" in near
    assert "Bài có đủ mọi từ thường xếp trước" in near


def test_a_query_with_operators_says_how_it_was_understood(client):
    page = client.get('/search?q="chuyển+đổi+số"+-"hội+thảo"').text
    assert "đúng cụm “chuyển đổi số”" in unescape(page)
    assert "không có “hội thảo”" in unescape(page)


@pytest.mark.parametrize("query", ['"', "((((", "-", "a OR OR b", "*", "\\", "AND", '"a', "%", "field:x"])
def test_a_malformed_query_is_searched_as_plain_words(client, query):
    assert client.get("/search", query_string={"q": query}).status_code == 200


def test_every_facet_count_is_the_length_of_the_list_it_leads_to(client):
    page = client.get("/search?q=thong+tin").text
    pattern = r'<a class="facet-value" href="([^"]+)".*?class="count"><span[^>]*>: </span>([\d.]+)</span>'
    counted = re.findall(pattern, page, re.DOTALL)
    assert len(counted) > 15
    for url, count in counted:
        assert total(client.get(unescape(url)).text) == int(count), url


def test_every_bar_leads_to_as_many_articles_as_it_says(client):
    page = client.get("/search?q=thong+tin&from=2006&to=2019").text
    bars = re.findall(r'<a href="([^"]+)" aria-label="(\d{4}): (\d+) bài', page)
    assert len(bars) > 10
    for url, year, count in bars:
        assert f"year={year}" in url
        assert total(client.get(unescape(url)).text) == int(count), url


def test_filters_are_chips_that_can_be_taken_off(client):
    page = client.get("/search?then=Long+An&category=Chuyển+đổi+số&from=2008&to=2023").text
    chips = re.findall(r'<a class="chip" href="([^"]+)"', page)
    assert len(chips) == 3
    for url in map(unescape, chips):
        without = client.get(url).text
        assert len(re.findall('class="chip"', without)) == 2
        assert total(without) >= total(page)


def test_values_of_one_facet_are_alternatives(client):
    one, other = (total(client.get(f"/search?then={name}").text) for name in ("Long An", "Nghệ An"))
    both = client.get("/search?then=Long An&then=Nghệ An").text
    assert total(both) == one + other


def test_provinces_can_be_those_of_today(client):
    page = client.get("/search").text
    (url,) = links(page, "hiện nay")
    today = client.get(url).text
    (value,) = [link for link in links(today, "Tây Ninh") if "today=" in link]
    found = client.get(value).text
    assert "Long An: Hội nghị triển khai công tác thông tin và truyền thông năm 2009" in titles(found)
    assert "places=today" in value, "the way of looking stays"


def test_sorting_by_day_is_kept_over_pages(client):
    first = client.get("/search?sort=oldest").text
    (following,) = links(first, "Sau")
    assert "sort=oldest" in following
    days = re.findall(r'<time datetime="([\d-]+)"', first + client.get(following).text)
    assert len(days) == 40
    assert days == sorted(days)


def test_pages_hold_every_article_once(client):
    found: list[str] = []
    url: str | None = "/search?sort=newest"
    while url:
        page = client.get(url).text
        found += re.findall(r'<a href="/article/([^"?]+)', page)
        url = next(iter(links(page, "Sau")), None)
    assert sorted(found) == sorted(str(key_of(number)) for number in range(SIZE))


def test_a_page_beyond_the_last_shows_the_last(client):
    page = client.get("/search?page=400").text
    assert titles(page)
    assert re.search(r'aria-current="page"><span[^>]*>Trang </span>3<', page)


def test_an_empty_result_names_the_filter_in_the_way_and_searches_that_find(client):
    page = client.get("/search?q=xóa+điểm+lõm+sóng&then=Long+An&from=1999&to=2001").text
    assert total(page) == 0
    assert "Vướng ở bộ lọc" in page
    offered = re.findall(r'<ul class="offers">(.*?)</ul>', page, re.DOTALL)
    for url, count in re.findall(r'href="([^"]+)".*?class="count">(\d+) bài', "".join(offered), re.DOTALL):
        assert total(client.get(unescape(url)).text) == int(count) > 0


def test_an_empty_result_tells_of_no_order_and_which_searches_have_no_filters(client):
    page = client.get("/search?q=hội+nghị+triển+khai+kế+hoạch+xây+dựng+tàu+điện&then=Long+An&year=1999").text
    assert total(page) == 0
    assert "Bài có đủ mọi từ thường xếp trước" not in page
    without = re.findall(r'href="([^"]+)"[^<]*</a> <span class="offer-filter">bỏ mọi bộ lọc</span>', page)
    assert without
    assert not any("then=" in url for url in without)


def test_nothing_matches_best_where_nothing_is_looked_for(client):
    assert "Phù hợp nhất" in client.get("/search?q=thông+tin").text
    page = client.get("/search?then=Long+An").text
    assert "Phù hợp nhất" not in page
    assert re.search(r'aria-current="true">Mới nhất<', page)
    assert re.search(r'aria-current="true">Cũ nhất<', client.get("/search?sort=oldest").text)


def test_an_empty_result_without_any_way_out_still_helps(client):
    page = client.get("/search?q=qqqq+zzzz").text
    assert total(page) == 0
    assert "Có thể thử" in page


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=x&size=-3&sort=&from=99/99/9999&to=never",
        "then=Atlantis&year=MMIX&status=&dated=maybe",
        "from=2020&to=2010",
        "after=nonsense",
        "after=W10",
        "lang=xx",
        "places=nowhere",
        "q=%00%ff%fe",
    ],
)
def test_arguments_without_sense_are_no_error(client, query):
    assert client.get(f"/search?{query}").status_code == 200
    assert client.get(f"/search/filters?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/search", "/search/filters", "/"])
def test_a_query_that_is_too_long_is_refused_with_a_message(client, address):
    answer = client.get(address, query_string={"q": "a " * 5_000 + "a"})
    assert answer.status_code == 400
    assert "Câu tìm có nhiều nhất 1.000 ký tự" in answer.text
    assert f'maxlength="{MAX_QUERY}"' in answer.text


def test_a_fragment_is_the_page_without_its_frame(client):
    whole = client.get("/search?q=bưu+điện").text
    fragment = client.get("/search?q=bưu+điện", headers={"X-Fragment": "results"})
    assert "<html" not in fragment.text
    assert fragment.text.strip() in whole
    assert "X-Fragment" in fragment.headers["Vary"]


def test_filters_have_a_page_of_their_own_that_leads_back(client):
    page = client.get("/search/filters?q=thông+tin&then=Long+An").text
    (value, *_) = re.findall(r'<a class="facet-value" href="([^"]+)"', page)
    assert urlsplit(unescape(value)).path == "/search/filters"
    (back,) = links(page, "Về kết quả")
    assert back == "/search?q=th%C3%B4ng+tin&then=Long+An"
    assert total(client.get(back).text) == 2


def test_hits_lead_to_articles_and_these_back_to_the_result(client):
    page = client.get("/search?q=lõm+sóng").text
    (first, *_) = re.findall(r'class="hit-title"[^>]*><a href="([^"]+)"', page)
    (back,) = links(client.get(unescape(first)).text, "Về kết quả")
    assert titles(client.get(back).text) == titles(page)


def test_marks_are_safe_html():
    value = Marked(text="<b>Long & An</b>", marks=((3, 7), (5, 9), (90, 99)))
    assert marked(value) == Markup("&lt;b&gt;<mark>Long</mark><mark> &amp;</mark> An&lt;/b&gt;")
    assert marked(Marked(text="")) == ""


def test_a_chart_shows_years_without_articles_too():
    request = SearchRequest(filters=(("year", ("2012",)),))
    years = (YearCount(year=2009, count=1), YearCount(year=2011, count=40))
    chart = draw(SearchResults(request=request, mode="strict", total=0, years=years), lambda _: "")
    assert [(bar.year, bar.count, bar.chosen) for bar in chart.bars] == [
        (2009, 1, False),
        (2010, 0, False),
        (2011, 40, False),
        (2012, 0, True),
    ]
    assert [bar.height for bar in chart.bars] == [3, 0, 100, 0]
    assert all(bar.y + bar.height == 100 for bar in chart.bars)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (2009, 2012, "2009 2010 2011 2012"),
        (2003, 2025, "2003 2010 2015 2020 2025"),
        (2007, 2024, "2007 2010 2015 2020 2024"),
        (1945, 2025, "1945 1950 1960 1970 1980 1990 2000 2010 2020 2025"),
    ],
)
def test_a_chart_names_as_many_years_as_have_room(first, last, shown):
    years = (YearCount(year=first, count=1), YearCount(year=last, count=4))
    chart = draw(SearchResults(request=SearchRequest(), mode="strict", total=5, years=years), lambda _: "")
    assert len(chart.ticks) == len(chart.bars)
    assert " ".join(filter(None, chart.ticks)) == shown
    assert chart.highest.year == last


def test_a_chart_says_what_it_shows_and_how_much_that_is(client):
    page = client.get("/search").text
    ((year, count),) = re.findall(r"Số bài theo năm <span>nhiều nhất năm (\d+): (\d+) bài<", page)
    assert total(client.get(f"/search?year={year}").text) == int(count)


def test_reprints_are_left_out_until_asked_for(client):
    page = client.get("/search?q=thong+tin").text
    (url,) = links(page, "Hiện cả các bài đó")
    shown = client.get(url).text
    (chip,) = re.findall(r'<a class="chip" href="([^"]+)"', shown)
    assert unescape(chip) == "/search?q=thong+tin"


def test_what_was_taken_down_is_found_says_since_when_and_can_be_filtered_by(client):
    page = unescape(client.get("/search").text)
    (url,) = re.findall(r'<a class="facet-value" href="([^"]+)"[^>]*data-name="status: đã gỡ"', page)
    found = unescape(client.get(url).text)
    assert re.findall(r'<a href="/article/([^"?]+)', found) == [str(key_of(WITHDRAWN))]
    assert '<span class="badge badge-withdrawn">đã gỡ từ 11/04/2019</span>' in found
    assert "withdrawn since 11 April 2019" in client.get(f"{url}&lang=en").text


def test_an_empty_archive_says_so(tmp_path):
    settings = Settings(data=tmp_path)
    with open_services(settings) as services:
        client = create_app(settings, services).test_client()
        assert "Kho còn trống" in client.get("/").text
        assert "Không tìm thấy bài nào" in client.get("/search?q=a").text
        assert b'"total":0' in client.get("/api/v1/search").data
        assert client.get("/health/ready").status_code == 200


def test_the_help_page_explains_every_operator_and_its_examples_are_understood(client):
    page = unescape(client.get("/help").text)
    for names in NAMES.values():
        for name in names:
            assert f"{name}:" in page
    addresses = re.findall(r'<a href="(/search\?q=[^"]+)" rel="nofollow" lang="vi"><code>(.*?)</code>', page)
    assert len(addresses) > 25
    lexicon = Lexicon.of(load_vocabulary())
    for address, typed in addresses:
        assert client.get(address).status_code == 200
        operator = re.search(r'[":*]| -|OR', typed)
        assert parse(typed, lexicon).structured == (operator is not None), typed
    assert "/help" in client.get("/").text


def test_operators_on_fields_are_said_and_a_province_is_a_chip(client):
    page = unescape(client.get("/search", query_string={"q": 'thông tin năm:2008-2010 tỉnh:"Long An"'}).text)
    assert "năm 2008–2010" in page
    assert re.search(r'class="chip-value"[^>]*>Long An<', page)
    assert 'value="thông tin năm:2008-2010"' in page


def test_what_could_not_be_an_operator_is_said_to_be_words(client):
    page = client.get("/search", query_string={"q": "title:khôngđâucả thông tin"}).text
    assert "chỉ tìm theo từ" in page


def test_the_api_describes_the_query_language(client):
    said = client.get("/api/v1/openapi.json").json["paths"]["/api/v1/search"]["get"]["parameters"]
    (query,) = [parameter["description"] for parameter in said if parameter["name"] == "q"]
    assert all(f"`{name}:`" in query for names in NAMES.values() for name in names)
