"""Writes a WACZ of the whole archive or of articles, which any replay tool reads and `import` takes back."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO

from selectolax.lexbor import LexborHTMLParser

from config import VERSION
from config.site import SiteProfile
from crawler.address import Addresses, Key
from crawler.archive import Archive, ArchiveError
from crawler.archive.extents import Extent
from crawler.archive.records import RecordError, read, warcinfo
from crawler.exporting.index import NAME, Sorter, blocks, legend, line
from crawler.exporting.package import Package
from crawler.exporting.selection import of_article
from crawler.exporting.zipped import Sink, Zip
from crawler.page import BodyError, Capture, decode
from crawler.progress import Progress, Report, silent
from crawler.surt import surt

__all__ = ["ExportError", "Exported", "Exporter", "Selection", "Sink", "Zip", "of_article"]

_PAGES = ("article", "document")
_OK = 200
_OFTEN = 200
_TITLE = 300
_SOFTWARE = {"software": f"mic-archive/{VERSION}"}


class ExportError(Exception):
    """There is nothing to be exported; the message says what was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What a WACZ holds."""

    file: str
    captures: int
    pages: int
    bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Captures chosen by the caller, and what the file says of itself."""

    captures: Iterable[Capture]
    """Read while the file is written."""
    failed: Callable[[Capture, str], None]
    """Told of a capture that cannot be read, and why; the file goes on without it."""
    last: tuple[str, Iterable[bytes]]
    """An entry of the caller's, by its path, written after all captures."""
    about: Mapping[str, str]


@dataclass(slots=True)
class _Writing:
    """What is gathered while the WARC files are streamed."""

    sorter: Sorter
    pages: Path
    lines: TextIO
    report: Report = silent
    failed: Callable[[Capture, str], None] | None = None
    captures: int = 0
    listed: int = 0
    total: int | None = None
    main: tuple[str, str] | None = field(default=None)


class Exporter:
    """Exports from one archive. Memory does not grow with it."""

    SELECTED: Final = "archive/selection.warc.gz"
    """Where a stream has its captures."""

    def __init__(self, profile: SiteProfile, addresses: Addresses, archive: Archive) -> None:
        self._profile = profile
        self._addresses = addresses
        self._archive = archive

    def export(
        self, path: Path, key: Key | None = None, *, without: Collection[Key] = (), report: Report = silent
    ) -> Exported:
        """Write a WACZ of everything, or of one article with what belongs to it, but for some articles.

        Raises ExportError where there is nothing, ArchiveError where a file cannot be read, OSError.
        """
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file, _writing(path.parent) as writing:
                writing.report = report
                with Package(file, datetime.now(UTC)) as package:
                    for _ in self._steps(package, writing, key, frozenset(without)):
                        pass
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        return Exported(file=path.name, captures=writing.captures, pages=writing.listed, bytes=path.stat().st_size)

    def stream(self, chosen: Selection) -> Iterator[bytes]:
        """The bytes of a WACZ of these captures, made while they are read; what it needs on disk goes with it."""
        sink = Sink()
        with _writing(None) as writing:
            writing.failed = chosen.failed
            with Package(sink, datetime.now(UTC)) as package:
                for _ in self._selected(package, writing, chosen):
                    yield sink.taken()
            yield sink.taken()

    def _steps(
        self, package: Package, writing: _Writing, key: Key | None, without: frozenset[Key]
    ) -> Iterator[None]:
        yield from (
            self._add_article(package, writing, key, without) if key else self._add_all(package, writing, without)
        )
        yield from self._add_rest(package, writing)
        about = {"title": f"{self._profile.title} ({key or 'all'})"}
        if key and writing.main:
            about |= {"mainPageUrl": writing.main[0], "mainPageDate": writing.main[1]}
        yield from package.seal(about | _SOFTWARE)

    def _selected(self, package: Package, writing: _Writing, chosen: Selection) -> Iterator[None]:
        extents = (self._archive.extent(capture) for capture in chosen.captures)
        name = self.SELECTED.rpartition("/")[2]
        yield from package.add(self.SELECTED, self._copied(name, extents, writing))
        yield from self._add_rest(package, writing)
        path, pieces = chosen.last
        yield from package.add(path, pieces, packed=False)
        yield from package.seal({**chosen.about, **_SOFTWARE})

    def _add_article(
        self, package: Package, writing: _Writing, key: Key, without: frozenset[Key]
    ) -> Iterator[None]:
        chosen = [one for one in of_article(self._archive, self._addresses, key) if one.key not in without]
        if key in without or not chosen:
            raise ExportError(f"no capture of {key}")
        writing.total = len(chosen)
        name = f"{str(key).replace(':', '-')}.warc.gz"
        extents = (self._archive.extent(capture) for capture in chosen)
        yield from package.add(f"archive/{name}", self._copied(name, extents, writing))

    def _add_all(self, package: Package, writing: _Writing, without: frozenset[Key]) -> Iterator[None]:
        last = self._archive.last_sequence
        writing.total = last
        for name in self._archive.files():
            kept = (one for one in self._archive.extents(name, last) if one.capture.key not in without)
            first = next(kept, None)
            if first:
                yield from package.add(f"archive/{name}", self._copied(name, chain([first], kept), writing))
        if not writing.captures:
            raise ExportError("the archive is empty")

    def _copied(self, name: str, extents: Iterable[Extent], writing: _Writing) -> Iterator[bytes]:
        """A WARC file of these records, as they lie in the archive."""
        about = {**_SOFTWARE, "format": "WARC File Format 1.1"}
        piece = warcinfo(name, about | {"isPartOf": self._profile.name})
        offset = len(piece)
        yield piece
        for extent in extents:
            piece = self._piece(extent, writing)
            if not piece:
                continue
            self._note(extent.capture, piece[: extent.capture.length], (name, offset), writing)
            offset += len(piece)
            yield piece

    def _piece(self, extent: Extent, writing: _Writing) -> bytes:
        """A record with its request, b"" where it cannot be read and that is only to be told."""
        try:
            return self._archive.bytes_of(extent)
        except (ArchiveError, OSError) as error:
            if writing.failed is None:
                raise
            writing.failed(extent.capture, str(error))
            return b""

    def _note(self, capture: Capture, member: bytes, place: tuple[str, int], writing: _Writing) -> None:
        writing.captures += 1
        if writing.captures % _OFTEN == 0:
            writing.report(Progress(done=writing.captures, total=writing.total, message=place[0]))
        if capture.status == 0:
            return
        timestamp = f"{capture.captured_at:%Y%m%d%H%M%S}"
        writing.sorter.add(line(surt(capture.url), timestamp, _fields(capture, place)))
        if capture.kind in _PAGES and capture.status == _OK:
            page = {"id": str(capture.id), "url": capture.url, "ts": _moment(capture.captured_at)}
            title = _title(member) if capture.revisit_of is None else ""
            print(json.dumps(page | ({"title": title} if title else {}), ensure_ascii=False), file=writing.lines)
            writing.listed += 1
            writing.main = (capture.url, _moment(capture.captured_at))

    def _add_rest(self, package: Package, writing: _Writing) -> Iterator[None]:
        secondary = [legend()]

        def packed() -> Iterator[bytes]:
            for data, entry in blocks(writing.sorter.sorted()):
                secondary.append(entry)
                yield data

        writing.lines.flush()
        yield from package.add(f"indexes/{NAME}", packed())
        entries = ((entry + "\n").encode() for entry in secondary)
        yield from package.add("indexes/index.idx", entries, packed=False)
        with writing.pages.open("rb") as file:
            yield from package.add("pages/pages.jsonl", file, packed=False)


@contextmanager
def _writing(beside: Path | None) -> Iterator[_Writing]:
    """With a folder for what does not fit into memory, for the length of a block."""
    with TemporaryDirectory(prefix="export-", dir=beside) as folder:
        pages = Path(folder) / "pages.jsonl"
        with pages.open("w", encoding="utf-8") as lines:
            print(json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}), file=lines)
            yield _Writing(Sorter(Path(folder)), pages, lines)


def _fields(capture: Capture, place: tuple[str, int]) -> dict[str, Any]:
    is_revisit = capture.revisit_of is not None
    return {
        "url": capture.url,
        "mime": "warc/revisit" if is_revisit else capture.media_type or "unk",
        "status": str(capture.status),
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(place[1]),
        "filename": place[0],
    }


def _title(member: bytes) -> str:
    """What an HTML page calls itself, '' where it does not."""
    try:
        page = read(member).page
        if not page.media_type.startswith("text/html"):
            return ""
        found = LexborHTMLParser(decode(page).text).css_first("title")
    except (RecordError, BodyError):
        return ""
    return " ".join(found.text().split())[:_TITLE] if found else ""


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
