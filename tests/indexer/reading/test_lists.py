"""Lists of makes the profile does not know: which articles they link to, and the days beside the links."""

from datetime import date, time

import pytest

from indexer.article import Listed, Listing
from tests.indexer.reading.pages import read

LIST = "https://mic.gov.vn/Pages/danhsach.aspx"
TITLE = "Hội nghị triển khai công tác năm 2009"
LINK = f'<a href="/Pages/TinTuc/100001/x.html">{TITLE}</a>'
PICTURE = '<a href="/Pages/TinTuc/100001/x.html"><img src="/a.jpg"></a>'
CATEGORY = '<a href="/Pages/ChuyenMuc/PhanTrang/1748/1/x.html">Viễn thông</a>'
OTHER = '<li><a href="/Pages/TinTuc/100002/x.html">Một bài khác của trang này</a></li>'


def entries(markup: str) -> dict[str, Listed]:
    found = read(f"<html><body><h2>Tin cũ hơn</h2>{markup}</body></html>", LIST)
    assert isinstance(found, Listing), found
    return {entry.key.id: entry for entry in found.entries}


@pytest.mark.parametrize(
    "item",
    [
        f"<li>{LINK} (15/01/2009)</li>",
        f"<li>{LINK} <span>15/01/2009</span></li>",
        f"<li>{LINK} <i>(Ngày 15/1/2009)</i></li>",
        f"<li>15/01/2009 - {LINK}</li>",
        f"<table><tr><td>1</td><td>{LINK}</td><td>15/01/2009</td></tr></table>",
        f"<div><h3>{LINK}</h3><p>Thứ năm, 15/01/2009</p><p>Sáng 14/01/2009, Sở họp tại Long An.</p></div>",
        f"<div>{PICTURE}<div>{LINK}</div>{CATEGORY} <em>15/01/2009</em></div>",
    ],
)
def test_a_day_beside_a_link_is_read_and_never_sure(item: str):
    found = entries(f"{item}{OTHER}")
    assert found["100001"].title == TITLE
    said = found["100001"].published
    assert said is not None
    assert (said.day, said.how, said.sure) == (date(2009, 1, 15), "listed", False)
    assert found["100002"].published is None


def test_a_time_beside_the_day_is_read():
    said = entries(f"<li>{LINK} <span>15/01/2009 02:30 CH</span></li>")["100001"].published
    assert said is not None
    assert said.hour == time(14, 30)


@pytest.mark.parametrize(
    "markup",
    [
        f"<ul><li>{LINK}</li>{OTHER}</ul><p>15/01/2009</p>",  # whose day is it?
        f"<div><li>{LINK}</li>{OTHER} <span>15/01/2009</span></div>",
        f"<li>{LINK}<p>Ngày <b>15/01/2009</b>, Sở họp tại Long An</p></li>",  # a sentence
        f"<li>{LINK}<p>Sáng 15/01/2009, Sở họp.</p></li>",
        f"<div><span>Thứ bảy, 01/11/2025</span> {LINK}</div>",  # the day of the visit
        f"<div><span>31/02/2009</span> {LINK}</div>",
    ],
)
def test_a_day_that_may_be_anothers_is_left(markup: str):
    assert entries(markup)["100001"].published is None
