"""Writes docs/settings.md from the settings themselves: `python -m tests.config.settings_page`."""

from html import escape
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from config.settings import PREFIX, Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
HEAD = """# Settings

Every setting is an environment variable. An unknown `MIC_*` variable is refused, with the nearest known name; so
is a value that makes no sense. Secrets are never written to logs. An empty variable counts as not set.

This page is written by `python -m tests.config.settings_page` from `config/settings.py`; a test holds the two
together.

| variable | default | what it is for |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    purpose = escape((field.description or "").strip(), quote=False)
    return f"| `{PREFIX}{name.upper()}` | {_default(field)} | {purpose} |\n"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if field.default_factory is not None or value is None or str(value) == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
