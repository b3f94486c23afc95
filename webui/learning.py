"""Keeps at hand what the titles in the index teach: made in the background, anew when the index has moved on."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import structlog

from indexer.engines import IndexUnavailable, SearchIndex
from indexer.query.correcting import Corrector
from indexer.query.phrases import Phrases
from indexer.query.request import SearchRequest

EVERY: Final = 3_600
"""Seconds between two looks at whether the index has moved on."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What slips are corrected with, and what is offered while somebody types."""

    corrector: Corrector
    phrases: Phrases


class Learning:
    """What was learned last. Any thread may ask; none waits for it."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._learned: Learned | None = None
        self._state: tuple[str, int] | None = None
        self._next = 0.0
        self._lock = threading.Lock()
        self._making: threading.Thread | None = None
        self._closed = threading.Event()

    def current(self) -> Learned | None:
        """What there is; nothing until the first time is over, which asking for it begins."""
        with self._lock:
            present = self._learned
            if time.monotonic() >= self._next and not self._closed.is_set():
                self._next = time.monotonic() + EVERY
                self._making = threading.Thread(target=self._make, name="learning", daemon=True)
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
            titles = list(self._titles())
        except IndexUnavailable as error:
            _log.warning("nothing learned of titles", reason=str(error))
            return
        if self._closed.is_set():
            return
        learned = Learned(corrector=Corrector.of(titles), phrases=Phrases.of(titles))
        self._learned, self._state = learned, state
        _log.info("learned of titles", titles=len(titles), seconds=round(time.perf_counter() - began, 1))

    def _titles(self) -> Iterator[str]:
        for hit in self._index.scan(SearchRequest(sort="newest")):
            if self._closed.is_set():
                return
            yield hit.title.text
