"""The public CDX servers: which parts their indexes have, how pages of lines are asked for, where captures lie."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Literal, Protocol
from urllib.parse import quote, urlencode

from cdx_toolkit.commoncrawl import bisect_cc, make_cc_maps
from cdx_toolkit.settings import CC_DATA_MIN_RETRY_INTERVAL, CC_INDEX_MIN_RETRY_INTERVAL, IA_MIN_RETRY_INTERVAL
from cdx_toolkit.timeutils import pad_timestamp_up, timestamp_to_time

from crawler.importing.answer import Told
from crawler.importing.asking import Asker, ServerError
from crawler.importing.cdx import CdxError, Line, from_json, from_row
from crawler.importing.labels import agrees, label
from crawler.importing.warc import Found, records
from crawler.page import BodyError, FetchedPage, body

Source = Literal["cc", "ia"]
Cursor = Mapping[str, Any]
"""Where in a part of an index a run has come to; empty at its beginning."""

INDEX = "https://index.commoncrawl.org"
DATA = "https://data.commoncrawl.org"
WAYBACK = "https://web.archive.org"
LINES = 3_000
"""Lines asked for at once; one block of Common Crawl's index has as many."""
RECORD_LIMIT = 200_000_000
"""Bytes of one record that are asked for; Common Crawl cuts answers at one megabyte."""

_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
_NOT_FOUND = (400, 404)
_OK, _PARTIAL = 200, 206
_REDIRECTS = range(300, 400)


class CaptureError(Exception):
    """One capture cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One host in one index."""

    name: str
    endpoint: str
    host: str
    grows: bool
    """Whether there may be more of it another day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Lines of an index. `cursor` leads to the next page; there is none after the last."""

    lines: tuple[Line, ...] = ()
    broken: int = 0
    cursor: Cursor | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From and to, as timestamps of four to fourteen digits; '' where nothing bounds them."""

    begin: str = ""
    end: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """As both servers take them."""
        return {name: value for name, value in (("from", self.begin), ("to", self.end)) if value}


class Server(Protocol):
    """One public archive. Everything raises ServerError, FetcherError, LeaseHeld."""

    @property
    def delays(self) -> Mapping[str, float]:
        """Seconds between requests, by host."""

    def parts(self, asker: Asker, hosts: list[str], span: Span) -> list[Part]:
        """The parts of its index that have to be asked."""

    def page(self, asker: Asker, part: Part, span: Span, cursor: Cursor) -> Page:
        """A page of lines."""

    def capture(self, asker: Asker, line: Line) -> Found | Told:
        """One capture. Raises CaptureError where it cannot be had."""


class CommonCrawl:
    """An index for every crawl, in pages; records are ranges of WARC files."""

    @property
    def delays(self) -> Mapping[str, float]:
        return {
            "index.commoncrawl.org": CC_INDEX_MIN_RETRY_INTERVAL,
            "data.commoncrawl.org": CC_DATA_MIN_RETRY_INTERVAL,
        }

    def parts(self, asker: Asker, hosts: list[str], span: Span) -> list[Part]:
        answer = asker.ask(f"{INDEX}/collinfo.json")
        try:
            listed: list[dict[str, Any]] = json.loads(_text(answer))
            known = {str(one["cdx-api"]): str(one["id"]) for one in listed[:]}
        except (ValueError, TypeError, KeyError) as error:
            raise ServerError(f"{INDEX}: its list of indexes makes no sense") from error
        chosen = [endpoint for endpoint in _of_span(sorted(known), span) if endpoint.startswith(f"{INDEX}/")]
        return [Part(f"cc {known[one]} {host}", one, host, grows=False) for one in chosen for host in hosts]

    def page(self, asker: Asker, part: Part, span: Span, cursor: Cursor) -> Page:
        asked = {"url": part.host, "matchType": "host", "pageSize": "1"} | span.parameters
        if "pages" not in cursor:
            cursor = {"page": 0, "pages": self._pages(asker, part, asked)}
        number, pages = int(cursor["page"]), int(cursor["pages"])
        if number >= pages:
            return Page()
        answer = asker.ask(f"{part.endpoint}?{urlencode(asked | {'output': 'json', 'page': str(number)})}")
        following = {"page": number + 1, "pages": pages} if number + 1 < pages else None
        if answer.status in _NOT_FOUND:
            return Page(cursor=following)
        return replace(_read(answer, _json_lines(_text(answer))), cursor=following)

    def _pages(self, asker: Asker, part: Part, asked: Mapping[str, str]) -> int:
        answer = asker.ask(f"{part.endpoint}?{urlencode({**asked, 'showNumPages': 'true', 'output': 'json'})}")
        if answer.status in _NOT_FOUND:
            return 0
        try:
            return int(json.loads(_text(answer))["pages"])
        except (ValueError, TypeError, KeyError) as error:
            raise ServerError(f"{part.endpoint}: its number of pages makes no sense") from error

    def capture(self, asker: Asker, line: Line) -> Found | Told:
        if not line.filename or not 0 < line.length <= RECORD_LIMIT:
            raise CaptureError("the index does not say where it lies")
        span = {"Range": f"bytes={line.offset}-{line.offset + line.length - 1}"}
        answer = asker.ask(f"{DATA}/{quote(line.filename)}", span)
        if answer.status != _PARTIAL or len(answer.payload) != line.length:
            raise CaptureError(f"{len(answer.payload)} bytes with status {answer.status} instead of {line.length}")
        found = next(records(BytesIO(answer.payload)), None)
        if not isinstance(found, Found):
            raise CaptureError(found.reason if found else "nothing there")
        return found


class InternetArchive:
    """One index of everything, resumed by a key; captures are replayed as they were answered (`id_`)."""

    @property
    def delays(self) -> Mapping[str, float]:
        return {"web.archive.org": IA_MIN_RETRY_INTERVAL}

    def parts(self, asker: Asker, hosts: list[str], span: Span) -> list[Part]:  # noqa: ARG002
        return [Part(f"ia {host}", f"{WAYBACK}/cdx/search/cdx", host, grows=True) for host in hosts]

    def page(self, asker: Asker, part: Part, span: Span, cursor: Cursor) -> Page:
        asked = {"url": part.host, "matchType": "host", "fl": ",".join(_FIELDS), "limit": str(LINES)}
        asked |= {"showResumeKey": "true"} | span.parameters | {key: str(cursor[key]) for key in cursor}
        answer = asker.ask(f"{part.endpoint}?{urlencode(asked)}")
        if answer.status in _NOT_FOUND:
            return Page()
        text, _, resume = _text(answer).strip("\n").partition("\n\n")
        following = {"resumeKey": resume.strip()} if resume.strip() else None
        return replace(_read(answer, (_row(line) for line in text.splitlines() if line.strip())), cursor=following)

    def capture(self, asker: Asker, line: Line) -> Found | Told:
        url = f"{WAYBACK}/web/{line.timestamp}id_/{quote(line.url, safe=_URL)}"
        answer = asker.ask(url)
        status = self._status(answer, line)
        headers = tuple(self._headers(answer))
        stated = f"sha1:{line.digest}" if line.digest else ""
        page = FetchedPage(
            url=line.url,
            captured_at=line.captured_at,
            status=status,
            status_line=answer.status_line if status == answer.status else "",
            headers=headers,
            payload=answer.payload,
            truncated=answer.truncated,
        )
        return Told(page=_as_captured(page, stated), digest=stated)

    def _status(self, answer: FetchedPage, line: Line) -> int:
        """The status of the capture; a redirect may also be the server's own, to a capture of another moment."""
        is_replay = answer.header("memento-datetime") or any(
            name.lower().startswith(_ORIGINAL) for name, _ in answer.headers
        )
        if not is_replay:
            raise CaptureError(f"not replayed: status {answer.status}")
        if answer.status == line.status or (line.status == 0 and answer.status not in _REDIRECTS):
            return answer.status
        if answer.status in _REDIRECTS and line.status in _REDIRECTS:
            return line.status
        raise CaptureError(f"replayed with status {answer.status} instead of {line.status or 'that of a revisit'}")

    def _headers(self, answer: FetchedPage) -> Iterator[tuple[str, str]]:
        """Those of the capture: its own under a prefix, and those that describe the bytes as they came here."""
        for name, value in answer.headers:
            lowered = name.lower()
            own = lowered.removeprefix(_ORIGINAL)
            if lowered.startswith(_ORIGINAL) and own not in _OF_THE_WAY:
                yield name[len(_ORIGINAL) :], value.rpartition("id_/")[2] if own == "location" else value
            elif lowered in ("content-type", "content-encoding"):
                yield name, value
            elif lowered == "location" and not answer.header(f"{_ORIGINAL}location"):
                yield name, value.rpartition("id_/")[2]


SERVERS: Mapping[Source, Server] = {"cc": CommonCrawl(), "ia": InternetArchive()}

_PORT = re.compile(r"^(http://[^/:]+):80(?=/|$)")
"""The Internet Archive writes a port that is in no other tool's address."""
_URL = "/:?&=%,;@!$'()*+~-._"
_ORIGINAL = "x-archive-orig-"
_OF_THE_WAY = ("content-type", "content-encoding", "content-length", "transfer-encoding", "connection")
"""Headers of the capture that are not true of the bytes as they came."""


def _as_captured(page: FetchedPage, stated: str) -> FetchedPage:
    """The answer without a content-coding that was put on only for the way here, as the digest shows."""
    name = label(stated)
    if not name or not page.header("content-encoding") or agrees(name, page.payload):
        return page
    with suppress(BodyError):
        plain = body(page)
        if agrees(name, plain):
            kept = tuple(pair for pair in page.headers if pair[0].lower() != "content-encoding")
            return replace(page, payload=plain, headers=kept)
    return page


def _of_span(endpoints: list[str], span: Span) -> list[str]:
    """Indexes that may hold captures of a span, by the dates in their names; such as have none are all asked."""
    times, moments = make_cc_maps(endpoints)
    undated = [endpoint for endpoint in endpoints if endpoint not in times.values()]
    begin = timestamp_to_time(span.begin) if span.begin else 0
    end = timestamp_to_time(pad_timestamp_up(span.end)) if span.end else None
    return sorted({*bisect_cc(times, moments, begin, end), *undated})


def _text(answer: FetchedPage) -> str:
    try:
        return body(answer).decode("utf-8", "replace")
    except BodyError as error:
        raise ServerError(f"{answer.url}: {error}") from error


def _json_lines(text: str) -> Iterator[Line | None]:
    return (_line(from_json, line) for line in text.splitlines() if line.strip())


def _row(line: str) -> Line | None:
    found = _line(lambda text: from_row(_FIELDS, text.split()), line)
    return found and replace(found, url=_PORT.sub(r"\1", found.url))


def _line(read: Callable[[str], Line], text: str) -> Line | None:
    try:
        return read(text)
    except CdxError:
        return None


def _read(answer: FetchedPage, found: Iterator[Line | None]) -> Page:
    """Lines and how many were broken. Raises ServerError where all are: that is some other page."""
    every = list(found)
    lines = tuple(line for line in every if line)
    if answer.status != _OK or (every and not lines):
        raise ServerError(f"{answer.url}: status {answer.status}, and no lines of an index")
    return Page(lines=lines, broken=len(every) - len(lines))
