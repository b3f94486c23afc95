"""The WARC files inside a WACZ, read where they lie, nothing unpacked; what is hostile is refused."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

MANIFEST = "datapackage.json"
MANIFEST_LIMIT = 50_000_000
ENTRIES = 100_000
RATIO, SMALL = 200, 10_000_000
"""Times an entry above some size may be larger than its bytes in the file; a zip bomb reaches 1,000."""

_ENCRYPTED = 0x1
_HEADER = 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WARCS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_ARCHIVES = (".wacz", ".zip")


class WaczError(Exception):
    """A WACZ, or a file in it, is refused; the message says why."""


class Wacz:
    """An open WACZ whose names, sizes and places make sense."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        """Raises WaczError."""
        self._file = file
        entries = file.infolist()
        _check_entries(entries)
        _check_places(entries)
        self.warcs = [
            entry for entry in entries if entry.filename.startswith("archive/") and entry.filename.endswith(_WARCS)
        ]
        """In their order. A name with another ending is nothing that a WACZ has there."""
        if not self.warcs:
            raise WaczError("no WARC file in its folder archive/")
        self._digests = self._stated()

    @contextmanager
    def opened(self, entry: zipfile.ZipInfo) -> Iterator[BinaryIO]:
        """One of the WARC files, to be read and sought in. Raises WaczError unless its digest is as stated."""
        stated = self._digests.get(entry.filename, "")
        algorithm, _, value = stated.partition(":")
        with self._file.open(entry) as file:
            if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
                raise WaczError(f"{entry.filename}: {MANIFEST} states no digest that can be checked")
            if hashlib.file_digest(cast("Any", file), algorithm).hexdigest() != value.lower():
                raise WaczError(f"{entry.filename}: its digest is not the one {MANIFEST} states")
            file.seek(0)
            yield cast("BinaryIO", file)

    def _stated(self) -> dict[str, str]:
        """Digests by path, as the manifest has them."""
        try:
            entry = self._file.getinfo(MANIFEST)
            if entry.file_size > MANIFEST_LIMIT:
                raise WaczError(f"a {MANIFEST} of {entry.file_size:,} bytes")
            resources = json.loads(self._file.read(entry))["resources"]
            return {str(resource["path"]): str(resource["hash"]) for resource in resources}
        except KeyError as error:
            raise WaczError(f"no {MANIFEST}, or one that lacks {error}") from error
        except (ValueError, TypeError, RecursionError) as error:
            raise WaczError(f"a {MANIFEST} that makes no sense") from error


@contextmanager
def open_wacz(path: Path) -> Iterator[Wacz]:
    """A WACZ for the length of a block. Raises WaczError, also for what is damaged on the way; OSError."""
    try:
        with zipfile.ZipFile(path) as file:
            yield Wacz(file)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, UnicodeError) as error:
        raise WaczError(f"no ZIP file that can be read: {error}") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES:
        raise WaczError(f"{len(entries):,} entries")
    seen: set[str] = set()
    for entry in entries:
        why = _refusal(entry) or ("the same name twice" if entry.filename in seen else "")
        if why:
            raise WaczError(f"{entry.filename[:200]!r}: {why}")
        seen.add(entry.filename)


def _refusal(entry: zipfile.ZipInfo) -> str:
    """Why an entry makes the whole file suspect, '' if it does not."""
    name = PurePosixPath(entry.filename)
    if (
        not name.parts
        or name.is_absolute()
        or ".." in name.parts
        or "\\" in entry.filename
        or ":" in name.parts[0]
    ):
        return "a name that leads out of the archive"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if entry.compress_type not in _METHODS:
        return f"compressed with method {entry.compress_type}; a WACZ stores or deflates"
    if name.suffix.lower() in _ARCHIVES:
        return "an archive inside the archive: unpack it and import the inner one"
    if entry.file_size > max(SMALL, RATIO * entry.compress_size):
        return f"{entry.compress_size:,} bytes that claim to hold {entry.file_size:,}"
    return ""


def _check_places(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are how a small file holds more than it can."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise WaczError(f"{entry.filename[:200]!r}: lies within another entry")
        end = entry.header_offset + _HEADER + len(entry.orig_filename) + entry.compress_size
