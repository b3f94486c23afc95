"""The whole house: a site is crawled, read, indexed, found; a recrawl from the pages brings what has changed."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import expect

from tests.replica import Replica

ROOT = Path(__file__).parents[2]
ARTICLES = 40


@pytest.fixture
def replica():
    with Replica(articles=ARTICLES, light=True, crawl_delay=0) as replica:
        yield replica


@pytest.fixture
def environment(replica, tmp_path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "MIC_DATA": str(tmp_path / "data"),
        "MIC_HOST_MAP": str(replica.host_map),
        "MIC_CRAWL_CA": str(replica.ca_file),
        "MIC_CRAWL_DELAY": "0",
    }


def run(environment: dict[str, str], *words: str) -> str:
    """A command to its end, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *words], check=False, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """The web interface with its worker, until the end of the block."""
    command = [sys.executable, "-m", "webui", "serve", "--port", "0", "--with-worker"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        (address,) = re.findall(r"^Listening at (http://\S+)$", server.stdout.readline())
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=60)
    assert not _children(environment), "the worker outlived the server"


def _wait_for(address: str) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
                return
        except urllib.error.URLError:
            sleep(0.1)
    raise TimeoutError(address)


def _children(environment: dict[str, str]) -> list[str]:
    """Commands that still run with this data folder."""
    mine = f"MIC_DATA={environment['MIC_DATA']}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mine in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_text())
            except OSError:
                continue
    return found


def test_a_recrawl_brings_what_has_changed(browser, replica, environment):
    run(environment, "crawler", "crawl")
    run(environment, "indexer", "update")
    password = re.findall(
        r"One-time password: (\S+)", run(environment, "webui", "user", "add", "lan", "--role", "admin")
    )
    truth = next(one for one in replica.truth() if one.key.startswith("mic:") and len(one.paragraphs) > 1)
    with serving(environment) as address, browser.new_context(base_url=address, locale="vi-VN") as context:
        page = context.new_page()
        page.goto("/")
        page.locator("#q").fill(f'"{truth.title}"')
        page.locator("#q").press("Enter")
        page.get_by_role("link", name=truth.title).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(truth.title)
        expect(page.locator(".versions li")).to_have_count(1)
        article = page.url

        page.goto("/account/login?next=/admin/")
        page.locator("#username").fill("lan")
        page.locator("#password").fill(password[0])
        page.get_by_role("main").get_by_role("button").click()
        page.locator("#password").fill(password[0])
        for field in ("#new_password", "#new_password_confirm"):
            page.locator(field).fill("một câu dài dễ nhớ")
        page.get_by_role("main").get_by_role("button").click()
        expect(page.get_by_text("Đã đổi mật khẩu.")).to_be_visible()

        replica.control.edit(truth.key)
        page.goto(article)
        page.get_by_role("link", name="Thu thập lại bài này").click()
        expect(page.get_by_text("1 địa chỉ")).to_be_visible()
        page.get_by_role("button", name="Bắt đầu").click()
        expect(page.locator(".state-done")).to_be_visible(timeout=60_000)

        page.goto(article)
        expect(page.locator(".versions li")).to_have_count(2)
        expect(page.get_by_text("đã sửa").first).to_be_visible()
