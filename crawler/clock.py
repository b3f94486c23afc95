"""Time, passed in so that tests need not wait for it."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What long work asks for the time and waits with."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait; returns early when the process is asked to stop."""


class SystemClock:
    """The machine's clock. `stop` wakes whoever sleeps."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait, or return at once after `stop`."""
        if seconds > 0:
            self._stopped.wait(seconds)

    def stop(self) -> None:
        """Let every sleep end, now and later."""
        self._stopped.set()

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring."""
        return time.monotonic()
