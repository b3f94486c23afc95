"""Keeps the corrector of the index at hand: made in the background, anew when the index has moved on."""

import threading
import time
from collections.abc import Iterator
from typing import Final

import structlog

from indexer.engines import IndexUnavailable, SearchIndex
from indexer.query.correcting import Corrector
from indexer.query.request import SearchRequest

EVERY: Final = 3_600
"""Seconds between two looks at whether the index has moved on."""

_log = structlog.get_logger(__name__)


class Correcting:
    """What corrections are made with. Any thread may ask; none waits for it."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._corrector: Corrector | None = None
        self._state: tuple[str, int] | None = None
        self._next = 0.0
        self._lock = threading.Lock()
        self._making: threading.Thread | None = None
        self._closed = threading.Event()

    def current(self) -> Corrector | None:
        """The corrector there is; none until the first is made, which asking for it begins."""
        with self._lock:
            present = self._corrector
            if time.monotonic() >= self._next and not self._closed.is_set():
                self._next = time.monotonic() + EVERY
                self._making = threading.Thread(target=self._make, name="corrector", daemon=True)
                self._making.start()
        return present

    def wait(self) -> None:
        """Until what is being made is ready."""
        if self._making is not None:
            self._making.join()

    def close(self) -> None:
        """Make no more."""
        with self._lock:
            self._closed.set()
        self.wait()

    def _make(self) -> None:
        try:
            state = (self._index.generation, self._index.cursor)
            if state == self._state:
                return
            began = time.perf_counter()
            corrector = Corrector.of(self._titles())
        except IndexUnavailable as error:
            _log.warning("no corrections", reason=str(error))
            return
        if not self._closed.is_set():
            self._corrector, self._state = corrector, state
            _log.info("corrections ready", seconds=round(time.perf_counter() - began, 1))

    def _titles(self) -> Iterator[str]:
        for hit in self._index.scan(SearchRequest(sort="newest")):
            if self._closed.is_set():
                return
            yield hit.title.text
