"""What the services need of the machine: Debian packages and a user without rights."""

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

USER = "mic-tests"
"""The account servers run under when the tests run as root; Elasticsearch and PostgreSQL refuse root."""

_MAKE_USER = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER)
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


class InstallError(Exception):
    """Something could not be installed; the message says what happened and the line to run by hand."""


def is_root() -> bool:
    """Whether this process has all rights, so that servers have to be started with fewer."""
    return os.geteuid() == 0


def missing_user() -> str | None:
    """What is missing for servers to run without rights, and the line that makes it; None where nothing is."""
    if not is_root() or _user_exists():
        return None
    return f"the user {USER} (run: {shlex.join(_MAKE_USER)})"


def make_user() -> None:
    """Make the account for servers where the tests run as root and there is none."""
    if missing_user():
        run(_MAKE_USER)


def without_rights(command: Sequence[str], *, on_parents_death: str = "TERM") -> list[str]:
    """The command as an unprivileged user, told to end when the thread that started it ends (even by kill -9)."""
    words = ["setpriv", "--pdeathsig", on_parents_death]
    if is_root():
        words += ["--reuid", USER, "--regid", USER, "--clear-groups"]
    return [*words, "--", *command]


def give_to_user(folder: Path) -> None:
    """Let the account that servers run under own a folder and all that is in it."""
    if is_root():
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, USER, USER)


def install_line(*packages: str) -> str:
    """The line that installs Debian packages."""
    return f"sudo apt-get update && sudo apt-get install --yes {' '.join(packages)}"


def install_packages(*packages: str) -> None:
    """Install Debian packages, as root or with sudo that asks for no password. Raises InstallError."""
    rights = _rights()
    if rights is None:
        raise InstallError(f"no rights to install packages; run: {install_line(*packages)}")
    apt = [*rights, "env", *(f"{name}={value}" for name, value in _QUIET.items()), "apt-get"]
    run([*apt, "update", "--quiet"])
    run([*apt, "install", "--yes", "--quiet", "--no-install-recommends", *packages])


def _rights() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if is_root():
        return []
    sudo = ["sudo", "--non-interactive"]
    allowed = shutil.which("sudo") and subprocess.run([*sudo, "true"], check=False, capture_output=True)
    return sudo if allowed and allowed.returncode == 0 else None


def _user_exists() -> bool:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False
    return True


def run(command: Sequence[str], *, folder: Path | None = None) -> None:
    """Run a command that installs something. Raises InstallError with what it said last."""
    done = subprocess.run(
        command, check=False, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-15:])
        raise InstallError(f"{shlex.join(command)} ended with {done.returncode}:\n{last}")
