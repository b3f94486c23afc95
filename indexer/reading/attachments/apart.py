"""Files are read in a process of their own, within bounds of time and memory.

Measured: a PDF of 3 MB may unpack to 4 GB, a DOCX of 80 KB keeps its reader busy for three minutes.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Self
from weakref import finalize

from indexer.reading.attachments.files import extract
from indexer.reading.attachments.problems import PARTLY_SCANNED, SCANNED, FileProblem, FileText
from indexer.reading.attachments.scans import MISSING, MOST_PAGES, PAGE_SECONDS, is_installed
from indexer.reading.attachments.types import file_type

SECONDS = 60.0
"""How long one file may take; a law of 1,000 pages takes five."""
MEMORY = 1_000_000_000
"""Bytes the process may have; an honest file of 100 MB takes less than half."""

_APART = frozenset({"pdf", "docx", "xlsx", "doc", "rtf", "xls"})
_PLAIN, _OCR = b"", b"ocr"
_MAIN = f"from {__name__} import main; main()"
"""A process of multiprocessing would import the command this one was started with: a second instead of a third."""


class Apart:
    """Reads files in another process, started with the first of them. Use it from one thread.

    With `ocr`, PDF files with pages that are pictures are read once more, those pages by tesseract.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, *, ocr: bool = False) -> None:
        self._seconds = seconds
        self._memory = memory
        self._ocr = ocr
        self._pipe: Connection | None = None
        self._end: Callable[[], object] = lambda: None

    def extract(self, data: bytes) -> FileText:
        """The text of a file. Raises FileProblem, also for one that takes too long or too much."""
        if file_type(data) not in _APART:
            return extract(data)
        try:
            found = self._ask(_PLAIN, data, self._seconds)
        except FileProblem as error:
            if str(error) != SCANNED or not self._ocr:
                raise
            return self._recognised(data, error.pages)
        return self._recognised(data, found.pages) if self._ocr and found.problem == PARTLY_SCANNED else found

    def _recognised(self, data: bytes, pages: int | None) -> FileText:
        if not is_installed():
            raise FileProblem(f"{SCANNED}: {MISSING}", pages)
        return self._ask(_OCR, data, self._seconds + PAGE_SECONDS * min(pages or 1, MOST_PAGES))

    def _ask(self, how: bytes, data: bytes, seconds: float) -> FileText:
        pipe = self._pipe = self._pipe or self._start()
        try:
            pipe.send_bytes(how)
            pipe.send_bytes(data)
            if not pipe.poll(seconds):
                raise FileProblem("damaged: takes too long")
            found = FileText(**json.loads(pipe.recv_bytes()))
        except (EOFError, OSError) as error:  # it ran out of memory, or into a fault of a library
            self.close()
            raise FileProblem("damaged: needs too much") from error
        except FileProblem:
            self.close()
            raise
        if found.problem and not found.text:
            raise FileProblem(found.problem, found.pages)
        return found

    def close(self) -> None:
        """End the process; the next file starts another."""
        self._pipe = None
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> Connection:
        here, there = Pipe()
        process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-c", _MAIN, str(there.fileno()), str(self._memory)],
            pass_fds=[there.fileno()],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # converters and tesseract end with it, and none of them hears Ctrl-C
        )
        there.close()
        self._end = finalize(self, _end, process, here)
        return here


def main() -> None:
    """The other end of an Apart: read files until nobody sends any more."""
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    pipe, memory = Connection(int(sys.argv[1])), int(sys.argv[2])
    with suppress(ValueError, OSError):  # a lower limit stands already, or the system knows none
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with suppress(EOFError, OSError):
        while True:
            how = pipe.recv_bytes()
            pipe.send_bytes(json.dumps(asdict(_told(pipe.recv_bytes(), how))).encode())


def _told(data: bytes, how: bytes) -> FileText:
    try:
        return extract(data, ocr=how == _OCR)
    except FileProblem as error:
        return FileText("", error.pages, str(error))
    except MemoryError:
        return FileText("", None, "damaged: needs too much")


def _end_with_parent(parent: int) -> None:
    """Who asked may be killed while a converter or tesseract is at work: they end a second later."""
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes], pipe: Connection) -> None:
    pipe.close()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
