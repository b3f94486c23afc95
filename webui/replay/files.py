"""Files that articles offer, byte for byte, and names under which any system can store them."""

import unicodedata
from typing import Final

from crawler.archive import Archive
from crawler.page import Capture
from indexer.record import OfferedFile

MOST_BYTES: Final = 180
"""Of a name in UTF-8, its ending left out; systems take 255, and a number may be added."""
_LONGEST_ENDING: Final = len("xhtml")
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"})
_PORTS: Final = ("com", "lpt")
"""Names that Windows keeps for devices, whatever their ending."""


def kept(archive: Archive, offered: OfferedFile) -> Capture | None:
    """The capture of a file as it was offered at a moment; None where nothing was archived."""
    said = offered.said
    if said is None:
        return None
    found = archive.captures(canonical=offered.link.address, captured_at=said.captured_at)
    return next((one for one in found if one.payload_digest == said.payload_digest), None)


def file_name(name: str, address: str) -> str:
    """A name to store a file under: of letters that no system takes for a path, with the ending of its address."""
    ending = address.rpartition(".")[2].lower()
    ending = f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING else ""
    return f"{stem(name.strip().removesuffix(ending))}{ending}"


def stem(text: str) -> str:
    """Text as the name of a file or folder, NFC, without anything that a system or an eye could take for more."""
    composed = unicodedata.normalize("NFC", text)
    kept_letters = "".join(letter if letter.isalnum() or letter in " .-_()" else "-" for letter in composed)
    short = kept_letters.strip(" .-").encode()[:MOST_BYTES].decode("utf-8", "ignore").strip(" .-")
    return f"_{short}" if _is_reserved(short) else short or "file"


def _is_reserved(name: str) -> bool:
    first = unicodedata.normalize("NFKC", name).partition(".")[0].strip().lower()
    return first in _RESERVED or (first[:3] in _PORTS and first[3:].isdigit() and len(first) == len("com1"))


class Names:
    """Paths in one file, each given once: whatever differs from another in capitals alone gets a number."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, folder: str, name: str) -> str:
        """`folder/name`, or `folder/name (2)` where that is taken."""
        path = f"{folder}/{name}"
        while path.casefold() in self._given:
            self._given[f"{folder}/{name}".casefold()] += 1
            begin, dot, ending = name.rpartition(".")
            number = self._given[f"{folder}/{name}".casefold()]
            path = f"{folder}/{begin or ending} ({number}){dot + ending if begin else ''}"
        self._given[path.casefold()] = 1
        return path
