"""The web interface as people start it: `python -m webui serve` in a process of its own."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
READY_SECONDS = 30


class ServingError(Exception):
    """The web interface did not start; what it said is on this process's error output."""


@contextmanager
def serving(environment: Mapping[str, str], *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The web interface with these settings, for the length of a block: its address once it answers, its process.

    Raises ServingError.
    """
    command = [sys.executable, "-m", "webui", "serve", *words]
    # A group of its own: Ctrl-C reaches this process, which ends the others in their order.
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert server.stdout is not None
        said = re.match(r"Listening at (\S+)", server.stdout.readline())
        if said is None:
            raise ServingError("the web interface did not start; what it said is above")
        _wait_for(said[1])
        yield said[1], server
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


def _wait_for(address: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError) as error:
            if time.monotonic() > until:
                raise ServingError(f"{address} does not answer: {error}") from error
            time.sleep(0.1)
