"""What a record of any tool holds, as the answer it was: head and payload kept as our own crawl keeps them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from warcio.timeutils import iso_date_to_datetime

from crawler.archive.records import HIDDEN
from crawler.importing.warc import Found
from crawler.page import FetchedPage, Headers

ERROR = b"error: "
"""How the block of our own record of a failure begins; other tools' metadata says other things."""
_FAILURE_LIMIT = 10_000
_REASONS = ("", "length", "time", "disconnect", "unspecified")


class OddRecordError(Exception):
    """A record is whole but makes no sense; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An answer, with what its record says of others. Its payload is empty where it `refers` to another's."""

    page: FetchedPage
    digest: str = ""
    """The payload's digest as the record states it."""
    refers: bool = False
    refers_to: tuple[str, datetime] | None = None
    raw: bytes = field(default=b"", repr=False)
    """The payload as it lies in the record, with its transfer-coding."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, and of which record it is the question."""

    identifier: str
    concurrent: str
    method: str
    headers: Headers


def read_answer(found: Found, limit: int) -> Told:
    """A `response` or `revisit`. Raises DamagedError, OddRecordError."""
    if found.header("WARC-Segment-Number") not in ("", "1"):
        raise OddRecordError("a record in segments")
    status_line, headers = read_head(found)
    payload, cut = found.body(limit)
    refers = found.type == "revisit"
    page = FetchedPage(
        url=found.header("WARC-Target-URI"),
        captured_at=read_moment(found.header("WARC-Date")),
        status=_status(status_line) if status_line or not refers else 0,
        status_line=status_line,
        headers=headers,
        peer=found.header("WARC-IP-Address"),
        truncated="length" if cut else _truncated(found.header("WARC-Truncated")),
    )
    digest = found.header("WARC-Payload-Digest")
    if refers:
        return Told(page=page, digest=digest, refers=True, refers_to=_refers_to(found))
    whole = replace(page, payload=without_chunks(payload) if _is_chunked(page) else payload)
    return Told(page=replace(whole, headers=_shown(headers)), digest=digest, raw=payload)


def read_failure(found: Found) -> FetchedPage | None:
    """One of our own `metadata` records: why there was no answer. None for other tools'.

    Raises DamagedError, OddRecordError.
    """
    block, _ = found.body(_FAILURE_LIMIT)
    if not block.startswith(ERROR):
        return None
    return FetchedPage(
        url=found.header("WARC-Target-URI"),
        captured_at=read_moment(found.header("WARC-Date")),
        error=block.removeprefix(ERROR).decode("utf-8", "replace").strip(),
    )


def read_request(found: Found) -> Request:
    """A `request`. Raises DamagedError."""
    first, headers = read_head(found)
    found.finish()
    identifier, concurrent = found.header("WARC-Record-ID"), found.header("WARC-Concurrent-To")
    return Request(identifier, concurrent, first.split(" ")[0], headers)


def read_head(found: Found) -> tuple[str, Headers]:
    """First line and headers of an HTTP message, bytes as Latin-1 letters; lines that go on are joined.

    Raises DamagedError.
    """
    lines: list[str] = []
    while line := found.line().decode("latin-1").rstrip("\r\n"):
        if line[0] in " \t" and len(lines) > 1:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    first, *rest = lines or [""]
    pairs = (line.partition(":") for line in rest if ":" in line)
    return first, tuple((name.strip(), value.strip()) for name, _, value in pairs)


def read_moment(text: str) -> datetime:
    """A WARC-Date. Raises OddRecordError."""
    try:
        moment: datetime = iso_date_to_datetime(text, tz_aware=True)
    except (ValueError, TypeError, OverflowError) as error:
        raise OddRecordError(f"a date that is none: {text[:40]}") from error
    return moment.astimezone(UTC)


def without_chunks(data: bytes) -> bytes:
    """A body without its chunked transfer-coding, as far as it goes; as it is if it has none (RFC 9112, 7.1)."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        end = data.find(b"\n", at, at + 1_000)
        size = _hexadecimal(data[at:end].partition(b";")[0].strip()) if end > 0 else None
        if size is None:
            return b"".join(pieces) if pieces else data
        if size == 0:
            break
        pieces.append(data[end + 1 : end + 1 + size])
        at = end + 1 + size
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    return b"".join(pieces)


def _hexadecimal(digits: bytes) -> int | None:
    try:
        return int(digits, 16) if digits.isalnum() else None
    except ValueError:
        return None


def _is_chunked(page: FetchedPage) -> bool:
    return page.header("transfer-encoding").strip().lower().endswith("chunked")


def _shown(headers: Headers) -> Headers:
    """Headers that our own records keep under another name, under their own again."""
    return tuple((name.removeprefix(HIDDEN), value) for name, value in headers)


def _status(line: str) -> int:
    parts = line.split()
    if not line.startswith("HTTP/") or len(parts) < 2 or not (parts[1].isdecimal() and len(parts[1]) == 3):  # noqa: PLR2004
        raise OddRecordError("an answer without a status")
    return int(parts[1])


def _truncated(reason: str) -> str:
    """Why a payload ends early, in the words that WARC has for it."""
    return reason if reason in _REASONS else "unspecified" if reason else ""


def _refers_to(found: Found) -> tuple[str, datetime] | None:
    url, date = found.header("WARC-Refers-To-Target-URI"), found.header("WARC-Refers-To-Date")
    return (url, read_moment(date)) if url and date else None
