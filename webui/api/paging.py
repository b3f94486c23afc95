"""Lists that are given in parts: a cursor names the last entry that was given."""

from collections.abc import Sequence
from hashlib import sha256

from flask import abort

from webui.errors import Problem


def part(names: Sequence[str], after: str, size: int) -> tuple[range, str]:
    """The places of the entries that follow a cursor, and the cursor that leads on; '' at the end.

    `names` are those of all entries in their order, each once. 422 for what no earlier answer gave.
    """
    start = _place(names, after) + 1 if after else 0
    places = range(start, min(start + size, len(names)))
    return places, _cursor(names[places[-1]]) if places and places[-1] + 1 < len(names) else ""


def _cursor(name: str) -> str:
    """As long for any name."""
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:24]


def _place(names: Sequence[str], cursor: str) -> int:
    found = next((place for place, name in enumerate(names) if _cursor(name) == cursor), None)
    if found is None:
        told = "not what an earlier answer to this question gave as `next`"
        abort(Problem(status=422, title="A parameter makes no sense", detail=told, field="after").response())
    return found
