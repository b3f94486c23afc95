"""Each service starts, answers, stops and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from tests.services import MODULES, elasticsearch, machine, postgresql, redis, service
from tests.services.server import Server, ServiceError, own_folder


def _left_behind(server: Server) -> list[str]:
    """What is left of a server: its folder, and processes that work in it or were told of it."""
    name = os.fsencode(server.folder)
    left = [str(server.folder)] if server.folder.exists() else []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            folder = os.fsencode((process / "cwd").readlink())
        except OSError:  # it ended meanwhile, or is a zombie
            continue
        if name in words or folder.startswith(name):
            left.append(words.replace(b"\0", b" ").decode(errors="replace"))
    return left


def _wait_until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def _ping(server: redis.Redis, timeout: float = 2) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(100)


@pytest.mark.redis
def test_redis_answers_and_leaves_nothing():
    with redis.running() as running:
        assert _ping(running) == b"+PONG\r\n"
        assert running.version[0].isdigit()
        assert _left_behind(running.server)
    assert not _left_behind(running.server)


@pytest.mark.redis
def test_a_server_stops_and_starts_again_on_the_same_port():
    with redis.running() as running:
        running.server.stop()
        assert running.server.pid is None
        with pytest.raises(ConnectionRefusedError):
            _ping(running)
        running.server.start()
        assert _ping(running) == b"+PONG\r\n"


@pytest.mark.redis
def test_a_frozen_server_accepts_and_does_not_answer():
    with redis.running() as running:
        with running.server.frozen(), pytest.raises(TimeoutError):
            _ping(running, timeout=0.3)
        assert _ping(running) == b"+PONG\r\n"


@pytest.mark.postgresql
def test_postgresql_keeps_its_data_over_a_restart_and_leaves_nothing():
    with postgresql.running() as running:
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Long An' AS province")
        running.server.kill()
        running.server.start()
        with psycopg.connect(running.url) as connection:
            assert connection.execute("SELECT province FROM kept").fetchone() == ("Long An",)
    assert not _left_behind(running.server)


@pytest.mark.elasticsearch
def test_elasticsearch_with_security_asks_for_a_password_over_tls_and_keeps_its_data():
    with elasticsearch.running(secured=True) as running:
        access, server = running.access, running.server
        assert running.version == elasticsearch.VERSION
        assert access.ask("/kept", "PUT")["acknowledged"]
        for stranger in (replace(access, user=""), replace(access, password="wrong")):
            with pytest.raises(urllib.error.HTTPError, match="401") as refused:
                stranger.ask("/")
            refused.value.close()
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            replace(access, ca=None).ask("/")
        server.stop()
        with pytest.raises(urllib.error.URLError, match="refused"):
            access.ask("/")
        server.start()
        assert "kept" in access.ask("/kept")
    assert not _left_behind(server)


def test_elasticsearch_folds_vietnamese_letters(elasticsearch_url):
    """The bundle has the analysis modules that the index needs."""
    asked = {"tokenizer": "standard", "filter": ["lowercase", "asciifolding"], "text": "Đắk Lắk"}
    request = urllib.request.Request(
        f"{elasticsearch_url}/_analyze",
        data=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        tokens = [token["token"] for token in json.load(answer)["tokens"]]
    assert tokens == ["dak", "lak"]


def test_the_browser_shows_a_local_page_and_reaches_no_other_host(browser):
    class Hello(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("<title>Xin chào</title>".encode())

        def log_message(self, *words: object):
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            assert page.title() == "Xin chào"
            with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
                page.goto("http://mic.gov.vn/")
        server.shutdown()


def test_a_server_that_cannot_start_says_what_it_said():
    with own_folder("broken") as folder:
        server = Server(
            name="Broken",
            command=("sh", "-c", "echo no such disk; exit 3"),
            folder=folder,
            answers=lambda: False,
        )
        with pytest.raises(ServiceError, match=r"Broken ended while starting\n  \| no such disk"):
            server.start()


def test_a_server_that_does_not_answer_is_killed():
    with own_folder("silent") as folder:
        server = Server(
            name="Silent",
            command=("sh", "-c", "sleep 600 & wait"),
            folder=folder,
            answers=lambda: False,
            start_seconds=0.3,
        )
        with pytest.raises(ServiceError, match=r"Silent did not answer"):
            server.start()
        assert server.pid is None
    assert not _left_behind(server)


@pytest.mark.parametrize(
    "name",
    [pytest.param("redis", marks=pytest.mark.redis), pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def test_servers_end_with_a_test_run_that_was_killed(name):
    program = f"""
import sys, time
from tests.services import {name}
with {name}.running() as running:
    print(running.server.folder, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL)
    server = Server(name=name, command=(), folder=folder, answers=lambda: False)
    _wait_until(lambda: _left_behind(server) == [str(folder)])
    subprocess.run(["rm", "-r", str(folder)], check=True)


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"browser"}))
def test_a_missing_service_is_named_with_the_line_that_brings_it(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TEST_SERVICES_CACHE", str(tmp_path))
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path)
    problem = service(name).missing()
    assert problem is not None
    assert problem.startswith(service(name).NAME)
    assert "(run: " in problem


def test_without_rights_to_install_the_line_to_run_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(machine.InstallError, match="apt-get install --yes redis-server"):
        machine.install_packages("redis-server")


def _pytest(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **environment})


def test_a_missing_service_fails_the_tests_that_need_it(tmp_path):
    done = _pytest("-k", "test_redis_answers", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "missing: Redis (run: sudo apt-get update && sudo apt-get install --yes redis-server)" in done.stdout


def test_tests_are_left_out_only_by_name_and_it_is_said(tmp_path):
    report = tmp_path / "report.json"
    done = _pytest("-k", "test_redis_answers or named", "--without", "redis", "--report", str(report))
    assert done.returncode == 0
    assert "left out by --without redis: 1 tests" in done.stdout
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["left_out"] == {"redis": 1}
    assert told["outcomes"]["passed"] == len(MODULES) - 1


def test_no_test_reaches_another_machine():
    with socket.socket() as connection, pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))
