"""Which host names are led to a local address instead of the one the name system gives."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class HostMap:
    """Host name (or `name:port`) to loopback address and port, as written `mic.gov.vn=127.0.0.1:8080,…`.

    A name alone stands for both its http and its https port; `name:443=…` for one of them.
    """

    entries: tuple[tuple[str, str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form. Raises ValueError with the part that is wrong."""
        return cls(entries=tuple(_entry(part.strip()) for part in text.split(",") if part.strip()))

    def find(self, host: str, port: int) -> tuple[str, int] | None:
        """The local address and port for a host, or None where the name system decides."""
        name = host.lower().rstrip(".")
        found = {known: (address, local) for known, address, local in self.entries}
        return found.get(f"{name}:{port}") or found.get(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _, _ in self.entries)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def __str__(self) -> str:
        return ",".join(f"{name}={address}:{port}" for name, address, port in self.entries)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(str(value)),
        )


def _entry(part: str) -> tuple[str, str, int]:
    name, equals, target = part.partition("=")
    address, colon, port = target.rpartition(":")
    is_port = port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= _LAST_PORT
    if not (name and equals and colon and is_port):
        raise ValueError(f"{part!r} is not of the form name=127.0.0.1:8080")
    if not _is_loopback(address.strip("[]")):
        raise ValueError(f"{part!r}: a host name may be mapped to a loopback address only, such as 127.0.0.1")
    return name.lower(), address.strip("[]"), int(port)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
