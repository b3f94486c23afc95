"""A replica in a process of its own, started and asked from a test."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from tests.replica.changes import Changes, Gone, Outage
from tests.replica.control import HOST
from tests.replica.corpus import Corpus
from tests.replica.options import DEFAULT_CRAWL_DELAY, DEFAULT_SEED, DEFAULT_SLOW, Options
from tests.replica.running import LOOPBACK, Endpoints
from tests.replica.traps import DEFAULT, Traps
from tests.replica.truth import Truth, truths

START_TIMEOUT = 60
ROOT = Path(__file__).parents[2]


class ReplicaError(Exception):
    """The replica could not be started, or refused what it was asked; the message says why."""


class Replica:
    """`with Replica(articles=600) as replica:` serves the site on free ports until the block ends."""

    def __init__(
        self,
        *,
        articles: int = 600,
        seed: int = DEFAULT_SEED,
        traps: Iterable[int] = DEFAULT,
        light: bool = False,
        crawl_delay: float = DEFAULT_CRAWL_DELAY,
        latency: float = 0,
        slow: float = DEFAULT_SLOW,
        now: datetime | None = None,
        conditional: bool = True,
        port: int = 0,
        tls_port: int = 0,
    ) -> None:
        """As in tests.replica.options.Options; SHARED_DATA is read from the environment."""
        shared = os.environ.get("SHARED_DATA")
        self.options = Options(
            articles=articles,
            seed=seed,
            traps=Traps.of(traps),
            light=light,
            crawl_delay=crawl_delay,
            latency=latency,
            slow=slow,
            now=now,
            conditional=conditional,
            shared_data=Path(shared) if shared else None,
        )
        self._ports = (port, tls_port)
        self._endpoints: Endpoints | None = None
        self._process: subprocess.Popen[str] | None = None
        self.control = ReplicaControl(self)

    @classmethod
    def of(cls, options: Options) -> Self:
        """A replica of these options, on free ports."""
        replica = cls()
        replica.options = options
        return replica

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="replica-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.replica", *self._arguments()],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, complaint = self._process.communicate(timeout=START_TIMEOUT)
            self._folder.cleanup()
            raise ReplicaError(complaint.strip() or "the replica ended without a word")
        told = json.loads(line)
        self._endpoints = Endpoints(port=told["port"], tls_port=told["tls_port"], ca_file=told["ca_file"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        try:
            _, complaint = self._process.communicate(timeout=START_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, complaint = self._process.communicate()
        self._folder.cleanup()
        if complaint and error is None:
            raise ReplicaError(complaint)

    @property
    def endpoints(self) -> Endpoints:
        """Where it listens."""
        if self._endpoints is None:
            raise ReplicaError("the replica is not running: use it in a with block")
        return self._endpoints

    @property
    def port(self) -> int:
        """Of http and of the proxy, on 127.0.0.1."""
        return self.endpoints.port

    @property
    def tls_port(self) -> int:
        """Of https."""
        return self.endpoints.tls_port

    @property
    def ca_file(self) -> Path:
        """The authority that signed the hosts' certificate."""
        return Path(self.endpoints.ca_file)

    @property
    def host_map(self) -> str:
        """For MIC_HOST_MAP."""
        return self.endpoints.host_map

    @property
    def proxy_url(self) -> str:
        """For other clients."""
        return self.endpoints.proxy_url

    @property
    def pid(self) -> int:
        """Of the server's process."""
        assert self._process is not None
        return self._process.pid

    def truth(self) -> Iterator[Truth]:
        """The truth of every article as it is now, made here from the seed, one at a time."""
        changes = Changes.from_json(self.control.get("/changes"))
        return truths(Corpus(self.options), changes)

    def log(self) -> dict[str, Any]:
        """What visitors asked for since the start or `control.clear()`; see tests.replica.record.Record."""
        answer: dict[str, Any] = self.control.get("/log")
        return answer

    def dead(self) -> dict[str, Gone]:
        """Keys that pages link to and that have no article, with how the site says so."""
        answer: dict[str, Gone] = self.control.get("/dead")
        return answer

    def _arguments(self) -> list[str]:
        chosen = self.options
        port, tls_port = self._ports
        arguments = {
            "--articles": chosen.articles,
            "--seed": chosen.seed,
            "--traps": ",".join(map(str, sorted(chosen.traps.numbers))),
            "--crawl-delay": chosen.crawl_delay,
            "--latency": chosen.latency,
            "--slow": chosen.slow,
            "--port": port,
            "--tls-port": tls_port,
            "--folder": self._folder.name,
        }
        if chosen.now:
            arguments["--now"] = chosen.now.isoformat()
        flags = ["--json", "--until-input-ends"]
        flags += ["--light"] if chosen.light else []
        flags += [] if chosen.conditional else ["--unconditional"]
        return [*flags, *(f"{name}={value}" for name, value in arguments.items())]


class ReplicaControl:
    """Changes a running replica. Keys as `mic:144805`. Raises ReplicaError where one makes no sense."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def edit(self, key: str) -> None:
        """Change an article's meaning: a sentence more at its end."""
        self._post("/edit", key=key)

    def remove(self, key: str, way: Gone = "404") -> None:
        """Take an article down from its page and its lists."""
        self._post("/remove", key=key, way=way)

    def restore(self, key: str) -> None:
        """Put it back."""
        self._post("/restore", key=key)

    def night(self) -> None:
        """Let some articles be edited and others removed, as happens between two crawls."""
        self._post("/night")

    def outage(self, host: str, way: Outage = "503", *, over: bool = False) -> None:
        """Let a host (`mic.gov.vn`, with its other names) answer everything in that way until it is over."""
        self._post("/outage", host=host, way=way, **({"over": "1"} if over else {}))

    def revert(self) -> None:
        """Undo every edit, removal and outage."""
        self._post("/revert")

    def set_clock(self, now: datetime) -> None:
        """Let the server's clock go on from another moment."""
        self._post("/clock", now=now.isoformat())

    def clear(self) -> None:
        """Forget what visitors asked for."""
        self._post("/clear")

    def get(self, path: str) -> Any:
        """What the control host answers, as JSON."""
        return self._ask("GET", path)

    def _post(self, path: str, **values: str) -> None:
        self._ask("POST", f"{path}?{urlencode(values)}")

    def _ask(self, method: str, target: str) -> Any:
        connection = http.client.HTTPConnection(LOOPBACK, self._replica.port, timeout=START_TIMEOUT)
        try:
            connection.request(method, target, headers={"Host": HOST})
            answer = connection.getresponse()
            body = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise ReplicaError(body["error"])
        return body
