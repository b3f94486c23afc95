"""Chromium for the tests: Debian's, driven by playwright, asking nobody but the local machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.services import machine
from tests.services.server import own_folder

NAME = "Chromium"
PACKAGES = ("chromium", "fonts-dejavu-core")
PROGRAM = Path("/usr/bin/chromium")

SWITCHES = (
    "--no-sandbox",  # its sandbox refuses root; it opens nothing but pages of this project
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    return None if PROGRAM.exists() else f"{NAME} (run: {machine.install_line(*PACKAGES)})"


def install() -> None:
    """Install Debian's package, with fonts that have every Vietnamese letter. Raises InstallError."""
    if missing():
        machine.install_packages(*PACKAGES)


@contextmanager
def running() -> Iterator[Browser]:
    """A browser for the length of a block, with a profile of its own that is thrown away."""
    with own_folder("chromium") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=PROGRAM,
            args=list(SWITCHES),
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        )
        try:
            yield browser
        finally:
            browser.close()
