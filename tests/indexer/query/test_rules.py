"""Small rules: document numbers, cursors, filters, what a lexicon knows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import load_vocabulary
from indexer.query.clauses import AllOf, Clause, Days, Everything, Keyword
from indexer.query.cursor import Position
from indexer.query.fields import filters, number_key
from indexer.query.language import parse
from indexer.query.lexicon import Lexicon
from indexer.query.matching import Nearness, document_numbers, near
from indexer.query.question import Question, decide
from indexer.query.request import SearchRequest


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("14 2008 nd cp", "14/2008ndcp"),
        ("14 2008 ndcp", "14/2008ndcp"),
        ("749 qd ttg", "749qdttg"),
        ("1 42008 nd cp", "1/42008ndcp"),
        ("1 2 3", "1/2/3"),
    ],
)
def test_how_a_document_number_is_looked_up(words, key):
    assert number_key(words.split()) == key


def test_what_may_be_a_document_number():
    assert list(document_numbers(("quyet", "dinh", "749", "qd", "ttg"))) == ["749qd", "749qdttg"]
    assert list(document_numbers(("khong", "co", "so"))) == []


@given(
    sort=st.sampled_from(["newest", "oldest", "relevance"]),
    order=st.from_regex(r"[0-9A-Za-z_./:-]{1,40}", fullmatch=True),
    score=st.floats(0, 1e6, width=32),
    rank=st.integers(1, 10**8),
)
def test_a_cursor_reads_as_it_was_written(sort, order, score, rank):
    position = Position(sort=sort, order=order, score=score, rank=rank)
    written = position.write()
    assert written.replace("-", "").replace("_", "").isalnum()
    assert Position.read(written, sort) == position
    assert Position.read(written, "newest" if sort != "newest" else "oldest") is None


@given(st.text(max_size=80))
def test_any_other_text_is_no_cursor(text):
    assert Position.read(text, "newest") is None


def test_filters_of_a_request():
    request = SearchRequest(
        filters=(("then", ("Huế", "Long An")), ("dated", ("yes",))), since=date(2009, 1, 1), until=None
    )
    assert filters(request) == {
        "then": Keyword("then", ("Huế", "Long An")),
        "dated": Keyword("dated", ("yes",)),
        "days": Days(date(2009, 1, 1), None),
        "reprint": Keyword("reprint", ("no",)),
    }
    assert filters(SearchRequest(reprints=True)) == {}


def test_a_question_under_some_of_its_filters():
    kept, other = Keyword("then", ("Huế",)), Keyword("year", ("2009",))
    question = Question(match=Everything(), score=None, filters={"then": kept, "year": other}, sort="newest")
    assert question.under() == AllOf((Everything(), kept, other))
    assert question.under("year", "days") == AllOf((Everything(), kept))


def test_the_lexicon_knows_abbreviations_both_ways_and_each_province_once():
    lexicon = Lexicon.of(load_vocabulary())
    assert ("uy", "ban", "nhan", "dan") in lexicon.abbreviations[("ubnd",)]
    assert ("ubnd",) in lexicon.abbreviations[("uy", "ban", "nhan", "dan")]
    assert len(lexicon.provinces) == len(set(lexicon.provinces))
    assert {"Long An", "Thừa Thiên Huế", "Huế"} <= set(lexicon.provinces)


def test_the_longest_known_name_counts_and_none_twice():
    lexicon = Lexicon(abbreviations={("a",): (("x",),), ("a", "b"): (("y",),), ("c",): (("z",),)})
    assert list(lexicon.find(("a", "b", "c", "a"))) == [(0, 2, (("y",),)), (2, 3, (("z",),)), (3, 4, (("x",),))]
    assert list(lexicon.find(())) == list(Lexicon().find(("a",))) == []


class Counted:
    """What an engine would count: as many as are said for a clause, and which clauses were asked for."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)
        self.asked: list[Clause] = []

    def __call__(self, clause: Clause, most: int) -> int:
        assert most > 0
        self.asked.append(clause)
        return self.counts.pop(0)


def test_ten_strict_matches_end_the_search_for_a_rule():
    count = Counted(10)
    assert decide("một hai ba", Lexicon(), count).mode == "strict"
    assert len(count.asked) == 1


def test_near_widens_share_by_share_until_ten_are_found():
    count = Counted(3, 4, 12)
    matching = decide("một hai ba", Lexicon(), count)
    assert matching.mode == "near"
    assert matching.complete is not None
    assert len(count.asked) == 3


def test_a_long_query_is_not_tried_strictly():
    count = Counted(10)
    matching = decide("một hai ba bốn năm sáu bảy", Lexicon(), count)
    assert (matching.mode, matching.complete) == ("near", None)


def test_words_that_many_articles_hold_are_no_reason_alone():
    count = Counted(0, 0, 0, 0, 101, 100, 7)
    matching = decide("là gì", Lexicon(), count)
    assert matching.clause == near(parse("là gì"), Lexicon(), Nearness(share=0.0, rare=frozenset({"gi"})))


def test_a_single_word_needs_no_counting():
    count = Counted()
    assert decide("một", Lexicon(), count).mode == "strict"
    assert decide("", Lexicon(), count).mode == "everything"


def test_operators_that_find_nothing_are_read_as_words():
    count = Counted(0, 10)
    matching = decide('"một hai"', Lexicon(), count)
    assert matching.query.broken
    assert matching.query.root == parse("một hai").root
