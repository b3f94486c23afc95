"""Object storage: files go there when they are full, are read from there, and nothing is lost on the way."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest
import sqlalchemy as sa

from crawler.archive import ArchiveError, open_archive
from crawler.archive.storage import Remote, StorageError
from crawler.tables import warc_files
from tests.archive.object_storage import BUCKET, serving_s3
from tests.crawler.answers import URL, html_page

ROOT = Path(__file__).parents[2]
AWAY = "ftp://127.0.0.1:9/x"
"""Storage of a known kind that does not answer."""
COUNT = 7
"""Two to a file, and one that is left over."""
BODIES = [f"<p>{number}</p>".encode() for number in range(COUNT)]


@pytest.fixture(scope="module")
def s3():
    with serving_s3() as running:
        yield running


@pytest.fixture(params=["file", "memory", "s3"])
def url(request, tmp_path, monkeypatch):
    """A folder of object storage that is empty."""
    if request.param == "s3":
        for name, value in request.getfixturevalue("s3").variables.items():
            monkeypatch.setenv(name, value)
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        return f"s3://{BUCKET}/{tmp_path.name}/mic"
    return f"file://{tmp_path}/far/away" if request.param == "file" else f"memory://{tmp_path.name}/mic"


@pytest.fixture
def remote(url, settings):
    """Settings of a small archive there."""
    return settings.model_copy(update={"archive": url, "warc_size": 1_500})


@pytest.fixture
def opening(database, addresses, clock):
    """Opens archives, and closes them at the end."""
    opened = []

    def open_one(settings):
        opened.append(open_archive(settings, database, addresses, clock))
        return opened[-1]

    yield open_one
    for archive in opened:
        archive.close()


@pytest.fixture
def elsewhere(remote, tmp_path):
    """The same archive on a machine that has no spool."""
    return remote.model_copy(update={"spool": str(tmp_path / "nothing here")})


def states(database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(sa.select(warc_files.c.state).order_by(warc_files.c.id)))


def fill(archive, addresses, count=COUNT):
    return [archive.append(html_page(f"<p>{number}</p>"), addresses.read(URL)) for number in range(count)]


def spool(settings) -> list[str]:
    return sorted(path.name for path in Path(settings.spool).glob("*"))


def there(settings) -> list[str]:
    files, root = fsspec.url_to_fs(settings.archive)
    files.invalidate_cache()
    return sorted(Path(path).name for path in files.ls(root, detail=False)) if files.exists(root) else []


def payloads(archive) -> list[bytes]:
    return [archive.read(capture).payload for batch, _ in archive.changes(after=0) for capture in batch]


# ---- the way there -------------------------------------------------------------------------------------------


def test_full_files_are_stored_and_removed_here(remote, opening, addresses, database):
    archive = opening(remote)
    fill(archive, addresses)
    archive.close()
    assert states(database) == ["stored"] * 3 + ["open"]
    assert (len(there(remote)), len(spool(remote))) == (3, 1)
    assert payloads(opening(remote)) == BODIES


def test_a_reader_elsewhere_reads_what_is_stored_and_waits_for_the_rest(remote, elsewhere, opening, addresses):
    archive = opening(remote)
    written = fill(archive, addresses)
    archive.close()
    reader = opening(elsewhere)
    seen = payloads(reader)
    assert 0 < len(seen) < COUNT
    assert seen == BODIES[: len(seen)]
    with pytest.raises(ArchiveError):
        reader.read(written[-1])
    archive = opening(remote)
    assert archive.upload(lambda _: None).failed == {}
    assert len(payloads(reader)) == COUNT
    assert spool(remote) == []


def test_another_process_reads_by_range(remote, elsewhere, opening, addresses, sqlite_url):
    archive = opening(remote)
    fill(archive, addresses)
    archive.upload(lambda _: None)
    if remote.archive.startswith("memory"):
        pytest.skip("memory is not shared")
    code = f"""
from config.database import open_database
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses
from crawler.archive import open_archive
from crawler.clock import SystemClock
settings = Settings(data={str(elsewhere.data)!r}, archive={elsewhere.archive!r}, spool={elsewhere.spool!r})
database = open_database({sqlite_url!r})
archive = open_archive(settings, database, Addresses(load_profile("mic")), SystemClock())
for batch, _ in archive.changes(after=0):
    for capture in batch:
        print(archive.read(capture).payload.decode())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == [body.decode() for body in BODIES]


def test_threads_read_at_the_same_time(remote, elsewhere, opening, addresses):
    archive = opening(remote)
    fill(archive, addresses)
    archive.upload(lambda _: None)
    reader, seen = opening(elsewhere), []
    threads = [threading.Thread(target=lambda: seen.append(payloads(reader))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [BODIES] * 4


def test_an_old_file_is_stored_though_it_is_not_full(settings, url, opening, addresses, database, clock):
    archive = opening(settings.model_copy(update={"archive": url, "warc_hours": 6}))
    fill(archive, addresses, 1)
    clock.time += timedelta(hours=6)
    fill(archive, addresses, 1)
    archive.close()
    assert states(database) == ["stored"]


def test_all_files_that_nobody_writes_are_closed_for_the_upload(remote, opening, addresses, database):
    writers = [opening(remote) for _ in range(3)]
    for writer in writers:
        fill(writer, addresses, 1)
    writers[0].close()
    writers[1].close()
    opening(remote).upload(lambda _: None)
    assert sorted(states(database)) == ["open", "stored", "stored"]


def test_an_archive_moves_from_a_folder(settings, remote, opening, addresses, database):
    local = settings.model_copy(update={"warc_size": 1_500})
    archive = opening(local)
    fill(archive, addresses)
    archive.close()
    moving = opening(remote.model_copy(update={"spool": local.archive}))
    assert moving.upload(lambda _: None).failed == {}
    assert set(states(database)) == {"stored"}
    assert list(Path(local.archive).glob("*")) == []
    assert len(payloads(moving)) == COUNT


# ---- kills: what each step may leave behind ------------------------------------------------------------------


@pytest.fixture
def spooled(remote, opening, addresses, database):
    """Full files that no process has begun to upload."""
    blocked = remote.model_copy(update={"archive": AWAY})
    archive = opening(blocked)
    fill(archive, addresses)
    archive.close()
    assert there(remote) == []
    with database.writing() as connection:
        connection.execute(sa.update(warc_files).values(error=""))
    return [name for name, state in zip(spool(remote), states(database), strict=True) if state == "spooled"]


def after_all(remote, opening, database) -> None:
    archive = opening(remote)
    archive.upload(lambda _: None)
    archive.close()
    assert set(states(database)) == {"stored"}
    assert spool(remote) == []
    assert payloads(opening(remote)) == BODIES


def test_a_kill_before_the_upload(spooled, remote, opening, database):
    assert spooled
    after_all(remote, opening, database)


@pytest.mark.parametrize("left", [b"", b"half of it", None])
def test_a_kill_in_the_middle_of_the_upload(spooled, remote, opening, database, left):
    """Storage may have nothing, a part, or as many bytes but others."""
    data = (Path(remote.spool) / spooled[0]).read_bytes()
    files, root = fsspec.url_to_fs(remote.archive)
    if remote.archive.startswith("file"):
        files.makedirs(root)
    files.pipe_file(f"{root}/{spooled[0]}", bytes(len(data)) if left is None else left)
    after_all(remote, opening, database)


def test_a_kill_between_upload_and_row_uploads_nothing_again(spooled, remote, opening, database):
    Remote(remote.archive).put(spooled[0], Path(remote.spool) / spooled[0], lambda: None)
    files, root = fsspec.url_to_fs(remote.archive)
    before = files.info(f"{root}/{spooled[0]}")
    after_all(remote, opening, database)
    assert files.info(f"{root}/{spooled[0]}") == before


def test_a_kill_between_row_and_removal(spooled, remote, opening, database):
    data = (Path(remote.spool) / spooled[0]).read_bytes()
    after_all(remote, opening, database)
    (Path(remote.spool) / spooled[0]).write_bytes(data)
    after_all(remote, opening, database)


def test_a_kill_between_the_last_row_and_the_roll(remote, opening, addresses, database):
    archive = opening(remote.model_copy(update={"warc_size": 1_000_000}))
    fill(archive, addresses)
    archive._writer._leases.release()
    archive._writer = None
    after_all(remote, opening, database)


# ---- storage that is down, or lies ---------------------------------------------------------------------------


def test_while_storage_is_down_the_crawl_goes_on_and_says_so(remote, opening, addresses, database):
    down = remote.model_copy(update={"archive": AWAY})
    archive = opening(down)
    written = fill(archive, addresses)
    assert [archive.read(capture).payload for capture in written] == BODIES
    failed = archive.upload(lambda _: None).failed
    assert len(failed) == 1
    archive.close()
    state = archive.state()
    assert f"wait to be uploaded: {AWAY}" in state.problem
    assert states(database) == ["spooled"] * 4
    assert len(spool(remote)) == 4
    again = opening(remote)
    again.upload(lambda _: None)
    assert (again.state().problem, set(states(database))) == ("", {"stored"})


@pytest.mark.usefixtures("spooled")
def test_a_spool_that_is_lost_can_be_given_up(remote, elsewhere, opening):
    reader = opening(elsewhere)
    assert payloads(reader) == []
    for name in spool(remote):
        assert reader.give_up(name)
    assert [file.is_here for file in reader.state().unfinished] == [False] * len(spool(remote))
    assert "damaged" in reader.state().problem
    captures = [capture for batch, _ in reader.changes(after=0) for capture in batch]
    assert len(captures) == COUNT
    with pytest.raises(ArchiveError):
        reader.read(captures[0])
    assert not reader.give_up("none.warc.gz")


@pytest.mark.parametrize("url", ["nosuch://x", "s3://[", "gcs://x/y"])
def test_a_url_that_makes_no_sense_is_named(url):
    with pytest.raises(StorageError, match=r"x\.warc\.gz"):
        Remote(url).read("x.warc.gz", 0, 10)


def test_storage_that_is_away_is_told_before_anything_is_read(remote, elsewhere, opening, addresses):
    archive = opening(remote)
    archive.check()
    fill(archive, addresses)
    archive.upload(lambda _: None)
    opening(elsewhere).check()
    with pytest.raises(StorageError, match=AWAY):
        opening(elsewhere.model_copy(update={"archive": AWAY})).check()


def test_storage_of_no_known_kind_is_refused_at_once(settings, opening):
    with pytest.raises(ArchiveError, match="MIC_ARCHIVE: nosuch://x"):
        opening(settings.model_copy(update={"archive": "nosuch://x"}))


def test_a_file_that_is_nowhere_is_named(remote, opening, addresses):
    archive = opening(remote)
    written = fill(archive, addresses)
    archive.upload(lambda _: None)
    files, root = fsspec.url_to_fs(remote.archive)
    files.rm(f"{root}/{written[0].warc}")
    with pytest.raises(ArchiveError, match=written[0].warc):
        archive.read(written[0])


def test_a_server_that_is_gone_is_a_reason(s3, monkeypatch, tmp_path):
    for name, value in (s3.variables | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(StorageError, match=r"127\.0\.0\.1:9"):
        Remote("s3://archive/x").put("x", tmp_path / "x", lambda: None)
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def test_a_bucket_that_is_not_there_is_not_made(s3, monkeypatch, tmp_path):
    for name, value in s3.variables.items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(ArchiveError, match="s3://another/x"):
        Remote("s3://another/x").put("x", tmp_path / "x", lambda: None)


def test_a_large_file_goes_up_in_parts(s3, monkeypatch, tmp_path):
    for name, value in s3.variables.items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    path = tmp_path / "large"
    path.write_bytes(b"0123456789" * 4_000_000)
    ticks: list[int] = []
    remote = Remote(f"s3://{BUCKET}/large")
    remote.put("large", path, lambda: ticks.append(1))
    assert len(ticks) == 3
    assert remote.read("large", 39_999_990, 10) == b"0123456789"
    contents = remote.contents("large", lambda: None)
    assert contents
    assert contents.size == 40_000_000


def test_an_upload_that_is_broken_off_leaves_nothing(url, tmp_path):
    """A lease that is lost ends it; what is there is whole or not there."""
    if url.startswith("memory"):
        pytest.skip("memory has no way to take back what was written")
    path = tmp_path / "large"
    path.write_bytes(bytes(40_000_000))

    def lost() -> None:
        raise ArchiveError("lost")

    remote = Remote(url)
    with pytest.raises(ArchiveError, match="lost"):
        remote.put("large", path, lost)
    assert remote.contents("large", lambda: None) is None
