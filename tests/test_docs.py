"""What the documents say exists: files they link to, targets, commands with their options, settings."""

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

from config.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests" / "replica" / "README.md"])
OURS = ("crawler", "indexer", "webui")

for_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def commands(text: str) -> list[list[str]]:
    """The words after `python -m` of each of our commands that is written out with what it does."""
    found = re.findall(rf"python -m ((?:{'|'.join(OURS)}) [^`\n#|…]*)", text)
    return [shlex.split(line.replace("NAME", "name")) for line in found]


def unknown(words: list[str]) -> str:
    """What of a command does not exist; '' where all of it does."""
    module, *rest = words
    command: click.Command = importlib.import_module(f"{module}.__main__").main
    for word in rest:
        if isinstance(command, click.Group) and not word.startswith("-"):
            if word.rstrip(",") not in command.commands:
                return f"{module}: no command {word}"
            command = command.commands[word.rstrip(",")]
        elif word.startswith("--"):
            options = [name for parameter in command.params for name in parameter.opts]
            if word.partition("=")[0] not in [*options, "--help"]:
                return f"{module} {command.name}: no option {word}"
    return ""


@for_every_page
def test_links_lead_to_files_that_are_there(page):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


@for_every_page
def test_commands_and_their_options_are_there(page):
    assert [why for words in commands(page.read_text(encoding="utf-8")) if (why := unknown(words))] == []


@for_every_page
def test_targets_are_there(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= targets


@for_every_page
def test_settings_are_there(page):
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", page.read_text(encoding="utf-8"))) <= known


def test_what_does_not_exist_is_noticed():
    assert unknown(["crawler", "crawl", "--dry-run"]) == ""
    assert unknown(["crawler", "crawl", "--dry"]) == "crawler crawl: no option --dry"
    assert unknown(["webui", "user", "paint"]) == "webui: no command paint"
