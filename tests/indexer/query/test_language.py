"""How a query is understood, and that nothing typed is an error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import load_vocabulary
from indexer.query.language import MAX_DEPTH, QueryTooLong, as_words, parse
from indexer.query.lexicon import Lexicon
from indexer.query.request import MAX_QUERY, MAX_WORDS
from indexer.query.understood import Beginning, Either, Every, Excluded, Part, Quoted, Restricted, Words
from tests.contract.hostile import HOSTILE

LEXICON = Lexicon.of(load_vocabulary())


def _shape(part: Part):  # noqa: PLR0911 - one for each kind of part
    """The tree as nested tuples and texts."""
    match part:
        case Words(words):
            return " ".join(word.text for word in words)
        case Quoted(words):
            return ("quoted", " ".join(word.text for word in words))
        case Restricted():
            said = " ".join(word.text for word in part.words) or " ".join((*part.values, *part.today))
            return (part.field, said or (part.since, part.until))
        case Beginning(start):
            return ("beginning", start)
        case Excluded(inner):
            return ("without", _shape(inner))
        case Either(choices):
            return ("either", *map(_shape, choices))
        case Every(parts):
            return [_shape(inner) for inner in parts]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", []),
        ("Chuyển đổi số", ["chuyển đổi số"]),
        (
            'chuyển đổi số "Long An" -covid',
            ["chuyển đổi số", ("quoted", "long an"), ("without", ("quoted", "covid"))],
        ),
        ("“Long An” «xe» „máy“", [("quoted", "long an"), ("quoted", "xe"), ("quoted", "máy")]),
        ('x"y"z', ["x", ("quoted", "y"), "z"]),
        ("viễn thông OR bưu chính", [("either", ["viễn thông"], ["bưu chính"])]),
        ("a OR b OR c", [("either", ["a"], ["b"], ["c"])]),
        ("viễn thông or bưu chính", ["viễn thông or bưu chính"]),
        ("x (y OR z) t", ["x", ("either", ["y"], ["z"]), "t"]),
        ("Bộ (MIC) ban hành", ["bộ mic ban hành"]),
        ("((((a))))", ["a"]),
        ("chuyể*", [("beginning", "chuye")]),
        ("bưu-chí* Long", ["bưu", ("beginning", "chi"), "long"]),
        ("a* 1*", ["a 1"]),
        ("*", []),
        ("-(a OR b) c", [("without", [("either", ["a"], ["b"])]), "c"]),
        ('-"b c"', [("without", ("quoted", "b c"))]),
        ("-covid-19", [("without", ("quoted", "covid 19"))]),
        ("COVID-19 -19 - a", ["covid 19 19 a"]),
        ("Hà Nội - Huế", ["hà nội huế"]),
        ("số: 12/2008/QĐ-BTTTT", ["số 12 2008 qđ btttt"]),
        ("OR", ["or"]),
        ("(OR a)", ["or a"]),
        ("a OR OR b", [("either", ["a"], ["or b"])]),
        ('TT & TT "x"', ["tttt tt tt", ("quoted", "x")]),
        ('"" a', ["a"]),
        ('a OR "!"', ["a"]),
    ],
)
def test_what_is_understood(typed, understood):
    query = parse(typed)
    assert _shape(query.root) == understood
    assert not query.broken


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("title:đất x", [("title", "đất"), "x"]),
        ('tiêu_đề:"Chuyển đổi số"', [("title", "chuyển đổi số")]),
        ("TIEUDE:a tiêu-đề:b", [("title", "a"), ("title", "b")]),
        ("author:Hiền tác_giả:“Lê Vy”", [("author", "hiền"), ("author", "lê vy")]),
        ("số:14/2008/NĐ-CP", [("number", "14/2008ndcp")]),
        ('number:"15 2020 nd cp"', [("number", "15/2020ndcp")]),
        ("số:12 số:quyết", ["số 12 số quyết"]),
        ("số: 12/2008/QĐ-BTTTT", ["số 12 2008 qđ btttt"]),
        ("tỉnh:Huế province:thai_binh", [("province", "Thừa Thiên Huế"), ("province", "Thái Bình")]),
        ("tỉnh:Paris", ["tỉnh paris"]),
        ("năm:2008 year:2010-2008", [("year", "2008"), ("year", "2008 2009 2010")]),
        ("năm:2008..2009", [("year", "2008 2009")]),
        ("năm:nhất year:0", ["năm nhất year 0"]),
        ("before:2010 sau:2008", [("before", (None, date(2009, 12, 31))), ("after", (date(2009, 1, 1), None))]),
        ("trước:5/2008", [("before", (None, date(2008, 4, 30)))]),
        ("after:31/12/2008", [("after", (date(2009, 1, 1), None))]),
        ("after:2008-02", [("after", (date(2008, 3, 1), None))]),
        ("after:31/02/2008 before:x", ["after 31 02 2008 before x"]),
        ("status:withdrawn trạng_thái:đã_gỡ", [("status", "withdrawn"), ("status", "withdrawn")]),
        ("status:lost", ["status lost"]),
        ("category:tin tệp:phụ_lục đính_kèm:pdf", [
            ("category", "tin"), ("attachment", "phụ lục"), ("attachment", "pdf")]),
        ("-title:covid x", [("without", ("title", "covid")), "x"]),
        ("(năm:2008 OR năm:2010) x", [("either", [("year", "2008")], [("year", "2010")]), "x"]),
        ("a:b http://x.vn/y title: :title", ["a b http x vn y title title"]),
        ('khác:"a b" c', ["khác", ("quoted", "a b"), "c"]),
        ("title:()", ["title"]),
        ("subtitle:a xtitle:b", ["subtitle a xtitle b"]),
    ],
)  # fmt: skip
def test_operators_on_fields_hold_only_where_their_value_is_one(typed, understood):
    assert _shape(parse(typed, LEXICON).root) == understood


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a OR", "a or"), ('"a b', "a b"), ("(a b", "a b"), ("a) b", "a b"), ("()", ""), ("-(a", "a"),
        ("(a OR)", "a or"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_words(typed, words):
    query = parse(typed)
    assert query.broken
    assert [word.text for run in query.runs for word in run] == words.split()


def test_a_query_of_words_alone_has_no_structure():
    assert not parse("Bộ (MIC) ban hành").structured
    assert parse("Bộ -MIC").structured


def test_what_is_too_long_is_refused_with_both_numbers():
    with pytest.raises(QueryTooLong, match=r"1,000 .* 1,001"):
        parse("a" * (MAX_QUERY + 1))
    with pytest.raises(QueryTooLong):
        as_words("a" * (MAX_QUERY + 1))


def test_more_words_than_count_are_left_out():
    assert len(parse(" ".join(f"w{n}" for n in range(150))).runs[0]) == MAX_WORDS
    assert parse(" ".join(f"w{n}*" for n in range(150))).broken


def test_more_parentheses_than_a_person_types_are_ignored():
    assert parse("(a OR " * MAX_DEPTH + "b" + ")" * MAX_DEPTH).structured
    assert parse("(a OR " * (MAX_DEPTH + 1) + "b" + ")" * (MAX_DEPTH + 1)).broken


def test_runs_leave_out_what_is_excluded():
    query = parse('a b -c "d e" (f OR -g) he*')
    assert [[word.text for word in run] for run in query.runs] == [["a", "b"], ["d", "e"], ["f"]]
    assert query.beginnings == ("he",)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_understood_somehow(query):
    understood = parse(query[:MAX_QUERY])
    assert all(word.text and word.bare for word in understood.words)


@given(st.text(max_size=200))
def test_any_text_is_understood(query):
    for word in parse(query).words:
        assert " " not in word.text
        assert word.bare


@given(
    st.lists(
        st.sampled_from(
            ["a", "bc", "d*", '"', "(", ")", "-", "OR", " ", "&", "TT", "title:", "year:", "2008", "số:1/2"]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_mixture_of_operators_is_understood(query):
    parse(query)


@given(st.text(alphabet="abcđêhò -", max_size=40))
def test_what_excludes_nothing_reads_like_its_words(query):
    plain = query.replace("-", " ")
    assert parse(plain).root == as_words(plain).root
