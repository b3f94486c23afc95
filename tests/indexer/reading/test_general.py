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


def test_a_first_sentence_with_a_day_is_text_and_no_line_that_states_one():
    sentence = "Sáng ngày 15/01/2009, Sở TT&TT Long An tổ chức hội nghị triển khai công tác."
    found = unknown(date="", one=sentence)
    assert found.paragraphs[0] == sentence
    assert found.published is not None
    assert (found.published.day, found.published.how) == (date(2009, 1, 15), "text")


@pytest.mark.parametrize(
    "line", ["Thứ Năm, ngày 15/01/2009 - 08:30 (GMT+7)", "Đăng bởi Nguyễn Văn An lúc 08:30 15/01/2009"]
)
def test_a_line_that_states_a_day_may_say_who_posted_it(line: str):
    found = unknown(date=line)
    assert found.published is not None
    assert (found.published.day, found.published.how) == (date(2009, 1, 15), "stated")


NAMELESS = """<html><head><title>{title} 2008 - 2009</title></head><body>
<ul><li><a href="/">Trang chủ</a></li></ul>
<div><div>{title} 2008 - 2009</div><div>15/01/2009 08:30</div><div>(Mic.gov.vn) - <b>{lead}</b></div>{body}
<div>Chia sẻ: Facebook Zalo</div></div>
<div><p>© Cổng thông tin điện tử của Bộ</p>
<p>Địa chỉ: 18 Nguyễn Du, quận Hai Bà Trưng, Hà Nội</p></div></body></html>"""


def test_where_nothing_has_a_name_order_tells_what_is_what():
    rows = (
        "<table><tr><td>Số ký hiệu</td><td>45/2009/CT-BTTTT</td></tr><tr><td>Cơ quan</td><td>Bộ</td></tr></table>"
    )
    for body, wanted in ((f"<div><p>{LONG}</p></div>", LONG), (rows, "Số ký hiệu\t45/2009/CT-BTTTT\nCơ quan\tBộ")):
        found = article(NAMELESS.format(title=TITLE, lead=LEAD, body=body))
        assert (found.title, found.lead, found.paragraphs) == (f"{TITLE} 2008 - 2009", LEAD, (wanted,))
        assert found.published is not None
        assert (found.published.how, str(found.published.hour)) == ("stated", "08:30:00")
