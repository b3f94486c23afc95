"""Captures read in as many processes as there are cores, a few at a time in this one."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from config.database import open_database
from config.settings import Settings
from config.site import SiteProfile, load_profile
from config.vocabulary import Vocabulary, load_vocabulary
from crawler.address import Addresses
from crawler.archive import Archive, ArchiveError, StorageError, open_archive
from crawler.clock import SystemClock
from crawler.page import Capture
from indexer.article import Reading, Rejected
from indexer.pipeline import Awaited
from indexer.reading import Reader
from indexer.record import ReadCapture

FEW = 48
"""Captures that are read sooner here than in processes that would have to be started."""
TICK = 1.0
"""Seconds after which whoever waits is told so again."""
TOGETHER = 16
"""Captures sent to a process at a time."""

_READ = ("article", "print", "document", "list", "feed", "attachment", "page")
"""Kinds of address whose captures say something."""
_GOOD = range(200, 300)


class CaptureReader:
    """Reads captures of one archive in this process."""

    def __init__(self, archive: Archive, profile: SiteProfile, words: Vocabulary, *, ocr: bool = False) -> None:
        self._archive = archive
        self._reader = Reader(profile, words, ocr=ocr)
        self._addresses = Addresses(profile)

    def read(self, captures: Sequence[Capture]) -> list[ReadCapture]:
        """What each of them says. One that the archive cannot give is left unread, with the reason.

        Raises StorageError while object storage does not answer: that says nothing of a capture.
        """
        return [self._read(capture) for capture in captures]

    def _read(self, capture: Capture) -> ReadCapture:
        try:
            reading = self._reading(capture) if _says_something(capture) else None
        except StorageError:
            raise
        except ArchiveError as error:
            return _unread(capture, f"archive: {error}")
        return ReadCapture(
            capture=capture,
            copy=self._addresses.read(capture.url).server or "",
            reading=reading,
            moved_to=self._addresses.read(capture.location).key if capture.location else None,
        )

    def _reading(self, capture: Capture) -> Reading:
        return self._reader.read(self._archive.read(capture))


@dataclass(frozen=True, slots=True)
class Sent:
    """Groups of captures that processes of a pool are to read."""

    pool: ProcessPoolExecutor
    groups: list[Future[list[ReadCapture]]]

    def result(self, waiting: Callable[[], None]) -> list[ReadCapture]:
        """What they say, in their order. Raises BrokenProcessPool, and whatever `waiting` does every second."""
        for group in self.groups:
            while wait([group], timeout=TICK).not_done:
                waiting()
        return [read for group in self.groups for read in group.result()]


class Readers:
    """Reads captures in processes of their own, which are started when there is much to read."""

    def __init__(self, settings: Settings, archive: Archive, profile: SiteProfile, words: Vocabulary) -> None:
        self._settings = settings
        self._here = CaptureReader(archive, profile, words, ocr=settings.ocr)
        self._processes = settings.processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def read(self, captures: Sequence[Capture]) -> list[ReadCapture]:
        """What each of them says, in their order."""
        return self.begin(captures)(lambda: None)

    def begin(self, captures: Sequence[Capture]) -> Awaited:
        """Begin to read captures in other processes; a few are only read once they are waited for, in this one."""
        if self._few_enough(captures):
            return lambda _: self._here.read(captures)
        return partial(self._awaited, captures, self._sent_anyway(captures))

    def _few_enough(self, captures: Sequence[Capture]) -> bool:
        """Recognising a scan takes minutes, in which this process has to say that it is still there."""
        return (self._processes == 1 or len(captures) <= FEW) and not self._settings.ocr

    def _awaited(self, captures: Sequence[Capture], sent: Sent, waiting: Callable[[], None]) -> list[ReadCapture]:
        try:
            return sent.result(waiting)
        except BrokenProcessPool:
            if sent.pool is self._pool:
                self.close()
                return [self._alone(capture, waiting) for capture in captures]
            # It broke while others were read, and they were told apart then.
            return self._awaited(captures, self._sent_anyway(captures), waiting)

    def _alone(self, capture: Capture, waiting: Callable[[], None]) -> ReadCapture:
        """Read one capture in a process; one that ends its process, as hostile files may, is left unread."""
        try:
            [read] = self._sent([capture]).result(waiting)
        except BrokenProcessPool:
            self.close()
            return _unread(capture, "the process that read it ended")
        return read

    def _sent_anyway(self, captures: Sequence[Capture]) -> Sent:
        try:
            return self._sent(captures)
        except BrokenProcessPool:  # nobody has noticed yet
            self.close()
            return self._sent(captures)

    def _sent(self, captures: Sequence[Capture]) -> Sent:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(self._settings,),
            )
        groups = [captures[start : start + TOGETHER] for start in range(0, len(captures), TOGETHER)]
        with _not_interrupted():  # it is here that processes are started
            return Sent(self._pool, [self._pool.submit(_read, group) for group in groups])

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
    """A 304 says nothing of its own; the same bytes as elsewhere or before do: of this address, at this moment."""
    return capture.status in _GOOD and capture.kind in _READ


def _unread(capture: Capture, why: str) -> ReadCapture:
    return ReadCapture(
        capture=capture, copy="", reading=Rejected(url=capture.url, reason=why[:120]), is_unread=True
    )


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Processes begun in this block do not hear Ctrl-C, which a terminal sends to all: this one ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_of_this_process: list[CaptureReader] = []


def _start(settings: Settings) -> None:
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    profile = load_profile(settings.site)
    database = open_database(settings.database, migrate=False)
    archive = open_archive(settings, database, Addresses(profile), SystemClock())
    _of_this_process[:] = [CaptureReader(archive, profile, load_vocabulary(), ocr=settings.ocr)]


def _end_with_parent() -> None:
    """A parent that is killed cannot end its processes: they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _read(captures: Sequence[Capture]) -> list[ReadCapture]:
    return _of_this_process[0].read(captures)
