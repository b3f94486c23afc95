"""WARC records as bytes: made from answers, and read back (WARC 1.1, ISO 28500:2017; one gzip member each)."""

import hashlib
import uuid
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import Literal
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import iso_date_to_datetime
from warcio.warcwriter import WARCWriter

from crawler.page import FetchedPage, Headers

TEXT_LEVEL, FILE_LEVEL, PACKED_LEVEL = 5, 1, 0
"""How hard gzip tries: for text two thirds of the time of level 6 for 2 % more bytes (measured on pages of 45 KB);
little for pictures and PDF files; not at all for what came compressed, of which level 1 saves 0.6 % in 230 µs a
page of 15 KB where wrapping takes 8."""

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

_VERSION = "WARC/1.1"
HIDDEN = "X-Archive-Orig-"
"""Before the name of a header that is no longer true of the stored bytes: the transfer-coding is removed."""
_SOURCE = "X-Archive-Source"
_LIVE = "crawl"
_FIELDS = "application/warc-fields"
_RESPONSE = "application/http; msgtype=response"

RecordType = Literal["response", "revisit", "metadata", "request", "warcinfo"]


_MEANINGLESS = (ArchiveLoadFailed, StopIteration, EOFError, LookupError, ValueError, TypeError, AttributeError)
"""What warcio and the reading of headers raise for bytes that are no record."""


class RecordError(Exception):
    """Bytes are no record of ours; the message says why."""


@dataclass(slots=True)
class Body:
    """A stored payload that later records may refer to. `id` of its capture is None until that has its row."""

    url: str
    captured_at: datetime
    payload_digest: str
    payload_size: int
    media_type: str
    id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record, read. The page of a revisit has no payload: it `refers` to another with that digest."""

    type: RecordType
    page: FetchedPage
    payload_digest: str = ""
    refers: bool = False
    source: str = _LIVE


def digest(data: bytes) -> str:
    """The digest of a payload or block as it is written everywhere."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def warcinfo(name: str, about: Mapping[str, str]) -> bytes:
    """The record a file begins with."""
    block = "".join(f"{field}: {value}\r\n" for field, value in about.items() if value).encode()
    headers = [("WARC-Date", _date(datetime.now(UTC))), ("WARC-Filename", name)]
    return _member("warcinfo", headers, block, _FIELDS)


def answer(page: FetchedPage, payload_digest: str, original: Body | None, source: str) -> tuple[bytes, bytes]:
    """One answer (response, revisit of `original`, or the reason why there was none) and its request, if any."""
    identifier = _identifier()
    headers = [("WARC-Record-ID", identifier), *_about(page)]
    if source != _LIVE:
        headers.append((_SOURCE, _printable(source)))
    if page.status == 0:
        block = f"error: {_printable(page.error)}\r\n".encode()
        return _member("metadata", headers, block, _FIELDS), b""
    if page.peer:
        headers.append(("WARC-IP-Address", page.peer))
    if page.truncated:
        headers.append(("WARC-Truncated", page.truncated))
    headers.append(("WARC-Payload-Digest", payload_digest))
    if original:
        headers += [
            ("WARC-Profile", NOT_MODIFIED if page.status == HTTPStatus.NOT_MODIFIED else SAME_PAYLOAD),
            ("WARC-Refers-To-Target-URI", original.url),
            ("WARC-Refers-To-Date", _date(original.captured_at)),
        ]
        main = _member("revisit", headers, _head(page), _RESPONSE)
    else:
        main = _member("response", headers, _head(page) + page.payload, _RESPONSE, _level(page))
    return main, _request(page, identifier)


def read(member: bytes) -> Record:
    """Read one gzip member. Raises RecordError."""
    try:
        records = iter(ArchiveIterator(BytesIO(member), no_record_parse=True))
        with closing(records):  # it refers to itself: left open, it keeps the record until garbage is collected
            found = next(records)
            return _read(found, found.raw_stream.read())
    except _MEANINGLESS as error:
        raise RecordError(f"not a WARC record: {' '.join(str(error).split())}") from error


def _read(found: ArcWarcRecord, block: bytes) -> Record:
    headers = found.rec_headers
    if len(block) != int(headers.get_header("Content-Length")):
        raise RecordError("a record that ends early")
    url = headers.get_header("WARC-Target-URI") or ""
    captured_at = _moment(headers.get_header("WARC-Date"))
    source = headers.get_header(_SOURCE) or _LIVE
    if found.rec_type not in ("response", "revisit"):
        error = block.decode("utf-8", "replace").removeprefix("error: ").strip()
        page = FetchedPage(url=url, captured_at=captured_at, error=error)
        return Record(type=found.rec_type, page=page, source=source)
    status_line, http_headers, payload = _split(block)
    page = FetchedPage(
        url=url,
        captured_at=captured_at,
        status=int(status_line.split(" ")[1]),
        status_line=status_line,
        headers=http_headers,
        payload=payload,
        truncated=headers.get_header("WARC-Truncated") or "",
        peer=headers.get_header("WARC-IP-Address") or "",
    )
    payload_digest = headers.get_header("WARC-Payload-Digest") or digest(payload)
    return Record(
        type=found.rec_type,
        page=page,
        payload_digest=payload_digest,
        refers=found.rec_type == "revisit",
        source=source,
    )


def _level(page: FetchedPage) -> int:
    if page.header("content-encoding").strip().lower() not in ("", "identity"):
        return PACKED_LEVEL
    media_type = page.media_type
    readable = media_type.startswith("text/") or media_type.endswith(("xml", "json", "javascript"))
    return TEXT_LEVEL if readable or media_type == "" else FILE_LEVEL


def _member(
    kind: RecordType,
    headers: Iterable[tuple[str, str]],
    block: bytes,
    content_type: str,
    level: int = TEXT_LEVEL,
) -> bytes:
    """One record as one gzip member, written by warcio with the digests it is given."""
    fields = [("WARC-Type", kind), *headers, ("WARC-Block-Digest", digest(block))]
    if all(name != "WARC-Record-ID" for name, _ in fields):
        fields.append(("WARC-Record-ID", _identifier()))
    rec_headers = StatusAndHeaders("", fields, protocol=_VERSION)
    # The type is in the headers. Told that this is a warcinfo, warcio writes the block as it is and adds no SHA-1
    # of its own; told that it is a revisit or a request, it would not.
    record = ArcWarcRecord("warc", "warcinfo", rec_headers, BytesIO(block), None, content_type, len(block))
    written = BytesIO()
    WARCWriter(written, gzip=False).write_record(record)
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(written.getbuffer()) + packer.flush()


def _request(page: FetchedPage, identifier: str) -> bytes:
    if not page.request_headers:
        return b""
    parts = urlsplit(page.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    block = _lines(f"GET {path} HTTP/1.1", page.request_headers)
    headers = [*_about(page), ("WARC-Concurrent-To", identifier)]
    return _member("request", headers, block, "application/http; msgtype=request")


def _about(page: FetchedPage) -> list[tuple[str, str]]:
    return [("WARC-Target-URI", page.url), ("WARC-Date", _date(page.captured_at))]


def _head(page: FetchedPage) -> bytes:
    """Status line and headers as they came, in their order; a header that is no longer true is renamed."""
    status_line = page.status_line or f"HTTP/1.1 {page.status} {_phrase(page.status)}"
    hidden = (
        (HIDDEN + name if name.lower() == "transfer-encoding" else name, value) for name, value in page.headers
    )
    return _lines(status_line, hidden)


def _lines(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "".join(_printable(line) + "\r\n" for line in [*lines, ""]).encode("latin-1", "replace")


def _split(block: bytes) -> tuple[str, Headers, bytes]:
    """Status line, headers and payload of an HTTP answer, the bytes of the headers as Latin-1 letters."""
    head, _, payload = block.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return first, tuple((name.removeprefix(HIDDEN), value.strip()) for name, _, value in pairs), payload


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _printable(line: str) -> str:
    return line.replace("\r", " ").replace("\n", " ")


def _identifier() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    moment: datetime = iso_date_to_datetime(text, tz_aware=True)
    return moment
