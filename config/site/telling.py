"""Mistakes in a profile, told with the line, the part and what would be right."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.site.model import AddressRule, Family, Host, SiteProfile, SoftErrors, Template, Walk, Withdrawal

Place = Sequence[int | str]
"""Where pydantic found a mistake: `("host", 2, "family")`, `("title",)`."""

_PARTS: Mapping[str, type[BaseModel]] = {
    "family": Family,
    "host": Host,
    "address": AddressRule,
    "template": Template,
    "soft_errors": SoftErrors,
    "walk": Walk,
    "withdrawal": Withdrawal,
}
_LONGEST = 60
"""Characters of a value that are shown."""


def told(error: ValidationError, text: str) -> list[str]:
    """A sentence for each mistake."""
    raw = tomllib.loads(text)
    return [_told(entry, raw, text) for entry in error.errors(include_url=False)]


def told_of_toml(error: tomllib.TOMLDecodeError) -> str:
    """What is wrong with a file that is no TOML."""
    hint = "; write patterns in single quotes, where \\ is only itself" if "\\" in str(error) else ""
    return f"{error}{hint}"


def _told(entry: ErrorDetails, raw: Mapping[str, Any], text: str) -> str:
    place = entry["loc"]
    line = _line(text, place)
    where = f"line {line}: " if line else ""
    return f"{where}{_part(place, raw)}{_said(entry)}"


def _said(entry: ErrorDetails) -> str:
    place, value = entry["loc"], _short(entry["input"])
    last = next((part for part in reversed(place) if isinstance(part, str)), "")
    name = "" if last in _PARTS else last
    named = f"{name} = {value}: " if name else f"{value}: "
    context = entry.get("ctx", {})
    match entry["type"]:
        case "extra_forbidden":
            return f"no such key {name!r}{_instead(name, _keys(place))}"
        case "missing":
            return f"{name} is missing"
        case "literal_error":
            known = re.findall(r"'([^']+)'", str(context.get("expected", "")))
            return f"{named}no such value{_instead(str(entry['input']), known)}"
        case "string_pattern_mismatch":
            return f"{named}must be of the form {context.get('pattern')}"
        case "value_error":
            message = entry["msg"].removeprefix("Value error, ")
            return f"{name}: {message}" if name else message
        case _:
            return f"{named}{entry['msg']}"


def _part(place: Place, raw: Mapping[str, Any]) -> str:
    """The table a mistake is in, by what people call it: `[[host]] example.org: `."""
    table, number = _table(place)
    if not table:
        return ""
    if number is None:
        return f"[{table}] "
    entry = raw[table][number]
    named = (entry.get("name") or entry.get("path")) if isinstance(entry, dict) else None
    return f"[[{table}]] {named or f'number {number + 1}'}: "


def _table(place: Place) -> tuple[str, int | None]:
    """The table a place is in, and which of that name; '' for what stands before all tables."""
    if len(place) > 1 and isinstance(place[1], int) and place[0] in _PARTS:
        return str(place[0]), place[1]
    return (str(place[0]), None) if len(place) > 1 and isinstance(place[1], str) else ("", None)


def _keys(place: Place) -> list[str]:
    """What the table that a mistake is in may hold."""
    model = _PARTS.get(_table(place)[0], SiteProfile)
    return [field.alias or name for name, field in model.model_fields.items()]


def _instead(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(known)}"


def _line(text: str, place: Place) -> int | None:
    """The line a mistake is on: that of its key, else of its table's head."""
    lines = text.splitlines()
    table, number = _table(place)
    start = 0
    if table:
        head = f"[{table}]" if number is None else f"[[{table}]]"
        heads = [count for count, line in enumerate(lines, 1) if line.strip() == head]
        if (number or 0) >= len(heads):
            return None
        start = heads[number or 0]
    skipped = 0 if not table else 1 if number is None else 2
    wanted = next((part for part in place[skipped:] if isinstance(part, str)), "")
    for count, line in enumerate(lines[start:], start + 1):
        if line.startswith("["):
            break
        if wanted and re.match(rf"""\s*["']?{re.escape(wanted)}["']?\s*=""", line):
            return count
    return start or None


def _short(value: object) -> str:
    written = repr(value)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
