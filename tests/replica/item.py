"""What the replica knows of one article, whatever page shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crawler.address import Key
from indexer.article import Block
from tests.replica.slots import Slot
from tests.replica.text.composing import Text
from tests.replica.text.legal import LegalDocument

FileType = Literal["pdf", "docx", "xlsx"]
FileState = Literal["whole", "empty", "error page"]
"""What comes of a file that is asked for (trap 10): itself, nothing, or a page that tells of an error."""


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment: where it is, what its link says; its bytes and text are made when asked for."""

    path: str
    name: str
    type: FileType
    number: int
    """Counts the article's files from 0."""
    state: FileState = "whole"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """The article's picture."""

    path: str
    alt: str
    caption: str = ""
    glued: bool = False
    """The caption stands at the lead's beginning, without a space between them."""
    after: int = 0
    """Blocks before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dating:
    """What tells when the article was published."""

    page: bool
    """Its own page states it."""
    listed: bool
    """Lists show the day."""
    text_day: date | None = None
    """The lead says when it happened."""
    wrong_day: date | None = None
    """The body names a day that does not fit."""
    contradicted: bool = False
    """Lead or body names a day that does not fit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One article or document page."""

    index: int
    key: Key
    slot: Slot
    moment: datetime
    """When it was published, Vietnam's time, naive."""
    prefix: str
    language: Literal["vi", "en"]
    text: Text
    dating: Dating
    revision: int = 0
    """How often it was edited."""
    files: tuple[File, ...] = ()
    only_link: bool = False
    """The body is a link to the file and nothing else (trap 10)."""
    picture: Picture | None = None
    document: LegalDocument | None = None
    """What a T6 page is about."""
    announced: Key | None = None
    """The document page its last paragraph leads to."""
    wards: tuple[int, ...] = ()
    """Articles that are found only through this one."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The body in reading order, captions included."""
        if self.picture is None or not self.picture.caption:
            return self.text.blocks
        place = 0 if self.picture.glued else self.picture.after
        caption = Block(kind="caption", text=self.picture.caption)
        return (*self.text.blocks[:place], caption, *self.text.blocks[place:])
