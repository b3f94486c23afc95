"""The corpus as another archive would have it (trap 17): WARC files with their CDXJ indexes.

Two crawls a month apart: the first holds every article, list, feed and file, with redirects as they were answered;
the second only says that what it saw was the same (revisit records).
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.replica import addresses, detours
from tests.replica.catalogue import catalogue
from tests.replica.corpus import Corpus
from tests.replica.exchange import Answer, Request
from tests.replica.item import Item
from tests.replica.sessions import PROBE
from tests.replica.site import Site

FIRST, SECOND = datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)
"""When the two crawls began; each of their requests takes a second."""

CHUNKED, PACKED, HOPS, AGAIN = 4, 2, 5, 3
"""One answer of so many is in chunks, compressed, reached through a redirect, seen again by the second crawl."""

_AGENT = "other-archive/1.0"
_NAMES = uuid.UUID("6f5c1c0a-3a8e-4f0e-9a55-0d9e6c1f2b44")
_SEEN: dict[str, str] = {"cookie": f"{PROBE}=1"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A response of the first crawl: what a revisit refers to."""

    url: str
    at: datetime
    digest: str
    answer: Answer


@dataclass
class _File:
    """One WARC file being written, and the lines of its index."""

    path: Path
    at: datetime
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self._out = self.path.open("wb")
        self._writer = WARCWriter(self._out, gzip=True, warc_version="1.1")
        self._info()

    def close(self) -> None:
        self._out.close()
        index = self.path.with_name(self.path.name.removesuffix(".warc.gz") + ".cdxj")
        index.write_text("".join(f"{line}\n" for line in sorted(self.lines)), encoding="utf-8")

    def response(self, url: str, answer: Answer, packing: str = "") -> Seen:
        """A request and its answer, a second after the one before."""
        self.at += timedelta(seconds=1)
        chunked = self.count // 2 % CHUNKED == 0 and answer.body
        headers = _http(answer, [("Transfer-Encoding", "chunked")] if chunked else [])
        body = _in_chunks(answer.body) if chunked else answer.body
        record = self._record(url, "response", body, headers)
        self._write(url, record, answer)
        asked = StatusAndHeaders(
            f"GET {urlsplit(url).path} HTTP/1.1",
            [("Host", urlsplit(url).netloc), ("User-Agent", _AGENT), ("Accept-Encoding", packing or "identity")],
            is_http_request=True,
        )
        self._writer.write_record(self._record(url, "request", b"", asked))
        return Seen(url, self.at, record.rec_headers.get_header("WARC-Payload-Digest"), answer)

    def revisit(self, url: str, seen: Seen) -> None:
        """The same was answered, perhaps under another address."""
        self.at += timedelta(seconds=1)
        record = self._writer.create_revisit_record(
            url,
            seen.digest,
            seen.url,
            _moment(seen.at),
            http_headers=_http(seen.answer, []),
            warc_headers_dict=self._named(url),
        )
        self._write(url, record, seen.answer)

    def _info(self) -> None:
        fields = f"software: {_AGENT}\r\nformat: WARC File Format 1.1\r\n".encode()
        self._writer.write_record(self._record("", "warcinfo", fields))

    def _record(self, url: str, kind: str, body: bytes, headers: StatusAndHeaders | None = None) -> Any:
        # Without its length, warcio would copy every body into a file of its own.
        return self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=headers,
            warc_headers_dict=self._named(url),
        )

    def _named(self, url: str) -> dict[str, str]:
        self.count += 1
        number = uuid.uuid5(_NAMES, f"{self.path.name}/{self.count}")
        named = {"WARC-Record-ID": f"<urn:uuid:{number}>", "WARC-Date": _moment(self.at)}
        return named | ({"WARC-IP-Address": "203.0.113.7"} if url else {"WARC-Filename": self.path.name})

    def _write(self, url: str, record: Any, answer: Answer) -> None:
        start = self._out.tell()
        self._writer.write_record(record)
        told = {
            "url": url,
            "mime": "warc/revisit"
            if record.rec_type == "revisit"
            else dict(answer.headers).get("Content-Type", ""),
            "status": str(answer.status),
            "digest": record.rec_headers.get_header("WARC-Payload-Digest"),
            "length": str(self._out.tell() - start),
            "offset": str(start),
            "filename": self.path.name,
        }
        self.lines.append(f"{surt(url)} {self.at:%Y%m%d%H%M%S} {json.dumps(told, ensure_ascii=False)}")


def write(corpus: Corpus, folder: Path) -> list[Path]:
    """Write both crawls into a folder. Returns the WARC files; their indexes lie beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(corpus, lambda: FIRST)
    first = _File(folder / "replica-202511.warc.gz", FIRST)
    second = _File(folder / "replica-202512.warc.gz", SECOND)
    for item in corpus:
        seen = _article(site, item, first)
        if item.index % AGAIN == 0:
            second.revisit(seen.url, seen)
        if item.index % AGAIN == 1 and addresses.variants(item):
            second.revisit(addresses.variants(item)[0], seen)
    for url in _others(corpus):
        first.response(url, _ask(site, url))
    for file in (first, second):
        file.close()
    return [first.path, second.path]


def surt(url: str) -> str:
    """An address as such indexes sort it: `vn,gov,mic)/pages/tintuc/1/x.html`."""
    parts = urlsplit(url.lower())
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return f"{','.join(reversed((parts.hostname or '').split('.')))}){parts.path}{query}"


def _article(site: Site, item: Item, out: _File) -> Seen:
    """An article's page, the redirects that led to it, its copy and its files; the page where it is shown."""
    packing = "gzip" if item.index % PACKED else ""
    home = addresses.home(item)
    if item.index % HOPS == 0:
        out.response(home.replace("https:", "http:"), Answer(status=302, headers=(("Location", home),)))
    seen = out.response(home, _ask(site, home, packing), packing)
    if item.slot.copied:
        copy = addresses.addresses(item)[-1]
        other = out.response(copy, _ask(site, copy, packing), packing)
        seen = other if home in detours.moved(item, site.corpus.options.traps) else seen
    for file in item.files:
        url = f"https://{addresses.HOSTS[item.slot.site]}{file.path}"
        out.response(url, _ask(site, url))
    return seen


def _others(corpus: Corpus) -> Iterator[str]:
    """Home pages, lists and feeds."""
    yield from (f"https://{host}/" for host in addresses.HOSTS.values())
    for series in catalogue():
        yield from (series.address(page) for page in range(1, series.pages(corpus.layout) + 1))
        if series.feed:
            yield f"https://{series.host}{series.feed}"


def _ask(site: Site, url: str, packing: str = "") -> Answer:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = _SEEN | ({"accept-encoding": packing} if packing else {})
    return site.answer(Request(scheme=parts.scheme, host=parts.hostname or "", target=target, headers=headers))


def _http(answer: Answer, more: list[tuple[str, str]]) -> StatusAndHeaders:
    length = [] if more else [("Content-Length", str(len(answer.body)))]
    line = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    return StatusAndHeaders(line, [*answer.headers, *more, *length], protocol="HTTP/1.1")


def _in_chunks(body: bytes) -> bytes:
    pieces = (body[start : start + 4_000] for start in range(0, len(body), 4_000))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
