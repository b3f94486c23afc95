"""The map of the provinces: every province in a place of its own, shaded by what the result holds."""

import pytest
from bs4 import BeautifulSoup

from config.vocabulary import load_vocabulary
from webui.search.tiles import SHADES, shade, tiling

WORDS = load_vocabulary()


@pytest.mark.parametrize(
    ("places", "names"),
    [("then", {province.name for province in WORDS.provinces}), ("today", set(WORDS.present))],
)
def test_each_province_has_a_tile_of_its_own(places, names):
    tiles = tiling()[places]
    assert len(tiles) == len(names)
    assert {tile.province for tile in tiles} == names
    assert len({(tile.row, tile.column) for tile in tiles}) == len(tiles)
    assert len({tile.short for tile in tiles}) == len(tiles)


def test_the_map_is_laid_out_like_the_country():
    row = {tile.province: tile.row for tile in tiling()["then"]}
    assert row["Cao Bằng"] < row["Hà Nội"] < row["Thừa Thiên Huế"] < row["Khánh Hòa"] < row["Cà Mau"]
    column = {tile.province: tile.column for tile in tiling()["then"]}
    assert column["Điện Biên"] < column["Hà Nội"] < column["Quảng Ninh"]
    assert column["An Giang"] < column["Thành phố Hồ Chí Minh"] < column["Bình Thuận"]


def test_shades_tell_none_from_few_and_few_from_most():
    assert [shade(count, 400) for count in (0, 1, 30, 150, 399, 400)] == [0, 1, 2, 3, 4, SHADES]


def test_the_map_says_what_the_list_says_and_leads_where_it_leads(client):
    page = BeautifulSoup(client.get("/search?q=chuyen+doi+so&then=Hà+Nội").data, "lxml")
    listed = page.select(".facet:first-of-type > :is(.facet-values, [data-more]) .facet-value")
    names = [name.text for value in listed for name in value.select(".facet-label")]
    counts = [count.text.lstrip(": ") for value in listed for count in value.select(".count")]
    leads = [link["href"] for link in listed]
    rows = page.select(".tiles tbody tr")
    assert len(rows) == 63
    assert [cell.text for cell in page.select(".tiles tr:has(a) td")].count("1 bài") == counts.count("1")
    links = {str(link["aria-label"]): link["href"] for link in page.select(".tiles a")}
    assert dict(zip(names, leads, strict=True)).items() <= links.items()
    assert [link["aria-label"] for link in page.select(".tiles a[aria-current]")] == ["Hà Nội"]
    assert {cell.text for cell in page.select(".tiles tr:not(:has(a)) td")} == {"0 bài"}


def test_the_map_of_today_has_thirty_four(client):
    page = BeautifulSoup(client.get("/search?places=today").data, "lxml")
    assert len(page.select(".tiles tbody tr")) == 34


@pytest.mark.parametrize(
    ("address", "count", "held", "left"),
    [
        ("/search?region=Tây+Nguyên", 5, "Đắk Lắk", "Hà Nội"),
        ("/search?region=Tây+Nguyên&region=đồng+bằng+sông+cửu+long", 5 + 13, "Long An", "Hà Nội"),
        ("/search?region=Tây+Nguyên&places=today", 0, "", "Đắk Lắk"),
        ("/search", 0, "", "Đắk Lắk"),
    ],
)
def test_a_region_that_is_chosen_is_marked_on_its_map(client, address, count, held, left):
    page = BeautifulSoup(client.get(address).data, "lxml")
    rows = page.select(".tiles .tile-in-region")
    marked = {str(row.select("th")[0]["title"]).partition(":")[0]: row.select("td")[0].text for row in rows}
    assert len(marked) == count
    assert left not in marked
    assert not held or marked[held].endswith(", trong vùng đã chọn")
