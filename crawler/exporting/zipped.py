"""ZIP files written entry by entry into whatever takes bytes, in constant memory."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from types import TracebackType
from typing import IO, Any, Self


class Sink:
    """Takes what is written until somebody sends it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep it."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing lies anywhere else."""

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


class Zip:
    """`with Zip(target, now) as file:`; the target is a file or a Sink."""

    def __init__(self, target: IO[bytes] | Sink, made: datetime) -> None:
        unseekable: Any = target  # zipfile asks for no more than `write` and `flush` of what cannot be sought
        self._zip = zipfile.ZipFile(unseekable, "w", allowZip64=True)
        self._made = made

    def __enter__(self) -> Self:
        return self

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool) -> Iterator[None]:
        """Write one entry, a piece with each step. What is `packed` already is stored as it is."""
        entry = zipfile.ZipInfo(path, self._made.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                yield
        yield

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
