"""GNU Wget for the tests, from Debian's package: another tool that writes WARC files."""

import shutil

from tests.services import machine

NAME = "Wget"
PACKAGES = ("wget",)


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    return None if shutil.which("wget") else f"{NAME} (run: {machine.install_line(*PACKAGES)})"


def install() -> None:
    """Install Debian's package. Raises InstallError."""
    if missing():
        machine.install_packages(*PACKAGES)
