"""The test suites: what belongs to each, and how long it may take on two cores."""

from dataclasses import dataclass

ALL_SECONDS = 29 * 60
FAST_SECONDS = 60
"""How long `make test` and `make test-fast` may take in all."""

LINT = (
    ("ruff", "format", "--check"),
    ("ruff", "check"),
    ("mypy",),
    ("lint-imports",),
)
"""What `make lint` runs, from the virtual environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """Tests that run in one process. Over twice its seconds, a suite is stopped and has failed."""

    name: str
    paths: tuple[str, ...] = ()
    """Folders and files for pytest; none for the linters."""
    seconds: float
    fast: bool = True
    """Whether `make test-fast` runs it, without the tests that need a service."""
    alone: bool = False
    """Whether it runs after all others, by itself, for it measures time."""


SUITES = (
    Suite(name="lint", seconds=60, fast=False),
    Suite(name="house", paths=("tests/test_house.py", "tests/test_docs.py", "tests/test_compose.py"), seconds=15),
    Suite(name="config", paths=("tests/config",), seconds=30),
    Suite(name="faults", paths=("tests/faults",), seconds=480, fast=False),
    Suite(name="indexer", paths=("tests/indexer",), seconds=500),
    Suite(name="browser", paths=("tests/browser",), seconds=600, fast=False),
    Suite(name="contract", paths=("tests/contract",), seconds=560),
    Suite(name="gates", paths=("tests/gates",), seconds=230, fast=False),
    Suite(name="crawler", paths=("tests/crawler",), seconds=200),
    Suite(name="traps", paths=("tests/traps",), seconds=180, fast=False),
    Suite(name="archive", paths=("tests/archive",), seconds=120, fast=False),
    Suite(name="webui", paths=("tests/webui",), seconds=220),
    Suite(name="services", paths=("tests/services", "tests/test_run.py"), seconds=120, fast=False),
    Suite(name="replica", paths=("tests/replica",), seconds=90, fast=False),
    Suite(name="benchmarks", paths=("tests/benchmarks",), seconds=100, fast=False, alone=True),
    Suite(name="demo", paths=("tests/test_demo.py",), seconds=90, fast=False, alone=True),
)
"""In the order they begin, long ones early. Every test file belongs to one; tests/test_house.py holds that."""
