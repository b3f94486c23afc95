"""A WACZ file being written: entries streamed into it, their digests in its manifest (WACZ 1.1.1)."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

from crawler.exporting.zipped import Sink, Zip

VERSION = "1.1.1"
_MANIFEST, _SEAL = "datapackage.json", "datapackage-digest.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One entry as the manifest has it."""

    name: str
    path: str
    hash: str
    bytes: int


class Package(Zip):
    """`with Package(target, now) as package:`; sealed last, it is whole."""

    def __init__(self, target: IO[bytes] | Sink, made: datetime) -> None:
        super().__init__(target, made)
        self._resources: list[Resource] = []

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> Iterator[None]:
        """Write one entry, which the manifest will name. Stored as it is, ranges of it can be read."""
        digest, size = hashlib.sha256(), 0

        def counted() -> Iterator[bytes]:
            nonlocal size
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                yield piece

        yield from super().add(path, counted(), packed=packed)
        name = PurePosixPath(path).name
        self._resources.append(Resource(name=name, path=path, hash=f"sha256:{digest.hexdigest()}", bytes=size))

    def seal(self, about: Mapping[str, str]) -> Iterator[None]:
        """Write the manifest with what the file is about, and its digest."""
        made = f"{self._made:%Y-%m-%dT%H:%M:%SZ}"
        manifest: dict[str, Any] = {"profile": "data-package", "wacz_version": VERSION, "created": made}
        manifest |= {**about, "resources": [asdict(resource) for resource in self._resources]}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        seal = {"path": _MANIFEST, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        yield from super().add(_MANIFEST, [text], packed=False)
        yield from super().add(_SEAL, [json.dumps(seal).encode()], packed=False)
