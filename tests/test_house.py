"""The rules of the house that no linter knows: sizes, what may be committed, locks, suites."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.suites import SUITES

ROOT = Path(__file__).parent.parent
PACKAGES = ("config", "crawler", "indexer", "webui")
MODULES = sorted(path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LISTS = Path("config/migrations/versions")
"""Functions there are lists of tables and columns, as long as the tables are."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

FILE_LINES, FUNCTION_LINES = 300, 40
"""Above these, a file or function is listed each time the tests run: split it when you next touch it."""
MOST_FILE_LINES, MOST_FUNCTION_LINES, MOST_POSITIONAL = 350, 50, 5
"""Above these, the tests fail."""

FORBIDDEN = re.compile(
    r"registry\.npmjs\.org|pypi\.org|pythonhosted\.org|repo1?\.maven|crates\.io|proxy\.golang|deb\.debian\.org"
    r"|(?<![\w.])/(?:work|farm|root|home)/\w",
)
"""Registry addresses and paths of one machine."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file or function with its size."""

    place: str
    lines: int
    positional: int = 0


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, cwd=ROOT, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def _functions(module: Path) -> Iterator[Piece]:
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            positional = len([name for name in names if name not in {"self", "cls"}])
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Piece(f"{module}:{node.lineno} {node.name}", lines, positional)


def test_files_and_functions_stay_small(capsys):
    """What is over the soft limits is listed; over the hard ones it fails."""
    files = [Piece(str(path), len((ROOT / path).read_text(encoding="utf-8").splitlines())) for path in MODULES]
    functions = [piece for path in MODULES if path.parent != LISTS for piece in _functions(path)]
    large = [piece for piece in files if piece.lines > FILE_LINES]
    large += [piece for piece in functions if piece.lines > FUNCTION_LINES]
    if large:
        with capsys.disabled():
            print(f"\nover {FILE_LINES} lines a file or {FUNCTION_LINES} a function:")
            print("\n".join(f"{piece.lines:>6}  {piece.place}" for piece in large))
    assert [piece for piece in files if piece.lines > MOST_FILE_LINES] == []
    assert [piece for piece in functions if piece.lines > MOST_FUNCTION_LINES] == []
    assert [piece for piece in functions if piece.positional > MOST_POSITIONAL] == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_opens_with_a_sentence(module):
    said = ast.get_docstring(ast.parse((ROOT / module).read_text(encoding="utf-8")))
    assert said, "say in one sentence what the module is for"
    assert said.split("\n\n")[0].rstrip().endswith((".", ")", "?")), said


def test_imports_go_one_way():
    if not (ROOT / "webui").exists():
        pytest.skip("webui is not there yet")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout


def test_nothing_names_a_registry_or_a_machine():
    found = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in FORBIDDEN.finditer(text)]
    assert found == []


def _locked(name: str) -> dict[str, str]:
    """Each distribution of a lock file with its version and hashes, as one text."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if line.strip()]
    return {line.partition("==")[0].strip(): line.partition("==")[2] for line in pinned}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_everything_by_hash(lock):
    pinned = _locked(lock)
    assert len(pinned) > 40
    for name, rest in pinned.items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name), name
        assert re.match(r"\d\S* ", rest), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest), name
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_the_lock_for_work_holds_what_runs():
    runtime, development = _locked("requirements.lock"), _locked("requirements-dev.lock")
    without_condition = [
        {name: re.sub(r";.*?(?=--hash)", "", rest) for name, rest in locked.items()}
        for locked in (runtime, development)
    ]
    assert without_condition[0].items() <= without_condition[1].items()
    asked = [re.split(r"[\[<>=~! ]", wanted)[0] for wanted in PROJECT["project"]["dependencies"]]
    assert set(asked) <= set(runtime)


def test_the_packages_import_only_what_is_locked_to_run():
    """Nothing that is there only while testing: the image has the runtime lock alone."""
    there = packages_distributions()
    runtime = {name.replace("_", "-").lower() for name in _locked("requirements.lock")}
    strangers = []
    for module in MODULES:
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in {name.partition(".")[0] for name in names} - set(PACKAGES) - sys.stdlib_module_names:
                brought = {each.replace("_", "-").lower() for each in there.get(name, ())}
                strangers += [] if brought & runtime else [f"{module}: {name}"]
    assert strangers == []


def test_every_test_belongs_to_one_suite():
    for path in (path.relative_to(ROOT) for path in _tracked()):
        if path.parts[0] == "tests" and path.name.startswith("test_") and path.suffix == ".py":
            homes = [s.name for s in SUITES if any(path.is_relative_to(folder) for folder in s.paths)]
            assert len(homes) == 1, f"{path} belongs to the suites {homes or 'of nobody'}: see tests/suites.py"


def test_every_suite_has_tests():
    for suite in SUITES:
        assert all((ROOT / path).exists() for path in suite.paths), suite


def test_the_changelog_has_a_place_for_what_comes_next():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", text, re.MULTILINE)
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_what_ci_runs_is_the_test_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().splitlines()[-1] == "exec make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
