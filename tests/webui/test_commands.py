"""The web interface's commands: they do what they say, and what is wrong is one clear line."""

import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from click.testing import CliRunner

from config.settings import Settings
from tests.webui.conftest import PASSWORD
from webui import connections
from webui.__main__ import main
from webui.serving import MOST_PROCESSES, processes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path):
    return {"PATH": os.environ["PATH"], "MIC_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def run(environment):
    """Runs a command of the web interface to its end."""

    def command(*words: str, typed: str = "", **variables: str):
        return CliRunner(env=environment | variables).invoke(main, words, input=typed, prog_name="webui")

    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield command
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_accounts_are_made_listed_and_given_new_passwords(run, environment):
    made = run("user", "add", "Lan", "--role", "admin")
    assert made.exit_code == 0, made.stderr
    (first,) = re.findall(r"One-time password: ([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\n", made.stdout)
    chosen = run("user", "add", "minh", "--role", "editor", "--password-stdin", typed=f"{PASSWORD}\n")
    assert chosen.exit_code == 0
    assert "password" not in chosen.stdout
    listed = run("user", "list").stdout
    assert re.search(r"^lan +admin +never logged in +one-time password$", listed, re.MULTILINE)
    assert re.search(r"^minh +editor +never logged in$", listed, re.MULTILINE)
    (again,) = re.findall(r"One-time password of lan: (\S+)", run("user", "reset", "LAN").stdout)
    assert again != first
    with closing(sqlite3.connect(Path(environment["MIC_DATA"]) / "mic.sqlite3")) as connection:
        deeds = connection.execute("SELECT who, action, subject FROM audit ORDER BY id").fetchall()
    assert deeds == [
        ("command line", "account made", "lan (admin)"),
        ("command line", "account made", "minh (editor)"),
        ("command line", "password reset", "lan"),
    ]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("user", "add", "a", "--role", "admin"), "", "'a' is no account name"),
        (("user", "add", "x y", "--role", "admin"), "", "'x y' is no account name"),
        (("user", "add", "lan", "--role", "editor", "--password-stdin"), "short\n", "at least 12 characters"),
        (("user", "reset", "nobody"), "", "there is no account named nobody"),
    ],
)
def test_what_cannot_be_done_is_one_line(run, words, typed, said):
    done = run(*words, typed=typed)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_an_account_is_made_once(run):
    assert run("user", "add", "lan", "--role", "admin").exit_code == 0
    twice = run("user", "add", "LAN", "--role", "editor")
    assert (twice.exit_code, twice.stderr) == (1, "Error: there is an account named lan already\n")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"MIC_PROT": "80"}, "unknown setting MIC_PROT; did you mean MIC_PORT?"),
        ({"MIC_PORT": "many"}, "MIC_PORT"),
        ({"MIC_SITE": "nowhere"}, "no site profile 'nowhere'"),
        ({"MIC_QUEUE": "amqp://x"}, "MIC_QUEUE"),
        ({"MIC_DATABASE": "postgresql://127.0.0.1:1/none"}, "127.0.0.1:1"),
        ({"MIC_DATABASE": "nonsense"}, "MIC_DATABASE: not the address of a database"),
        ({"MIC_DATA": "/proc/none"}, "/proc/none"),
        ({"MIC_HOST": "192.0.2.1"}, "cannot listen at 192.0.2.1:0"),
    ],
)
def test_what_keeps_it_from_serving_is_one_line(run, variables, said):
    done = run("serve", "--port", "0", **variables)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@contextmanager
def serving(environment, *words: str):
    """A server that runs until the end of the block, and its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "webui", "serve", "--port", "0", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout
        (address,) = re.findall(r"^Listening at (http://127\.0\.0\.1:\d+)$", server.stdout.readline())
        yield server, address
    finally:
        server.kill()
        server.communicate()


def ask(address: str) -> tuple[int, str]:
    """Status and body of an answer, waiting for the server to be there."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(address)


def test_it_serves_until_told_to_stop(environment):
    with serving(environment) as (server, address):
        assert ask(f"{address}/health/ready")[0] == 200
        assert "Lưu trữ MIC" in ask(f"{address}/")[1]
        status, page = ask(f"{address}/search?q={quote('ậ' * 10_000)}")
        assert status == 400
        assert "Câu tìm quá dài" in page, "a page of ours answers, not the server's own"
        assert ask(f"{address}/search?q={'a' * 300_000}")[0] == 414
        server.send_signal(signal.SIGINT)
        assert server.wait(15) == 0


@contextmanager
def held_open(address: str, request: str, count: int):
    """Connections over which a request, or a part of one, was sent, and that stay open."""
    port = int(address.rpartition(":")[2])
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    try:
        for connection in held:
            connection.sendall(request.encode())
            if request.endswith("\r\n\r\n"):
                assert b" 200 " in connection.recv(20)
        yield
    finally:
        for connection in held:
            connection.close()


HOLDING = {
    "answered and not closed": ("GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 1),
    "answered by the old protocol and not closed": ("GET /health/live HTTP/1.0\r\n\r\n", 3),
    "opened without a word": ("", 40),
}


def test_no_client_keeps_another_waiting(environment):
    with serving(environment) as (_, address):
        assert ask(f"{address}/health/live")[0] == 200
        for how, (request, count) in HOLDING.items():
            with held_open(address, request, count):
                began = time.monotonic()
                assert ask(f"{address}/health/live")[0] == 200
                assert time.monotonic() - began < 1, how


def answering(server: int) -> int:
    """How many processes a server has begun, its background worker apart."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    told_to = [Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children]
    return sum(b"work" not in words for words in told_to)


@pytest.mark.redis
def test_several_processes_count_together_what_one_visitor_asks_for(environment, redis_url):
    told = environment | {"MIC_RATES": redis_url, "MIC_WEB_PROCESSES": "3"}
    with serving(told) as (server, address):
        assert ask(f"{address}/health/ready")[0] == 200
        until = time.monotonic() + 15
        while answering(server.pid) < 3:
            assert time.monotonic() < until, "each process begins by itself, soon after the first answers"
            time.sleep(0.05)
        statuses = [ask(f"{address}/api/v1/suggest?q=a")[0] for _ in range(302)]
    assert statuses[:250] == [200] * 250, "nobody is refused early"
    assert statuses[-1] == 429, "and nobody gets three times as much"


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (Settings(), 1),
        (Settings(rates="redis://127.0.0.1:1"), min(len(os.sched_getaffinity(0)), MOST_PROCESSES)),
        (Settings(web_processes=3), 3),
    ],
)
def test_there_are_as_many_processes_as_can_count_together(settings, count):
    assert processes(settings) == count


def test_a_client_that_stalls_is_given_up(monkeypatch):
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    ours, theirs = socket.socketpair()
    with theirs, connections.Socket(fileno=ours.detach()) as client:
        client.setblocking(True)
        theirs.sendall(b"GET")
        assert client.recv(10) == b"GET"
        with pytest.raises(ConnectionResetError):
            client.recv(10)
        with pytest.raises(BrokenPipeError):
            client.sendall(b"x" * 10_000_000)


def test_a_taken_port_is_one_line(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.exit_code == 1
    assert done.stderr == (
        f"Error: cannot listen at 127.0.0.1:{port}: Address already in use; "
        "choose another with --port or MIC_PORT\n"
    )
