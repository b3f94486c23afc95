"""What a download says of itself: each article, what there is of it and under which name, or why it is missing."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Final, Self

from crawler.page import Capture
from indexer.article import Article
from webui.export.writing import FORMS, About, Row
from webui.language import gettext

NAME: Final = "manifest.csv"
COLUMNS: Final = ("key", "title", "published", "url", "captured_at", "digest", "bytes", "file", "missing")
_IN_MEMORY: Final = 1_000_000
"""Bytes of lines that are not put on disk."""


@dataclass(slots=True)
class Manifest:
    """`with Manifest(about) as manifest:`; lines wait on disk until all is known: memory stays as it is."""

    about: About
    there: int = 0
    missing: int = 0
    _lines: IO[bytes] = field(init=False)

    def __enter__(self) -> Self:
        self._lines = tempfile.SpooledTemporaryFile(_IN_MEMORY)
        return self

    def has(self, article: Article, capture: Capture, file: str) -> None:
        """This capture is there, as `file`."""
        self.there += 1
        self._add(article, capture.url, capture, file=file)

    def lacks(self, article: Article, url: str, why: str, capture: Capture | None = None) -> None:
        """What is at an address is not there, and why."""
        self.missing += 1
        self._add(article, url, capture, why=why)

    def _add(self, article: Article, url: str, capture: Capture | None, file: str = "", why: str = "") -> None:
        published = article.published.day.isoformat() if article.published else None
        seen = capture.captured_at.isoformat() if capture else None
        of_capture = (capture.payload_digest, capture.payload_size) if capture else (None, None)
        row: Row = [str(article.key), article.title, published, url, seen, *of_capture, file, why]
        self._lines.write(json.dumps(row).encode() + b"\n")

    def written(self, *, bare: bool = False) -> Iterator[bytes]:
        """All of it as CSV; `bare` is the table alone, where what it is of is told elsewhere."""
        counts = [(gettext("Files here"), str(self.there)), (gettext("Missing"), str(self.missing))]
        self._lines.seek(0)
        yield from FORMS["csv"].write(
            [] if bare else [*self.about, *counts], COLUMNS, map(json.loads, self._lines)
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
