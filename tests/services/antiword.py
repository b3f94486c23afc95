"""Converters of old Office files for the tests, from Debian's packages: antiword (DOC), catdoc (DOC, RTF, XLS)."""

import shutil

from tests.services import machine

NAME = "antiword and catdoc"
PACKAGES = ("antiword", "catdoc")


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    there = all(shutil.which(name) for name in PACKAGES)
    return None if there else f"{NAME} (run: {machine.install_line(*PACKAGES)})"


def install() -> None:
    """Install Debian's packages. Raises InstallError."""
    if missing():
        machine.install_packages(*PACKAGES)
