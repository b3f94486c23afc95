"""A WACZ file being written: entries streamed into it, their digests in its manifest (WACZ 1.1.1)."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

VERSION = "1.1.1"
_MANIFEST, _SEAL = "datapackage.json", "datapackage-digest.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One entry as the manifest has it."""

    name: str
    path: str
    hash: str
    bytes: int


class Package:
    """`with Package(path, now) as package:` leaves a whole file behind, or none."""

    def __init__(self, path: Path, created: datetime) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._created = created
        self._resources: list[Resource] = []

    def __enter__(self) -> Self:
        self._zip = zipfile.ZipFile(self._part, "w", allowZip64=True)
        return self

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """Stream one entry. What is `packed` already is stored as it is, so that ranges of it can be read."""
        entry = zipfile.ZipInfo(path, self._created.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        name = PurePosixPath(path).name
        self._resources.append(Resource(name=name, path=path, hash=f"sha256:{digest.hexdigest()}", bytes=size))

    def seal(self, about: dict[str, str]) -> None:
        """Write the manifest with what the file is about, and its digest."""
        created = f"{self._created:%Y-%m-%dT%H:%M:%SZ}"
        manifest: dict[str, Any] = {"profile": "data-package", "wacz_version": VERSION, "created": created}
        manifest |= about | {"resources": [asdict(resource) for resource in self._resources]}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        seal = {"path": _MANIFEST, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        self._zip.writestr(_MANIFEST, text, zipfile.ZIP_DEFLATED)
        self._zip.writestr(_SEAL, json.dumps(seal), zipfile.ZIP_DEFLATED)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        if error is None:
            self._part.rename(self._path)
        else:
            self._part.unlink(missing_ok=True)
