"""What is found, and what comes first: marks, phrases, operators, abbreviations, numbers."""

import unicodedata
from datetime import date

import pytest

from indexer.query.request import SearchRequest
from tests.contract.documents import article


def _ids(index, query, **more):
    return [hit.key.id for hit in index.search(SearchRequest(query=query, size=100, **more)).hits]


def _results(index, query, **more):
    return index.search(SearchRequest(query=query, **more))


FILLER = [article(f"filler{n}", title="Thông báo", body="không có gì đáng kể ở đây") for n in range(15)]


@pytest.mark.parametrize(
    "query",
    [
        "chuyển đổi số quốc gia",
        "chuyen doi so quoc gia",
        "chuyển doi số quoc gia",
        "CHUYỂN ĐỔI SỐ QUỐC GIA",
        unicodedata.normalize("NFD", "chuyển đổi số quốc gia"),
        "  chuyển…đổi; số/quốc\u200b gia!",
    ],
)
def test_any_way_of_typing_finds_the_same(store, query):
    about = [article(n, title="Chương trình chuyển đổi số quốc gia", body=f"bài {n}") for n in range(12)]
    index = store.holding(*about, *FILLER)
    assert sorted(_ids(index, query)) == sorted(document.key.id for document in about)
    assert _results(index, query).mode == "strict"


@pytest.mark.parametrize("query", ["Hòa Bình", "Hoà Bình", "hoa binh", "Hòa Binh"])
def test_both_styles_of_placing_a_tone_are_one(store, query):
    index = store.holding(article(1, title="Tỉnh Hoà Bình"), article(2, title="Tỉnh Hòa Bình"), *FILLER)
    assert sorted(_ids(index, query)) == ["1", "2"]
    assert sorted(_ids(index, '"Hoà Bình"')) == ["1", "2"]


def test_the_reading_that_was_typed_comes_first(store):
    index = store.holding(
        article(1, title="Tăng sản lượng lượng lượng", body="lượng " * 5),
        article(2, title="Tăng lương"),
        article(3, title="Tăng luong"),
        *FILLER,
    )
    assert _ids(index, "lương")[0] == "2"
    assert _ids(index, "lượng")[0] == "1"
    assert sorted(_ids(index, "luong")) == sorted(_ids(index, "lương")) == ["1", "2", "3"]


def test_marks_that_are_letters_of_their_own_are_marks(store):
    """Decomposed text (NFD), as some systems and a few per cent of real pages write it, on either side."""
    apart, together = unicodedata.normalize("NFD", "tăng lương"), "tăng lương"
    index = store.holding(
        article(1, title=together), article(2, title=apart), article(3, title="tăng lượng"), *FILLER
    )
    for typed in (apart, together):
        assert sorted(_ids(index, f'"{typed}"')) == ["1", "2"]
        assert set(_ids(index, typed)[:2]) == {"1", "2"}


def test_the_first_and_the_last_day_asked_for_are_included(store):
    days = [date(2010, 1, day) for day in (1, 2, 3)]
    index = store.holding(*(article(day.day, published=day) for day in days), article(9, published=None))
    for since, until, found in (
        (days[1], None, ["2", "3"]),
        (None, days[1], ["1", "2"]),
        (days[1], days[1], ["2"]),
        (days[2], days[0], []),
    ):
        assert sorted(_ids(index, "", since=since, until=until)) == found
        assert _results(index, "", since=since, until=until).total == len(found)


def test_words_may_stand_in_different_texts(store):
    index = store.holding(
        article(1, title="Viễn thông", lead="tại Long An", body="sóng", attachments="di động", author="Lê Vy"),
        article(2, title="Viễn thông viễn long sóng", lead="tại Nghệ An"),
        *FILLER,
    )
    assert _ids(index, "viễn long sóng động vy")[0] == "1"
    assert _ids(index, "viễn -nghệ động vy") == ["1"]


def test_ten_articles_with_all_words_are_enough(store):
    whole = [article(n, title="đường dây nóng") for n in range(10)]
    index = store.holding(*whole, article("part", title="đường dây khác"))
    results = _results(index, "đường dây nóng")
    assert (results.mode, results.total) == ("strict", 10)


def test_fewer_than_ten_are_joined_by_those_that_hold_a_pair(store):
    whole = [article(n, title="đường dây nóng", body="chữ " * 200) for n in range(9)]
    parts = [article("pair", title="đường dây đường dây", lead="đường dây"), article("loose", title="nóng đường")]
    index = store.holding(*whole, *parts, *FILLER)
    results = _results(index, "đường dây nóng")
    assert (results.mode, results.total) == ("near", 10)
    assert [hit.key.id for hit in results.hits][-1] == "pair", "articles with all words come first"


def test_a_longer_query_is_near_from_the_start_and_half_of_its_pairs_are_enough(store):
    whole = [article(n, title="một hai ba bốn năm sáu bảy tám chín") for n in range(21)]
    parts = [article("half", title="một hai ba bốn năm"), article("less", title="một hai ba bốn")]
    index = store.holding(*whole, *parts, *FILLER)
    results = _results(index, "một hai ba bốn năm sáu bảy tám chín")
    assert (results.mode, results.total) == ("near", 22)
    found = _ids(index, "một hai ba bốn năm sáu bảy tám chín")
    assert "half" in found
    assert "less" not in found


def test_where_half_finds_few_a_quarter_is_enough(store):
    words = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "trăm", "nghìn", "triệu"]
    quarters = [article(n, title=" ".join(words[:4])) for n in range(21)]
    index = store.holding(*quarters, article("less", title="một hai ba"), *FILLER)
    assert _results(index, " ".join(words)).total == 21


def test_six_different_words_are_a_short_query_and_seven_are_not(store):
    six = "một hai ba bốn năm sáu"
    index = store.holding(*(article(n, title=f"{six} bảy") for n in range(12)), *FILLER)
    assert [_results(index, query).mode for query in (six, f"{six} sáu một", f"{six} bảy")] == [
        "strict",
        "strict",
        "near",
    ]


def test_a_rare_word_alone_is_enough_where_nothing_else_is_found(store):
    index = store.holding(article(1, title="Mạng NASUWT", body="ở Anh"), *FILLER)
    results = _results(index, "NASUWT nghĩa gì")
    assert results.mode == "near"
    assert results.hits[0].key.id == "1"


def test_a_rare_word_alone_is_not_enough_beside_articles_with_all_words(store):
    """Whoever looks for Long An wants neither An Giang nor "long trọng", be the collection ever so small."""
    about = [article(n, title="Sở Thông tin và Truyền thông Long An") for n in range(3)]
    others = [article("giang", title="An Giang"), article("solemn", title="long trọng tổ chức")]
    results = _results(store.holding(*about, *others, *FILLER), "Long An")
    assert (results.mode, results.total) == ("strict", 3)


def test_nothing_is_near_a_single_word(store):
    index = store.holding(article(1, title="Internet"), *FILLER)
    assert _results(index, "internet").mode == "strict"
    assert _results(index, "chẳngcó").total == 0


def test_no_words_find_everything(store):
    index = store.holding(article(1), article(2))
    for query in ("", "  ", "!!!", "*"):
        results = _results(index, query)
        assert (results.mode, results.total) == ("everything", 2)


class TestPhrases:
    def test_words_follow_each_other(self, store):
        index = store.holding(
            article(1, title="công nghệ thông tin"), article(2, title="thông tin công nghệ"), *FILLER
        )
        assert _ids(index, '"công nghệ thông tin"') == ["1"]
        assert _ids(index, "“công nghệ thông tin”") == ["1"]

    def test_marks_count_if_there_is_one(self, store):
        index = store.holding(article(1, title="tăng lương"), article(2, title="tăng lượng"), *FILLER)
        assert _ids(index, '"tăng lương"') == ["1"]
        assert sorted(_ids(index, '"tang luong"')) == ["1", "2"]
        assert _ids(index, '"lương"') == ["1"]

    def test_one_text_does_not_run_into_the_next(self, store):
        index = store.holding(
            article(1, title="tỉnh Long", lead="An toàn", attachments="xe", author="máy"), *FILLER
        )
        for query in ('"Long An"', '"long an"', '"xe máy"', '"xe may"'):
            results = _results(index, query)
            assert results.read_as or results.total == 0, query

    def test_in_every_text(self, store):
        index = store.holding(
            article(1, title="Quả dưa"), article(2, lead="Quả dưa"), article(3, body="Quả dưa"),
            article(4, attachments="Quả dưa"), article(5, author="Quả Dưa"), *FILLER,
        )  # fmt: skip
        assert sorted(_ids(index, '"quả dưa"')) == sorted(_ids(index, '"qua dua"')) == ["1", "2", "3", "4", "5"]


class TestOperators:
    @pytest.fixture
    def index(self, store):
        return store.holding(
            article("both", title="bưu chính viễn thông"),
            article("post", title="bưu chính"),
            article("phone", title="viễn thông"),
            article("wage", title="lương viễn thông"),
            article("amount", title="lượng viễn thông"),
            *FILLER,
        )

    def test_a_hyphen_before_a_letter_excludes(self, index):
        assert sorted(_ids(index, '"viễn thông" -bưu')) == ["amount", "phone", "wage"]
        assert sorted(_ids(index, '"viễn thông" -"bưu chính" -lương')) == ["amount", "phone"]
        assert sorted(_ids(index, '"vien thong" -luong')) == ["both", "phone"]

    def test_a_hyphen_elsewhere_does_not(self, index):
        assert "both" in _ids(index, "bưu chính - viễn thông")
        assert "both" in _ids(index, "bưu-chính viễn-thông")

    def test_or_joins_what_stands_on_either_side(self, index):
        assert sorted(_ids(index, '"bưu chính" OR lương')) == ["amount", "both", "post", "wage"]
        assert sorted(_ids(index, '("bưu chính" OR "lương") viễn')) == ["both", "wage"]

    def test_a_star_stands_for_the_rest_of_a_word(self, index):
        assert sorted(_ids(index, "chí*")) == ["both", "post"]
        assert sorted(_ids(index, "bưu chi*")) == ["both", "post"]

    def test_what_makes_no_sense_is_read_as_words(self, index):
        results = _results(index, '("bưu chính')
        assert results.read_as == "bưu chính"
        assert {hit.key.id for hit in results.hits} == {"both", "post"}

    def test_what_finds_nothing_as_operators_is_read_as_words(self, index):
        results = _results(index, '"chính bưu"')
        assert results.read_as == "chính bưu"
        assert {hit.key.id for hit in results.hits} == {"both", "post"}

    def test_only_an_exclusion(self, index):
        assert set(_ids(index, "-viễn")) == {"post", *(document.key.id for document in FILLER)}


def test_an_abbreviation_and_what_it_stands_for_find_each_other(store):
    index = store.holding(
        article(1, title="Ủy ban nhân dân tỉnh"),
        article(2, title="UBND tỉnh"),
        article(3, title="nhân dân tỉnh, ban ủy"),
        *FILLER,
    )
    assert sorted(_ids(index, "UBND")) == sorted(_ids(index, "ubnd OR ubnd")) == ["1", "2"]
    assert _ids(index, "UBND tỉnh")[:2] == ["2", "1"]
    assert _ids(index, "Ủy ban nhân dân tỉnh")[0] == "1"
    assert sorted(_ids(index, "Ủy ban nhân dân tỉnh")) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "query",
    [
        "749/QĐ-TTg",
        "749/QD-TTG",
        "749 qđ ttg",
        "749/QĐTTg",
        "QĐ số 749/QĐTTg",
        "quyết định 749-QĐ/TTg",
        "749/QĐ - TTg",
    ],
)
def test_a_document_number_finds_who_issues_it_then_who_cites_it(store, query):
    number = "749/QĐ-TTg"
    index = store.holding(
        article("cites", title="Theo Quyết định số 749/QĐ-TTg, 749/QĐ-TTg, 749/QĐ-TTg", numbers=(number,)),
        article("issues", title="Phê duyệt chương trình", body="chữ " * 300, numbers=(number,), issues=(number,)),
        article("other", title="Quyết định 7490/QĐ-TTg", numbers=("7490/QĐ-TTg",), issues=("7490/QĐ-TTg",)),
        *FILLER,
    )
    assert _ids(index, query)[:2] == ["issues", "cites"]


def test_two_figures_do_not_run_into_one(store):
    index = store.holding(
        article(1, title="a", numbers=("14/2008/NĐ-CP",), issues=("14/2008/NĐ-CP",)),
        article(2, title="b", numbers=("1/42008/NĐ-CP",), issues=("1/42008/NĐ-CP",)),
        *FILLER,
    )
    assert _ids(index, "14/2008/NĐ-CP")[0] == "1"


def test_a_title_counts_more_than_a_lead_and_a_lead_more_than_the_rest(store):
    texts = {"a": "attachments", "b": "body", "l": "lead", "t": "title"}
    documents = [article(key, **{"title": "x y", field: "gạo nếp thơm"}) for key, field in texts.items()]
    index = store.holding(*documents, *FILLER)
    found = _ids(index, "gạo nếp")
    assert found[0] == "t"
    assert sorted(found) == sorted(texts)


def test_the_whole_query_in_the_title_comes_first(store):
    index = store.holding(
        article(1, title="Bộ trưởng thăm Long An và Bến Tre"),
        article(2, title="Long An và Bộ trưởng thăm Bến Tre"),
        *FILLER,
    )
    assert _ids(index, "bo truong tham long an")[0] == "1"
    assert _ids(index, "long an va bo truong")[0] == "2"


def test_of_equal_articles_the_newer_comes_first(store):
    documents = [article(n, title="Tuyển dụng", published=date(2000 + n, 1, 1)) for n in (3, 9, 12, 18, 20)]
    index = store.holding(*documents, article(99, title="Tuyển dụng", published=None), *FILLER)
    assert _ids(index, "tuyển dụng") == ["20", "18", "12", "3", "9", "99"]


def test_the_mode_does_not_depend_on_the_filters(store):
    """A facet's count must be the length of the list one gets by choosing it."""
    whole = [article(n, title="xe đạp điện", category="Tin" if n < 2 else "Báo") for n in range(12)]
    index = store.holding(*whole, article("part", title="xe đạp", category="Tin"), *FILLER)
    counted = {value.value: value.count for value in _results(index, "xe đạp điện").facet("category").values}
    chosen = _results(index, "xe đạp điện", filters=(("category", ("Tin",)),))
    assert counted == {"Báo": 10, "Tin": 2}
    assert (chosen.mode, chosen.total) == ("strict", 2)


def test_words_are_marked_as_people_see_them(store):
    index = store.holding(
        article(1, title="Chuyển đổi số ở Long An", body="Mở đầu. Tỉnh Long An đẩy mạnh chuyển đổi số. Kết."),
        *FILLER,
    )
    hit = _results(index, "chuyen doi so").hits[0]
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["Chuyển đổi số"]
    marked = [snippet.text[start:end] for snippet in hit.snippets for start, end in snippet.marks]
    assert marked == ["chuyển đổi số"]
