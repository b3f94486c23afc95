"""The attached files of a result as a ZIP, its archived copies as a WACZ, made article by article."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from crawler.address import Addresses, Key
from crawler.archive import ArchiveError
from crawler.exporting import Exporter, Selection, Sink, Zip, of_article
from crawler.page import BodyError, Capture, body
from indexer.article import WEB_PAGE, Article
from indexer.query.results import Hit
from indexer.record import OfferedFile
from webui import wording
from webui.export.manifest import NAME, Manifest
from webui.export.writing import About
from webui.language import gettext, later
from webui.replay.files import Names, file_name, kept, stem
from webui.services import Services

_IN_PACKAGE: Final = f"manifest/{NAME}"
"""Validators of WACZ files want folders, and tables without lines of another kind."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Making:
    """One download: the hits it is of, and how much it may still hold."""

    services: Services
    hits: Iterable[Hit]
    manifest: Manifest
    left: int

    def takes(self, size: int) -> bool:
        """Whether so many bytes still fit; they are counted."""
        if size > self.left:
            return False
        self.left -= size
        return True

    def too_large(self) -> str:
        """Why something is left out that does not fit."""
        return gettext("left out: all together may be %(size)s", size=wording.size(self.most))

    @property
    def most(self) -> int:
        """Bytes it may hold."""
        return self.services.settings.download_bytes

    def unreadable(self, capture: Capture, reason: str) -> str:
        """Why something is missing that lies in the archive; paths of this machine are for its log alone."""
        _log.warning(
            "download without a capture", url=capture.url, captured_at=str(capture.captured_at), reason=reason
        )
        return gettext("the archive's file cannot be read")


@dataclass(slots=True)
class _Files(_Making):
    """Attached files, each article's in a folder of its own."""

    names: Names = field(default_factory=Names)
    sink: Sink = field(default_factory=Sink)

    def pieces(self) -> Iterator[bytes]:
        with self.manifest, Zip(self.sink, self.services.clock.now()) as file:
            for hit in self.hits:
                yield from self._of_article(file, hit.key)
            yield from self._add(file, NAME, self.manifest.written())
        yield self.sink.taken()

    def _of_article(self, file: Zip, key: Key) -> Iterator[bytes]:
        history = self.services.record.history(key)
        if history is None:  # withheld since the index was asked
            return
        article, offered = history.record.article, history.first_of(history.record.versions[-1]).files
        for one in offered:
            yield from self._one(file, article, one)
        if not offered:
            self.manifest.lacks(article, "", gettext("the article offers no file"))

    def _one(self, file: Zip, article: Article, offered: OfferedFile) -> Iterator[bytes]:
        url, capture = offered.link.url, kept(self.services.archive, offered)
        if offered.said is None or capture is None:
            self.manifest.lacks(article, url, gettext("not archived"))
        elif not offered.said.attachment.is_file:
            self.manifest.lacks(article, url, wording.file_problem(WEB_PAGE), capture)
        elif not self.takes(capture.payload_size):
            self.manifest.lacks(article, url, self.too_large(), capture)
        else:
            try:
                data = body(self.services.archive.read(capture))
            except (ArchiveError, BodyError, OSError) as error:
                self.manifest.lacks(article, url, self.unreadable(capture, str(error)), capture)
                return
            path = self.names.of(stem(str(article.key)), file_name(offered.link.name, offered.link.address))
            yield from self._add(file, path, [data])
            self.manifest.has(article, capture, path)

    def _add(self, file: Zip, path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for _ in file.add(path, pieces, packed=False):
            yield self.sink.taken()


@dataclass(slots=True)
class _Copies(_Making):
    """Captures of articles with what they need to look as they looked, each once."""

    _seen: set[int] = field(default_factory=set)
    _failed: dict[int, str] = field(default_factory=dict)

    def pieces(self) -> Iterator[bytes]:
        profile = self.services.profile
        exporter = Exporter(profile, Addresses(profile), self.services.archive)
        told = [f"{name}: {value}" for name, value in self.manifest.about]
        with self.manifest:
            yield from exporter.stream(
                Selection(
                    captures=self._captures(),
                    failed=lambda capture, reason: self._failed.update({capture.id: reason}),
                    last=(_IN_PACKAGE, self.manifest.written(bare=True)),
                    about={"title": f"{profile.title} ({told[0]})", "description": "; ".join(told)},
                )
            )

    def _captures(self) -> Iterator[Capture]:
        for hit in self.hits:
            record = self.services.record.article(hit.key)
            if record:  # it may have been withheld since the index was asked
                yield from self._of_article(record.article)

    def _of_article(self, article: Article) -> Iterator[Capture]:
        for capture in self._of(article.key):
            if not self.takes(capture.length):
                self.manifest.lacks(article, capture.url, self.too_large(), capture)
                continue
            yield capture
            reason = self._failed.pop(capture.id, "")  # told while the capture was being written
            if reason:
                self.manifest.lacks(article, capture.url, self.unreadable(capture, reason), capture)
            else:
                self.manifest.has(article, capture, Exporter.SELECTED)

    def _of(self, key: Key) -> list[Capture]:
        """Those of an article that are not there yet, and none of a withheld one that it leads to."""
        services = self.services
        found = of_article(services.archive, Addresses(services.profile), key)
        withheld = services.record.withheld(list({one.key for one in found if one.key and one.key != key}))
        new = [one for one in found if one.id not in self._seen and one.key not in withheld]
        self._seen.update(one.id for one in new)
        return new


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of download."""

    title: str
    media_type: str
    ending: str
    make: Callable[[Services, Iterable[Hit], About], Iterator[bytes]]


def _make(made: type[_Files] | type[_Copies]) -> Callable[[Services, Iterable[Hit], About], Iterator[bytes]]:
    def make(services: Services, hits: Iterable[Hit], about: About) -> Iterator[bytes]:
        return made(services, hits, Manifest(about), services.settings.download_bytes).pieces()

    return make


KINDS: Final[Mapping[str, Kind]] = {
    "files": Kind(later("Attached files (ZIP)"), "application/zip", "zip", _make(_Files)),
    "copies": Kind(later("Archived copies (WACZ)"), "application/wacz", "wacz", _make(_Copies)),
}
"""By their names in addresses."""
