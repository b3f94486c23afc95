"""The web server: gunicorn with processes of many threads and, on one machine, the worker beside it."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any, Final

import click
import gunicorn.http.message
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from config.settings import Settings
from webui import create_app
from webui.connections import Worker
from webui.services import open_services

LONGEST_LINE: Final = 131_072
"""Bytes of a request line: ten thousand Vietnamese letters in an address are refused by a page of ours."""
MOST_PROCESSES: Final = 4
"""That are started unasked: each holds some hundred megabytes of what titles taught it."""
KEEP_SECONDS: Final = 10
"""How long a connection stays open without a request: a reader's next click often comes over the same one."""
_log = structlog.get_logger(__name__)
STOP_SECONDS: Final = 20
"""How long the background worker may take to stop."""


class ServingError(Exception):
    """The server cannot start; the message says why and what to do."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, told everything here and nothing by files, environment or its own command line."""

    def __init__(self, settings: Settings, descriptor: int) -> None:
        self._settings = settings
        self._descriptor = descriptor
        self._opened = ExitStack()
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": f"fd://{self._descriptor}",
            "workers": processes(self._settings),
            "worker_class": Worker,
            "threads": self._settings.web_threads,
            "keepalive": KEEP_SECONDS,
            "graceful_timeout": 10,
            "limit_request_line": LONGEST_LINE,
            "forwarded_allow_ips": "",  # proxies are trusted by settings alone (webui.protection)
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "webui",
            "worker_exit": lambda server, worker: self._opened.close(),  # noqa: ARG005 - gunicorn's signature
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, opened after the fork: neither SQLite nor tantivy is to be carried over one."""
        return create_app(self._settings, self._opened.enter_context(open_services(self._settings)))


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Serve until told to stop. Raises ServingError, and what open_services and create_app raise."""
    with open_services(settings) as services:
        create_app(settings, services)  # what is wrong is said here, in one line, before anything starts
    # gunicorn would cut what it is told to 8,190 bytes, and answer itself.
    gunicorn.http.message.MAX_REQUEST_LINE = LONGEST_LINE
    with _listening(settings) as listening, _worker() if with_worker else nullcontext():
        host, port = listening.getsockname()[:2]
        click.echo(f"Listening at http://{f'[{host}]' if ':' in host else host}:{port}")
        _Server(settings, listening.detach()).run()


def processes(settings: Settings) -> int:
    """How many processes answer. Each alone counts what visitors ask for, unless the counts are in Redis."""
    alone = settings.rates.startswith("memory")
    return settings.web_processes or (1 if alone else min(len(os.sched_getaffinity(0)), MOST_PROCESSES))


def _watch(child: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    """Say so when the worker ends by itself: searching goes on, jobs wait."""
    child.wait()
    if not stopping.is_set():
        _log.error("the background worker has ended; jobs wait until it is started again: python -m indexer work")


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        opened = socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        hint = "; choose another with --port or MIC_PORT" if settings.port else ""
        raise ServingError(
            f"cannot listen at {settings.host}:{settings.port}: {os.strerror(error.errno or 0)}{hint}"
        ) from error
    with opened:
        yield opened


@contextmanager
def _worker() -> Iterator[None]:
    """The background worker as a child, for the length of a block."""
    owner = os.getpid()
    child = subprocess.Popen([sys.executable, "-m", "indexer", "work"])
    stopping = threading.Event()
    threading.Thread(target=_watch, args=(child, stopping), daemon=True).start()
    try:
        yield
    finally:
        stopping.set()
        if os.getpid() == owner:  # gunicorn's own process, a fork of this one, ends through here too
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
