"""`make demo`: a replica of the site, crawled, recorded, indexed and searchable, until Ctrl-C."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from tests.replica.client import Replica, ReplicaError
from tests.serving import ServingError, serving

ROOT = Path(__file__).parents[1]
ARTICLES = 600
CRAWL_DELAY = 0.02
"""Seconds between requests that the replica's robots.txt asks for."""
NEEDED = 500_000_000
"""Bytes free that a demo may take."""
ADMIN = "admin"
SEARCHES = (
    ("with marks", {"q": "chuyển đổi số cấp xã"}),
    ("without marks", {"q": "hoi nghi trien khai cong tac nam 2009"}),
    ("with a filter", {"q": "hội nghị", "then": "Long An"}),
)


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=ROOT / "data" / "demo", help="Where it is kept.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Of the web interface."
)
@click.option("--articles", type=click.IntRange(min=1), default=ARTICLES, show_default=True)
@click.option("--once", is_flag=True, help="Stop as soon as a page can be searched, and say how long that took.")
def main(data: Path, port: int, articles: int, *, once: bool) -> None:
    """Crawl a replica of the ministry's site and search it in the browser. Run again, it picks up where it was."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _stop)
    try:
        _check(data, port)
        with ExitStack() as running:
            replica = running.enter_context(Replica(articles=articles, crawl_delay=CRAWL_DELAY))
            environment = _environment(data, replica)
            _run(environment, "crawler", "crawl")
            _run(environment, "indexer", "update")
            password = _account(environment)
            address, server = running.enter_context(serving(environment, "--port", str(port), "--with-worker"))
            _introduce(address, password, time.monotonic() - began)
            if not once:
                server.wait()
                raise DemoError("the web interface has ended by itself; its last lines are above")
    except (DemoError, ReplicaError, ServingError) as problem:
        raise click.ClickException(str(problem)) from problem
    except KeyboardInterrupt:
        click.echo("\nended; `make demo` goes on from here")


def _check(data: Path, port: int) -> None:
    """What would end the demo half-way ends it before it begins."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(data).free
        with socket.create_server(("127.0.0.1", port)):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise DemoError(f"port {port} is taken; choose another: make demo PORT=8080") from error
        raise DemoError(f"{error.filename or data}: {error.strerror}") from error
    if free < NEEDED:
        raise DemoError(f"{data}: {free // 1_000_000} MB free, {NEEDED // 1_000_000} MB are needed")


def _environment(data: Path, replica: Replica) -> dict[str, str]:
    """The settings of everything that is started: those of whoever starts the demo do not count."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MIC_")}
    return own | {
        "MIC_DATA": str(data),
        "MIC_HOST_MAP": replica.host_map,
        "MIC_CRAWL_CA": str(replica.ca_file),
        "MIC_LOG_LEVEL": "warning",
        "MIC_SCHEDULE": "false",  # the replica never changes by itself
    }


def _run(environment: Mapping[str, str], *words: str) -> None:
    """A command to its end, its bar and its words on this terminal."""
    if subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=environment, check=False).returncode:
        raise DemoError(f"`python -m {' '.join(words)}` did not come to its end; what it said is above")


def _account(environment: Mapping[str, str]) -> str:
    """A one-time password for the administrator, who is made at the first start."""
    listed = _answer(environment, "webui", "user", "list")
    known = any(line.split()[:1] == [ADMIN] for line in listed.splitlines())
    if known and "one-time password" not in listed:
        return "(the one you have chosen)"
    words = ("user", "reset", ADMIN) if known else ("user", "add", ADMIN, "--role", "admin")
    said = re.search(r"^One-time password.*: (\S+)$", _answer(environment, "webui", *words), re.MULTILINE)
    if said is None:
        raise DemoError("no one-time password was given")
    return said[1]


def _answer(environment: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=environment, check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise DemoError(f"`python -m {' '.join(words)}` did not come to its end; what it said is above")
    return done.stdout


def _introduce(address: str, password: str, seconds: float) -> None:
    lines: Sequence[str] = (
        "",
        f"  Ready after {seconds:.0f} s: {address}",
        "",
        *(f"  {words:<15} {address}/search?{urllib.parse.urlencode(query)}" for words, query in SEARCHES),
        "",
        f"  Administration  {address}/admin/   name: {ADMIN}   one-time password: {password}",
        "",
        "  Ctrl-C ends everything; run again, it picks up where it was.",
        "",
    )
    click.echo("\n".join(lines))


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(prog_name="python -m tests.demo")
