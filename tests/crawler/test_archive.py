"""The archive: what goes in comes out, once per payload, whatever happens to the process that writes it."""

import contextlib
import gzip
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.address import Key
from crawler.archive import Archive, ArchiveError, open_archive, records
from crawler.page import FetchedPage
from crawler.tables import captures, warc_files
from tests.crawler.answers import AT, URL, html_page

NOT_MODIFIED = 304


@pytest.fixture
def again(settings, database, addresses, clock):
    """Another process's archive over the same folder and database."""
    opened = open_archive(settings, database, addresses, clock)
    yield opened
    opened.close()


def files(settings) -> list[Path]:
    return sorted(Path(settings.archive).glob("*"))


def stored(settings) -> list[tuple[str, str | None]]:
    """Types and addresses of all records, as warcio reads them."""
    found = []
    for path in files(settings):
        with path.open("rb") as stream:
            found += [
                (record.rec_type, record.rec_headers["WARC-Target-URI"]) for record in ArchiveIterator(stream)
            ]
    return found


def check(settings) -> None:
    """`warcio check` over every file, with its digests."""
    command = [sys.executable, "-m", "warcio.cli", "check", *map(str, files(settings))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def kill(archive: Archive) -> None:
    """Leave everything as a killed process would: nothing is committed, nothing is given back but its leases."""
    assert archive._writer is not None
    archive._writer._leases.release()
    archive._writer = None


# ---- what goes in comes out ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        html_page("<p>Sở Thông tin và Truyền thông</p>"),
        html_page(gzip.compress(b"<p>packed</p>" * 50), ("Content-Encoding", "gzip"), ("ETag", '"1"')),
        html_page(
            "<p>chunked</p>", ("Transfer-Encoding", "chunked"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")
        ),
        html_page(b"%PDF-1.4 \x00\xff\r\n\r\n", ("Content-Type", "application/pdf")),
        html_page("", status=404),
        html_page("moved", ("Location", "/x.htm"), status=301),
        html_page("odd", ("X-Ten", "Qu\xc3\xa9 \xff"), status=299),
        html_page("cut", status=200).__class__(
            url=URL, captured_at=AT, status=200, payload=b"c", truncated="length"
        ),
        FetchedPage(url=URL, captured_at=AT, status=503, status_line="HTTP/1.0 503 Bận", peer="192.0.2.1"),
        FetchedPage(url=URL, captured_at=AT, error="the server did not answer within 30 s"),
    ],
)
def test_an_answer_is_read_as_it_was_stored(archive, addresses, settings, page):
    capture = archive.append(page, addresses.read(page.url))
    read = archive.read(capture)
    kept = replace(page, request_headers=(), status_line=read.status_line)
    assert read == kept
    assert archive.capture(capture.id) == capture
    archive.close()
    check(settings)


def test_a_capture_says_what_is_known_without_opening_the_file(archive, addresses):
    page = html_page("<p>x</p>", ("Location", "../y.htm"), status=302)
    capture = archive.append(page, addresses.read(page.url), source="another.warc.gz")
    assert (capture.canonical, capture.key) == (
        "https://mic.gov.vn/Pages/TinTuc/144805/",
        Key(family="mic", id="144805"),
    )
    assert (capture.kind, capture.status, capture.media_type) == ("article", 302, "text/html")
    assert capture.location == "https://mic.gov.vn/Pages/TinTuc/y.htm"
    assert capture.payload_digest == records.digest(b"<p>x</p>")
    assert (capture.payload_size, capture.captured_at, capture.source) == (8, AT, "another.warc.gz")


def test_request_and_response_lie_side_by_side(archive, addresses, settings):
    archive.append(html_page("x"), addresses.read(URL))
    archive.append(FetchedPage(url=URL, captured_at=AT, error="refused"), addresses.read(URL))
    archive.close()
    assert stored(settings) == [("warcinfo", None), ("response", URL), ("request", URL), ("metadata", URL)]


def test_every_record_is_one_gzip_member_where_its_row_says(archive, addresses, settings):
    written = [archive.append(html_page(f"<p>{number}"), addresses.read(URL)) for number in range(3)]
    for capture in written:
        data = (Path(settings.archive) / capture.warc).read_bytes()[capture.offset :][: capture.length]
        assert f"<p>{capture.id - 1}".encode() in gzip.decompress(data)


ALWAYS = {"WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length", "Content-Type", "WARC-Block-Digest"}
BY_TYPE = {
    "warcinfo": {"WARC-Filename"},
    "response": {"WARC-Target-URI", "WARC-Payload-Digest", "WARC-IP-Address"},
    "request": {"WARC-Target-URI", "WARC-Concurrent-To"},
    "revisit": {"WARC-Target-URI", "WARC-Payload-Digest", "WARC-Profile", "WARC-Refers-To-Target-URI"},
    "metadata": {"WARC-Target-URI"},
}
"""What WARC 1.1 (ISO 28500:2017) asks of each type, or allows and we promise."""


def test_records_have_the_fields_of_the_standard(archive, addresses, settings):
    first = archive.append(replace(html_page("x"), peer="192.0.2.1"), addresses.read(URL))
    again = replace(html_page("x"), captured_at=AT + timedelta(days=1), peer="192.0.2.1")
    same = FetchedPage(url=URL, captured_at=AT, status=NOT_MODIFIED)
    archive.append(again, addresses.read(URL))
    archive.append(same, addresses.read(URL), body_of=first.id)
    archive.append(replace(html_page("cut"), truncated="time", peer="192.0.2.1"), addresses.read(URL))
    archive.append(FetchedPage(url=URL, captured_at=AT, error="refused"), addresses.read(URL))
    archive.close()
    seen, identifiers = set(), []
    with files(settings)[0].open("rb") as stream:
        for record in ArchiveIterator(stream):
            headers = dict(record.rec_headers.headers)
            seen.add(record.rec_type)
            identifiers.append(headers["WARC-Record-ID"])
            assert record.rec_headers.protocol == "WARC/1.1"
            assert ALWAYS | BY_TYPE[record.rec_type] <= set(headers), record.rec_type
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", headers["WARC-Date"])
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", headers["WARC-Block-Digest"])
            assert headers.get("WARC-Truncated", "time") == "time"
            if record.rec_type == "request":
                assert headers["WARC-Concurrent-To"] in identifiers
            elif record.rec_type == "revisit":
                assert headers["WARC-Refers-To-Date"] == "2024-03-01T08:30:00.123456Z"
                assert headers["WARC-Profile"] in (records.SAME_PAYLOAD, records.NOT_MODIFIED)
    assert seen == set(BY_TYPE)
    assert len(set(identifiers)) == len(identifiers)


def test_a_replay_tool_finds_every_answer(archive, addresses, settings):
    """As pywb's and ReplayWeb.page's indexer sees our files."""
    archive.append(html_page("one"), addresses.read(URL))
    archive.append(
        html_page("", ("Location", "/x.htm"), url="https://mic.gov.vn/a.htm", status=302), addresses.read(URL)
    )
    archive.append(html_page("one"), addresses.read(URL))
    archive.close()
    command = [sys.executable, "-W", "ignore", "-m", "cdxj_indexer.main", *map(str, files(settings))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [json.loads(line.split(" ", 2)[2]) for line in done.stdout.splitlines()]
    assert sorted((line["url"], line["status"], line["mime"]) for line in lines) == [
        (URL, "200", "text/html"),
        (URL, "200", "warc/revisit"),
        ("https://mic.gov.vn/a.htm", "302", "text/html"),
    ]


header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)


@given(
    payload=st.binary(max_size=200),
    status=st.integers(100, 599),
    values=st.lists(header_text, max_size=3),
    line=header_text,
)
def test_any_answer_survives_a_record(payload, status, values, line):
    headers = tuple(("X-Header", value.strip()) for value in values)
    page = FetchedPage(
        url=URL,
        captured_at=AT,
        status=status,
        headers=headers,
        payload=payload,
        status_line=f"HTTP/1.1 {status} {line}",
    )
    main, _ = records.answer(page, records.digest(payload), None, "crawl")
    assert records.read(main).page == page


MEMBER, _ = records.answer(html_page("<p>x</p>" * 20), "sha256:0", None, "crawl")


@given(st.integers(0, 300), st.integers(0, 8), st.binary(max_size=8))
def test_damaged_bytes_are_read_or_refused_with_a_reason(start, gone, instead):
    with contextlib.suppress(records.RecordError):
        records.read(MEMBER[:start] + instead + MEMBER[start + gone :])


PLAIN = gzip.decompress(MEMBER)
changes = st.lists(st.tuples(st.integers(0, len(PLAIN)), st.integers(0, 60), st.binary(max_size=40)), max_size=3)
lengths = st.sampled_from([b"0", b"1", b"-1", b"99999999999", b"x", b"", b"1e3", "１".encode()])


@given(changes)
def test_a_record_of_any_text_is_read_or_refused_with_a_reason(changed):
    data = PLAIN
    for start, gone, instead in changed:
        data = data[:start] + instead + data[start + gone :]
    with contextlib.suppress(records.RecordError):
        records.read(gzip.compress(data))


@given(lengths, st.sampled_from([b"", b"\0" * 20, b"WARC/1.1\r\n", PLAIN]))
def test_a_length_that_lies_is_refused_or_cuts_nothing_else(length, after):
    lying = re.sub(rb"(?<=Content-Length: )\d+(?=\r\n)", length, PLAIN, count=1) + after
    with contextlib.suppress(records.RecordError):
        page = records.read(gzip.compress(lying)).page
        assert html_page("<p>x</p>" * 20).payload.startswith(page.payload)


# ---- once per payload ----------------------------------------------------------------------------------------


def test_a_304_is_a_revisit_that_reads_as_the_answer_it_confirms(archive, addresses, settings):
    page = html_page("<p>x</p>", ("ETag", '"1"'), ("Date", "yesterday"), ("Content-Length", "8"))
    first = archive.append(page, addresses.read(URL))
    later = AT + timedelta(days=1)
    confirmed = FetchedPage(
        url=URL, captured_at=later, status=NOT_MODIFIED, headers=(("Date", "today"), ("Content-Length", "0"))
    )
    capture = archive.append(confirmed, addresses.read(URL), body_of=first.id)
    assert (capture.status, capture.revisit_of, capture.media_type) == (NOT_MODIFIED, first.id, "text/html")
    assert (capture.payload_digest, capture.payload_size) == (first.payload_digest, 8)
    read = archive.read(capture)
    assert (read.status, read.payload, read.captured_at) == (200, page.payload, later)
    assert (read.header("date"), read.header("etag"), read.header("content-length")) == ("today", '"1"', "8")
    archive.close()
    assert [kind for kind, _ in stored(settings)] == ["warcinfo", "response", "request", "revisit"]
    check(settings)


def test_the_same_payload_is_stored_once_whoever_sent_it(archive, addresses, settings):
    first = archive.append(html_page("<p>same</p>"), addresses.read(URL))
    other = html_page("<p>same</p>", ("X-Other", "1"), url="https://mic.gov.vn/other.htm", status=404)
    second = archive.append(other, addresses.read(other.url))
    assert second.revisit_of == first.id
    assert archive.read(second).header("x-other") == "1"
    assert (archive.read(second).status, archive.read(second).payload) == (404, b"<p>same</p>")
    archive.close()
    check(settings)


def test_the_same_payload_twice_in_one_group_is_stored_once(archive, addresses):
    archive.write(html_page("<p>same</p>"), addresses.read(URL))
    archive.write(html_page("<p>same</p>"), addresses.read(URL))
    with archive.committing() as (_, written):
        assert [capture.revisit_of for capture in written] == [None, written[0].id]
    assert archive.read(written[1]).payload == b"<p>same</p>"


def test_nobody_reads_where_a_group_is_committed(archive, addresses, database):
    """Else SQLite's log would grow for as long as the crawl goes on."""
    archive.write(html_page("<p>one</p>"), addresses.read(URL))
    with archive.committing():
        assert database.engine.pool.checkedout() == 1


def test_what_is_empty_or_cut_short_is_never_referred_to(archive, addresses):
    pages = [html_page(""), html_page(""), replace(html_page("<p>"), truncated="length"), html_page("<p>")]
    assert [archive.append(page, addresses.read(URL)).revisit_of for page in pages] == [None] * 4


# ---- the change sequence -------------------------------------------------------------------------------------


def test_changes_come_in_batches_in_the_order_of_the_sequence(archive, addresses):
    for number in range(5):
        archive.append(html_page(f"{number}"), addresses.read(URL))
    batches = list(archive.changes(after=1, limit=3))
    assert [[capture.sequence for capture in batch] for batch, _ in batches] == [[2, 3, 4], [5]]
    assert [end for _, end in batches] == [4, 5]
    assert archive.last_sequence == 5
    assert list(archive.changes(after=5)) == []


def test_two_writers_number_their_captures_in_one_sequence(archive, again, addresses):
    for number in range(3):
        archive.append(html_page(f"a{number}"), addresses.read(URL))
        again.append(html_page(f"b{number}"), addresses.read(URL))
    changes = [capture for batch, _ in archive.changes(after=0) for capture in batch]
    assert [capture.sequence for capture in changes] == [1, 2, 3, 4, 5, 6]
    assert len({capture.warc for capture in changes}) == 2
    assert {archive.read(capture).payload for capture in changes} == {b"a0", b"a1", b"a2", b"b0", b"b1", b"b2"}


def test_captures_are_found_by_key_and_by_address_in_the_order_of_time(archive, addresses):
    late, early = html_page("late"), replace(html_page("early"), captured_at=AT - timedelta(days=400))
    for page in (late, early, html_page("other", url="https://mic.gov.vn/other.htm")):
        archive.append(page, addresses.read(page.url))
    assert [archive.read(capture).payload for capture in archive.captures(key=Key(family="mic", id="144805"))] == [
        b"early",
        b"late",
    ]
    assert len(archive.captures(canonical="https://mic.gov.vn/other.htm")) == 1


# ---- files ---------------------------------------------------------------------------------------------------


def test_a_file_is_closed_at_its_size_and_the_next_begun(settings, database, addresses, clock):
    small = settings.model_copy(update={"warc_size": 1_500})
    archive = open_archive(small, database, addresses, clock)
    written = [archive.append(html_page(f"<p>{number}"), addresses.read(URL)) for number in range(6)]
    archive.close()
    assert len(files(settings)) > 2
    assert {archive.read(capture).payload for capture in written} == {f"<p>{n}".encode() for n in range(6)}
    check(settings)


def test_the_next_process_goes_on_in_the_file_of_the_last(archive, again, addresses, settings):
    archive.append(html_page("one"), addresses.read(URL))
    archive.close()
    again.append(html_page("two"), addresses.read(URL))
    again.close()
    assert len(files(settings)) == 1
    assert [kind for kind, _ in stored(settings)].count("response") == 2
    check(settings)


def test_a_file_another_process_has_written_to_is_not_written_over(archive, addresses, settings):
    archive.append(html_page("one"), addresses.read(URL))
    with files(settings)[0].open("ab") as file:
        file.write(b"somebody else's")
    with pytest.raises(ArchiveError, match="changed its length"):
        archive.append(html_page("two"), addresses.read(URL))


# ---- accidents -----------------------------------------------------------------------------------------------


def test_whole_records_without_rows_are_adopted_as_if_nothing_had_happened(
    archive, again, addresses, settings, database
):
    first = archive.append(html_page("one"), addresses.read(URL))
    pages = [
        html_page("two", ("Location", "/x.htm"), status=301),
        html_page("one"),
        FetchedPage(url=URL, captured_at=AT, status=NOT_MODIFIED, headers=(("Date", "today"),)),
        FetchedPage(url=URL, captured_at=AT, error="refused"),
        replace(html_page("thr"), truncated="disconnect"),
    ]
    for page in pages:
        archive.write(page, addresses.read(page.url), source="file.warc", body_of=first.id)
    expected = [pending.row for pending in archive._writer._group._pending]
    kill(archive)

    (recovered,) = again.recover()
    assert (recovered.cut, recovered.missing, len(recovered.adopted)) == (0, 0, 5)
    with database.reading() as connection:
        adopted = connection.execute(sa.select(captures).where(captures.c.id > first.id)).mappings().all()
    assert [{name: row[name] for name in expected[0]} for row in adopted] == expected
    assert [row["revisit_of"] for row in adopted] == [None, first.id, first.id, None, None]
    assert again.recover() == []
    again.append(html_page("more"), addresses.read(URL))
    again.close()
    assert len(files(settings)) == 1
    check(settings)


@pytest.mark.parametrize("kept", [0, 1, 30, -1, -10])
def test_a_torn_record_is_cut_back_to_the_last_whole_one(archive, again, addresses, settings, kept):
    archive.append(html_page("one"), addresses.read(URL))
    path = files(settings)[0]
    start = path.stat().st_size
    archive.write(replace(html_page("two" * 50), request_headers=()), addresses.read(URL))
    kill(archive)
    whole = path.read_bytes()
    path.write_bytes(whole[: start + kept] if kept >= 0 else whole[:kept])

    torn = path.stat().st_size - start
    recovered = again.recover()
    assert sum(found.cut for found in recovered) == torn
    assert path.stat().st_size == start
    again.append(html_page("three"), addresses.read(URL))
    assert [
        again.read(capture).payload for capture in again.captures(canonical=addresses.read(URL).canonical)
    ] == [
        b"one",
        b"three",
    ]
    again.close()
    check(settings)


@given(damage=st.binary(min_size=1, max_size=40))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_tail_of_any_bytes_is_cut_off(settings, database, addresses, clock, damage):
    archive = open_archive(settings, database, addresses, clock)
    capture = archive.append(html_page("one"), addresses.read(URL))
    archive.close()
    path = Path(settings.archive) / capture.warc
    length = path.stat().st_size
    with path.open("ab") as file:
        file.write(damage)
    again = open_archive(settings, database, addresses, clock)
    recovered = again.recover()
    again.close()
    assert path.stat().st_size == length
    assert sum(found.cut for found in recovered) == len(damage)


def test_a_file_torn_in_its_first_record_is_begun_again(archive, again, addresses, settings):
    archive.write(html_page("one"), addresses.read(URL))
    kill(archive)
    files(settings)[0].write_bytes(files(settings)[0].read_bytes()[:50])
    (recovered,) = again.recover()
    assert recovered.cut == 50
    again.append(html_page("two"), addresses.read(URL))
    again.close()
    assert [kind for kind, _ in stored(settings)] == ["warcinfo", "response", "request"]


def test_a_row_whose_file_was_never_made_does_no_harm(archive, again, addresses):
    archive.append(html_page("one"), addresses.read(URL))
    archive.close()
    with archive._database.writing() as connection:
        connection.execute(sa.insert(warc_files).values(name="gone.warc.gz", state="open", size=0, opened_at=AT))
    assert again.recover() == []
    again.append(html_page("two"), addresses.read(URL))


def test_bytes_that_are_gone_are_reported_and_the_file_is_left_alone(archive, again, addresses, settings):
    capture = archive.append(html_page("one"), addresses.read(URL))
    kill(archive)
    path = files(settings)[0]
    path.write_bytes(path.read_bytes()[:100])
    (recovered,) = again.recover()
    assert recovered.missing > 0
    assert path.stat().st_size == 100
    assert again.append(html_page("two"), addresses.read(URL)).warc != capture.warc
    with pytest.raises(ArchiveError, match="ends before"):
        again.read(capture)
    assert again.recover() == []


def test_a_file_of_a_living_writer_is_left_alone(archive, again, addresses, settings):
    archive.write(html_page("one"), addresses.read(URL))
    assert again.recover() == []
    again.append(html_page("two"), addresses.read(URL))
    with archive.committing() as (_, written):
        assert len(written) == 1
    assert len(files(settings)) == 2


def test_a_transaction_that_fails_keeps_its_records_for_the_next(archive, addresses):
    archive.write(html_page("one"), addresses.read(URL))
    with pytest.raises(ZeroDivisionError), archive.committing():
        raise ZeroDivisionError
    assert archive.last_sequence == 0
    with archive.committing() as (_, written):
        assert [archive_capture.sequence for archive_capture in written] == [1]
    assert archive.read(written[0]).payload == b"one"


def test_a_full_disk_leaves_no_half_record(archive, addresses, settings):
    """A limit on the size of files stands for the disk: the system refuses to write on, half-way in a record."""
    archive.append(html_page("one"), addresses.read(URL))
    path = files(settings)[0]
    before = path.stat().st_size
    code = f"""
import resource
from pathlib import Path
from crawler.archive.files import ArchiveError, WarcFile
resource.setrlimit(resource.RLIMIT_FSIZE, ({before + 1000}, {before + 1000}))
file = WarcFile(Path({str(path)!r}), end={before})
try:
    file.append(bytes(5000))
except ArchiveError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "File too large" in done.stdout
    assert path.stat().st_size == before


def test_a_folder_that_cannot_be_written_is_named(settings, database, addresses, clock, tmp_path):
    (tmp_path / "file").write_text("in the way")
    blocked = settings.model_copy(update={"archive": str(tmp_path / "file")})
    with pytest.raises(ArchiveError, match="file"):
        open_archive(blocked, database, addresses, clock).append(html_page("x"), addresses.read(URL))


def test_reading_a_missing_file_says_which(archive, addresses, settings):
    capture = archive.append(html_page("x"), addresses.read(URL))
    files(settings)[0].unlink()
    with pytest.raises(ArchiveError, match=capture.warc):
        archive.read(capture)


def test_an_archive_that_is_only_read_makes_nothing(archive, settings):
    assert archive.last_sequence == 0
    assert archive.captures(canonical=URL) == []
    archive.close()
    assert not Path(settings.archive).exists()
