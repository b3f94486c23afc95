"""What is offered unasked: lines while typing, related articles."""

import pytest

from crawler.address import Key
from indexer.query.language import read_words
from indexer.query.phrases import Phrases, with_phrases
from indexer.query.request import SearchRequest
from tests.contract.documents import article

DOCUMENTS = [
    article(1, title="Long An phát triển viễn thông nông thôn", lead="Tỉnh Long An mở rộng mạng cáp quang về xã"),
    article(2, title="Mạng cáp quang về xã ở Long An", lead="Viễn thông nông thôn phát triển"),
    article(3, title="Giải bóng đá mùa xuân", lead="Không liên quan"),
    article(4, title="Quyết định 749/QĐ-TTg", numbers=("749/QĐ-TTg",)),
    article(5, title="Công văn 12/BTTTT-VP", numbers=("12/BTTTT-VP", "749/QĐ-TTg")),
    article(6, title="Long An phát triển viễn thông nông thôn", reprint_of=Key(family="mic", id="1")),
    *(article(100 + n, title=f"Hội nghị thường niên lần thứ {n}") for n in range(12)),
]


@pytest.fixture
def index(store):
    return store.holding(*DOCUMENTS)


def _lines(index, typed):
    return [(line.kind, line.text) for line in index.suggest(typed)]


@pytest.mark.parametrize("typed", ["long a", "Long Â", "LONG AN", "an"])
def test_provinces_come_first(index, typed):
    assert ("province", "Long An") in _lines(index, typed)[:3]


@pytest.mark.parametrize("typed", ["cap quang", "cáp qua", "mạng cáp", "quang ve x"])
def test_titles_by_any_of_their_words_the_last_unfinished(index, typed):
    assert ("title", "Mạng cáp quang về xã ở Long An") in _lines(index, typed)


@pytest.mark.parametrize("typed", ["749", "749/Q", "749 qd-ttg"])
def test_document_numbers(index, typed):
    lines = _lines(index, typed)
    assert lines.count(("number", "749/QĐ-TTg")) == 1
    assert all(text != "12/BTTTT-VP" for _, text in lines)


def test_a_line_says_what_choosing_it_does(index):
    lines = {line.kind: line for line in index.suggest("long an phát")}
    assert lines["title"].key == Key(family="mic", id="1")
    assert next(line for line in index.suggest("long")).query == "Long An"


def test_at_most_eight_lines_none_twice(index):
    lines = _lines(index, "hội nghị")
    assert len(lines) == len(set(lines)) == 8
    assert _lines(index, "long an phat trien") == [("title", "Long An phát triển viễn thông nông thôn")]


BRANCHES = ("tại Huế", "ở Long An", "cho báo chí", "của Bộ", "và xuất bản", "trong năm 2020")
PHRASED = [
    *(article(n, title=f"Đẩy mạnh Chuyển đổi số {branch}") for n, branch in enumerate(BRANCHES)),
    *(article(10 + n, title=f"Kế hoạch {n + 2010}: Sở TT&TT Long An {said}") for n, said in enumerate(BRANCHES)),
    article(20, title="Chuyển đổi số", reprint_of=Key(family="mic", id="1")),
]


@pytest.fixture
def offered(store):
    index = store.holding(*PHRASED)
    phrases = Phrases.of(hit.title.text for hit in index.scan(SearchRequest(sort="newest")))

    def lines(typed):
        found = with_phrases(index.suggest(typed), phrases.holding(read_words(typed)))
        return [(line.kind, line.text, line.query) for line in found]

    return lines


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("chuyen d", "Đẩy mạnh Chuyển đổi số"),
        ("đổi s", "Đẩy mạnh Chuyển đổi số"),
        ("DOI", "Đẩy mạnh Chuyển đổi số"),
        ("so tt", "Sở TT&TT Long An"),
    ],
)
def test_phrases_that_many_titles_share_as_they_are_written(offered, typed, phrase):
    lines = offered(typed)
    assert [(text, query) for kind, text, query in lines if kind == "phrase"] == [(phrase, phrase)]
    assert len(lines) == len({text for _, text, _ in lines}) <= 8
    assert lines[-1][0] == "title"


def test_phrases_stand_behind_provinces_and_leave_room_for_titles(offered):
    kinds = [kind for kind, _, _ in offered("long an")]
    assert kinds[:2] == ["province", "phrase"]
    assert kinds.count("title") == 6


def test_what_is_typed_already_is_no_phrase_to_be_offered(offered):
    assert "phrase" not in [kind for kind, _, _ in offered("đẩy mạnh chuyển đổi số")]


@pytest.mark.parametrize("typed", ["", " ", "!", '"', "-", "*", "\ud800"])
def test_nothing_is_offered_for_nothing(index, typed):
    assert _lines(index, typed) == []


def test_related_articles_share_word_pairs_and_are_not_the_article_itself(index):
    assert [hit.key.id for hit in index.related(Key(family="mic", id="1"))] == ["2"]
    assert [hit.key.id for hit in index.related(Key(family="mic", id="2"))] == ["1"]


def test_nothing_is_related_to_what_stands_alone_or_is_not_there(index):
    assert list(index.related(Key(family="mic", id="3"))) == []
    assert list(index.related(Key(family="mic", id="999"))) == []


def test_at_most_six_related_articles(index):
    assert len(index.related(Key(family="mic", id="100"))) == 6
