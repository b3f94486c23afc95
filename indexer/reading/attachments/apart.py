"""Files are read in a process of their own, within bounds of time and memory.

Measured: a PDF of 3 MB may unpack to 4 GB, a DOCX of 80 KB keeps its reader busy for three minutes.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Self
from weakref import finalize

from indexer.reading.attachments.files import FileText, extract
from indexer.reading.attachments.problems import FileProblem
from indexer.reading.attachments.types import file_type

SECONDS = 60.0
"""How long one file may take; a law of 1,000 pages takes five."""
MEMORY = 1_000_000_000
"""Bytes the process may have; an honest file of 100 MB takes less than half."""

_APART = frozenset({"pdf", "docx", "xlsx", "doc"})
_MAIN = f"from {__name__} import main; main()"
"""A process of multiprocessing would import the command this one was started with: a second instead of a third."""


class Apart:
    """Reads files in another process, started with the first of them. Use it from one thread."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._pipe: Connection | None = None
        self._end: Callable[[], object] = lambda: None

    def extract(self, data: bytes) -> FileText:
        """The text of a file. Raises FileProblem, also for one that takes too long or too much."""
        if file_type(data) not in _APART:
            return extract(data)
        pipe = self._pipe = self._pipe or self._start()
        try:
            pipe.send_bytes(data)
            if not pipe.poll(self._seconds):
                raise FileProblem("damaged: takes too long")
            found = json.loads(pipe.recv_bytes())
        except (EOFError, OSError) as error:  # it ran out of memory, or into a fault of a library
            self.close()
            raise FileProblem("damaged: needs too much") from error
        except FileProblem:
            self.close()
            raise
        if found["problem"]:
            raise FileProblem(found["problem"], found["pages"])
        return FileText(found["text"], found["pages"])

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
        )
        there.close()
        self._end = finalize(self, _end, process, here)
        return here


def main() -> None:
    """The other end of an Apart: read files until nobody sends any more."""
    pipe, memory = Connection(int(sys.argv[1])), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asked, who then ends this
    with suppress(ValueError, OSError):  # a lower limit stands already, or the system knows none
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(json.dumps(_told(pipe.recv_bytes())).encode())


def _told(data: bytes) -> dict[str, str | int | None]:
    try:
        found = extract(data)
    except FileProblem as error:
        return {"text": "", "pages": error.pages, "problem": str(error)}
    except MemoryError:
        return {"text": "", "pages": None, "problem": "damaged: needs too much"}
    return {"text": found.text, "pages": found.pages, "problem": ""}


def _end(process: subprocess.Popen[bytes], pipe: Connection) -> None:
    pipe.close()
    process.kill()
    process.wait()
