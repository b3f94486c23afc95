"""The record of articles that go and come back, over days, on servers that are in order or not."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.database import Database, open_database
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses, Key
from crawler.archive import Archive, open_archive
from crawler.page import FetchedPage
from indexer.article import Article, Block, Listed, Listing, Reading, Rejected
from indexer.document import IndexedDocument
from indexer.record import ReadCapture, Record
from indexer.tables import articles, server_days
from tests.crawler.still_clock import StillClock

ADDRESSES = Addresses(load_profile("mic"))
START = datetime(2024, 3, 1, 8, tzinfo=UTC)
LISTS = [f"https://{{}}/mic_2020/Pages/ChuyenMuc/PhanTrang/{number}/1/x.html" for number in (1747, 1748, 1749)]
HOSTS = {"mic": "mic.gov.vn", "mst": "mst.gov.vn"}
NOTE = Key(family="mic", id="106353")
WAYS: Mapping[str, tuple[int, str]] = {
    "404": (404, ""),
    "410": (410, ""),
    "soft 404": (200, "soft 404"),
    "soft 500": (200, "soft 500"),
    "500": (500, ""),
    "403": (403, ""),
    "no answer": (0, ""),
    "home": (302, ""),
}


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def url(key: Key, server: str = "mic") -> str:
    form = f"/x-197{key.id}.htm" if server == "mst" else f"/Pages/TinTuc/{key.id}/x.html"
    return f"https://{HOSTS[server]}{form}"


@dataclass
class Years:
    """An archive of what servers answered on some days, and the record of it."""

    archive: Archive
    record: Record

    def page(self, day: float, address: str, reading: Reading | None, way: str = "") -> ReadCapture:
        """One answer, archived: a page that was read as something, or a way of not being there."""
        status, reason = WAYS[way] if way else (200, "")
        headers = [("Content-Type", "text/html")]
        if way == "home":
            headers.append(("Location", "/"))
        page = FetchedPage(
            url=address,
            captured_at=at(day),
            status=status,
            headers=tuple(headers),
            payload=f"{address} {day}".encode() if status else b"",
            error="" if status else "no answer in time",
        )
        understood = ADDRESSES.read(address)
        capture = self.archive.append(page, understood)
        if reason:
            reading = Rejected(url=address, reason=reason)
        leads_to = ADDRESSES.read(capture.location).key if capture.location else None
        return ReadCapture(capture=capture, copy=understood.server or "", reading=reading, moved_to=leads_to)

    def there(self, day: float, key: Key = NOTE, server: str = "mic", text: str = "Nội dung.") -> ReadCapture:
        return self.page(day, url(key, server), article(key, text))

    def lost(self, day: float, key: Key = NOTE, server: str = "mic", way: str = "404") -> ReadCapture:
        return self.page(day, url(key, server), None, way)

    def unchanged(self, day: float, before: ReadCapture) -> ReadCapture:
        """The server says that a capture still stands."""
        page = FetchedPage(url=before.capture.url, captured_at=at(day), status=304)
        capture = self.archive.append(page, ADDRESSES.read(page.url), body_of=before.capture.id)
        return ReadCapture(capture=capture, copy=before.copy)

    def lists(self, *days: float, server: str = "mic", way: str = "") -> list[ReadCapture]:
        """The lists of a server, as they are asked for with every crawl."""
        entries = (Listed(key=Key(family="mic", id="1"), url="x"),)
        found = []
        for day in days:
            for form in LISTS:
                address = form.format(HOSTS[server])
                found.append(self.page(day, address, Listing(url=address, entries=entries), way))
        return found

    def take_in(self, *batches: ReadCapture | Sequence[ReadCapture]) -> dict[str, bool]:
        reads = [read for batch in batches for read in ([batch] if isinstance(batch, ReadCapture) else batch)]
        return self.record.apply(reads, max(read.capture.sequence for read in reads))

    def status(self, key: Key = NOTE) -> str:
        """As the record says it, and as the index was told."""
        found = self.record.article(key)
        assert found is not None
        assert self.document(key).status == found.status
        return found.status

    def document(self, key: Key = NOTE) -> IndexedDocument:
        known = {change.key: change.document for batch, _ in self.record.changes(0) for change in batch}
        document = known[key]
        assert document is not None
        return document


def article(key: Key, text: str = "Nội dung.") -> Article:
    return Article(
        key=key, url=url(key), template="mic_2020", language="vi", title="Hội nghị", blocks=(Block(text=text),)
    )


def opened(database: Database, folder: Path) -> Years:
    archive = open_archive(Settings(data=folder), database, ADDRESSES, StillClock())
    return Years(archive, Record(database))


@pytest.fixture
def years(tmp_path: Path, database: Database) -> Iterator[Years]:
    made = opened(database, tmp_path / "data")
    yield made
    made.archive.close()


@pytest.mark.parametrize("way", ["404", "410", "soft 404"])
def test_what_is_gone_again_and_again_while_the_rest_is_there_is_taken_down(years, way):
    years.take_in(years.there(0), years.lists(0, 1, 4, 8))
    for day, status in ((1, "current"), (4, "current"), (8, "withdrawn")):
        years.take_in(years.lost(day, way=way))
        assert years.status() == status
    document = years.document()
    assert (document.withdrawn_at, document.last_seen_at) == (at(1), at(0))
    assert document.body == "Nội dung."
    record = years.record.article(NOTE)
    assert (record.withdrawal.confirmations, record.withdrawal.why) == (3, way)
    assert (record.missing_since, years.record.missing(1)[0]) == (None, 0)


@pytest.mark.parametrize("way", ["soft 500", "500", "403", "no answer", "home"])
def test_what_fails_is_refused_or_leads_home_is_missing_and_not_taken_down(years, way):
    days = range(1, 30)
    years.take_in(years.there(0), years.lists(*days), [years.lost(day, way=way) for day in days])
    assert years.status() == "current"
    record = years.record.article(NOTE)
    assert record.missing_since == at(1)
    assert years.record.missing(5)[0] == 1
    assert [(one.key, one.title, one.since) for one in years.record.missing(5)[1]] == [(NOTE, "Hội nghị", at(1))]


def test_a_redirect_to_another_form_of_the_same_article_says_nothing(years):
    moved = FetchedPage(url=url(NOTE), captured_at=at(1), status=301, headers=(("Location", "/x-197106353.htm"),))
    capture = years.archive.append(moved, ADDRESSES.read(moved.url))
    years.take_in(years.there(0), ReadCapture(capture=capture, copy="mic", moved_to=NOTE))
    assert years.record.article(NOTE).standings[0].missing_since is None


def test_nothing_is_taken_down_without_other_pages_that_are_there(years):
    """One page alone tells nothing: it may be the server that is out of order."""
    years.take_in(years.there(0), [years.lost(day) for day in (1, 4, 8)])
    assert years.status() == "current"


def test_pages_of_another_server_do_not_vouch_for_this_one(years):
    years.take_in(years.there(0), years.lists(1, 4, 8, server="mst"), [years.lost(day) for day in (1, 4, 8)])
    assert years.status() == "current"


def many(count: int) -> list[Key]:
    return [NOTE, *(Key(family="mic", id=str(110_000 + number)) for number in range(count))]


@pytest.mark.parametrize("days", [(1,), (1, 2, 3, 4, 5, 6, 7)])
def test_most_of_a_server_gone_takes_nothing_down(years, days):
    """Though its lists answer well: whoever has mislaid most of a site will find it again."""
    keys = many(9)
    years.take_in([years.there(0, key) for key in keys], years.lists(*days))
    years.take_in([years.lost(day, key) for day in days for key in keys])
    assert {years.status(key) for key in keys} == {"current"}
    (day,) = {(row.good, row.bad) for row in rows(years, server_days)}
    assert day == (3, 10)


def test_what_stays_gone_after_most_of_a_server_went_is_taken_down_in_the_end(years):
    keys = many(9)
    days = (1, 2, 4, 8, 16, 32, 46)
    years.take_in([years.there(0, key) for key in keys], years.lists(*days))
    years.take_in([years.lost(day, key) for day in days for key in keys])
    assert {years.status(key) for key in keys} == {"withdrawn"}
    assert years.document().withdrawn_at == at(16)


def test_a_category_that_is_taken_down_together_is_taken_down(years):
    keys = many(9)
    days = (1, 4, 8)
    years.take_in([years.there(0, key) for key in keys], years.lists(*days))
    years.take_in([years.lost(day, key) for day in days for key in keys[:3]])
    assert years.status() == "withdrawn"
    assert years.status(keys[-1]) == "current"


def test_what_comes_back_is_there_again_and_keeps_the_time_it_was_away(years):
    first = years.there(0)
    years.take_in(first, years.lists(1, 4, 8), [years.lost(day) for day in (1, 4, 8)])
    assert years.take_in(years.unchanged(20, first)) == {str(NOTE): False}
    assert years.status() == "current"
    (standing,) = years.record.article(NOTE).standings
    assert [(absence.since, absence.until) for absence in standing.absences] == [(at(1), at(20))]
    years.take_in(years.there(30, text="Nội dung mới."))
    assert years.status() == "changed"
    assert years.document().withdrawn_at is None


def test_a_copy_that_is_gone_says_so_and_the_article_stands_while_another_is_there(years):
    years.take_in(years.there(0), years.there(0, server="mst"), years.lists(1, 4, 8))
    years.take_in([years.lost(day) for day in (1, 4, 8)])
    assert years.status() == "current"
    record = years.record.article(NOTE)
    assert [(one.server, one.gone is not None) for one in record.standings] == [("mic", True), ("mst", False)]
    assert [copy.server for copy in record.copies] == ["mic", "mst"]
    assert record.missing_since is None
    years.take_in(years.lists(40, 44, 48, server="mst"))
    years.take_in([years.lost(day, server="mst") for day in (40, 44, 48)])
    assert years.status() == "withdrawn"
    assert years.document().withdrawn_at == at(40)


def test_what_is_learnt_later_of_a_day_counts(years):
    """Captures of other pages, imported years later, show that the server was in order, or was not."""
    years.take_in(years.there(0), [years.lost(day) for day in (1, 4, 8)])
    before = years.record.last_sequence
    years.take_in(years.lists(1, 4))
    assert (years.status(), years.record.last_sequence) == ("current", before)
    years.take_in(years.lists(8))
    assert years.status() == "withdrawn"
    keys = many(9)[1:]
    years.take_in([years.there(0, key) for key in keys], [years.lost(4, key) for key in keys])
    assert years.status() == "current"


def test_a_page_that_is_read_again_as_another_thing_counts_as_that(years):
    """Revisits of it, too: what a 304 confirms is what the page is read as today."""
    first, last = years.there(0), years.there(2)
    confirmed = years.unchanged(3, last)
    years.take_in(first, last, confirmed, years.lists(2, 3, 5, 9), [years.lost(day) for day in (5, 9)])
    assert years.status() == "current"
    years.record.apply([replace(last, reading=Rejected(url=url(NOTE), reason="soft 404"))], None)
    assert years.status() == "withdrawn"
    assert years.record.article(NOTE).withdrawal.confirmations == 4
    years.record.apply([last], None)
    assert years.status() == "current"


def test_a_page_taken_down_that_is_looked_at_now_and_then_writes_nothing_to_the_index(years):
    years.take_in(years.there(0), years.lists(1, 4, 8, 40, 70), [years.lost(day) for day in (1, 4, 8)])
    before = years.record.last_sequence
    years.take_in(years.lost(40))
    years.take_in(years.lost(70, way="500"))
    assert years.record.last_sequence == before
    assert years.record.article(NOTE).withdrawal.confirmations == 4


def test_a_missing_article_that_is_found_again_is_missing_no_longer(years):
    first = years.there(0)
    years.take_in(first, years.lost(1, way="500"))
    assert years.record.missing(1)[0] == 1
    years.take_in(years.unchanged(2, first))
    assert years.record.missing(1) == (0, [])


def test_half_a_page_is_no_change_of_a_whole_one(years):
    whole = years.there(0, text="Nội dung, tất cả.")
    page = FetchedPage(url=url(NOTE), captured_at=at(1), status=200, payload=b"half", truncated="disconnect")
    capture = years.archive.append(page, ADDRESSES.read(page.url))
    half = ReadCapture(capture=capture, copy="mic", reading=article(NOTE, "Nội dung,"))
    years.take_in(half)
    assert years.document().body == "Nội dung,"
    years.take_in(whole)
    assert years.document().body == "Nội dung, tất cả."
    assert years.status() == "current"


def test_what_says_something_new_is_compared_with_what_was_read_before(years):
    first, other = years.there(0), years.there(0, many(1)[1])
    years.take_in(first, other)
    assert years.record.unlike([years.there(1)]) == []
    assert years.record.unlike([years.there(2, text="Khác."), years.there(2, many(2)[2])]) == [first.capture.id]


# ---- the order of import -------------------------------------------------------------------------------------

KEYS = many(3)
told = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.sampled_from(KEYS),
        st.sampled_from(["mic", "mic", "mst"]),
        st.sampled_from(["", "", "304", "404", "404", "404", "410", "soft 404", "soft 500", "500", "403", "home"]),
    ),
    min_size=10,
    max_size=40,
    unique_by=lambda one: one[:3],
)


def written(years: Years, history: Iterable[tuple[int, Key, str, str]]) -> list[ReadCapture]:
    """A history archived: lists answer on most days, articles as they are told to."""
    reads: list[ReadCapture] = []
    bodies: dict[tuple[Key, str], ReadCapture] = {}
    for day, key, server, way in sorted(history):
        before = bodies.get((key, server))
        if way == "304" and before:
            reads.append(years.unchanged(day, before))
        elif way in ("", "304"):
            bodies[key, server] = years.there(day, key, server, text=f"Nội dung {day // 6}.")
            reads.append(bodies[key, server])
        else:
            reads.append(years.lost(day, key, server, way))
    return [*reads, *years.lists(*(day for day in range(15) if day % 5), way=""), *years.lists(3, way="500")]


def rows(years: Years, table: sa.Table) -> list[sa.Row[*tuple[object, ...]]]:
    columns = [column for column in table.c if column.name != "sequence"]
    with years.record._database.reading() as connection:
        return sorted(connection.execute(sa.select(*columns)).all())


def outcome(years: Years) -> list[object]:
    return [*(years.record.article(key) for key in KEYS), rows(years, articles), rows(years, server_days)]


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told, st.randoms(), st.integers(1, 9))
def test_the_order_of_import_never_matters(tmp_path_factory, sqlite_url, history, random, size):
    folder = tmp_path_factory.mktemp("orders")
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), folder / "one.sqlite3")
    first = open_database(f"sqlite:///{folder}/one.sqlite3", migrate=False)
    one = opened(first, folder)
    reads = written(one, history)
    one.archive.close()
    with first.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "one.sqlite3", folder / "two.sqlite3")
    second = open_database(f"sqlite:///{folder}/two.sqlite3", migrate=False)
    other = opened(second, folder)
    one.take_in(reads)
    shuffled = [*reads, *random.sample(reads, len(reads) // 3)]
    random.shuffle(shuffled)
    for start in range(0, len(shuffled), size):
        other.take_in(shuffled[start : start + size])
    assert outcome(other) == outcome(one)
    first.close()
    second.close()
    shutil.rmtree(folder)
