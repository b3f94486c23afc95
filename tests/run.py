"""Runs the test suites, each in a process of its own and against its budget, and says what ran on what."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.leftovers import adopt_orphans, end_leftovers
from tests.services import MODULES, elasticsearch, service
from tests.services.machine import InstallError
from tests.suites import ALL_SECONDS, FAST_SECONDS, LINT, SUITES, Suite

ROOT = Path(__file__).parent.parent
PROGRAMS = Path(sys.executable).parent
NO_TESTS_LEFT = 5  # pytest's exit code when every test was left out


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What was asked for."""

    suites: tuple[Suite, ...]
    without: tuple[str, ...]
    fast: bool


@dataclass(kw_only=True, slots=True)
class Outcome:
    """How one suite went."""

    suite: Suite
    took: float = 0.0
    problems: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    """Reasons, with the number of tests that gave each."""
    ran: dict[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; 0 when everything passed in time, on every service not left out by name."""
    plan = _plan(arguments)
    os.chdir(ROOT)
    adopt_orphans()
    there = [_is_there(name) for name in MODULES if name not in plan.without and _needs_services(plan)]
    if not all(there):
        return 1
    began = time.monotonic()
    with _shared_elasticsearch(plan) as (environment, its_process):
        outcomes = [_run(suite, plan, environment, its_process) for suite in plan.suites]
    return _summary(plan, outcomes, time.monotonic() - began)


def _plan(arguments: Sequence[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.run", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="any of: " + ", ".join(s.name for s in SUITES))
    parser.add_argument("--without", nargs="*", default=[], choices=list(MODULES), help="services to leave out")
    parser.add_argument("--fast", action="store_true", help="no services, and only the suites that need none")
    given = parser.parse_args(arguments)
    unknown = set(given.suites) - {suite.name for suite in SUITES}
    if unknown:
        parser.error(f"no suite named {', '.join(sorted(unknown))}; there are {', '.join(s.name for s in SUITES)}")
    chosen = tuple(suite for suite in SUITES if suite.name in given.suites or not given.suites)
    return Plan(
        suites=tuple(suite for suite in chosen if suite.fast or not given.fast),
        without=tuple(MODULES) if given.fast else tuple(given.without),
        fast=given.fast,
    )


def _needs_services(plan: Plan) -> bool:
    return any(suite.paths for suite in plan.suites)


def _is_there(name: str) -> bool:
    found = service(name)
    problem = found.missing()
    if problem:
        print(f"installing {found.NAME} …", flush=True)
        try:
            found.install()
            problem = found.missing()
        except InstallError as error:
            problem = str(error)
    if problem:
        print(f"{found.NAME} cannot be had: {problem}\nto leave it out: make test WITHOUT={name}")
    return problem is None


@contextmanager
def _shared_elasticsearch(plan: Plan) -> Iterator[tuple[dict[str, str], int | None]]:
    """One node for all suites, as the environment that leads them to it and the node's process id."""
    if "elasticsearch" in plan.without or not _needs_services(plan):
        yield {}, None
        return
    with elasticsearch.running() as node:
        yield {"TEST_ELASTICSEARCH": node.access.url}, node.server.pid


def _run(suite: Suite, plan: Plan, environment: dict[str, str], keep: int | None) -> Outcome:
    print(f"\n=== {suite.name}", flush=True)
    outcome = Outcome(suite=suite)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mic-tests-report-") as folder:
        report = Path(folder) / "report.json"
        commands = [_pytest(suite, plan, report)] if suite.paths else LINT
        for command in commands:
            left = 2 * suite.seconds - (time.monotonic() - began)
            outcome.problems += _command(command, environment, left)
        if report.exists():
            told = json.loads(report.read_text(encoding="utf-8"))
            outcome.outcomes, outcome.left_out = Counter(told["outcomes"]), Counter(told["left_out"])
            outcome.skipped, outcome.ran = Counter(told["skipped"]), told["ran"]
    outcome.took = time.monotonic() - began
    outcome.problems += [f"left running: {command}" for command in end_leftovers(but=keep)]
    return outcome


def _pytest(suite: Suite, plan: Plan, report: Path) -> tuple[str, ...]:
    without = [word for name in plan.without for word in ("--without", name)]
    return ("pytest", "-q", "--no-header", f"--report={report}", *without, *suite.paths)


def _command(command: Sequence[str], environment: dict[str, str], seconds: float) -> list[str]:
    """Run a program of the virtual environment; return what went wrong."""
    program, *words = command
    try:
        done = subprocess.run(
            [PROGRAMS / program, *words], check=False, timeout=max(seconds, 1), env={**os.environ, **environment}
        )
    except subprocess.TimeoutExpired:
        return [f"{program}: stopped at twice its budget"]
    if done.returncode in {0, NO_TESTS_LEFT}:
        return []
    return [f"{program}: exit code {done.returncode}"]


def _summary(plan: Plan, outcomes: list[Outcome], took: float) -> int:
    """Print what ran; return the exit code."""
    limit = FAST_SECONDS if plan.fast else ALL_SECONDS
    print(f"\n{'suite':<12} {'result':<7} {'passed':>6} {'failed':>6} {'skipped':>7} {'seconds':>8} {'budget':>7}")
    for outcome in outcomes:
        counts, suite = outcome.outcomes, outcome.suite
        result = "FAILED" if outcome.problems else "over" if outcome.took > suite.seconds else "ok"
        print(
            f"{suite.name:<12} {result:<7} {counts['passed']:>6} {counts['failed'] + counts['error']:>6} "
            f"{outcome.skipped.total():>7} {outcome.took:>8.1f} {suite.seconds:>7.0f}"
        )
    print(f"{'in all':<42} {took:>8.1f} {limit:>7.0f}")
    _say_what_ran(plan, outcomes)
    for outcome in outcomes:
        for problem in outcome.problems:
            print(f"{outcome.suite.name}: {problem}")
    if took > 2 * limit:
        print("in all: over twice the budget")
    return 1 if took > 2 * limit or any(outcome.problems for outcome in outcomes) else 0


def _say_what_ran(plan: Plan, outcomes: list[Outcome]) -> None:
    ran = {name: number for outcome in outcomes for name, number in outcome.ran.items()}
    left_out = sum((outcome.left_out for outcome in outcomes), Counter[str]())
    skipped = sum((outcome.skipped for outcome in outcomes), Counter[str]())
    print("ran on:", ", ".join(f"{name} {number}" for name, number in sorted(ran.items())) or "nothing but Python")
    if plan.without:
        print("left out:", ", ".join(f"{name} ({left_out[name]} tests)" for name in plan.without))
    for reason, number in skipped.items():
        print(f"skipped: {number} tests: {reason}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("stopped by Ctrl-C")
