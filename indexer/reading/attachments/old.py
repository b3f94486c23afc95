"""Old Office files: read by a converter where the machine has one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from indexer.article import PAGE_BREAK
from indexer.reading.attachments.problems import FileProblem
from indexer.reading.text import clean

OldType = Literal["doc", "rtf", "xls"]

_CATDOC = ("catdoc", "-s", "cp1252", "-d", "utf-8", "-w")
_OFFICE = ("soffice", "--headless", "--cat")
CONVERTERS: Mapping[OldType, tuple[tuple[str, ...], ...]] = {
    "doc": (("antiword", "-m", "UTF-8.txt", "-w", "0"), _CATDOC, _OFFICE),
    "rtf": (_CATDOC, _OFFICE),
    "xls": (("xls2csv", "-s", "cp1252", "-d", "utf-8", "-c", "\t", "-q", "0", "-b", ""),),
}
"""Programs, with their options, that print a file's text; the first that is there and finds any is believed."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_encrypted(data: bytes) -> bool:
    """Whether it is a new Office file behind a password."""
    return _ENCRYPTED in data


def read_document(data: bytes, kind: OldType) -> str:
    """The text of an old file, a line for each paragraph or row. Raises FileProblem. May take long."""
    installed = [command for command in CONVERTERS[kind] if shutil.which(command[0])]
    if not installed:
        names = " or ".join(command[0] for command in CONVERTERS[kind])
        raise FileProblem(f"no converter for {kind.upper()} files is installed ({names})")
    reasons = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"file.{kind}")
        file.write_bytes(data)
        for command in installed:
            text, reason = _converted(command, file)
            if text.strip():
                return "\n".join(map(_cells, text.replace(PAGE_BREAK, "\n").split("\n")))
            reasons.append(reason or f"{command[0]} found no text")
    raise FileProblem(f"damaged: {reasons[0]}")


def _cells(line: str) -> str:
    """A line; as antiword draws a table's row, its cells split by tabs."""
    is_row = line.startswith("|") and line.endswith("|") and len(line) > 1
    return "\t".join(cell.strip() for cell in line[1:-1].split("|")) if is_row else line


def _converted(command: tuple[str, ...], file: Path) -> tuple[str, str]:
    """What a converter prints, and what it complains of."""
    try:
        done = subprocess.run(  # noqa: S603 - the command is one of ours, the file's name made here
            [*command, str(file)],
            capture_output=True,
            check=False,
            cwd=file.parent,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(file.parent), "LC_ALL": "C.UTF-8"},
        )
    except OSError as error:
        return "", f"{command[0]}: {type(error).__name__}"
    said = clean(done.stderr.decode("utf-8", "replace")).replace(str(file), "the file")
    return done.stdout.decode("utf-8", "replace"), said[:200]
