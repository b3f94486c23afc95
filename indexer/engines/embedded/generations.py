"""Folders of an embedded index: one for each generation, and which of them is searched."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexer.engines.entry import MAPPING

_CURRENT = "current"
_ABOUT = "generation.json"


@dataclass(frozen=True, slots=True)
class Live:
    """Which generation is searched, and which was before it; None while there is none."""

    current: int | None = None
    previous: int | None = None


class Generations:
    """The folders below one path. What they hold is tantivy's business."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, number: int) -> Path:
        """The folder of a generation."""
        return self._root / str(number)

    def live(self) -> Live:
        """What the pointer says now; another process may have moved it. Raises OSError, ValueError."""
        try:
            said = json.loads((self._root / _CURRENT).read_bytes())
        except FileNotFoundError:
            return Live()
        return Live(said["current"], said["previous"])

    def make(self) -> int:
        """A new empty folder, numbered behind all others."""
        self._root.mkdir(parents=True, exist_ok=True)
        number = max(self._numbers(), default=0) + 1
        folder = self.folder(number)
        folder.mkdir()
        (folder / _ABOUT).write_text(json.dumps({"mapping": MAPPING}), encoding="utf-8")
        return number

    def mapping(self, number: int) -> int:
        """The mapping version a generation was made with; 0 where it does not say."""
        try:
            return int(json.loads((self.folder(number) / _ABOUT).read_bytes())["mapping"])
        except (OSError, ValueError, KeyError):
            return 0

    def point(self, number: int) -> None:
        """Make a generation the live one, atomically; the one before stays, all others go."""
        before = self.live().current
        kept = Live(number, self.live().previous if before == number else before)
        new = self._root / f"{_CURRENT}.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump({"current": kept.current, "previous": kept.previous}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._root / _CURRENT)
        for old in self._numbers() - {kept.current, kept.previous}:
            self.remove(old)

    def remove(self, number: int) -> None:
        """Remove a generation's folder; processes that read it keep what they hold open."""
        shutil.rmtree(self.folder(number), ignore_errors=True)

    def _numbers(self) -> set[int]:
        return {int(path.name) for path in self._root.iterdir() if path.name.isdigit()}
