"""Runs one suite in a process of its own, which also ends what the suite leaves running."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.leftovers import adopt_orphans, end_leftovers
from tests.suites import LINT, Suite

PROGRAMS = Path(sys.executable).parent
NO_TESTS_LEFT = 5  # pytest's exit code when every test was left out


@dataclass(kw_only=True, slots=True)
class Outcome:
    """How one suite went."""

    took: float = 0.0
    problems: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    """Tests by how they ended."""
    skipped: dict[str, int] = field(default_factory=dict)
    """Reasons, with the number of tests that gave each."""
    ran: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    """Services, with the number of tests that were left out with each."""


def command(suite: Suite, without: Sequence[str], target: Path) -> list[str]:
    """How to run a suite in another process, which writes its outcome to a file."""
    return [sys.executable, "-m", __name__, json.dumps(asdict(suite)), str(target), *without]


def main() -> None:
    """Run the suite of the first argument, write its outcome to the second; the others are left out."""
    described, target, *without = sys.argv[1:]
    suite = Suite(**json.loads(described))
    adopt_orphans()
    Path(target).write_text(json.dumps(asdict(_run(suite, without))), encoding="utf-8")


def _run(suite: Suite, without: Sequence[str]) -> Outcome:
    outcome = Outcome()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mic-tests-report-") as folder:
        report = Path(folder) / "report.json"
        for words in [_pytest(suite, without, report)] if suite.paths else LINT:
            outcome.problems += _problems(words, 2 * suite.seconds - (time.monotonic() - began))
        if report.exists():
            told = json.loads(report.read_text(encoding="utf-8"))
            outcome.outcomes, outcome.left_out = told["outcomes"], told["left_out"]
            outcome.skipped, outcome.ran = told["skipped"], told["ran"]
    outcome.took = time.monotonic() - began
    outcome.problems += [f"left running: {one}" for one in end_leftovers()]
    return outcome


def _pytest(suite: Suite, without: Sequence[str], report: Path) -> tuple[str, ...]:
    left_out = [word for name in without for word in ("--without", name)]
    return ("pytest", "-q", "--no-header", f"--report={report}", *left_out, *suite.paths)


def _problems(words: Sequence[str], seconds: float) -> list[str]:
    """Run a program of the virtual environment; return what went wrong."""
    program, *rest = words
    try:
        done = subprocess.run([PROGRAMS / program, *rest], check=False, timeout=max(seconds, 1))
    except subprocess.TimeoutExpired:
        return [f"{program}: stopped at twice its budget"]
    if done.returncode in {0, NO_TESTS_LEFT}:
        return []
    return [f"{program}: exit code {done.returncode}"]


if __name__ == "__main__":
    main()
