"""Processes that a test suite started and did not end: found even when their parent is gone."""

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

_BECOME_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


def adopt_orphans() -> None:
    """From now on, processes whose parent ends become children of this one instead of the machine's first."""
    ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def end_leftovers() -> list[str]:
    """Kill every process below this one; return their command lines."""
    found = []
    for process in _descendants(os.getpid()):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if command:  # a zombie has none: it has ended, and only waits to be counted
                found.append(command.strip())
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    return found


def _descendants(process: int) -> Iterator[int]:
    parents = _parents()
    waiting = [process]
    while waiting:
        parent = waiting.pop()
        children = [child for child, its_parent in parents.items() if its_parent == parent]
        waiting += children
        yield from children


def _parents() -> dict[int, int]:
    """Every process with its parent."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = path.read_text("utf-8", "replace").rpartition(")")[2]
            parents[int(path.parent.name)] = int(after_name.split()[1])
    return parents
