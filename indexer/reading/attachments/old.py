"""Old DOC files: read by a converter where the machine has one."""

import shutil
import subprocess
import tempfile

from indexer.reading.attachments.problems import FileProblem
from indexer.reading.text import clean

TIMEOUT = 60
"""Seconds a converter may take."""

_CONVERTERS = (("antiword", "-m", "UTF-8.txt", "-w", "0"), ("catdoc", "-d", "utf-8", "-w"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_encrypted(data: bytes) -> bool:
    """Whether it is a new Office file behind a password."""
    return _ENCRYPTED in data


def read_document(data: bytes) -> str:
    """The text of a DOC, a line for each paragraph. Raises FileProblem."""
    command = next((found for found in _CONVERTERS if shutil.which(found[0])), None)
    if command is None:
        raise FileProblem("no converter for DOC files is installed (antiword or catdoc)")
    with tempfile.NamedTemporaryFile(suffix=".doc") as file:
        file.write(data)
        file.flush()
        try:
            done = subprocess.run(  # noqa: S603 - the command is one of ours, the file's name made here
                [*command, file.name], capture_output=True, timeout=TIMEOUT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FileProblem(f"{command[0]}: {type(error).__name__}") from error
    lines = map(clean, done.stdout.decode("utf-8", "replace").splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        reason = clean(done.stderr.decode("utf-8", "replace"))[:200] or f"{command[0]} found no text"
        raise FileProblem(f"damaged: {reason}")
    return text
