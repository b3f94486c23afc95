"""Damaged files: what is whole before the damage is read, and after it where it can be found; the rest is said."""

import gzip
import tracemalloc
import zlib
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.importing import Importer
from crawler.importing.answer import OddRecordError, read_answer
from crawler.importing.stream import HEAD_LIMIT, DamagedError
from crawler.importing.warc import ATTEMPTS, Damage, Found, records
from tests.archive.importing.maker import Maker

BODIES = [b"<h1>%d</h1>" % number + bytes(range(256)) * number for number in range(6)]
PACKED = Maker(packed=True)
PLAIN = Maker(packed=False)
for number, body in enumerate(BODIES):
    for made in (PACKED, PLAIN):
        made.response(f"https://mic.gov.vn/Pages/TinTuc/{number}/x.html", body)


def read(data: bytes) -> tuple[list[bytes], list[Damage]]:
    """Bodies of whole records, and the damage in between."""
    bodies, damage = [], []
    for found in records(BytesIO(data)):
        if isinstance(found, Damage):
            damage.append(found)
            continue
        try:
            bodies.append(read_answer(found, 1_000_000).page.payload)
        except (DamagedError, OddRecordError):
            continue
    return bodies, damage


def test_whole_files_have_no_damage():
    for made in (PACKED, PLAIN):
        assert read(b"".join(made.parts)) == (BODIES, [])


@pytest.mark.parametrize("made", [PACKED, PLAIN], ids=["gzip", "plain"])
@pytest.mark.parametrize("where", range(7))
@pytest.mark.parametrize(
    "rubbish", [b"\0" * 5_000, b"rubbish\r\n", b"\x1f\x8b\x08\x00 no gzip", b"WARC/1.0\r\n\r\n", b"\n" * 70_000]
)
def test_rubbish_between_records_costs_nothing_else(made, where, rubbish):
    if made is PLAIN and where == 0 and rubbish.startswith(b"\x1f\x8b"):
        pytest.skip("what begins like gzip is taken for gzip")
    parts = [*made.parts[:where], rubbish, *made.parts[where:]]
    bodies, damage = read(b"".join(parts))
    assert bodies == BODIES
    assert len(damage) <= 1
    if rubbish.strip() and not (made is PLAIN and where == 6 and rubbish.startswith(b"WARC/")):
        assert [one.position for one in damage] == [len(b"".join(made.parts[:where]))]


@pytest.mark.parametrize("made", [PACKED, PLAIN], ids=["gzip", "plain"])
@pytest.mark.parametrize("gone", range(1, 6_000, 97))
def test_a_cut_loses_only_what_was_cut(made, gone):
    data = b"".join(made.parts)[:-gone]
    whole = sum(len(b"".join(made.parts[: number + 1])) <= len(data) + 4 * (made is PLAIN) for number in range(6))
    bodies, damage = read(data)
    assert bodies == BODIES[:whole]
    assert len(damage) <= 1
    at_an_end = len(data) in {len(b"".join(made.parts[:number])) for number in range(7)}
    assert damage or at_an_end or whole == 6 or made is PLAIN


@pytest.mark.parametrize("length", [b"0", b"1", b"100", b"99999999999999999999", b"-5", b"x", b"", b"1e3"])
@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_a_length_that_lies_spoils_its_own_record_alone(length, packed):
    head, _, block = PLAIN.parts[2].partition(b"\r\n\r\n")
    lines = [
        b"Content-Length: " + length if line.startswith(b"Content-Length") else line
        for line in head.split(b"\r\n")
    ]
    lying = b"\r\n".join(lines) + b"\r\n\r\n" + block
    parts = [*(PACKED if packed else PLAIN).parts]
    parts[2] = gzip.compress(lying) if packed else lying
    bodies, damage = read(b"".join(parts))
    assert bodies == BODIES[:2] + BODIES[3:]
    assert len(damage) == 1


@given(
    st.sampled_from([b"".join(PACKED.parts), b"".join(PLAIN.parts), gzip.compress(b"".join(PLAIN.parts))]),
    st.lists(st.tuples(st.integers(0, 8_000), st.integers(0, 300), st.binary(max_size=60)), max_size=4),
)
@example(b"", [])
@example(b"\x1f\x8b", [])
@example(b"WARC/1.0", [])
def test_mutated_files_never_raise_and_keep_what_lies_before(data, changes):
    first = min((start for start, _, _ in changes), default=len(data))
    whole = BODIES[: sum(len(b"".join(PACKED.parts[: number + 1])) <= first for number in range(6))]
    for start, gone, instead in changes:
        data = data[:start] + instead + data[start + gone :]
    bodies, damage = read(data)
    if data.startswith(PACKED.parts[0]):
        assert bodies[: len(whole)] == whole
    assert all(one.reason and one.position >= 0 for one in damage)


@given(st.binary(max_size=3_000))
def test_any_bytes_are_read_or_said_to_be_damaged(data):
    bodies, damage = read(data)
    assert bodies == []
    assert damage or not data.strip(b"\r\n")


def test_a_checksum_that_is_wrong_spoils_a_record():
    """The text inflates well, but its last four bytes but four say that it is another."""
    parts = [*PACKED.parts]
    parts[1] = parts[1][:-8] + bytes(4) + parts[1][-4:]
    bodies, damage = read(b"".join(parts))
    assert bodies == BODIES[:1] + BODIES[2:]
    assert "data check" in damage[0].reason


def test_a_record_inside_a_damaged_gzip_page_is_not_looked_for_in_a_plain_file():
    """A plain file goes on at lines that begin records, not at every packed page."""
    made = Maker(packed=False).response("https://mic.gov.vn/a.htm", gzip.compress(PLAIN.parts[0]))
    bodies, damage = read(made.parts[0][:-10])
    assert (bodies, len(damage)) == ([], 1)


@pytest.mark.parametrize("bomb", ["line", "headers", "http headers", "body", "chunk"])
def test_memory_does_not_grow_with_what_a_record_claims(bomb):
    """A megabyte of gzip that inflates to a gigabyte, in every place where it could be held in memory."""
    long = 60_000_000
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://mic.gov.vn/a.htm\r\n"
    head += b"WARC-Date: 2020-01-01T00:00:00Z\r\n"
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    out: list[bytes] = []

    def put(data: bytes, times: int = 1) -> None:
        out.extend(packer.compress(data) for _ in range(times))

    put(head)
    if bomb in ("line", "headers"):
        put(b"X: " if bomb == "line" else b"")
        put(b"x" * 1_000 if bomb == "line" else b"X: " + b"x" * 995 + b"\r\n", long // 1_000)
    else:
        put(b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % (2 * long))
        put(b"HTTP/1.1 200 OK\r\n")
        put(b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n" if bomb == "chunk" else b"")
        put(b"X: y\r\n" * 1_000 if bomb == "http headers" else b"\r\n" + bytes(5_998), long // 6_000)
    out.append(packer.flush())
    data = b"".join(out)
    tracemalloc.start()
    bodies, damage = read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (bodies, len(damage)) == ([], 1)
    assert peak < 12_000_000 + 4 * HEAD_LIMIT, peak


def test_what_only_looks_like_records_is_given_up():
    data = PACKED.parts[0] + b"\x1f\x8b\x08\x00" * 20_000 + PACKED.parts[1]
    file = BytesIO(data)
    found = list(records(file))
    assert [type(one) for one in found] == [Found, Damage]
    assert file.tell() < 4 * ATTEMPTS + 200_000


def test_zstandard_is_said_to_be_that():
    _, (damage,) = read(b"\x28\xb5\x2f\xfd" + bytes(100))
    assert "Zstandard" in damage.reason


# ---- what an import makes of it ------------------------------------------------------------------------------


@pytest.fixture
def importer(settings, addresses, archive):
    return Importer(settings, addresses, archive)


@pytest.mark.parametrize(
    "broken", [b"nonsense, no archive at all", b"", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n"]
)
def test_what_is_no_archive_is_a_problem_and_no_error(importer, tmp_path, broken):
    path = tmp_path / "x.warc"
    path.write_bytes(broken)
    imported = importer.copy(path)
    assert imported.copied == 0
    assert imported.problems


def test_whole_records_that_make_no_sense_are_named_and_the_rest_is_copied(importer, tmp_path):
    made = Maker().response("https://mic.gov.vn/a.htm", b"x", when="yesterday")
    made.response("https://mic.gov.vn/b.htm", b"x", status="fine")
    made.response("https://mic.gov.vn/c.htm", b"x", segment_number="2")
    made.response("https://mic.gov.vn/d.htm", b"x")
    imported = importer.copy(made.at(tmp_path / "x.warc.gz"))
    assert (imported.copied, imported.damaged) == (1, 3)
    reasons = [problem.partition(": ")[2] for problem in imported.problems]
    assert reasons == ["a date that is none: yesterday", "an answer without a status", "a record in segments"]


def test_what_comes_before_and_after_damage_is_copied(importer, archive, tmp_path):
    parts = [*PACKED.parts]
    parts[3] = parts[3][:-100]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"".join(parts))
    imported = importer.copy(path)
    assert (imported.copied, imported.damaged) == (5, 1)
    assert imported.problems[0].startswith(f"at {len(b''.join(parts[:3]))}: not gzip")
    payloads = [archive.read(one).payload for batch, _ in archive.changes(after=0) for one in batch]
    assert payloads == BODIES[:3] + BODIES[4:]
