"""What the API gives of an article's captures: lists, one of them, two compared, how one is cited."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from crawler.address import Key
from crawler.page import stamp
from indexer.comparing import Comparison, Row
from indexer.comparing.rows import PartKind, RowKind
from indexer.record import ArticleRecord, Group, History, Snapshot
from indexer.verifying import Verdict, Verified
from webui import addresses
from webui.api.answers import Answer, ArticleAnswer, KeyText
from webui.citing import FORMATS, Citation


class MomentAnswer(Answer):
    """A moment at which an article was seen."""

    stamp: str = Field(description="Its name in addresses; it stays the same.")
    captured_at: datetime
    version: int | None = Field(
        description="Number of the version it shows; null where it shows another form of the page."
    )
    begins_version: bool = Field(description="Whether that version was first seen then.")
    confirmed: bool = Field(description="Whether the server only said that its page had not changed (304).")
    url: str = Field(description="The original address, which may be gone.")
    payload_digest: str
    page: str = Field(description="The article as it was then, on this site.")
    copied: str = Field(description="The archived page as it looked, inert in a frame of this site.")

    @classmethod
    def of(cls, key: Key, moment: Snapshot) -> Self:
        """A moment as the API gives it."""
        return cls(
            stamp=moment.stamp,
            captured_at=moment.at,
            version=moment.version.number if moment.version else None,
            begins_version=moment.begins_version,
            confirmed=not moment.is_capture,
            url=moment.page.url,
            payload_digest=moment.page.payload_digest,
            page=addresses.version(key, moment.stamp),
            copied=addresses.copy(key, moment.stamp),
        )


class ListedVersion(Answer):
    """One state of the article's meaning, with the moment to cite it by."""

    number: int = Field(description="For display: it changes where an earlier capture is imported.")
    first: MomentAnswer
    last_seen_at: datetime
    captures: int = Field(description="Moments at which it was seen.")


class VersionsAnswer(Answer):
    """Versions of an article, the oldest first."""

    total: int
    next: str = Field(description="Give it as `after` for the versions that follow; empty at the end.")
    versions: list[ListedVersion]

    @classmethod
    def of(cls, history: History, shown: Sequence[int], following: str) -> Self:
        """Those versions of a history whose places are given."""
        record, key = history.record, history.record.article.key
        firsts = history.firsts()
        listed = [
            ListedVersion(
                number=version.number,
                first=MomentAnswer.of(key, first),
                last_seen_at=version.last_seen_at,
                captures=sum(one.version is version for one in history.snapshots),
            )
            for version, first in ((record.versions[place], firsts[place]) for place in shown)
        ]
        return cls(total=len(record.versions), next=following, versions=listed)


class CapturesAnswer(Answer):
    """Moments at which an article was seen, the oldest first."""

    total: int
    next: str = Field(description="Give it as `after` for the captures that follow; empty at the end.")
    captures: list[MomentAnswer]


class VersionContent(ArticleAnswer):
    """What an article said at one moment; all but its text and files is what is known of it today."""

    moment: MomentAnswer

    @classmethod
    def at(cls, history: History, moment: Snapshot, record: ArticleRecord, group: Group) -> Self:
        """`record` is the article's with what it said at that moment."""
        article = ArticleAnswer.of(record, group)
        return cls(**dict(article), moment=MomentAnswer.of(history.record.article.key, moment))


class Run(Answer):
    """Neighbouring words that became of a paragraph the same way, with the space before them."""

    change: Literal["kept", "added", "removed"]
    text: str


class Block(Answer):
    """A paragraph: its kept and removed runs are what it was, the kept and added ones what it became."""

    part: PartKind = Field(description="`title`, `lead`, or what kind of piece of the body it is.")
    change: RowKind
    runs: list[Run]

    @classmethod
    def of(cls, row: Row) -> Self:
        """A compared paragraph as the API gives it."""
        runs = [
            Run(
                change="kept" if some.change == "same" else some.change,
                text=f"{' ' * (some.spaced and place > 0)}{some.text}",
            )
            for place, some in enumerate(row.words)
        ]
        return cls(part=row.part, change=row.kind, runs=runs)


class FileDifference(Answer):
    """A file that came, went, or has another content."""

    kind: Literal["added", "removed", "replaced"]
    name: str
    pages_before: int | None
    pages_after: int | None


class Detail(Answer):
    """What stands beside the text and is said otherwise; no change of what the article means."""

    field: Literal["date", "author", "category"]
    before: str
    after: str


class DiffAnswer(Answer):
    """What differs between two moments of an article; what surrounds its text never counts."""

    key: KeyText
    before: MomentAnswer
    after: MomentAnswer
    same: bool = Field(description="Whether text and files are the same.")
    words_added: int
    words_removed: int
    figures: list[tuple[str, str]] = Field(description="Numbers, days and codes, and what stands in their place.")
    blocks: list[Block]
    files: list[FileDifference]
    details: list[Detail]
    page: str = Field(description="The same as a page of this site.")

    @classmethod
    def of(cls, key: Key, found: Comparison, *, whole: bool) -> Self:
        """A comparison as the API gives it; unless it is to be whole, without paragraphs that stayed the same."""
        return cls(
            key=str(key),
            before=MomentAnswer.of(key, found.before),
            after=MomentAnswer.of(key, found.after),
            same=found.is_same,
            words_added=found.words_added,
            words_removed=found.words_removed,
            figures=list(found.figures),
            blocks=[Block.of(row) for row in found.rows if whole or row.kind != "same"],
            files=[FileDifference.model_validate(file) for file in found.files],
            details=[Detail.model_validate(detail) for detail in found.details],
            page=addresses.compare(key, found.before.stamp, found.after.stamp),
        )


class CaptureAnswer(Answer):
    """One record of the archive, and whether its file still holds those bytes."""

    stamp: str
    url: str
    captured_at: datetime
    status: int = Field(description="HTTP status.")
    media_type: str = Field(description="As the server named it.")
    kind: str = Field(description="What the address is to the crawler: `article`, `attachment` …")
    payload_digest: str = Field(description="SHA-256 of what the server sent, noted when it was captured.")
    payload_size: int = Field(description="Bytes.")
    truncated: str = Field(description="Why the answer ended early; empty where it did not.")
    source: str = Field(description="`crawl`, or the file it was imported from.")
    verdict: Verdict = Field(description="Whether the digest, computed just now, is the same.")
    computed: str = Field(description="That digest; empty where the file cannot be read.")
    articles: list[str] = Field(description="Keys of the article it is a page of, or of those that offer it.")
    pages: list[str] = Field(description="Where this site shows it inert, or gives the file to be stored.")

    @classmethod
    def of(cls, found: Verified, pages: Sequence[str]) -> Self:
        """A verified capture as the API gives it."""
        capture = found.capture
        names = ("url", "captured_at", "status", "media_type", "kind", "payload_digest", "payload_size")
        return cls(
            **{name: getattr(capture, name) for name in (*names, "truncated", "source")},
            stamp=stamp(capture.captured_at, capture.payload_digest),
            verdict=found.verdict,
            computed=found.computed,
            articles=[str(key) for key in found.keys],
            pages=list(pages),
        )


class DigestAnswer(Answer):
    """Captures of the same bytes, the first of them, each read and computed anew."""

    captures: list[CaptureAnswer] = Field(description="At most twenty.")


class CitationForm(Answer):
    """A citation in one form."""

    form: str
    media_type: str
    text: str
    file: str = Field(description="The same to be stored.")


class CitationsAnswer(Answer):
    """How a capture is cited."""

    permalink: str
    captured_at: datetime
    digest: str = Field(description="SHA-256 as hex.")
    forms: list[CitationForm]

    @classmethod
    def of(cls, key: Key, moment: Snapshot, citation: Citation) -> Self:
        """A citation in every form there is."""
        return cls(
            permalink=citation.permalink,
            captured_at=citation.captured_at,
            digest=citation.digest,
            forms=list(_forms(key, moment, citation)),
        )


def _forms(key: Key, moment: Snapshot, citation: Citation) -> Iterator[CitationForm]:
    for name, form in FORMATS.items():
        file = addresses.citation(key, moment.stamp, name)
        yield CitationForm(form=name, media_type=form.media_type, text=form.write(citation), file=file)
