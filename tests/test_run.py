"""The test runner: it fails where it has to, and says what ran."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PROGRAM = """
import sys
from tests import run
from tests.suites import Suite
run.SUITES = tuple(
    Suite(name=name, paths=({path!r},), seconds={seconds}, alone={alone}) for name in {names}
)
sys.exit(run.main(["--fast"]))
"""


@pytest.fixture
def runner():
    """Runs a test file as a suite of its own; the exit code and what was printed."""
    with tempfile.TemporaryDirectory(dir=ROOT / "tests", prefix=".tried-") as folder:  # where conftest.py counts

        def run(
            test: str, seconds: float = 30, names: tuple[str, ...] = ("tried",), *, alone: bool = False
        ) -> tuple[int, str]:
            path = Path(folder) / "test_tried.py"
            path.write_text(test, encoding="utf-8")
            program = PROGRAM.format(path=str(path), seconds=seconds, names=names, alone=alone)
            done = subprocess.run(
                [sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=ROOT
            )
            return done.returncode, done.stdout + done.stderr

        yield run


def test_a_suite_that_passes_in_time(runner):
    code, said = runner("import pytest\n\ndef test_it(): pass\n\ndef test_no(): pytest.skip('no data')\n")
    assert code == 0, said
    line = next(line for line in said.splitlines() if line.startswith("tried"))
    assert line.split()[:5] == ["tried", "ok", "1", "0", "1"]
    assert "skipped: 1 tests: no data" in said


def test_a_test_that_fails(runner):
    code, said = runner("def test_it(): assert False\n")
    assert code == 1
    assert "tried: pytest: exit code 1" in said


def test_a_suite_is_stopped_at_twice_its_budget(runner):
    code, said = runner("import time\n\ndef test_it(): time.sleep(60)\n", seconds=1)
    assert code == 1
    assert "tried: pytest: stopped at twice its budget" in said


@pytest.mark.parametrize("alone", [False, True])
def test_two_suites_run_side_by_side_where_neither_is_to_be_alone(runner, tmp_path, alone):
    met = (
        "import os, time\nfrom pathlib import Path\n\n"
        "def test_it():\n"
        f"    here = Path({str(tmp_path)!r})\n"
        "    (here / str(os.getpid())).touch()\n"
        "    until = time.monotonic() + 15\n"
        "    while len(list(here.iterdir())) < 2:\n"
        "        assert time.monotonic() < until\n"
        "        time.sleep(0.05)\n"
    )
    code, said = runner(met, names=("one", "other"), alone=alone)
    assert code == alone
    assert ("one: pytest: exit code 1" in said) == alone


def test_a_process_left_behind_is_found_and_ended(runner):
    """Even one that became nobody's child, as daemons do."""
    code, said = runner(
        "import subprocess\n\n"
        "def test_it(): subprocess.run(['sh', '-c', 'setsid sleep 4321 >/dev/null 2>&1 &'], check=True)\n"
    )
    assert code == 1
    assert "tried: left running: sleep 4321" in said
    assert subprocess.run(["pgrep", "-xf", "sleep 4321"], check=False, stdout=subprocess.DEVNULL).returncode == 1


def test_what_was_left_out_is_said(runner):
    code, said = runner("import pytest\n\n@pytest.mark.browser\ndef test_it(): pass\n")
    assert code == 0
    assert "left out: elasticsearch (0 tests), postgresql (0 tests), redis (0 tests), browser (1 tests)" in said


def test_an_unknown_suite_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "tests.run", "nonsense"], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 2
    assert "no suite named nonsense" in done.stderr
