"""Runs the test suites, two side by side, each against its budget, and says what ran on what."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services import MODULES, elasticsearch, service
from tests.services.machine import InstallError
from tests.suite import Outcome, command
from tests.suites import ALL_SECONDS, FAST_SECONDS, SUITES, Suite

ROOT = Path(__file__).parent.parent
LANES = 2
"""Suites side by side: most keep one core busy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What was asked for."""

    suites: tuple[Suite, ...]
    without: tuple[str, ...]
    fast: bool


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; 0 when everything passed in time, on every service not left out by name."""
    plan = _plan(arguments)
    os.chdir(ROOT)
    there = [_is_there(name) for name in MODULES if name not in plan.without and _needs_services(plan)]
    if not all(there):
        return 1
    began = time.monotonic()
    with _shared_elasticsearch(plan) as environment:
        outcomes = _run_all(plan, environment)
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
def _shared_elasticsearch(plan: Plan) -> Iterator[dict[str, str]]:
    """One node for all suites, as the environment that leads them to it."""
    if "elasticsearch" in plan.without or not _needs_services(plan):
        yield {}
        return
    with elasticsearch.running() as node:
        yield {"TEST_ELASTICSEARCH": node.access.url}


def _run_all(plan: Plan, environment: dict[str, str]) -> dict[str, Outcome]:
    """Run the suites side by side, then those that are to be alone; outcomes by name, in the suites' order."""
    found: dict[str, Outcome] = {}
    for lanes, alone in ((LANES, False), (1, True)):
        chosen = [suite for suite in plan.suites if suite.alone == alone]
        with ThreadPoolExecutor(lanes) as pool:
            outcomes = pool.map(lambda suite: _run(suite, plan, environment), chosen)
            found |= {suite.name: outcome for suite, outcome in zip(chosen, outcomes, strict=True)}
    return {suite.name: found[suite.name] for suite in plan.suites}


def _run(suite: Suite, plan: Plan, environment: dict[str, str]) -> Outcome:
    """Run a suite; what it prints is shown when it has ended, for another may be printing too."""
    with tempfile.TemporaryDirectory(prefix="mic-tests-suite-") as folder:
        target, said = Path(folder) / "outcome.json", Path(folder) / "said.txt"
        with said.open("wb") as output:
            subprocess.run(
                command(suite, plan.without, target),
                check=False,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
            )
        print(f"\n=== {suite.name}\n{said.read_text(encoding='utf-8', errors='replace')}", flush=True)
        if target.exists():
            return Outcome(**json.loads(target.read_text(encoding="utf-8")))
    return Outcome(problems=["it ended without a word"])


def _summary(plan: Plan, outcomes: dict[str, Outcome], took: float) -> int:
    """Print what ran; return the exit code."""
    limit = FAST_SECONDS if plan.fast else ALL_SECONDS
    print(f"\n{'suite':<12} {'result':<7} {'passed':>6} {'failed':>6} {'skipped':>7} {'seconds':>8} {'budget':>7}")
    for suite in plan.suites:
        outcome = outcomes[suite.name]
        counts = Counter(outcome.outcomes)
        result = "FAILED" if outcome.problems else "over" if outcome.took > suite.seconds else "ok"
        print(
            f"{suite.name:<12} {result:<7} {counts['passed']:>6} {counts['failed'] + counts['error']:>6} "
            f"{sum(outcome.skipped.values()):>7} {outcome.took:>8.1f} {suite.seconds:>7.0f}"
        )
    print(f"{'in all':<42} {took:>8.1f} {limit:>7.0f}")
    _say_what_ran(plan, [*outcomes.values()])
    for name, outcome in outcomes.items():
        for problem in outcome.problems:
            print(f"{name}: {problem}")
    if took > 2 * limit:
        print("in all: over twice the budget")
    return 1 if took > 2 * limit or any(outcome.problems for outcome in outcomes.values()) else 0


def _say_what_ran(plan: Plan, outcomes: list[Outcome]) -> None:
    ran = {name: number for outcome in outcomes for name, number in outcome.ran.items()}
    left_out = sum((Counter(outcome.left_out) for outcome in outcomes), Counter[str]())
    skipped = sum((Counter(outcome.skipped) for outcome in outcomes), Counter[str]())
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
