"""Why a file has no text."""


class FileProblem(Exception):  # noqa: N818 - the word people see beside the file
    """A file cannot be read; the message is shown: `encrypted`, `scanned`, `damaged`, `empty` …"""

    def __init__(self, message: str, pages: int | None = None) -> None:
        super().__init__(message)
        self.pages = pages
