"""What became of the records of one file."""

from dataclasses import dataclass, field

NOTED = 20
"""Damaged places of a file that are named; the rest is counted."""


@dataclass(kw_only=True, slots=True)
class Imported:
    """Counts of one file's records."""

    file: str
    copied: int = 0
    known: int = 0
    """In the archive already."""
    foreign: int = 0
    """Not of this site, never asked for, or not asked for with GET."""
    incomplete: int = 0
    """Revisits of answers that are neither in the archive nor in any file of the same command."""
    doubtful: int = 0
    """Copied, though their digest is not that of what they hold."""
    damaged: int = 0
    """Places that hold no whole record."""
    problems: list[str] = field(default_factory=list)
    """Where and why something could not be read; the first of them."""

    def damage(self, position: int, reason: str) -> None:
        """Note one damaged place."""
        self.damaged += 1
        self.refuse(f"at {position}: {reason}")

    def refuse(self, reason: str) -> None:
        """Note why something was not read."""
        if len(self.problems) < NOTED:
            self.problems.append(reason)

    def add_second(self, again: "Imported") -> None:
        """What a second reading of the same file found: only what had to wait for other files is new."""
        self.copied += again.copied
        self.incomplete = again.incomplete
