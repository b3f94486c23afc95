"""Operators on fields, document numbers in any spelling, other spellings of words: the same on both engines."""

from datetime import date

import pytest

from indexer.query.request import SearchRequest
from tests.contract.documents import article

ABOUT = (
    article(
        1, title="Chuyển đổi số ở Long An", body="hội nghị", author="Chính Hiền", category="Tin hoạt động",
        published=date(2008, 5, 2), provinces_then=("Long An",), provinces_today=("Tây Ninh",),
    ),
    article(
        2, title="Hội nghị", body="chuyển đổi số", author="Lê Vy", category="Văn bản", status="changed",
        published=date(2009, 7, 1), provinces_then=("Hà Nội",), provinces_today=("Hà Nội",),
        attachments="Phụ lục kinh phí", attachment_names=("Danh sach 38TT.pdf",),
    ),
    article(
        3, title="Nghị định mới", body="hội nghị về Nghị định 14/2008/NĐ-CP", status="withdrawn", published=None,
        numbers=("14/2008/NĐ-CP",), issues=("14/2008/NĐ-CP",),
    ),
    article(
        4, title="Theo 14/2008/NĐ-CP hội nghị", body="14/2008/NĐ-CP " * 9, numbers=("14/2008/NĐ-CP",),
        published=date(2010, 1, 1),
    ),
)  # fmt: skip


def _ids(index, query, **more):
    return [hit.key.id for hit in index.search(SearchRequest(query=query, size=100, **more)).hits]


@pytest.fixture
def index(store):
    return store.holding(*ABOUT, *(article(f"x{n}", title="Không có gì", published=None) for n in range(12)))


def test_each_operator_looks_into_its_field(index):
    for query, found in {
        "title:chuyển": "1",
        'tiêu_đề:"chuyển đổi"': "1",
        'title:"chuyên đổi" hội': "",
        "tiêu_đề:chuyen hội": "1",
        "author:hien": "1",
        'tác_giả:"Lê Vy"': "2",
        'author:"Vy Lê" OR nămchẳng OR hiền': "1",
        'chuyên_mục:"tin hoạt động"': "1",
        "category:văn_bản": "2",
        "năm:2008": "1",
        "year:2008-2009": "12",
        "before:2009 hội": "1",
        "trước:1/7/2009 hội": "1",
        "sau:2008": "24",
        "after:30/6/2009 before:2010": "2",
        "status:changed": "2",
        "trạng_thái:đã_gỡ": "3",
        "tệp:38tt": "2",
        'attachment:"kinh phí"': "2",
        "đính_kèm:kinh_phi": "2",
        "hội -năm:2008 -tác_giả:vy": "34",
        "(năm:2008 OR status:withdrawn) hội": "13",
        "hội -province:longan -status:withdrawn": "24",
        "số:14/2008/NĐ-CP": "34",
        "hội số:14/2008/nd-cp": "34",
        "tit* -title:hội": "",
        "chuy* hội": "12",
    }.items():
        results = index.search(SearchRequest(query=query, size=100))
        kept = "" if results.read_as else "".join(sorted(hit.key.id for hit in results.hits))
        assert kept == found, query


def test_a_province_is_a_filter_that_can_be_taken_off(index):
    results = index.search(SearchRequest(query='hội tỉnh:"Long An"'))
    assert [hit.key.id for hit in results.hits] == ["1"]
    assert (results.request.query, results.request.values("then")) == ("hội", ("Long An",))
    assert [hit.key.id for hit in index.scan(SearchRequest(query="hội tỉnh:Long_An"))] == ["1"]
    assert {value.value for value in results.facet("then").values} == {"Long An", "Hà Nội"}
    assert index.search(SearchRequest(query="tỉnh:Huế hội")).total == 0, "a filter that leaves nothing stays one"


def test_what_is_no_value_and_what_finds_nothing_is_words(index):
    for query in (
        "năm:mới nghị",
        "title: chuyển đổi số",
        "number:14 nghị",
        "title:khôngđâu nghị",
        "tỉnh:Paris nghị",
    ):
        assert index.search(SearchRequest(query=query)).total, query
    assert index.search(SearchRequest(query="title:khôngđâu nghị")).read_as == "title khôngđâu nghị"
    assert index.search(SearchRequest(query="title:chuyển nghị")).read_as == ""


def test_a_pasted_title_is_found_whatever_it_looks_like(store):
    titles = [
        "Báo cáo số:12/2008/QĐ-BTTTT -quý I",
        'Hội nghị "Chuyển đổi số" -Huế (lần 2',
        "Năm:2008 -tổng kết OR nhìn lại",
        "author:mới",
    ]
    index = store.holding(*(article(f"title{n}", title=title) for n, title in enumerate(titles)), *ABOUT[:2])
    for number, title in enumerate(titles):
        assert _ids(index, title)[0] == f"title{number}", title


NUMBER_SPELLINGS = (
    "14/2008/NĐ-CP", "14/2008/ND-CP", "14-2008-NĐ-CP", "14 2008 nd cp", "14.2008.NĐ.CP", "14/2008/NĐCP",
    "Nghị định 14/2008/NĐ-CP", "nghi dinh so 14/2008/nd-cp", "nghị định 14/2008", "số 14/2008/NÐ–CP",
    "toàn văn nghị định số 14/2008/NĐ-CP của Chính phủ",
)  # fmt: skip


def test_a_number_in_any_spelling_finds_what_issues_it_then_what_cites_it(store):
    loud = [
        article(f"loud{n}", title="Nghị định 14 2008 NĐ CP", body="nghị định số chính phủ toàn văn")
        for n in range(12)
    ]
    index = store.holding(*ABOUT, *loud)
    for spelling in NUMBER_SPELLINGS:
        assert _ids(index, spelling)[:2] == ["3", "4"], spelling


def test_i_and_y_are_one_where_both_are_written(store):
    index = store.holding(
        article(1, title="Kỹ thuật số"), article(2, title="Kĩ thuật số"), article(3, title="Kí tên")
    )
    for query in ("kỹ thuật", "kĩ thuật", "ky thuat", "ki thuat"):
        assert sorted(_ids(index, query)) == ["1", "2"], query
    assert _ids(index, '"kỹ thuật"') == ["1"], "a phrase is exact"


def test_keys_and_slips_find_what_was_meant(store):
    others = [article(f"x{n}", title="Đất nước", body="tỉnh và đất") for n in range(12)]
    index = store.holding(article(1, title="Chuyển đổi số quốc gia"), *others)
    for query in ("chuyeenr ddooir soos", "chuyển ddooir số", "chuyển đổii số", "chuyểm đổi sso quốc gia"):
        assert _ids(index, query)[0] == "1", query
    assert index.search(SearchRequest(query="chuyeenr ddooir soos")).read_as == "", (
        "what was asked is not rewritten"
    )


def test_what_a_slip_may_have_meant_finds_by_itself(store):
    """Each word it may have meant, and the word beside it, is far too common to be reason enough alone."""
    common = [
        article(f"{start[0]}{n}", title=start, body="tin")
        for start in ("Doanh nghiệp đổi mới", "Chuyển phát")
        for n in range(110)
    ]
    index = store.holding(article(1, title="Chuyển đổi số"), *common)
    for query in ("chuyểm đổi", "chuyenn doi", "hcuyển đổi"):
        assert _ids(index, query)[:1] == ["1"], query


def test_a_word_that_only_looks_like_a_slip_is_itself(store):
    index = store.holding(*(article(n, title="Test máy") for n in range(10)), article("x", title="Tết máy"))
    assert "x" not in _ids(index, "test máy")
