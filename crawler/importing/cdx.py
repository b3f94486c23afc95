"""Lines of CDX and CDXJ indexes: which capture lies where."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from cdx_toolkit.compat import munge_fields

LINE_LIMIT = 100_000
"""Bytes of a line; longer ones are broken."""
NO_FIELD = "-"

_NAMES = {"a": "url", "b": "timestamp", "m": "mime", "s": "status", "k": "digest", "S": "length", "V": "offset"}
_NAMES |= {"g": "filename", "N": "urlkey"}
_DEFAULT = ["N", "b", "a", "m", "s", "k", "r", "M", "S", "V", "g"]
"""The order of fields in a CDX file of eleven that does not begin with a legend."""
_DIGITS = re.compile(r"\d{1,14}")
_SHORTEST, _LONGEST = 4, 14


class _Lines(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


class CdxError(Exception):
    """A line is not one of an index; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One capture as an index knows it. Empty and 0 where the index does not say."""

    url: str
    timestamp: str
    """yyyyMMddHHmmss, UTC."""
    status: int = 0
    """0 for a revisit."""
    mime: str = ""
    digest: str = ""
    filename: str = ""
    offset: int = 0
    length: int = 0

    @property
    def captured_at(self) -> datetime:
        """The moment. Raises CdxError."""
        return read_timestamp(self.timestamp)


def read_timestamp(digits: str) -> datetime:
    """The moment of four to fourteen digits; what is missing is the earliest it can be. Raises CdxError."""
    whole = digits + "00000101000000"[len(digits) :] if _SHORTEST <= len(digits) <= _LONGEST else ""
    try:
        return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise CdxError(f"no timestamp: {digits[:40]!r}") from error


def from_fields(fields: Mapping[str, Any]) -> Line:
    """A line whose fields have pywb's names. Raises CdxError."""
    url, timestamp = str(fields.get("url", "")), str(fields.get("timestamp", ""))
    if not url or not _DIGITS.fullmatch(timestamp):
        raise CdxError("a line without address or timestamp")
    return Line(
        url=url,
        timestamp=timestamp,
        status=_number(fields.get("status")),
        mime=_text(fields.get("mime")),
        digest=_text(fields.get("digest")),
        filename=_text(fields.get("filename")),
        offset=_number(fields.get("offset")),
        length=_number(fields.get("length")),
    )


def from_row(names: Sequence[str], values: Sequence[str]) -> Line:
    """A line of columns with those names, the Internet Archive's or pywb's. Raises CdxError."""
    if len(names) != len(values):
        raise CdxError(f"{len(values)} fields instead of {len(names)}")
    (fields,) = munge_fields(names, [list(values)])
    return from_fields(fields)


def from_json(text: str, timestamp: str = "") -> Line:
    """A JSON object, whose timestamp may stand before it. Raises CdxError."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CdxError("a line that is no JSON") from error
    if not isinstance(fields, dict):
        raise CdxError("a line that is no JSON object")
    return from_fields({"timestamp": timestamp} | fields)


def read_index(file: _Lines) -> Iterator[Line | CdxError]:
    """The lines of a CDX or CDXJ file, broken ones as the reason why."""
    legend = _DEFAULT
    while line := file.readline(LINE_LIMIT):
        text = line.decode("utf-8", "replace").strip()
        if text.startswith("CDX "):
            legend = text.split()[1:]
        elif text and not text.startswith("!"):
            try:
                yield _read_line(text, legend)
            except CdxError as error:
                yield error


def _read_line(text: str, legend: Sequence[str]) -> Line:
    parts = text.split(" ", 2)
    if len(parts) == 3 and parts[2].startswith("{"):  # noqa: PLR2004 - key, timestamp, JSON
        return from_json(parts[2], parts[1])
    return from_row([_NAMES.get(letter, letter) for letter in legend], text.split())


def _text(value: Any) -> str:
    return "" if value in (None, NO_FIELD) else str(value)


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < _LONGEST + 2 else 0
