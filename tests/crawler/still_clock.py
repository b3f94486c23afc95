"""A clock that moves only when it is told to, or slept on."""

from datetime import UTC, datetime, timedelta


class StillClock:
    """Stands at noon of 1 March 2024 until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2024, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
