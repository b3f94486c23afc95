"""Tesseract with Vietnamese for the tests, from Debian's packages."""

from indexer.reading.attachments.scans import is_installed
from tests.services import machine

NAME = "Tesseract"
PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie")


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    return None if is_installed() else f"{NAME} with Vietnamese (run: {machine.install_line(*PACKAGES)})"


def install() -> None:
    """Install Debian's packages. Raises InstallError."""
    if missing():
        machine.install_packages(*PACKAGES)
