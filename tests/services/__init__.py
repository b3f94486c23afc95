"""Real servers for the tests, started on free loopback ports from what the machine has installed.

Every service module has the names of `Service` and `running(...)`, which starts one and stops it at the end of the
block; but for wget, tesseract and antiword, which are no servers. A service is called by the name of its marker.
"""

from importlib import import_module
from typing import Protocol, cast

MODULES = {
    "elasticsearch": "tests.services.elasticsearch",
    "postgresql": "tests.services.postgresql",
    "redis": "tests.services.redis",
    "browser": "tests.services.chromium",
    "wget": "tests.services.wget",
    "tesseract": "tests.services.tesseract",
    "antiword": "tests.services.antiword",
}


class Service(Protocol):
    """What the test runner asks of any service."""

    NAME: str
    """What people call it."""

    def missing(self) -> str | None:
        """What the machine lacks and the line that brings it, None where nothing is missing."""

    def install(self) -> None:
        """Bring what is missing. Raises machine.InstallError with the line to run by hand."""


def service(name: str) -> Service:
    """The service of a marker; imported only when it is asked for."""
    return cast("Service", import_module(MODULES[name]))
