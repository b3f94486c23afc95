"""The coverage report: what there is, what was archived, what was asked for in vain, as a command prints it."""

import json
import subprocess
import sys

from tests.replica.client import ROOT, Replica
from tests.replica.coverage import crawled, measured, walked
from tests.traps.conftest import Ours


def test_everything_is_archived_and_little_is_asked_for_in_vain(ours: Ours):
    """Lists, feeds and rules lead to articles, files and pictures belong to them; what is left holds nothing."""
    coverage = ours.coverage
    assert (coverage.missing, coverage.repeated, coverage.duplicates) == ((), (), 0)
    assert coverage.archived == coverage.reachable == coverage.articles - coverage.numbers
    assert coverage.copies_archived == coverage.copies
    assert coverage.files_archived == coverage.files
    assert coverage.ratio < 0.5
    needed = {"lists", "feeds", "sitemaps", "robots.txt", "files", "pictures and styles"}
    in_vain = sum(count for what, count in coverage.fruitless.items() if what not in needed)
    assert in_vain < 0.12 * coverage.requests
    assert coverage.requests == ours.log["requests"]


def test_what_it_counts_is_what_the_archive_holds(ours: Ours):
    rows = ours.captures()
    assert len(rows) == ours.coverage.requests
    holding = ours.coverage.requests - sum(ours.coverage.fruitless.values())
    assert holding == ours.coverage.archived + ours.coverage.copies_archived - handed_over(ours)


def handed_over(ours: Ours) -> int:
    """Articles whose address on the old hosts only leads to the copy."""
    held = {row.key for row in ours.captures() if row.status == 200 and row.key}
    own = {row.key for row in ours.captures() if row.status == 200 and row.key and "//mst." not in row.url}
    return len({key for key in held - own if not key.startswith("mst:")})


def test_a_walk_brings_what_only_numbers_lead_to(tmp_path):
    """But for articles whose numbers are moments to the millisecond."""
    with Replica(articles=200, light=True, crawl_delay=0) as replica:
        settings = crawled(replica, tmp_path)
        before = measured(replica, settings)
        walked(replica, settings)
        after = measured(replica, settings)
    assert before.numbers_archived == 0
    assert after.numbers_archived == after.numbers - after.numbers_untried > 2
    assert (after.missing, after.repeated) == ((), ())


def test_it_is_told_in_a_line_for_each_count(ours: Ours):
    lines = ours.coverage.told().splitlines()
    assert [line.partition("  ")[0] for line in lines][:3] == ["articles", "missing", "by number only"]
    assert "never to be fetched  0 requests" in lines


def test_the_command_prints_it():
    command = [sys.executable, "-m", "tests.replica.coverage", "--articles=60", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["archived"] == told["reachable"] > 50
    assert 0 < told["ratio"] < 0.8
