"""What is set for some host names: a local address instead of the one the name system gives, or a choice."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_LAST_PORT = 65_535
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class PerHost:
    """A choice for every host and others for some, as written `choice,mic.gov.vn=choice,…`.

    A name stands for itself and for the names under it; the longest that fits counts.
    """

    entries: tuple[tuple[str, str], ...] = ()
    """Pairs of name and choice; '' is the name of every host."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form. Raises ValueError with the part that is wrong."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        entries = tuple(_choice(part) for part in parts)
        names = [name for name, _ in entries]
        if len(set(names)) < len(names):
            raise ValueError("a host is named twice, or two choices name none")
        return cls(entries=entries)

    def find(self, host: str) -> str:
        """The choice for a host; '' where there is none."""
        fitting = self.all(host)
        return fitting[-1] if fitting else ""

    def all(self, host: str) -> tuple[str, ...]:
        """Every choice that fits a host, the one for all first, the one for the longest name last."""
        if not self.entries:
            return ()
        name = f".{host.lower().rstrip('.')}"
        fitting = [entry for entry in self.entries if not entry[0] or name.endswith(f".{entry[0]}")]
        return tuple(choice for _, choice in sorted(fitting, key=lambda entry: len(entry[0])))

    def __str__(self) -> str:
        return ",".join(f"{name}={choice}" if name else choice for name, choice in self.entries)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(str(value)),
        )


def _choice(part: str) -> tuple[str, str]:
    name, equals, choice = part.partition("=")
    if not equals or not _NAME.fullmatch(name.strip()):
        return "", part
    if not choice.strip():
        raise ValueError(f"{part!r}: nothing is chosen for {name}")
    return name.strip().lower(), choice.strip()


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
