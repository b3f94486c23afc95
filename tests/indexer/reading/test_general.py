"""Pages of makes the profile does not know: the general method."""

from datetime import date

import pytest

from indexer.article import Article
from tests.indexer.reading.pages import article

LONG = (
    "Hội nghị đã nghe báo cáo kết quả thực hiện nhiệm vụ năm 2008, triển khai một số mục tiêu trọng tâm, và bàn "
    "về phân cấp quản lý nhà nước cho các phòng văn hóa, thông tin ở huyện, thị xã trên địa bàn tỉnh Long An."
)
PAGE = """<html><head><title>{title} - Cổng thông tin</title>{head}</head><body>
<div class="top">Thứ bảy, ngày 01/11/2025</div>
<nav><a href="/">Trang chủ</a> <a href="/x">Giới thiệu chung về Bộ</a></nav>
<div class="noi-dung"><h1>{title}</h1><span class="gio">{date}</span><div class="sapo">{lead}</div>
<div class="khung"><p>{one}</p><p>{two}</p><p>{three}</p></div>
<div class="binhluan"><p>Ý kiến bạn đọc: {one}</p></div></div>
<div class="sidebar"><p>Cơ quan đại diện tại Đà Nẵng, số 42 đường Trần Quốc Toản, thành phố Đà Nẵng</p></div>
<div class="footer"><p>Bản quyền thuộc Bộ, địa chỉ 18 Nguyễn Du, quận Hai Bà Trưng, thành phố Hà Nội</p></div>
</body></html>"""
TITLE = "Long An: Hội nghị triển khai công tác năm 2009"
LEAD = "Lời dẫn của bài viết về hội nghị ở Long An."


def unknown(**parts: str) -> Article:
    given = {
        "title": TITLE,
        "head": "",
        "date": "15/01/2009 08:30",
        "lead": LEAD,
        "one": LONG,
        "two": LONG[::-1],
        "three": LONG[21:],
    }
    return article(PAGE.format(**given | parts))


def test_title_lead_body_and_date_are_found_and_the_rest_is_left():
    found = unknown()
    assert (found.template, found.title, found.lead) == ("general", TITLE, LEAD)
    assert found.paragraphs == (LONG, LONG[::-1], LONG[21:])
    assert found.published is not None
    assert (found.published.day, found.published.how, found.published.sure) == (date(2009, 1, 15), "stated", False)
    assert {place.then for place in found.places} == {("Long An",)}


def test_what_machines_are_told_goes_first():
    found = unknown(head='<meta property="article:published_time" content="2009-01-16T08:30:00+07:00">')
    assert found.published is not None
    assert found.published.day == date(2009, 1, 16)


@pytest.mark.parametrize("line", ["", "Cập nhật thường xuyên"])
def test_the_visit_day_above_the_title_is_not_taken(line):
    assert unknown(date=line).published is None
