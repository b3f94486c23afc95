"""Common Crawl and the Internet Archive, as far as a small server can be both: indexes, ranges, replays."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qs, unquote, urlsplit

from tests.archive.importing.maker import Maker
from tests.crawler.site import Answer, Handler

HOSTS = ("index.commoncrawl.org", "data.commoncrawl.org", "web.archive.org")
INDEXES = ("CC-MAIN-2013-20", "CC-MAIN-2019-22", "CC-MAIN-2024-10")
A_PAGE = 3
REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 404: "Not Found"}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One capture that both archives have."""

    url: str
    timestamp: str
    payload: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    is_revisit: bool = False

    @property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.payload).digest()).decode()

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def index(self) -> str:
        """The crawl it is of."""
        return next(name for name in reversed(INDEXES) if name[8:12] <= self.timestamp[:4] or name == INDEXES[0])

    @cached_property
    def record(self) -> bytes:
        stamp = self.timestamp
        when = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z"
        maker = Maker().response(
            self.url, self.payload, *self.headers, status=f"{self.status} {REASONS[self.status]}", when=when
        )
        return maker.parts[0]


@dataclass
class PublicArchives:
    """Answers as they do. `troubles` come first, each once, by host."""

    kept: list[Kept] = field(default_factory=list)
    troubles: dict[str, list[Answer]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """Lines put in the middle of every page of an index."""
    indexes: tuple[str, ...] = INDEXES
    packs: bool = False
    """Whether replays are packed on their way."""
    strays: Mapping[str, str] = field(default_factory=dict)
    """Addresses whose replay leads to another moment instead."""

    def answer(self, handler: Handler) -> Answer:
        host = handler.headers["Host"].partition(":")[0]
        waiting = self.troubles.get(host, [])
        if waiting:
            return waiting.pop(0)
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if host == "data.commoncrawl.org":
            return self._range(parts.path, handler.headers.get("Range", ""))
        if host == "web.archive.org":
            return self._lines(asked) if parts.path == "/cdx/search/cdx" else self._replay(handler.path)
        if parts.path == "/collinfo.json":
            made = [{"id": name, "cdx-api": f"https://{host}/{name}-index"} for name in self.indexes[::-1]]
            return _json(json.dumps(made))
        return self._index(parts.path.strip("/").removesuffix("-index"), asked)

    def _chosen(self, asked: Mapping[str, str]) -> list[Kept]:
        assert asked["matchType"] == "host"
        begin, end = asked.get("from", ""), asked.get("to", "9")
        return [
            one
            for one in self.kept
            if one.host == asked["url"].removeprefix("www.") and begin <= one.timestamp <= f"{end:9<14}"
        ]

    # ---- Common Crawl ----------------------------------------------------------------------------------------

    def _index(self, index: str, asked: Mapping[str, str]) -> Answer:
        chosen = [one for one in self._chosen(asked) if one.index == index]
        pages = -(-len(chosen) // A_PAGE)
        if "showNumPages" in asked:
            return _json(json.dumps({"pages": pages, "pageSize": 1, "blocks": pages}))
        number = int(asked["page"])
        if not chosen:
            return _json('{"message": "No Captures found for: x"}', 404)
        if number >= pages:
            return Answer("<html>Page out of range</html>", 400)
        lines = [json.dumps(self._fields(one)) for one in chosen[number * A_PAGE :][:A_PAGE]]
        middle = len(lines) // 2
        return _json("\n".join([*lines[:middle], *self.broken, *lines[middle:]]) + "\n")

    def _fields(self, one: Kept) -> dict[str, str]:
        offset = sum(len(other.record) for other in self.kept[: self.kept.index(one)])
        return {
            "urlkey": "x",
            "timestamp": one.timestamp,
            "url": one.url,
            "mime": "text/html",
            "status": str(one.status),
            "digest": one.digest,
            "length": str(len(one.record)),
            "offset": str(offset),
            "filename": f"crawl-data/{one.index}/x.warc.gz",
        }

    def _range(self, path: str, span: str) -> Answer:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", span)
        if not found or not path.startswith("/crawl-data/"):
            return Answer("", 404)
        whole = b"".join(one.record for one in self.kept)
        return Answer(whole[int(found[1]) : int(found[2]) + 1], 206, {"Content-Type": "application/octet-stream"})

    # ---- Internet Archive ------------------------------------------------------------------------------------

    def _lines(self, asked: Mapping[str, str]) -> Answer:
        chosen = self._chosen(asked)
        start = int(asked.get("resumeKey", "0"))
        page = chosen[start : start + A_PAGE]
        lines = [" ".join(self._row(one)[name] for name in asked["fl"].split(",")) for one in page]
        middle = len(lines) // 2
        text = "".join(f"{line}\n" for line in [*lines[:middle], *(self.broken if page else []), *lines[middle:]])
        if start + A_PAGE < len(chosen):
            text += f"\n{start + A_PAGE}\n"
        return Answer(text, 200, {"Content-Type": "text/plain"})

    def _row(self, one: Kept) -> dict[str, str]:
        return {
            "timestamp": one.timestamp,
            "original": one.url.replace("http://mic.gov.vn/", "http://mic.gov.vn:80/"),
            "mimetype": "warc/revisit" if one.is_revisit else "text/html",
            "statuscode": "-" if one.is_revisit else str(one.status),
            "digest": one.digest,
            "length": str(len(one.payload)),
        }

    def _replay(self, path: str) -> Answer:
        found = re.fullmatch(r"/web/(\d{14})id_/(.*)", path)
        assert found, path
        timestamp, url = found[1], unquote(found[2])
        if url in self.strays and timestamp != self.strays[url]:
            there = f"https://web.archive.org/web/{self.strays[url]}id_/{url}"
            return Answer("", 302, {"Location": there, "Memento-Datetime": "x"})
        for one in self.kept:
            if (one.timestamp, one.url) == (timestamp, url):
                return self._replayed(one)
        return Answer("not archived", 404)

    def _replayed(self, one: Kept) -> Answer:
        headers = {f"X-Archive-Orig-{name}": value for name, value in one.headers}
        headers |= {"Memento-Datetime": "x", "X-Archive-Src": "y", "Server": "nginx"}
        own = dict(one.headers)
        headers |= {name: own[name] for name in ("Content-Type", "Content-Encoding") if name in own}
        if "Location" in own:
            headers["Location"] = f"https://web.archive.org/web/{one.timestamp}id_/{own['Location']}"
            del headers["X-Archive-Orig-Location"]
        payload = one.payload
        if self.packs:
            payload = gzip.compress(payload)
            headers["Content-Encoding"] = "gzip"
        return Answer(payload, 302 if one.status in (301, 302) else one.status, headers)


def busy(status: int = 503, times: int = 1, **headers: str) -> list[Answer]:
    """Troubles."""
    return [Answer("busy", status, {name.replace("_", "-"): value for name, value in headers.items()})] * times


def some(count: int) -> Iterator[Kept]:
    """Captures of articles over the years, one after the other."""
    for number in range(count):
        yield Kept(
            url=f"https://mic.gov.vn/Pages/TinTuc/{number + 1}/Tin.html",
            timestamp=f"{2013 + number % 12}0506070{number % 10}09",
            payload=f"<h1>Tin {number}</h1>".encode(),
        )


def _json(text: str, status: int = 200) -> Answer:
    return Answer(text, status, {"Content-Type": "text/x-ndjson"})
