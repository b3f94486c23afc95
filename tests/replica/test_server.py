"""The server: connections, TLS, proxying, bad requests, the control host, and the command that starts it."""

import http.client
import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from config.hosts import HostMap
from tests.replica import Replica, ReplicaError, Truth
from tests.replica.addresses import NAMES
from tests.replica.bench import measure
from tests.replica.client import ROOT
from tests.replica.conftest import NOW

LOOPBACK = "127.0.0.1"
COMMAND = [sys.executable, "-m", "tests.replica"]


def talk(replica: Replica, said: bytes) -> bytes:
    """Everything the server answers until it closes or falls silent."""
    with socket.create_connection((LOOPBACK, replica.port), timeout=10) as connection:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        while part := connection.recv(65_536):
            heard += part
    return heard


@pytest.fixture
def proxied(replica: Replica) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": replica.proxy_url, "https": replica.proxy_url}
        session.verify = str(replica.ca_file)
        yield session


def test_host_map_is_read_by_the_settings(replica: Replica) -> None:
    """Every host name, for http and https."""
    read = HostMap.parse(replica.host_map)
    for name in NAMES:
        assert read.find(name, 80) == (LOOPBACK, replica.port)
        assert read.find(name, 443) == (LOOPBACK, replica.tls_port)
    assert read.find("example.org", 443) is None


def test_every_name_is_served_over_tls_with_a_certificate_of_its_own(replica: Replica) -> None:
    context = ssl.create_default_context(cafile=str(replica.ca_file))
    for name in NAMES:
        with (
            socket.create_connection((LOOPBACK, replica.tls_port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=name) as secure,
        ):
            secure.sendall(f"GET /robots.txt HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            assert secure.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_name_that_is_not_ours_has_no_certificate(replica: Replica) -> None:
    context = ssl.create_default_context(cafile=str(replica.ca_file))
    with (
        socket.create_connection((LOOPBACK, replica.tls_port), timeout=10) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
        context.wrap_socket(plain, server_hostname="example.org"),
    ):
        pass


def test_a_connection_is_kept_and_requests_may_be_sent_ahead(replica: Replica) -> None:
    one = b"GET /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n"
    heard = talk(replica, one * 3)
    assert heard.count(b"HTTP/1.1 200 OK") == 3
    assert heard.count(b"Connection: keep-alive") == 3


def test_a_connection_is_closed_when_asked(replica: Replica) -> None:
    for said in (
        b"GET / HTTP/1.0\r\nHost: mic.gov.vn\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: mic.gov.vn\r\nConnection: close\r\n\r\n",
    ):
        with socket.create_connection((LOOPBACK, replica.port), timeout=10) as connection:
            connection.sendall(said)
            heard = b""
            while part := connection.recv(65_536):
                heard += part
        assert heard.endswith(b"</html>")


def test_head_has_the_headers_of_get_and_no_body(replica: Replica) -> None:
    head = talk(replica, b"HEAD /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n")
    body = talk(replica, b"GET /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n")
    assert body.startswith(head)
    assert head.endswith(b"\r\n\r\n")


def test_the_date_is_the_clocks(replica: Replica) -> None:
    heard = talk(replica, b"GET /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n").decode()
    assert "Date: Mon, 03 Nov 2025 " in heard


def test_a_body_sent_with_a_request_is_passed_over(replica: Replica) -> None:
    post = b"POST /Pages/TinTuc/ratting.aspx HTTP/1.1\r\nHost: mic.gov.vn\r\nContent-Length: 5\r\n\r\nGET /"
    heard = talk(replica, post + b"GET /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n")
    assert heard.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/3\r\nHost: mic.gov.vn\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b"400"),
        (b"DELETE / HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n", b"405"),
        (b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", b"421"),
        (b"CONNECT example.org:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT mic.gov.vn:22 HTTP/1.1\r\n\r\n", b"403"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, b"431"),
    ],
)
def test_requests_that_make_no_sense_are_answered(replica: Replica, said: bytes, status: bytes) -> None:
    assert talk(replica, said).split(b" ", 2)[1] == status


def test_a_tunnel_to_port_80_speaks_http(replica: Replica) -> None:
    with socket.create_connection((LOOPBACK, replica.port), timeout=10) as connection:
        connection.sendall(b"CONNECT mic.gov.vn:80 HTTP/1.1\r\n\r\n")
        assert connection.recv(1_024).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\nConnection: close\r\n\r\n")
        assert b"User-agent: *" in connection.recv(4_096)


def test_clients_reach_every_host_through_the_proxy(proxied: requests.Session) -> None:
    for name in NAMES:
        for scheme in ("http", "https"):
            assert proxied.get(f"{scheme}://{name}/robots.txt").text.startswith("User-agent: *")


def test_articles_come_over_the_wire_as_the_truth_has_them(replica: Replica, proxied: requests.Session) -> None:
    known = list(replica.truth())
    assert len(known) == 200
    for one in known[:60]:
        answer = proxied.get(one.addresses[0])
        assert answer.headers["Content-Encoding"] == "gzip"
        assert one.title.replace("&", "&amp;") in answer.content.decode()


def test_wget_mirrors_through_the_proxy(replica: Replica, tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not installed")
    command = ["wget", "--quiet", "--ca-certificate", str(replica.ca_file), "--page-requisites", "--no-parent"]
    environment = {"http_proxy": replica.proxy_url, "https_proxy": replica.proxy_url, "PATH": "/usr/bin:/bin"}
    url = "https://mic.gov.vn/mic_2020/Pages/TinTuc/106807/x.html"
    done = subprocess.run([*command, url], cwd=tmp_path, env=environment, check=False)
    assert done.returncode in (0, 8)
    assert (tmp_path / "mic.gov.vn/mic_2020/Pages/TinTuc/106807/x.html").stat().st_size > 50_000


# ---- the control host --------------------------------------------------------------------------------------


def test_the_log_says_what_was_asked_for(replica: Replica, proxied: requests.Session) -> None:
    """Never-fetch and disallowed addresses by name; requests of the control host are not counted."""
    replica.control.clear()
    proxied.get("https://mic.gov.vn/robots.txt", headers={"User-Agent": "test"})
    proxied.get("https://mic.gov.vn/robots.txt", headers={"User-Agent": "test"})
    proxied.head("http://www.mic.gov.vn/Pages/TinTuc/tangLuotTruyCap.aspx?tintucID=1")
    proxied.post("https://mic.gov.vn/Pages/TinTuc/Ratting.aspx", data={"diem": 5})
    proxied.get("https://mic.gov.vn/noi-bo/lich-truc.aspx")
    log = replica.log()
    assert log["requests"] == 5
    assert log["addresses"]["https://mic.gov.vn/robots.txt"] == 2
    assert log["touched"] == [
        "HEAD http://www.mic.gov.vn/Pages/TinTuc/tangLuotTruyCap.aspx?tintucID=1",
        "POST https://mic.gov.vn/Pages/TinTuc/Ratting.aspx",
    ]
    assert log["disallowed"] == ["GET https://mic.gov.vn/noi-bo/lich-truc.aspx"]
    assert log["agents"]["test"] == 2
    moments = [moment for _, moment in log["moments"]]
    assert moments == sorted(moments)


def test_the_log_says_how_many_requests_waited_at_once() -> None:
    """With latency; the answers come in order on each connection."""
    one = b"GET /robots.txt HTTP/1.1\r\nHost: mic.gov.vn\r\n\r\n"
    with Replica(articles=10, latency=0.1) as slow:
        connections = [socket.create_connection((LOOPBACK, slow.port), timeout=10) for _ in range(3)]
        for connection in connections:
            connection.sendall(one * 2)
        for connection in connections:
            heard = b""
            while heard.count(b"HTTP/1.1 200 OK") < 2:
                heard += connection.recv(65_536)
            connection.close()
        log = slow.log()
    assert log["at_once"] == {"mic.gov.vn": 3}
    assert log["requests"] == 6


def test_changes_are_made_through_the_control_host(replica: Replica, proxied: requests.Session) -> None:
    """And the truth, made in this process, follows them."""
    url = "https://mic.gov.vn/Pages/TinTuc/106807/x.html"
    replica.control.edit("mic:106807")
    assert "được cập nhật lần 1" in proxied.get(url).text
    assert [one.revision for one in replica.truth()][-1] == 1
    replica.control.remove("mic:106807", "410")
    assert proxied.get(url).status_code == 410
    assert [one.gone for one in replica.truth()][-1] == "410"
    replica.control.restore("mic:106807")
    assert proxied.get(url).status_code == 200
    replica.control.outage("mst.gov.vn")
    assert proxied.get("https://mst.gov.vn/").status_code == 503
    replica.control.outage("mst.gov.vn", over=True)
    assert proxied.get("https://mst.gov.vn/").status_code == 200
    replica.control.set_clock(NOW + timedelta(days=1))
    assert "Thứ ba, ngày 04/11/2025" in proxied.get(url).text
    replica.control.set_clock(NOW)


def test_the_truth_streams_from_the_control_host_too(replica: Replica) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, replica.port, timeout=30)
    connection.request("GET", "/truth", headers={"Host": "replica.test"})
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    assert [Truth.from_json(line) for line in lines] == list(replica.truth())


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/edit?key=mic:1", "no such article"),
        ("/edit?key=one", "is not a key"),
        ("/remove?key=mic:106807&way=500", "one of 404, 410"),
        ("/outage?host=example.org", "one of mic.gov.vn"),
        ("/clock?now=noon", "now:"),
        ("/dance", "nothing to do"),
    ],
)
def test_changes_that_make_no_sense_are_refused(replica: Replica, path: str, complaint: str) -> None:
    with pytest.raises(ReplicaError, match=complaint):
        replica.control._ask("POST", path)
    with pytest.raises(ReplicaError, match="nothing at"):
        replica.control.get(urlsplit(path).path)


def test_the_benchmark_measures_plain_and_compressed_pages(replica: Replica) -> None:
    lines = measure(replica, requests=40).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["plain", "gzip"]
    sizes = [int(line.rpartition(", ")[2].removesuffix(" bytes a page").replace(",", "")) for line in lines]
    assert sizes[0] > 2 * sizes[1] > 10_000


# ---- the command -------------------------------------------------------------------------------------------


def test_a_replica_that_is_not_running_says_so() -> None:
    with pytest.raises(ReplicaError, match="not running"):
        _ = Replica(articles=10).port


def test_the_process_ends_with_the_block_and_leaves_nothing() -> None:
    with Replica(articles=10) as replica:
        folder = replica.ca_file.parent
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, replica.port), timeout=5)


def test_a_taken_port_is_one_line() -> None:
    with Replica(articles=10) as replica:
        port = replica.port
        with pytest.raises(ReplicaError, match=rf"^Error: port {port} on 127\.0\.0\.1: Address already in use$"):
            Replica(articles=10, port=port).__enter__()


def test_the_command_serves_until_interrupted_and_says_what_to_set() -> None:
    with subprocess.Popen(
        [*COMMAND, "--articles=10", "--port=0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(7)]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    assert "10 articles on http port" in told[0]
    assert any("export MIC_HOST_MAP=mic.gov.vn:80=127.0.0.1:" in line for line in told)


def test_the_command_says_where_it_listens_as_json() -> None:
    with subprocess.Popen(
        [*COMMAND, "--articles=10", "--port=0", "--json"], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert HostMap.parse(told["host_map"])
    assert set(told) == {"port", "tls_port", "ca_file", "host_map", "proxy", "control"}


@pytest.mark.parametrize(
    ("argument", "complaint"),
    [
        ("--articles=0", "0 is not in the range"),
        ("--articles=9000000", "numbers suffice for"),
        ("--traps=40", "no such trap: 40"),
        ("--traps=a", "numbers separated by commas"),
        ("--now=noon", "a moment such as"),
    ],
)
def test_choices_that_make_no_sense_are_one_line(argument: str, complaint: str) -> None:
    done = subprocess.run([*COMMAND, argument, "--truth=-"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
