"""Changes: written once however often they come, in the record's order, together with the cursor."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

from crawler.address import Key
from indexer.document import Change
from indexer.query.request import SORTS, SearchRequest
from tests.contract.documents import article, changes, removal


def _titles(index, query=""):
    return sorted(hit.title.text for hit in index.scan(SearchRequest(query=query, reprints=True)))


def test_an_index_that_was_never_written_is_empty_and_answers(store):
    index = store.handle()
    assert (index.generation, index.cursor, index.count()) == ("", 0, 0)
    assert index.previous() is None
    assert index.health().ok
    assert index.search(SearchRequest(query="gì")).total == 0
    assert list(index.scan(SearchRequest())) == []
    assert list(index.suggest("zz")) == []
    assert list(index.related(Key(family="mic", id="1"))) == []


def test_the_first_change_begins_and_promotes_a_generation(store):
    index = store.holding(article(1, title="Một"))
    assert index.generation
    assert index.count() == 1
    assert store.handle().search(SearchRequest()).total == 1


def test_a_change_replaces_the_article_it_is_of(store):
    index = store.holding(article(1, title="Cũ"), article(2, title="Hai"))
    index.apply(changes([article(1, title="Mới")], 2), 3)
    assert _titles(index) == ["Hai", "Mới"]
    assert _titles(index, "cũ") == []
    assert (index.count(), index.cursor) == (2, 3)


def test_a_removal_removes(store):
    documents = [article(n, title=f"Số {n}") for n in range(3)]
    index = store.holding(*documents)
    index.apply([removal(documents[1], 4), removal(article(77), 5)], 5)
    assert _titles(index) == ["Số 0", "Số 2"]
    assert (index.count(), index.cursor) == (2, 5)


def test_what_was_applied_may_come_again(store):
    documents = [article(n, title=f"Số {n}") for n in range(5)]
    batch = changes(documents)
    index = store.handle()
    for _ in range(3):
        index.apply(batch, 5)
    index.apply([removal(documents[0], 6)], 6)
    index.apply(batch, 5)
    assert _titles(index) == ["Số 1", "Số 2", "Số 3", "Số 4"]
    assert index.cursor == 6


def test_a_batch_that_was_written_without_its_cursor_is_written_again(store):
    """What a kill between the articles and the cursor would leave on an engine without transactions."""
    index = store.handle()
    index.apply(changes([article(1, title="Một")]), 0)
    assert index.cursor == 0
    index.apply(changes([article(1, title="Một"), article(2, title="Hai")]), 2)
    assert _titles(index) == ["Hai", "Một"]
    assert (index.count(), index.cursor) == (2, 2)


def test_the_last_change_of_an_article_in_a_batch_counts(store):
    index = store.handle()
    first, last = article(1, title="Cũ"), article(1, title="Mới")
    index.apply(
        [Change(sequence=9, key=last.key, document=last), Change(sequence=8, key=first.key, document=first)], 9
    )
    assert _titles(index) == ["Mới"]
    index.apply([Change(sequence=10, key=first.key, document=first), removal(first, 11)], 11)
    assert _titles(index) == []


def test_the_cursor_alone_can_move_on(store):
    index = store.holding(article(1))
    index.apply([], 40)
    assert (index.cursor, index.count()) == (40, 1)
    assert store.handle().cursor == 40


def test_another_handle_sees_what_was_written(store):
    reader = store.handle()
    assert reader.search(SearchRequest()).total == 0
    writer = store.holding(article(1, title="Một"))
    assert store.handle().search(SearchRequest()).total == 1
    writer.apply(changes([article(2, title="Hai")], 1), 2)
    assert _titles(store.handle()) == ["Hai", "Một"]


def test_a_handle_that_let_others_write_goes_on(store):
    first, second = store.holding(article(1, title="Một")), store.handle()
    first.release()
    assert (first.cursor, first.count()) == (1, 1)
    second.apply(changes([article(2, title="Hai")], 1), 2)
    second.release()
    second.release()
    first.apply(changes([article(3, title="Ba")], 2), 3)
    assert _titles(first) == ["Ba", "Hai", "Một"]


def test_everything_a_hit_shows_comes_back(store):
    written = article(
        "Ab_1.x-2",
        title="Quyết định",
        lead="Mở đầu",
        body="Thân bài.",
        attachment_names=("a.pdf", "b.docx"),
        author="Tác giả",
        category="Tin",
        language="vi",
        published=date(2009, 1, 31),
        published_how="text",
        published_sure=False,
        provinces_then=("Long An",),
        provinces_today=("Tây Ninh",),
        numbers=("1/QĐ-A", "2/QĐ-B"),
        status="withdrawn",
        withdrawn_at=datetime(2025, 3, 2, 4, 5, 6, tzinfo=UTC),
        last_seen_at=datetime(2025, 3, 1, tzinfo=UTC),
        versions=3,
        reprint_of=Key(family="mst", kind="document", id="9"),
    )
    hit = store.holding(written).search(SearchRequest(reprints=True)).hits[0]
    for name in ("key", "url", "category", "author", "language", "published", "published_how", "provinces_then"):
        assert getattr(hit, name) == getattr(written, name)
    for name in (
        "published_sure",
        "provinces_today",
        "numbers",
        "attachment_names",
        "status",
        "versions",
        "reprint_of",
        "captured_at",
        "withdrawn_at",
        "last_seen_at",
    ):
        assert getattr(hit, name) == getattr(written, name)
    assert hit.title.text == "Quyết định"
    assert [snippet.text for snippet in hit.snippets] == ["Mở đầu"]
    assert isinstance(hit.captured_at, datetime)


def test_a_batch_of_any_size_arrives_whole_and_is_listed_whole(store):
    """More than any engine sends, takes or reads at once."""
    documents = [
        article(n, title="Tin", published=date(2000, 1, 1) + timedelta(days=n % 900) if n % 7 else None)
        for n in range(5_003)
    ]
    index = store.holding(*documents)
    assert (index.count(), index.cursor) == (5_003, 5_003)
    for sort in SORTS:
        listed = [hit.key for hit in index.scan(SearchRequest(query="tin", sort=sort))]
        assert len(listed) == 5_003
        assert set(listed) == {document.key for document in documents}
    assert index.search(SearchRequest(query="tin")).total == 5_003


def test_what_was_taken_down_stays_findable_as_such_and_may_come_back(store):
    def counted(request: SearchRequest) -> dict[str, int]:
        return {value.value: value.count for value in index.search(request).facet("status").values}

    taken_down = SearchRequest(query="gỡ", filters=(("status", ("withdrawn",)),))
    gone_at = datetime(2025, 3, 2, tzinfo=UTC)
    index = store.holding(article(1, title="Bài bị gỡ"), article(2, title="Gỡ khó", status="changed"))
    assert (index.search(taken_down).total, counted(SearchRequest())) == (0, {"current": 1, "changed": 1})
    index.apply(changes([article(1, title="Bài bị gỡ", status="withdrawn", withdrawn_at=gone_at)], 2), 3)
    assert [(hit.title.text, hit.withdrawn_at) for hit in index.search(taken_down).hits] == [
        ("Bài bị gỡ", gone_at)
    ]
    assert index.search(SearchRequest(query="gỡ")).total == 2
    assert counted(taken_down) == {"withdrawn": 1, "changed": 1}
    index.apply(changes([article(1, title="Bài bị gỡ")], 3), 4)
    assert (index.search(taken_down).total, counted(SearchRequest())) == (0, {"current": 1, "changed": 1})


def test_an_article_of_ten_megabytes(store):
    """On a node with 512 MB of heap, more than that is refused: it counts a document four times over."""
    body = "trang sách dày " * (10_000_000 // len("trang sách dày ".encode()))
    index = store.holding(article(1, title="Lớn", body=body), article(2, title="Kề", attachments=f"{body} cuối"))
    assert index.search(SearchRequest(query="cuối")).total == 1
    results = index.search(SearchRequest(query="trang sách"))
    assert results.total == 2
    assert all(len(snippet.text) < 400 for hit in results.hits for snippet in hit.snippets)


def test_texts_that_are_hardly_texts(store):
    odd = [
        "",
        "\ud800 nửa",
        "\x00\x01 không",
        unicodedata.normalize("NFD", "rời"),
        "x" * 40_000,
        "😀",
        "\u202e ngược",
    ]
    documents = [
        article(n, title=text, lead=text, body=text, author=text, category=text[:90], provinces_then=(text[:90],))
        for n, text in enumerate(odd)
    ]
    index = store.holding(*documents)
    assert index.search(SearchRequest()).total == len(odd)
    for query in ("nửa", "không", "rời", "ngược"):
        assert index.search(SearchRequest(query=query)).total == 1, query
