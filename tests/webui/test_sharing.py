"""What other programs are told: which pages there are, what they say, how to search here."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from bs4 import BeautifulSoup

from crawler.address import Key
from tests.webui.library import SIZE, withhold
from webui.sharing.describing import json_ld, open_graph

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client, address: str) -> list[str]:
    found = ET.fromstring(client.get(address).data)
    return [urlsplit(place.text or "").path for place in found.iter(f"{SITEMAP}loc")]


def test_the_sitemap_leads_to_every_article_once(app, client, services):
    app.config["SITEMAP_PART"] = 25
    parts = listed(client, "/sitemap.xml")
    assert len(parts) == 3
    pages = [page for part in parts for page in listed(client, part)]
    assert len(set(pages)) == len(pages) == services.record.count() >= SIZE
    assert all(client.get(page).status_code == 200 for page in pages[::12])
    assert client.get("/sitemap/4.xml").status_code == 404
    assert client.get("/sitemap/0.xml").status_code == 404


def test_what_is_withheld_is_not_in_the_sitemap(client, services):
    page = listed(client, "/sitemap/1.xml")[0]
    withhold(services, Key.parse(page.removeprefix("/article/")))
    assert page not in listed(client, "/sitemap/1.xml")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/article/mic:130000", True),
        ("/help", True),
        ("/search?q=a", False),
        ("/export/csv", False),
        ("/admin/", False),
        ("/account/login", False),
        ("/api/v1/search", False),
    ],
)
def test_robots_are_told_where_to_go(client, path, allowed):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    assert rules.can_fetch("any", f"http://localhost{path}") == allowed
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]


def test_an_article_says_what_it_is_to_who_shares_it(client):
    page = BeautifulSoup(client.get("/article/mic:130000").data, "lxml")
    graph = {str(tag["property"]): str(tag["content"]) for tag in page.select("meta[property]")}
    assert graph["og:title"].startswith("Long An: Hội nghị triển khai")
    assert graph["og:url"] == "http://localhost/article/mic:130000"
    assert len(graph["og:description"]) <= 202
    (block,) = page.select('script[type="application/ld+json"]')
    said = json.loads(block.text)
    assert said["@type"] == "NewsArticle"
    assert said["headline"] == graph["og:title"]
    assert {"@type": "AdministrativeArea", "name": "Long An"} in said["about"]
    assert "datePublished" not in said, "a day that is not certain is not told without its doubt"
    assert said["isBasedOn"].startswith("https://mic.gov.vn/")


def test_hostile_titles_end_no_script_and_no_attribute(app, services):
    with app.test_request_context("/"):
        article = services.record.article(Key.parse("mic:130000")).article
        hostile = replace(article, title='</script><script>alert(1)</script>"', lead='"><img onerror=x>')
        page = app.jinja_env.from_string(
            '<script type="application/ld+json">{{ said | tojson }}</script>'
            '{% for name, value in graph.items() %}<meta property="{{ name }}" content="{{ value }}">{% endfor %}'
        ).render(said=json_ld(hostile), graph=open_graph(hostile))
    soup = BeautifulSoup(page, "lxml")
    assert len(soup.select("script")) == 1
    assert not soup.select("img")
    assert json.loads(soup.select("script")[0].text)["headline"] == hostile.title


def test_browsers_are_told_how_to_search_here(client):
    page = BeautifulSoup(client.get("/").data, "lxml")
    (link,) = page.select('link[rel="search"]')
    found = ET.fromstring(client.get(str(link["href"])).data)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(found.findtext(f"{space}ShortName", "")) in range(1, 17)
    (url,) = found.iter(f"{space}Url")
    template = str(url.get("template"))
    assert client.get(template.replace("{searchTerms}", "long+an")).status_code == 200
