"""How the time to read a text grows with its length."""

import time
from collections.abc import Callable

_SHORT, _LONG = 2_500, 20_000


def growth(read: Callable[[str], object], repeated: str) -> float:
    """How many times as long eight times the text takes: 8 where time grows with length, 64 with its square.

    The faster of two each; less than a millisecond is taken for one.
    """
    short, long = (repeated * (length // len(repeated)) for length in (_SHORT, _LONG))
    return min(_seconds(read, long) for _ in range(2)) / max(0.001, min(_seconds(read, short) for _ in range(2)))


def _seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began
