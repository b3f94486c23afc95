"""Small rules: document numbers, cursors, filters, what a lexicon knows."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import load_vocabulary
from indexer.query.clauses import AllOf, Clause, Days, Everything, Keyword, Not, Term
from indexer.query.cursor import Position
from indexer.query.fields import ALL, filters, number_key
from indexer.query.language import parse
from indexer.query.lexicon import Lexicon
from indexer.query.lifting import lift
from indexer.query.matching import Nearness, near, numbers_in, rarest
from indexer.query.question import Question, decide
from indexer.query.request import SearchRequest
from indexer.query.spelling import is_syllable, meant, same, same_marked, telex
from indexer.query.tuning import Rules

LEXICON = Lexicon.of(load_vocabulary())


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
    assert numbers_in([("quyet", "dinh", "749", "qd", "ttg")]) == ("749qd", "749qdttg")
    assert numbers_in([("khong", "co", "so")]) == ()


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
        "reprint": Not(Keyword("reprint", ("yes",))),
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
    """What an engine would count: as many as are said for a clause, how many hold a word; what it was asked."""

    def __init__(self, *counts: int, held: Mapping[str, int] | None = None) -> None:
        self.counts, self.held = list(counts), held or {}
        self.asked: list[Clause] = []

    def count(self, clause: Clause, most: int) -> int:
        assert most > 0
        self.asked.append(clause)
        return self.counts.pop(0)

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:
        return [min(most, self.held.get(term.token, 1_000)) for term in terms]


def test_ten_strict_matches_end_the_search_for_a_rule():
    counted = Counted(10)
    assert decide("một hai ba", Lexicon(), counted).mode == "strict"
    assert len(counted.asked) == 1


def test_near_widens_until_ten_are_found():
    counted = Counted(3, 4, 5, 12)
    matching = decide("một hai ba", Lexicon(), counted)
    assert matching.mode == "near"
    assert matching.scored.complete is not None
    assert len(counted.asked) == 4


def test_a_long_query_is_not_tried_strictly():
    matching = decide("một hai ba bốn năm sáu bảy", Lexicon(), Counted(10))
    assert (matching.mode, matching.scored.complete) == ("near", None)


@pytest.mark.parametrize(
    ("held", "chosen"),
    [
        ({"mot": 9, "hai": 11, "ba": 1}, ["ba", "mot"]),
        ({"mot": 9, "hai": 10, "ba": 1}, ["ba", "mot", "hai"]),
        ({"mot": 5, "mot_hai": 4, "hai": 12}, ["mot_hai", "mot"]),
        ({"mot": 100, "hai": 101}, ["mot"]),
        ({"mot": 101}, []),
        ({"mot": 0, "ba": 3}, ["ba"]),
    ],
)
def test_the_rarest_words_as_far_as_together_few_articles_hold_them(held, chosen):
    rare = rarest(parse("một hai ba"), Rules(rare=20), Counted(held=held).count_each)
    assert [term.token for term in rare] == chosen


def test_beside_what_holds_all_words_no_word_is_reason_alone():
    rare = (Term(ALL, "gi"),)
    alone = decide("là gì", Lexicon(), Counted(0, 10, held={"gi": 7}))
    assert alone.clause == near(parse("là gì"), Lexicon(), Nearness(share=0.5, least=3, rare=rare))
    beside = decide("là gì", Lexicon(), Counted(1, 10, held={"gi": 7}))
    assert beside.clause == near(parse("là gì"), Lexicon(), Nearness(share=0.5, least=3))


def test_of_five_words_not_all_are_meant():
    matching = decide("ai là gì ở đâu", Lexicon(), Counted(1, 10, held={"gi": 7}))
    nearness = Nearness(share=0.5, least=3, rare=(Term(ALL, "gi"),))
    assert matching.clause == near(parse("ai là gì ở đâu"), Lexicon(), nearness)
    assert matching.scored.complete is None


@pytest.mark.parametrize(("of", "enough"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (12, 3), (16, 4)])
def test_how_many_pairs_are_enough(of, enough):
    assert Nearness(share=0.25, least=3).pairs(of) == enough


def test_a_single_word_needs_no_counting():
    counted = Counted()
    assert decide("một", Lexicon(), counted).mode == "strict"
    assert decide("", Lexicon(), counted).mode == "everything"


def test_operators_that_find_nothing_are_read_as_words():
    matching = decide('"một hai"', Lexicon(), Counted(0, 10))
    assert matching.query.broken
    assert matching.query.root == parse("một hai").root


def test_a_title_that_was_pasted_is_no_query_with_operators():
    matching = decide('Hội nghị "Chuyển đổi số" -Huế', Lexicon(), Counted(1, 10))
    assert matching.query.root == parse("hội nghị chuyển đổi số huế").root


@pytest.mark.parametrize(
    ("asked", "left", "then", "today"),
    [
        ('province:"Long An" họp', "họp", ("Long An",), ()),
        ("họp tỉnh:long_an", "họp", ("Long An",), ()),
        ("tỉnh:Huế tỉnh:longan", "", ("Thừa Thiên Huế", "Long An"), ()),
        ("tỉnh:“Hải Hưng”", "", ("Hải Dương", "Hưng Yên"), ()),
        ("tinh:saigon x", "x", ("Thành phố Hồ Chí Minh",), ()),
        (unicodedata.normalize("NFD", "tỉnh:Huế x"), "x", ("Thừa Thiên Huế",), ()),
    ],
)
def test_a_province_asked_for_becomes_a_filter(asked, left, then, today):
    lifted = lift(SearchRequest(query=asked), LEXICON)
    assert (lifted.query, lifted.values("then"), lifted.values("today")) == (left, then, today)


@pytest.mark.parametrize(
    "query",
    ["-tỉnh:Huế x", "x OR tỉnh:Huế", "(tỉnh:Huế OR tỉnh:longan) x", "tỉnh: Huế", "tỉnh:không_có", '"tỉnh:Huế" x'],
)
def test_what_does_not_hold_anyway_stays_in_the_query(query):
    assert lift(SearchRequest(query=query), LEXICON) == SearchRequest(query=query)


def test_a_province_asked_for_joins_those_chosen():
    request = SearchRequest(query="tỉnh:Huế", filters=(("then", ("Long An",)), ("year", ("2009",))))
    assert lift(request, LEXICON).filters == (("then", ("Long An", "Thừa Thiên Huế")), ("year", ("2009",)))


@pytest.mark.parametrize(
    ("typed", "same_", "telex_"),
    [("ky", "ki", ""), ("qui", "quy", ""), ("khi", "", ""), ("ddaats", "", "dat"), ("tinhr", "", "tinh"),
     ("nuwowcs", "", "nuoc"), ("chuyeenr", "", "chuyen"), ("vnpt", "", ""), ("facebook", "", ""), ("dat", "", "")],
)  # fmt: skip
def test_other_spellings_of_a_word(typed, same_, telex_):
    assert (same(typed), telex(typed)) == (same_, telex_)
    assert meant(typed)[:1] == ((telex_,) if telex_ else ())


def test_what_one_slip_may_have_meant():
    assert set(meant("chinn")) == {"chin", "chien", "chinh"}
    assert meant("chinh") == meant("2008") == meant("qd") == ()
    assert (same_marked("kỹ"), same_marked("quí"), same_marked("kho")) == ("kĩ", "quý", "")


@given(st.text(max_size=30))
def test_any_word_may_be_a_slip(word):
    assert all(map(is_syllable, meant(word)))
    assert not telex(word) or is_syllable(telex(word))
