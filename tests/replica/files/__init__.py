"""The files articles offer: what they say, and their bytes in three formats."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.replica.files import pdf, sheet, word
from tests.replica.item import File, FileState, FileType, Item
from tests.replica.slots import CATEGORIES
from tests.replica.text.documents import FileText, file_text
from tests.replica.text.legal import Mention

MEDIA_TYPES: Mapping[FileType, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


_ERROR_PAGE = (
    "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Lỗi</h1>"
    "<p>Tệp đang được cập nhật.</p></body></html>"
).encode()


@dataclass(frozen=True)
class FileContent:
    """What a file holds."""

    type: FileType
    said: FileText
    title_numbers: tuple[Mention, ...] = ()
    """Document numbers of the article, those in its title among them."""
    state: FileState = "whole"

    @property
    def numbers(self) -> tuple[Mention, ...]:
        """Document numbers in its text."""
        text = self.text.replace("Ð", "Đ")
        return tuple(mention for mention in (*self.title_numbers, *self.said.numbers) if mention.normal in text)

    @property
    def text(self) -> str:
        """Its text, a line for each paragraph or row; the cells of a row split by tabs."""
        if self.state != "whole":
            return ""
        if self.type == "xlsx":
            return "\n".join((self.said.heading, *self.said.rows))
        return "\n".join((self.said.heading, *self.said.paragraphs))

    @cached_property
    def _pages(self) -> pdf.Pages:
        return pdf.lay_out(self.said.heading, self.said.paragraphs)

    @property
    def pages(self) -> int | None:
        """How many pages a PDF has."""
        return len(self._pages) if self.type == "pdf" and self.state == "whole" else None

    def render(self) -> bytes:
        """The file, the same bytes each time."""
        if self.state != "whole":
            return _ERROR_PAGE if self.state == "error page" else b""
        match self.type:
            case "pdf":
                return pdf.write(self._pages)
            case "docx":
                return word.write(self.said.heading, self.said.paragraphs)
            case "xlsx":
                return sheet.write(self.said.heading, self.said.rows)


def file_content(seed: int, item: Item, file: File) -> FileContent:
    """What a file of an article holds."""
    chance = random.Random(f"{seed}/{item.index}/file/{file.number}")
    category = item.slot.category or chance.choice(CATEGORIES)
    said = file_text(item.text.title, item.moment.date(), category, chance)
    in_title = tuple(mention for mention in item.text.numbers if mention.normal in item.text.title)
    return FileContent(file.type, said, in_title, file.state)
