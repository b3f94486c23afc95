"""What comes of a file: its text, or why there is none."""

from dataclasses import dataclass

SCANNED, PARTLY_SCANNED = "scanned", "partly scanned"
"""Problems of a PDF whose pages, all or some, are pictures."""


class FileProblem(Exception):  # noqa: N818 - the word people see beside the file
    """A file cannot be read; the message is shown: `encrypted`, `scanned`, `damaged`, `empty` …"""

    def __init__(self, message: str, pages: int | None = None) -> None:
        super().__init__(message)
        self.pages = pages


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read of a file, as Attachment.text has it; `pages` where it has any."""

    text: str
    pages: int | None = None
    problem: str = ""
    """Why a part of it is missing."""
    recognised: bool = False
    """Whether some of it was recognised in pictures."""
