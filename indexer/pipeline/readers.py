"""Captures read in as many processes as there are cores, a few at a time in this one."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import Self

from config.database import open_database
from config.settings import Settings
from config.site import SiteProfile, load_profile
from config.vocabulary import Vocabulary, load_vocabulary
from crawler.address import Addresses
from crawler.archive import Archive, ArchiveError, open_archive
from crawler.clock import SystemClock
from crawler.page import Capture
from indexer.article import Reading, Rejected
from indexer.reading import Reader
from indexer.record import ReadCapture

FEW = 48
"""Captures that are read sooner here than in processes that would have to be started."""
TOGETHER = 16
"""Captures sent to a process at a time."""

_READ = ("article", "print", "document", "list", "feed", "attachment", "page")
"""Kinds of address whose captures say something."""
_GOOD = range(200, 300)
_GONE = {404: "404", 410: "410"}


class CaptureReader:
    """Reads captures of one archive in this process."""

    def __init__(self, archive: Archive, profile: SiteProfile, words: Vocabulary) -> None:
        self._archive = archive
        self._reader = Reader(profile, words)
        self._addresses = Addresses(profile)

    def read(self, captures: Sequence[Capture]) -> list[ReadCapture]:
        """What each of them says. One that cannot be read from the archive is rejected with the reason."""
        return [self._read(capture) for capture in captures]

    def _read(self, capture: Capture) -> ReadCapture:
        reading = self._reading(capture) if _says_something(capture) else None
        absent = _GONE.get(capture.status, "")
        if isinstance(reading, Rejected) and reading.reason == "soft 404":
            absent = reading.reason
        return ReadCapture(
            capture=capture,
            copy=self._addresses.read(capture.url).server or "",
            reading=reading,
            absent=absent if capture.key else "",
        )

    def _reading(self, capture: Capture) -> Reading:
        try:
            return self._reader.read(self._archive.read(capture))
        except ArchiveError as error:
            return Rejected(url=capture.url, reason=f"archive: {error}"[:120])


class Readers:
    """Reads captures in processes of their own, which are started when there is much to read."""

    def __init__(self, settings: Settings, archive: Archive, profile: SiteProfile, words: Vocabulary) -> None:
        self._settings = settings
        self._here = CaptureReader(archive, profile, words)
        self._processes = settings.processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def read(self, captures: Sequence[Capture]) -> list[ReadCapture]:
        """What each of them says, in their order."""
        if self._processes == 1 or len(captures) <= FEW:
            return self._here.read(captures)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(self._settings,),
            )
        groups = [captures[start : start + TOGETHER] for start in range(0, len(captures), TOGETHER)]
        return [read for group in self._pool.map(_read, groups) for read in group]

    def close(self) -> None:
        """End the processes."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _says_something(capture: Capture) -> bool:
    return capture.revisit_of is None and capture.status in _GOOD and capture.kind in _READ


_of_this_process: list[CaptureReader] = []


def _start(settings: Settings) -> None:
    profile = load_profile(settings.site)
    database = open_database(settings.database, migrate=False)
    archive = open_archive(settings, database, Addresses(profile), SystemClock())
    _of_this_process[:] = [CaptureReader(archive, profile, load_vocabulary())]


def _read(captures: Sequence[Capture]) -> list[ReadCapture]:
    return _of_this_process[0].read(captures)
