"""Facets of the search page: regions, months, offices, kinds of files; what is chosen can be taken off."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup

from indexer.query.request import SearchRequest
from indexer.query.results import FacetCounts, FacetValue, SearchResults
from webui import addresses
from webui.search.page import build


def facet(client, address: str, name: str) -> dict[str, str]:
    """Labels and counts of one facet's box."""
    shown = BeautifulSoup(client.get(address).data, "lxml")
    links = shown.select(f'.facet-value[data-name^="{name}: "]')
    return {link.select(".facet-label")[0].text: link.select(".count")[0].text.lstrip(": ") for link in links}


def total(client, address: str) -> int:
    return int(client.get(address.replace("/search", "/api/v1/search")).json["total"])


def test_regions_lead_to_their_articles(client):
    regions = facet(client, "/search", "region")
    assert "Đồng bằng sông Cửu Long" in regions
    for region, count in regions.items():
        assert total(client, f"/search?region={region}") == int(count)
    assert set(facet(client, "/search?places=today", "region_today")) <= {
        *("Bắc Trung Bộ", "Nam Trung Bộ và Tây Nguyên", "Đông Nam Bộ", "Đồng bằng sông Hồng"),
        *("Đồng bằng sông Cửu Long", "Trung du và miền núi phía Bắc"),
    }


def test_months_are_counted_once_a_year_is_chosen(client):
    assert facet(client, "/search", "month") == {}
    months = facet(client, "/search?year=2009", "month")
    assert sum(map(int, months.values())) == total(client, "/search?year=2009")
    assert list(months) == sorted(months, key=lambda month: int(month.removeprefix("tháng ").split("/")[0]))
    assert total(client, "/search?month=2009-01") == int(months["tháng 1/2009"])


def test_taking_another_year_takes_off_the_months_of_the_first(client):
    shown = BeautifulSoup(client.get("/search?year=2009&month=2009-01").data, "lxml")
    (other,) = [link["href"] for link in shown.select('.facet-value[data-name="year: 2009"]')]
    assert "month=2009-01" in str(other), "without a year, a month stands for itself"
    shown = BeautifulSoup(client.get("/search?year=2009&year=2010&month=2009-01").data, "lxml")
    (other,) = [link["href"] for link in shown.select('.facet-value[data-name="year: 2009"]')]
    assert "month" not in str(other)


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("region=dong+bang+song+cuu+long", "Đồng bằng sông Cửu Long"),
        ("month=1/2009", "tháng 1/2009"),
        ("file=none", "không có tệp"),
        ("how=listed", "theo danh sách"),
        ("type=TT", "Thông tư"),
        ("agency=Nobody", "Nobody"),
    ],
)
def test_what_is_chosen_is_a_chip_and_stays_listed_even_with_nothing(client, query, chip):
    page = BeautifulSoup(client.get(f"/search?{query}").data, "lxml")
    assert [found.text.strip() for found in page.select(".chip-value")] == [chip]
    chosen = page.select(".facet-value[aria-current]")
    assert len(chosen) == 1
    assert ("facet-empty" in chosen[0]["class"]) == (chosen[0].select(".count")[0].text.lstrip(": ") == "0")


def test_equal_counts_stand_in_the_order_of_the_alphabet(client):
    names = list(facet(client, "/search?q=chuyen+doi+so", "then"))
    assert names[:4] == ["Bắc Giang", "Bến Tre", "Đồng Nai", "Hà Nội"]
    assert max(Counter(names).values()) == 1


def test_of_hundreds_of_offices_the_most_frequent_are_listed_and_the_others_counted(client):
    values = [FacetValue(value=f"Sở {number}", count=200 - number, chosen=number == 99) for number in range(100)]
    found = SearchResults(
        request=SearchRequest(filters=(("agency", ("Sở 99",)),)),
        mode="everything",
        total=200,
        facets=(FacetCounts(facet="agency", values=tuple(values)),),
    )
    with client.application.test_request_context("/search"):
        (box,) = (box for box in build(found, "then", addresses.search).facets if box.facet == "agency")
    listed = [choice.label for choice in (*box.choices, *box.more)]
    assert listed == ["Sở 99", *(f"Sở {number}" for number in range(79))], "what is chosen is there, however rare"
    assert box.rarer == 20
