"""How far long work has come, and how it learns that nobody wants it any more."""

from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised by a report when the work is to stop; what is done so far stays done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Counts so far. `total` is None while it is not known."""

    done: int = 0
    total: int | None = None
    errors: int = 0
    message: str = ""


Report = Callable[[Progress], None]
"""Told now and then by long work; raises Cancelled to stop it."""


def silent(progress: Progress) -> None:
    """A report that nobody reads."""
