"""`explain` tells of every field where it comes from, and never another value than the record has."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.address import Key
from indexer.article import Article, Block, Listed, Published
from indexer.record.correcting import Correction, Value
from indexer.record.explaining import MOST, Explained, Origin, dated, explain, provinces
from indexer.record.gathering import Evidence
from indexer.record.saying import ListSaid, PageKind, PageSaid

KEY = Key(family="mic", id="106353")
START = datetime(2009, 1, 15, 3, 0, tzinfo=UTC)


def page(day: int, kind: PageKind = "article", copy: str = "mic", **values: object) -> PageSaid:
    said = Article(
        key=KEY, url="", template="T2", language="vi", title="Hội nghị", blocks=(Block(text="Nội dung."),)
    )
    return PageSaid(
        capture=day,
        captured_at=START + timedelta(days=day),
        kind=kind,
        copy=copy,
        url=f"https://{copy}.gov.vn/{kind}",
        payload_digest=f"sha256:{day}",
        article=replace(said, **values),  # type: ignore[arg-type]
        source="nara.warc.gz" if copy == "mst" else "crawl",
    )


def in_list(day: int, category: str = "") -> ListSaid:
    listed = Listed(key=KEY, url="x", category=category, published=Published(day=date(2009, 1, day), how="listed"))
    return ListSaid(
        source="list", listed=listed, capture=900 + day, captured_at=START, url="https://mic.gov.vn/list"
    )


def evidence(*pages: PageSaid, listed: tuple[ListSaid, ...] = (), corrections: tuple[Correction, ...] = ()):
    return Evidence(pages=pages, listed=listed, files={}, sightings=(), standings=(), corrections=corrections)


def told(said: Evidence) -> dict[str, Explained]:
    return {one.field: one for one in explain(said)}


def origin(explained: Explained) -> Origin:
    assert explained.origin is not None
    return explained.origin


def correction(field: str, value: Value) -> Correction:
    return Correction(at=START, who="minh", key=KEY, field=field, value=value, reason="Theo bản giấy.")  # type: ignore[arg-type]


def test_the_text_is_of_the_best_copy_and_the_others_say_why_they_are_not():
    said = told(evidence(page(1, title="cũ"), page(2), page(3, "print", title="in"), page(4, copy="mst")))
    title = said["title"]
    assert (title.value, origin(title).capture, origin(title).template) == ("Hội nghị", 2, "T2")
    assert [(one.value, one.why) for one in title.others] == [
        ("in", "a print view counts where nothing better was captured"),
        ("cũ", "an earlier state"),
    ]


def test_a_date_tells_which_source_was_believed_and_which_not():
    listed = (in_list(8), in_list(8, "Viễn thông"), in_list(9))
    said = told(evidence(page(1, published=Published(day=date(2009, 1, 7), how="text")), listed=listed))
    assert said["date"].value == "2009-01-08 (listed, not certain)"
    assert origin(said["date"]).kind == "list"
    assert [(one.value, one.why) for one in said["date"].others] == [
        ("2009-01-07 (text)", "“text” is believed less than “listed”"),
        ("2009-01-09 (listed)", "fewer say so, or as many and it is later"),
    ]
    assert (said["category"].value, origin(said["category"]).url) == ("Viễn thông", "https://mic.gov.vn/list")


def test_a_correction_wins_over_all_and_what_was_read_is_still_told():
    published = Published(day=date(2009, 1, 7), how="stated")
    said = told(evidence(page(1, published=published), corrections=(correction("date", date(2009, 1, 15)),)))
    assert (said["date"].value, said["date"].why) == ("2009-01-15 (corrected)", "Theo bản giấy.")
    assert (origin(said["date"]).kind, origin(said["date"]).source) == ("correction", "minh")
    assert [(one.value, one.origin.capture) for one in said["date"].others] == [("2009-01-07 (stated)", 1)]


def test_where_a_capture_came_from_is_told():
    assert origin(told(evidence(page(1, copy="mst")))["title"]).source == "nara.warc.gz"


def test_without_a_page_there_is_nothing_to_explain():
    assert explain(evidence(listed=(in_list(8),))) == ()


pages = st.lists(
    st.builds(
        page,
        st.integers(1, 40),
        st.sampled_from(["article", "print"]),
        st.sampled_from(["mic", "mst"]),
        title=st.sampled_from(["a", "b"]),
        author=st.sampled_from(["", "PT"]),
        category=st.sampled_from(["", "Bưu chính"]),
        published=st.sampled_from([None, Published(day=date(2009, 1, 3), how="text")]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one.capture,
)
lists = st.lists(st.builds(in_list, st.integers(1, 3), st.sampled_from(["", "Viễn thông"])), max_size=3)
corrections = st.sampled_from(
    [(), (correction("date", None),), (correction("category", "An toàn"), correction("withheld", value=True))]
)


@given(pages, lists, corrections)
def test_it_tells_what_the_record_has(said, listed, corrected):
    known = evidence(*said, listed=tuple(listed), corrections=corrected)
    record, explained = known.merged(), told(known)
    article, is_dated = record.article, any(one.field == "date" for one in corrected)
    assert explained["title"].value == article.title
    assert explained["author"].value == article.author
    assert explained["category"].value == article.category
    assert explained["date"].value == (dated(article.published) or ("not known" if is_dated else ""))
    assert explained["provinces"].value == provinces(article)
    assert bool(explained["withheld"].value) == bool(record.withheld)
    for one in explained.values():
        assert len(one.others) <= MOST + 1
        assert one.value not in [other.value for other in one.others] or origin(one).kind == "correction"
