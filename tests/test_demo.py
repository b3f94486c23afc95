"""`make demo`: a newcomer's first minute, from nothing to a page that can be searched, and again."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARTICLES = 60


def start(data: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.demo", "--data", str(data), "--articles", str(ARTICLES), *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(data: Path, *words: str) -> tuple[int, str]:
    process = start(data, *words)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def still_running(data: Path) -> list[str]:
    """Commands that run with this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"MIC_DATA={data}\0".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text(encoding="utf-8"))
        except OSError:
            continue
    return found


def test_it_can_be_searched_and_goes_on_where_it_was(tmp_path):
    code, said = run(tmp_path, "--port", "0", "--once")
    assert code == 0, said
    fetched, articles = re.search(r"(\d+) fetched", said), re.search(r"(\d+) articles recorded", said)
    assert fetched
    assert articles
    assert int(fetched[1]) > ARTICLES / 2
    assert re.search(r"name: admin   one-time password: \S+", said)
    assert still_running(tmp_path) == []
    code, again = run(tmp_path, "--port", "0", "--once")
    assert code == 0, again
    found = re.search(r"^(?:(\d+) fetched, )?(\d+) not modified", again, re.MULTILINE)
    assert found
    assert int(found[1] or 0) <= int(fetched[1]) / 20, "but for what knows no 304, and what had failed"
    assert int(found[2]) > ARTICLES / 2
    assert f"{articles[1]} articles recorded" in again


def test_ctrl_c_ends_all_that_was_started(tmp_path):
    process = start(tmp_path, "--port", "0")
    assert process.stdout is not None
    searches = []
    for line in process.stdout:
        searches += re.findall(r"http://\S+/search\S+", line)
        if "Ctrl-C" in line:
            break
    assert len(searches) == 3
    for address in searches:
        with urllib.request.urlopen(address) as answer:
            assert 'class="hit"' in answer.read().decode() or answer.status == 200
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert still_running(tmp_path) == []


def test_a_taken_port_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = run(tmp_path, "--port", str(port), "--once")
    assert code != 0
    assert said == f"Error: port {port} is taken; choose another: make demo PORT=8080\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "mic.sqlite3").symlink_to("/dev/full")
    code, said = run(data, "--port", "0", "--once")
    assert code != 0
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, said = run(tmp_path / "file" / "data", "--port", "0", "--once")
    assert code != 0
    assert said.startswith(f"Error: {tmp_path / 'file' / 'data'}: ")
    assert os.linesep.join(said.splitlines()[1:]) == ""
