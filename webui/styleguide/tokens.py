"""The tokens of the style sheet, read from it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SHEET: Final = Path(__file__).parents[1] / "static" / "style.css"
_LIGHT: Final = re.compile(r"^:root \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_DARK: Final = re.compile(r"\(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", re.DOTALL)
_TOKEN: Final = re.compile(r"--([\w-]+):\s*([^;]+);")
_GROUPS: Final = {
    "type": ("tiny", "small", "text", "reading", "lead", "title-3", "title-2", "title-1", "headline", "display"),
    "space": ("space-0", "space-1", "space-2", "space-3", "space-4", "space-5", "space-6", "space-7"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token, and what it is in the dark where that differs."""

    name: str
    value: str
    dark: str = ""


@cache
def tokens() -> dict[str, Token]:
    """All of them by name, in their order."""
    text = SHEET.read_text(encoding="utf-8")
    light, dark = (dict(_TOKEN.findall(_block(pattern, text))) for pattern in (_LIGHT, _DARK))
    return {name: Token(name, value, dark.get(name, "")) for name, value in light.items()}


def _block(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, pattern.pattern
    return re.sub(r"/\*.*?\*/", "", found[1], flags=re.DOTALL)


def group(name: str) -> list[Token]:
    """The tokens of `type` or `space`, those that are a `colour`, or the `rest`."""
    if name in _GROUPS:
        return [tokens()[token] for token in _GROUPS[name]]
    shown = {token for group in _GROUPS.values() for token in group}
    return [one for one in tokens().values() if one.name not in shown and _is_colour(one) == (name == "colour")]


def _is_colour(token: Token) -> bool:
    return re.match(r"#|rgb|color-mix|var\(--accent\)", token.value) is not None
