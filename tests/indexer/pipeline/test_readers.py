"""Captures are read whatever else held the same bytes, and whatever becomes of the processes that read them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config.settings import Settings
from config.site import load_profile
from config.vocabulary import load_vocabulary
from crawler.address import Addresses
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.page import FetchedPage
from indexer.article import Article, Attachment
from indexer.pipeline.readers import CaptureReader, Readers
from tests.crawler.answers import AT
from tests.indexer.reading.pages import sharepoint

ROOT = Path(__file__).parents[3]
PROFILE = load_profile("mic")
ADDRESSES = Addresses(PROFILE)
ARTICLE = "https://mic.gov.vn/Pages/TinTuc/{}/x.html"
FILE = "https://mic.gov.vn/Upload/VanBan/{}.rtf"


@pytest.fixture
def archive(tmp_path, database):
    opened = open_archive(Settings(data=tmp_path / "data"), database, ADDRESSES, SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def reader(archive):
    return CaptureReader(archive, PROFILE, load_vocabulary())


def answered(archive, url: str, payload: str, media_type: str = "text/html; charset=utf-8"):
    page = FetchedPage(
        url=url,
        captured_at=AT,
        status=200,
        headers=(("Content-Type", media_type),),
        payload=payload.encode(),
    )
    return archive.append(page, ADDRESSES.read(url))


def test_the_same_bytes_say_something_at_each_address(archive, reader):
    """The archive keeps them once; what the second capture says is about another article all the same."""
    payload = sharepoint("<p>Nội dung của một bài viết đủ dài để đọc.</p>")
    captures = [answered(archive, ARTICLE.format(number), payload) for number in (1, 2)]
    assert captures[1].revisit_of == captures[0].id
    articles = [read.reading for read in reader.read(captures)]
    assert [(type(one), str(one.key)) for one in articles] == [(Article, "mic:1"), (Article, "mic:2")]
    files = [answered(archive, FILE.format(name), "Phụ lục", "application/rtf") for name in "ab"]
    read = [one.reading for one in reader.read(files)]
    assert {type(one) for one in read} == {Attachment}
    assert len({one.address for one in read}) == 2


def test_what_the_archive_cannot_give_is_left_unread_with_the_reason(archive, reader, tmp_path):
    capture = answered(archive, ARTICLE.format(1), sharepoint("<p>Nội dung.</p>"))
    archive.close()
    (tmp_path / "data" / "archive" / capture.warc).unlink()
    [read] = reader.read([capture])
    assert read.is_unread
    assert read.reading.reason.startswith("archive: ")


@pytest.fixture
def readers(workshop):
    settings = workshop.settings.model_copy(update={"processes": 2})
    with Readers(settings, workshop.stores.archive, PROFILE, load_vocabulary()) as opened:
        yield opened


def test_captures_read_in_processes_say_what_they_say_here(workshop, readers):
    captures = [capture for batch, _ in workshop.stores.archive.changes(0) for capture in batch][:120]
    assert readers.read(captures) == workshop.stores.read_all(captures)


def test_a_process_that_is_killed_while_it_reads_costs_nothing(workshop, readers):
    captures = [capture for batch, _ in workshop.stores.archive.changes(0) for capture in batch][:160]
    expected = workshop.stores.read_all(captures)
    readers.read(captures)
    killed = []

    def kill() -> None:
        time.sleep(0.05)
        for process in list(readers._pool._processes.values())[:1]:
            os.kill(process.pid, signal.SIGKILL)
            killed.append(process.pid)

    killing = threading.Thread(target=kill)
    killing.start()
    read = readers.read(captures)
    killing.join()
    assert killed
    assert read == expected


def members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_command_that_started_it(unread, number):
    """A terminal sends Ctrl-C to all processes of a command; the system kills just one of them."""
    settings = unread.settings
    environment = os.environ | {"MIC_DATA": str(settings.data), "MIC_PROCESSES": "2"}
    command = subprocess.Popen(
        [sys.executable, "-m", "indexer", "update"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    children = Path(f"/proc/{command.pid}/task/{command.pid}/children")
    until = time.monotonic() + 60
    while (
        command.poll() is None and len(children.read_text().split()) < 3
    ):  # two readers and multiprocessing's own
        assert time.monotonic() < until
        time.sleep(0.005)
    if number == signal.SIGKILL:
        command.kill()
    else:
        os.killpg(command.pid, number)
    _, said = command.communicate(timeout=60)
    assert number == signal.SIGKILL or said == ""
    while members(command.pid):
        assert time.monotonic() < until, "a process is left"
        time.sleep(0.05)
