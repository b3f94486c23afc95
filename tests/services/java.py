"""Finding a Java that Elasticsearch 9 starts on; the one beside it in its bundle lacks modules it requires."""

import functools
import os
import subprocess
from pathlib import Path

from tests.services import machine

OLDEST = 21
REQUIRED = frozenset({"jdk.attach", "jdk.jdi", "jdk.jlink", "jdk.incubator.vector"})
INSTALLED = Path("/usr/lib/jvm")
PACKAGES = ("openjdk-25-jre-headless", "openjdk-21-jre-headless")
"""Debian 12 has neither; its Java 17 shows that its runtimes come with all modules."""

ADVICE = f"Java {OLDEST} or later with all modules (run: unpack a JDK, Temurin say, into {INSTALLED})"


def find() -> Path | None:
    """Home of a Java that suffices: $ES_JAVA_HOME, else the newest installed; None where there is none."""
    chosen = os.environ.get("ES_JAVA_HOME")
    homes = [Path(chosen)] if chosen else [path for path in INSTALLED.glob("*") if not path.is_symlink()]
    found = max(homes, key=_version, default=None)
    return found if found and _version(found) else None


def install() -> None:
    """Install the newest that the machine's distribution has. Raises InstallError where it has none."""
    offered = next((package for package in PACKAGES if _is_offered(package)), None)
    if offered is None:
        raise machine.InstallError(f"missing: {ADVICE}")
    machine.install_packages(offered)


@functools.cache
def _version(home: Path) -> int:
    """The major version of a Java that suffices, 0 for any other."""
    try:
        listed = subprocess.check_output([home / "bin" / "java", "--list-modules"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    modules = dict(line.split("@", 1) for line in listed.splitlines() if "@" in line)
    version = int(modules["java.base"].split(".")[0])
    return version if version >= OLDEST and modules.keys() >= REQUIRED else 0


def _is_offered(package: str) -> bool:
    try:
        known = subprocess.run(["apt-cache", "show", package], check=False, capture_output=True)
    except OSError:
        return False
    return known.returncode == 0
