"""The server's clock: the machine's, or one set to another moment that goes on from there."""

import time
from datetime import UTC, datetime, timedelta


class ShiftedClock:
    """Tells the time from the moment it was set to."""

    def __init__(self, start: datetime | None = None) -> None:
        self._shift = timedelta()
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC) + self._shift

    def set(self, moment: datetime) -> None:
        """Go on from this moment (aware)."""
        self._shift = moment - datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds that never go back, whatever the clock is set to."""
        return time.monotonic()
