"""The compact list: the same result in lines, lasting through everything that can be chosen on its page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

ADDRESS = "/search?q=thông+tin&then=Long+An&view=compact"


def page(client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "lxml")


def test_it_holds_the_same_articles_in_the_same_order(client):
    usual = page(client, "/search?q=thông+tin")
    compact = page(client, "/search?q=thông+tin&view=compact")
    titles = [title.text for title in usual.select(".hit-title a")]
    assert [title.text for title in compact.select(".compact-title a")] == titles
    assert [title["title"] for title in compact.select(".compact-title a")] == titles
    assert compact.select(".compact-title mark")
    assert not compact.select(".snippet")
    assert [head.text for head in compact.select(".compact thead th")] == [
        *("Ngày đăng", "Tiêu đề", "Chuyên mục", "Địa phương", "Số hiệu")
    ]


def test_a_day_that_is_not_stated_says_so(client):
    dates = page(client, "/search?q=thông+tin&view=compact").select(".compact-date")
    unsure = next(date for date in dates if "chưa chắc" in date.text)
    assert unsure.select_one("time.how[title]")


def test_every_link_on_the_page_keeps_it(client):
    found = page(client, ADDRESS)
    links = [str(link["href"]) for link in found.select("[data-results] a[href], #drawer ~ a")]
    inside = [link for link in links if urlsplit(link).path in ("/search", "/search/filters")]
    kept = [link for link in inside if parse_qs(urlsplit(link).query).get("view") == ["compact"]]
    (usual,) = set(inside) - set(kept)
    assert usual == "/search?q=th%C3%B4ng+tin&then=Long+An"
    assert len(kept) > 20
    assert [field["value"] for field in found.select("form input[name=view]")] == ["compact"] * 2
    assert "view=compact" in str(found.select_one(".corner a[hreflang=en]"))


def test_articles_lead_back_to_it(client):
    (link, *_) = page(client, ADDRESS).select(".compact-title a")
    article = page(client, str(link["href"]))
    back = article.select_one(".in-list-back")
    assert back
    assert parse_qs(urlsplit(str(back["href"])).query)["view"] == ["compact"]
    assert "view=compact" in str(article.select_one(".in-list-next"))
    canonical = article.select_one("link[rel=canonical]")
    assert canonical
    assert "view" not in str(canonical["href"])


def test_files_and_feeds_do_not_know_of_it(client):
    found = page(client, ADDRESS)
    others = [
        str(link["href"]) for link in found.select("a[href^='/export'], a[href^='/feed'], link[rel=alternate]")
    ]
    assert len(others) == 4
    assert not [link for link in others if "view" in link]


@pytest.mark.parametrize("view", ["", "list", "COMPACT", "<b>", "compact2"])
def test_what_is_no_view_is_the_usual_one(client, view):
    assert page(client, f"/search?q=thông+tin&view={view}").select(".hit")


def test_nothing_found_keeps_it_too(client):
    found = page(client, "/search?q=thông+tin&then=Long+An&year=1999&view=compact")
    offers = [str(link["href"]) for link in found.select(".offers a")]
    assert offers
    assert all("view=compact" in offer for offer in offers)
