"""Articles that issue a document and those that cite it lead to each other; short forms only where it is clear."""

from indexer.article import DocumentNumber, NumberRole, Rejected, Where
from tests.indexer.record.test_reprints import key, post

TITLE = Where(part="title", start=0, end=1)


def number(normal: str, role: NumberRole = "cites", *, year: int | None = 2008) -> DocumentNumber:
    return DocumentNumber(
        written=normal,
        normal=normal,
        type="NĐ",
        number=normal.split("/", maxsplit=1)[0],
        year=year,
        issuer="Chính phủ",
        role=role,
        where=TITLE,
    )


WHOLE, SHORT = "14/2008/NĐ-CP", "14/NĐ-CP"


def naming(ministry, place: int, *numbers: DocumentNumber):
    return post(ministry, place, f"Nội dung {place}.", numbers=numbers)


def told(ministry, place: int) -> list[tuple[object, ...]]:
    def ids(found):
        return [int(one.key.id) - 100_000 for one in found]

    return [
        (one.normal, one.role, one.probable, ids(one.issued_by), ids(one.cited_by), ids(one.probably_cited_by))
        for one in ministry.record.links(key(place))
    ]


def test_who_issues_and_who_cites_know_each_other_whichever_comes_first(ministry):
    ministry.take_in(naming(ministry, 2, number(WHOLE), number("20/2008/NĐ-CP")))
    assert told(ministry, 2)[0] == (WHOLE, "cites", "", [], [], [])
    ministry.take_in(naming(ministry, 1, number(WHOLE, "issues")), naming(ministry, 3, number(WHOLE)))
    assert told(ministry, 1) == [(WHOLE, "issues", "", [], [2, 3], [])]
    assert told(ministry, 2)[0] == (WHOLE, "cites", "", [1], [3], [])
    assert [one.citing for one in ministry.record.links(key(1))] == [2]


def test_what_goes_leaves_no_link(ministry):
    issuing, citing = naming(ministry, 1, number(WHOLE, "issues")), naming(ministry, 2, number(WHOLE))
    ministry.take_in(issuing, citing)
    ministry.correct("withheld", value=True, key=key(1))
    assert told(ministry, 2) == [(WHOLE, "cites", "", [], [], [])]
    assert ministry.record.links(key(1)) == ()
    ministry.correct("withheld", back=True, key=key(1))
    ministry.record.apply([ministry.read(citing.capture, Rejected(url="x", reason="soft 404"))], None)
    assert told(ministry, 1) == [(WHOLE, "issues", "", [], [], [])]


def test_a_short_form_is_linked_as_probable_where_exactly_one_document_fits(ministry):
    ministry.take_in(naming(ministry, 1, number(WHOLE, "issues")), naming(ministry, 2, number(SHORT, year=None)))
    assert told(ministry, 2) == [(SHORT, "cites", WHOLE, [1], [], [])]
    assert told(ministry, 1) == [(WHOLE, "issues", "", [], [], [2])]
    ministry.take_in(naming(ministry, 3, number("14/2012/NĐ-CP", year=2012)))
    assert told(ministry, 2) == [(SHORT, "cites", "", [], [], [])]
    assert told(ministry, 1) == [(WHOLE, "issues", "", [], [], [])]


def test_another_issuer_or_number_does_not_fit(ministry):
    other = DocumentNumber(
        written="14", normal="14/2008/NĐ-X", type="NĐ", number="14", year=2008, issuer="X", where=TITLE
    )
    ministry.take_in(naming(ministry, 1, other, number("15/2008/NĐ-CP")))
    ministry.take_in(naming(ministry, 2, number(SHORT, year=None)))
    assert told(ministry, 2) == [(SHORT, "cites", "", [], [], [])]


def test_a_number_that_is_whole_without_a_year_is_no_short_form(ministry):
    decision = DocumentNumber(
        written="749/QĐ-TTg", normal="749/QĐ-TTg", type="QĐ", number="749", issuer="Thủ tướng", where=TITLE
    )
    older = DocumentNumber(
        written="", normal="749/2001/QĐ-TTg", type="QĐ", number="749", year=2001, issuer="Thủ tướng", where=TITLE
    )
    ministry.take_in(naming(ministry, 1, older), naming(ministry, 2, decision))
    assert told(ministry, 2) == [("749/QĐ-TTg", "cites", "", [], [], [])]


def test_a_decision_without_its_issuer_is_linked_where_one_decision_has_its_number(ministry):
    def decision(normal: str, issuer: str = "") -> DocumentNumber:
        return DocumentNumber(written="749", normal=normal, type="QĐ", number="749", issuer=issuer, where=TITLE)

    ministry.take_in(naming(ministry, 1, decision("749/QĐ-TTg", "Thủ tướng Chính phủ")))
    ministry.take_in(naming(ministry, 2, decision("749/QĐ")))
    assert told(ministry, 2) == [("749/QĐ", "cites", "749/QĐ-TTg", [], [1], [])]
    assert told(ministry, 1) == [("749/QĐ-TTg", "cites", "", [], [], [2])]
    ministry.take_in(naming(ministry, 3, decision("749/QĐ-BTTTT", "Bộ Thông tin và Truyền thông")))
    assert told(ministry, 2) == [("749/QĐ", "cites", "", [], [], [])]
