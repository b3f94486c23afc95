"""The index of a WACZ: CDXJ lines sorted outside memory, compressed in blocks that can be found (ZipNum)."""

import gzip
import hashlib
import heapq
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

IN_MEMORY = 50_000
"""Lines sorted at once."""
BLOCK = 3_000
"""Lines compressed together, as pywb has it."""
NAME = "index.cdx.gz"


@dataclass(slots=True)
class Sorter:
    """Lines put in any order and given back sorted; what is too much for memory lies in a folder meanwhile."""

    folder: Path
    _lines: list[str] = field(default_factory=list)
    _runs: list[Path] = field(default_factory=list)

    def add(self, line: str) -> None:
        """One line without its end."""
        self._lines.append(line + "\n")
        if len(self._lines) >= IN_MEMORY:
            self._flush()

    def sorted(self) -> Iterator[str]:
        """All lines, sorted by their bytes, each once."""
        self._flush()
        last = ""
        with ExitStack() as opened:
            files = [opened.enter_context(path.open(encoding="utf-8")) for path in self._runs]
            for line in heapq.merge(*files):
                if line != last:
                    yield line
                last = line

    def _flush(self) -> None:
        path = self.folder / f"run-{len(self._runs)}"
        path.write_text("".join(sorted(self._lines)), encoding="utf-8")
        self._runs.append(path)
        self._lines.clear()


def line(key: str, timestamp: str, fields: dict[str, Any]) -> str:
    """One line of CDXJ."""
    return f"{key} {timestamp} {json.dumps(fields, ensure_ascii=True)}"


def blocks(lines: Iterator[str]) -> Iterator[tuple[bytes, str]]:
    """Gzip members of so many lines each, with the line of the secondary index that leads to them."""
    offset = 0
    while block := list(islice(lines, BLOCK)):
        data = gzip.compress("".join(block).encode(), mtime=0)
        key, timestamp, _ = block[0].split(" ", 2)
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        yield (
            data,
            line(key, timestamp, {"offset": offset, "length": len(data), "digest": digest, "filename": NAME}),
        )
        offset += len(data)


def legend() -> str:
    """The first line of the secondary index."""
    return "!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": NAME})
