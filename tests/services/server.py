"""One server process in a folder of its own: started, waited for, stopped by its process id."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.machine import give_to_user, without_rights

STOP_SECONDS = 30
"""How long a server may take to stop by itself before it is killed."""
LOG_LINES = 40
"""Lines of a server's log shown when it fails."""
_PORTS = range(20_000, 32_000)


class ServiceError(Exception):
    """A server did not start or stopped by itself; the message ends with the last lines of its log."""


@dataclass(kw_only=True, slots=True)
class Server:
    """One server. It can be stopped and started again (same port, same data), killed, and frozen.

    Start it from a thread that outlives it: a server whose parent thread ends is told to end too.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    answers: Callable[[], bool]
    """Asked again and again after the start; must return False or raise OSError while it is not ready."""
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 30
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.folder / "output.log"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it answers. Raises ServiceError."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it without waiting."""
        signal_name = self.stop_signal.name.removeprefix("SIG")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                without_rights(self.command, on_parents_death=signal_name),
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the tests; they stop their servers when they end
            )

    def wait(self) -> None:
        """Wait until it answers. Raises ServiceError when it ends before, or takes too long."""
        end = time.monotonic() + self.start_seconds
        while time.monotonic() < end:
            if self.pid is None:
                raise ServiceError(f"{self.name} ended while starting\n{self._last_lines()}")
            if self._is_ready():
                return
            time.sleep(0.05)
        self.kill()
        raise ServiceError(f"{self.name} did not answer in {self.start_seconds:.0f} s\n{self._last_lines()}")

    def stop(self) -> None:
        """Ask it to end and wait; kill it when it does not."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """End it, and what it started, at once (kill -9)."""
        if self._process is not None:
            self._signal_all(signal.SIGKILL)
            self._process.wait()
            self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold it still for the length of a block: connections are accepted and nothing is answered."""
        self._signal_all(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal_all(signal.SIGCONT)

    def _is_ready(self) -> bool:
        try:
            return self.answers()
        except OSError:
            return False

    def _signal_all(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)

    def _last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  | {line}" for line in lines[-LOG_LINES:])


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """A temporary folder that belongs to the account servers run under, removed at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix=f"mic-tests-{name}-"))
    try:
        give_to_user(folder)
        yield folder
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """A loopback port nobody listens on now, below those the system gives to connections while a server starts."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
