"""Every moment at which an article was captured, with what it said then (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.page import is_stamp_of, stamp
from indexer.article import Article, AttachmentLink, Version
from indexer.record.correcting import corrected
from indexer.record.gathering import Evidence
from indexer.record.meaning import meaning
from indexer.record.merging import ArticleRecord
from indexer.record.saying import Files, FileSaid, PageSaid, file_at, file_digest


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedFile:
    """A file an article offered at a moment, and what was archived of it; None where nothing was."""

    link: AttachmentLink
    payload_digest: str
    """'' where it was not archived, nor the same on another host."""
    said: FileSaid | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """An article at one moment: a capture of its page, a 304 that confirmed it, or a change of its file."""

    at: datetime
    page: PageSaid
    version: Version | None
    """The version it shows; None where it is another form of the page, or an older state of another copy."""
    files: tuple[OfferedFile, ...] = ()

    @property
    def stamp(self) -> str:
        """Its name in addresses."""
        return stamp(self.at, self.page.payload_digest)

    @property
    def article(self) -> Article:
        """What the page said."""
        return self.page.article

    @property
    def is_capture(self) -> bool:
        """Whether the page itself was answered at that moment, not only confirmed."""
        return self.at == self.page.captured_at

    @property
    def begins_version(self) -> bool:
        """Whether its version was first seen here."""
        return self.version is not None and self.version.captured_at == self.at


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """An article as it is shown, and every moment at which it was seen, the oldest first."""

    record: ArticleRecord
    snapshots: tuple[Snapshot, ...]

    def snapshot(self, name: str) -> Snapshot | None:
        """The one a stamp names."""
        named = (
            snapshot for snapshot in self.snapshots if is_stamp_of(name, snapshot.at, snapshot.page.payload_digest)
        )
        return next(named, None)

    def first_of(self, version: Version) -> Snapshot:
        """The moment at which a version was first seen: the one to cite it by."""
        of_each = zip(self.record.versions, self.firsts(), strict=True)
        return next((first for one, first in of_each if one is version), self.snapshots[-1])

    def firsts(self) -> list[Snapshot]:
        """Of each version, in their order, the moment at which it was first seen."""
        found: dict[int, Snapshot] = {}
        for one in self.snapshots:
            if one.begins_version:
                found.setdefault(id(one.version), one)
        return [found.get(id(version), self.snapshots[-1]) for version in self.record.versions]

    def article(self, snapshot: Snapshot) -> Article:
        """What it said, with what is known of the article as a whole: its day, its category, corrections."""
        article, known = snapshot.article, self.record.article
        for correction in self.record.corrections:
            article = corrected(article, correction)
        return replace(
            article,
            published=known.published,
            category=known.category,
            author=article.author or known.author,
            source=article.source or known.source,
        )


def history(said: Evidence) -> History | None:
    """The history of an article; None where no page of its own was ever read, or it is withheld."""
    record = said.merged()
    if record is None or record.withheld:
        return None
    moments = {(page.captured_at, page.capture): page for page in said.pages}
    moments |= {(sighting.at, sighting.page.capture): sighting.page for sighting in said.sightings}
    moments |= _by_files(record.versions, said.pages)
    ordered = sorted(moments.items(), key=lambda moment: (moment[0][0], *moment[1].order[1:]))
    meanings: dict[tuple[int, tuple[str, ...]], str] = {}
    found = []
    for (at, _), page in ordered:
        files = tuple(_offered(page.article.attachments, said.files, at))
        said_now = (id(page.article), tuple(file.payload_digest for file in files))
        if said_now not in meanings:
            meanings[said_now] = meaning(page.article, said_now[1])
        version = _shown(record.versions, at, meanings[said_now])
        found.append(Snapshot(at=at, page=page, version=version, files=files))
    return History(record=record, snapshots=tuple(found))


def _by_files(versions: Iterable[Version], pages: Sequence[PageSaid]) -> dict[tuple[datetime, int], PageSaid]:
    """Moments at which only a file changed: no page was captured then, but a version begins."""
    of_capture = {page.capture: page for page in pages}
    return {
        (version.captured_at, version.capture): of_capture[version.capture]
        for version in versions
        if version.capture in of_capture
    }


def _shown(versions: Sequence[Version], at: datetime, means: str) -> Version | None:
    """The last version up to a moment that means this."""
    until = (version for version in reversed(versions) if version.captured_at <= at)
    return next((version for version in until if version.meaning_digest == means), None)


def _offered(links: Iterable[AttachmentLink], files: Files, at: datetime) -> Iterator[OfferedFile]:
    for link in links:
        digest = file_digest(files, link.address, at)
        said = file_at(files.get(link.address, ()), at)
        yield OfferedFile(link=link, payload_digest=digest, said=said)
