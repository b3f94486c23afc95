"""`python -m crawler`: what people type, what they get, and one clear line for whatever goes wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.site import SITES
from crawler.__main__ import main
from crawler.clock import SystemClock
from crawler.lease import holding
from tests.crawler.small_site import ALL, HOST, NAMES, article_path, asked_of, url

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(monkeypatch, site, tmp_path, database_url):
    """Settings of a crawl of the small ministry, as a shell would give them."""
    profile = tmp_path / "http.toml"
    text = (SITES / "mic.toml").read_text(encoding="utf-8").replace('"https://', '"http://')
    profile.write_text(text, encoding="utf-8")
    variables = {
        "MIC_SITE": str(profile),
        "MIC_DATA": str(tmp_path / "data"),
        "MIC_DATABASE": database_url,
        "MIC_HOST_MAP": site.host_map(*NAMES, "m.mic.gov.vn"),
        "MIC_CRAWL_DELAY": "0",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def run(*arguments: str):
    return CliRunner().invoke(main, arguments)


def lines(*arguments: str) -> list[dict[str, Any]]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def refusal(*arguments: str) -> str:
    """The one line of a command that could not do its work."""
    done = run(*arguments)
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    said: str = done.stderr
    return said.removeprefix("Error: ").strip()


# ---- address -------------------------------------------------------------------------------------------------


def test_addresses_are_explained_without_a_database(monkeypatch, tmp_path):
    monkeypatch.setenv("MIC_DATA", str(tmp_path / "none"))
    told = lines(
        "address", "https://mst.gov.vn/x-197144805.htm", "https://cspl.mic.gov.vn/Pages/TinTuc/1/x.html", "x"
    )
    assert told == [
        {
            "url": "https://mst.gov.vn/x-197144805.htm",
            "canonical": "https://mic.gov.vn/Pages/TinTuc/144805/",
            "family": "mic",
            "kind": "article",
            "key": "mic:144805",
            "allowed": True,
            "why": "",
        },
        {
            "url": "https://cspl.mic.gov.vn/Pages/TinTuc/1/x.html",
            "canonical": "https://cspl.mic.gov.vn/Pages/TinTuc/1/",
            "family": "cspl",
            "kind": "article",
            "key": "cspl:1",
            "allowed": True,
            "why": "",
        },
        {
            "url": "x",
            "canonical": "x",
            "family": None,
            "kind": "refused",
            "key": None,
            "allowed": False,
            "why": "neither http nor https",
        },
    ]
    assert not (tmp_path / "none").exists()
    assert "mic:144805" in run("address", "https://mst.gov.vn/x-197144805.htm").stdout


# ---- crawl, fetch, ledger ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("environment")
def test_a_crawl_sums_up_what_it_did(site):
    (dry,) = lines("crawl", "--dry-run")
    assert [one["decision"] for one in dry["planned"]][:3] == ["fetch"] * 3
    assert site.asked == []
    (first,) = lines("crawl", "--limit", "5")
    assert first["fetched"] + first["gone"] == 5
    (rest,) = lines("crawl")
    assert {url(path) for path in map(article_path, ALL)} <= {
        f"http://{asked.host}{asked.path}" for asked in site.asked
    }
    assert (rest["remaining"], rest["failed"], rest["notes"]) == (0, 0, [])
    asked_of(site)
    assert "fetched" in run("crawl", "--only", "feed").stdout
    assert {path for path in asked_of(site) if "rss" not in path} == set()
    assert lines("crawl", "--fresh")[0]["not_modified"] > 0
    assert "address" in run("crawl", "--dry-run").stdout
    assert {line["reason"] for line in lines("ledger")} >= {"200", "304", "robots.txt"}
    assert "elsewhere" in run("ledger", "--days", "1").stdout


@pytest.mark.usefixtures("environment")
def test_what_is_due_and_what_has_but_a_number_is_crawled(site):
    lines("crawl")
    asked_of(site)
    (due,) = lines("crawl", "--due")
    assert (due["fetched"], due["not_modified"], asked_of(site)) == (0, 0, [])
    (walked,) = lines("crawl", "--walk", "--limit", "2")
    assert (walked["gone"], len(asked_of(site))) == (2, 2)
    assert [note.partition(":")[0] for note in walked["notes"]] == [
        *("walk articles (100000-160000)", "walk documents (1-26000)", "walk policy (100000-160000)"),
    ]


@pytest.mark.usefixtures("environment")
def test_addresses_are_fetched_at_once():
    found = lines("fetch", url(article_path(ALL[0])), url("/private/x.htm"))
    assert [(one["status"], one["why"]) for one in found] == [(200, ""), (0, "robots.txt")]
    assert found[0]["canonical"] == f"https://{HOST}/Pages/TinTuc/{ALL[0]}/"
    assert run("fetch", url(article_path(ALL[0]))).stdout.startswith("304  http://")


@pytest.mark.usefixtures("environment")
def test_files_are_imported(tmp_path):
    run("fetch", url(article_path(ALL[0])))
    (file,) = (tmp_path / "data" / "archive").glob("*.warc.gz")
    copied = tmp_path / "copy.warc.gz"
    copied.write_bytes(file.read_bytes())
    (imported,) = lines("import", str(copied))
    assert (imported["known"], imported["copied"], imported["problems"]) == (2, 0, [])
    assert run("import", str(copied)).stdout.startswith("copy.warc.gz: 0 copied, 2 known")


@pytest.mark.usefixtures("environment")
def test_a_file_that_cannot_be_imported_ends_with_1_and_the_others_come_in(tmp_path):
    run("fetch", url(article_path(ALL[0])))
    (file,) = (tmp_path / "data" / "archive").glob("*.warc.gz")
    (tmp_path / "no.warc").write_text("root:x:0:0")
    done = run("import", str(tmp_path / "no.warc"), str(file), "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [(one["file"], one["known"]) for one in told] == [("no.warc", 0), (file.name, 2)]
    assert told[0]["problems"] == ["at 0: no WARC or ARC record"]


# ---- whatever goes wrong -------------------------------------------------------------------------------------


def test_settings_that_make_no_sense_are_named(environment):
    environment.setenv("MIC_CRAWL_DELY", "1")
    assert refusal("crawl").startswith("unknown setting MIC_CRAWL_DELY; did you mean MIC_CRAWL_DELAY?")
    environment.delenv("MIC_CRAWL_DELY")
    environment.setenv("MIC_CRAWL_DELAY", "fast")
    assert refusal("crawl").startswith("MIC_CRAWL_DELAY: ")
    environment.setenv("MIC_CRAWL_DELAY", "0")
    environment.setenv("MIC_HOST_MAP", "mic.gov.vn=10.0.0.1:80")
    assert "loopback" in refusal("crawl")
    environment.setenv("MIC_HOST_MAP", "")
    assert "MIC_CONTACT" in refusal("crawl")
    assert "MIC_CONTACT" in refusal("crawl", "--fresh")


def test_a_missing_authority_profile_or_database_is_named(environment, tmp_path):
    environment.setenv("MIC_CRAWL_CA", str(tmp_path / "none.pem"))
    assert "MIC_CRAWL_CA" in refusal("crawl")
    environment.delenv("MIC_CRAWL_CA")
    environment.setenv("MIC_SITE", "nowhere")
    assert refusal("crawl").startswith("no site profile 'nowhere'; there are: ")
    environment.setenv("MIC_SITE", "mic")
    environment.setenv("MIC_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    assert "connection" in refusal("crawl")
    environment.setenv("MIC_DATABASE", f"sqlite:///{tmp_path}")
    assert "unable to open database file" in refusal("crawl")


def test_an_archive_that_cannot_be_written_is_named(environment, tmp_path):
    (tmp_path / "file").write_text("in the way")
    environment.setenv("MIC_ARCHIVE", str(tmp_path / "file"))
    assert "file" in refusal("crawl")


@pytest.mark.usefixtures("environment")
def test_a_crawl_that_comes_second_says_who_is_first(database):
    if database.is_sqlite:
        with holding(database, SystemClock(), "crawl"):
            said = refusal("crawl")
        assert said.startswith("crawl is held by ")
        assert f"process {os.getpid()}" in said


def test_what_does_not_go_together_is_refused():
    assert run("crawl", "--fresh", "--limit", "5").exit_code == 2
    assert run("crawl", "--fresh", "--walk").exit_code == 2
    assert run("crawl", "--due", "--again").exit_code == 2
    assert run("crawl", "--walk", "--only", "list").exit_code == 2
    assert run("crawl", "--walk", "--dry-run").exit_code == 2
    assert run("crawl", "--only", "refused").exit_code == 2
    assert run("crawl", "--limit", "0").exit_code == 2
    assert run("fetch").exit_code == 2


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_crawl_well(site, number):
    """Whoever presses Ctrl-C gets a summary, and the next crawl goes on."""
    site.answers["/robots.txt"] = "User-agent: *\nDisallow: /private\nCrawl-delay: 0.05"
    command = [sys.executable, "-m", "crawler", "crawl", "--json"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(site.asked) < 8 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    said, complained = process.communicate(timeout=20)
    assert (process.returncode, complained) == (0, "")
    summary = json.loads(said)
    assert 0 < summary["fetched"] + summary["gone"] < 40
    assert summary["remaining"] > 0


@pytest.mark.usefixtures("environment")
def test_a_full_disk_ends_a_crawl_with_one_line_and_loses_nothing(site, tmp_path):
    """A limit on the size of files stands for it: SQLite's files meet it first, with PostgreSQL the archive's."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from crawler.__main__ import main; main()"
    )
    command = [sys.executable, "-c", code, "crawl"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "File too large" in done.stderr or "disk" in done.stderr
    (rest,) = lines("crawl")
    assert rest["remaining"] == 0
    assert set(map(article_path, ALL)) <= set(site.paths)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, (tmp_path / "data" / "archive").glob("*"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "")
