"""What a reader should know: what is here, what is not, what provinces mean."""

import re

import pytest
from bs4 import BeautifulSoup

from webui.guide.coverage import Gap, gaps


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({}, ()),
        ({2009: 100}, ()),
        ({2009: 100, 2010: 90, 2013: 80}, (Gap(first=2011, last=2012, count=0),)),
        ({2009: 100, 2010: 2, 2011: 90, 2012: 100}, (Gap(first=2010, last=2010, count=2),)),
        ({2009: 100, 2011: 1, 2012: 100, 2013: 90}, (Gap(first=2010, last=2011, count=1),)),
        ({2009: 1, 2010: 1, 2011: 1}, ()),
    ],
)
def test_gaps_are_years_with_hardly_anything(counts, found):
    assert gaps(counts) == found


def test_the_page_counts_what_its_links_find(client):
    page = BeautifulSoup(client.get("/coverage").data, "lxml")
    rows = page.select("main tbody tr")
    assert len(rows) > 15
    for row in rows[::4]:
        count = int(row.select(".number")[0].text.replace(".", ""))
        link = str(row.select("a")[0]["href"]).replace("/search", "/api/v1/search")
        assert client.get(f"{link}&reprints=1").json["total"] == count
    assert "không có nghĩa là Bộ chưa từng đăng" in page.text


def test_every_province_leads_to_both_maps(client):
    page = BeautifulSoup(client.get("/provinces").data, "lxml")
    links = [str(link["href"]) for link in page.select("tbody a")]
    assert len(page.select("tbody tr")) == 34
    assert sum("then=" in link for link in links) == 63
    assert sum(re.search(r"[?&]today=", link) is not None for link in links) == 34
    names = [row.select("th")[0].text for row in page.select("tbody tr")]
    assert names[:3] == ["An Giang", "Bắc Ninh", "Cà Mau"]
    assert names.index("Đà Nẵng") < names.index("Đắk Lắk") < names.index("Gia Lai")


def test_pages_lead_there(client):
    page = BeautifulSoup(client.get("/").data, "lxml")
    assert {"/coverage", "/provinces", "/help"} <= {str(link["href"]) for link in page.select(".colophon a")}
