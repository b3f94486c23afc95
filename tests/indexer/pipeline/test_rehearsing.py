"""What reading the archive again would change is told before any of it is kept."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.settings import Settings
from crawler.address import Key
from crawler.frontier import Frontier
from crawler.progress import silent
from indexer.__main__ import main
from indexer.article import Article, Block, Rejected
from indexer.engines.embedded import EmbeddedIndex
from indexer.jobs.store import Jobs
from indexer.jobs.tasks import Workshop, run
from indexer.pipeline import Stores
from indexer.pipeline.rebuilding import reread
from indexer.pipeline.rehearsing import Differences, Sample, rehearse
from indexer.query.lexicon import Lexicon
from indexer.record import Correction
from tests.indexer.record.ministry import KEY, PAGE, Ministry, article

ROOT = Path(__file__).parents[3]
FURNITURE = "Chia sẻ bài viết"


def rehearsed(workshop: Workshop) -> Differences:
    return rehearse(workshop.stores, workshop.database, workshop.settings.data, silent)


def documents(workshop: Workshop) -> list[object]:
    return [change for batch, _ in workshop.stores.record.changes(0) for change in batch]


def read_before(workshop: Workshop, truths) -> list[str]:
    """Let the record hold what an older program read; returns the keys it read worse, not at all, and wrongly."""
    keys = [key for key, truth in truths.items() if truth.template == "T1" and not truth.revision][:2]
    captures = [capture for batch, _ in workshop.stores.archive.changes(0) for capture in batch]
    pages = [one for one in captures if one.kind == "article" and one.status == 200]
    reads = workshop.stores.read_all(pages)
    worse, lost = ([read for read in reads if str(read.capture.key) == key] for key in keys)
    no_article = next(read for read in reads if isinstance(read.reading, Rejected))
    article = worse[0].reading
    assert isinstance(article, Article)
    boxed = replace(article, blocks=(*article.blocks, Block(text=FURNITURE)))
    before = [replace(read, reading=boxed) for read in worse]
    before += [replace(read, reading=Rejected(url="x", reason="no title")) for read in lost]
    before += [replace(no_article, reading=replace(article, key=Key(family="mic", id="999999")))]
    workshop.stores.record.apply(before, None)
    return [*keys, "mic:999999"]


def test_reading_the_same_way_changes_nothing_and_leaves_nothing_behind(workshop, truths):
    before = sorted(path.name for path in workshop.settings.data.iterdir())
    found = rehearsed(workshop)
    assert (found.articles, found.changed, found.added, found.removed) == (len(truths), 0, 0, 0)
    assert found.captures == workshop.stores.archive.last_sequence
    assert sorted(path.name for path in workshop.settings.data.iterdir()) == before


def test_what_would_be_another_is_counted_by_field_with_samples_and_kept_only_when_wanted(workshop, truths):
    worse, lost, invented = read_before(workshop, truths)
    before = documents(workshop)
    found = rehearsed(workshop)
    assert documents(workshop) == before
    assert (found.changed, found.added_keys, found.removed_keys) == (1, (lost,), (invented,))
    body = next(change for change in found.fields if change.field == "body")
    assert (body.articles, [one.key for one in body.samples]) == (1, [worse])
    assert FURNITURE in body.samples[0].before
    assert FURNITURE not in body.samples[0].after
    reread(workshop.stores, workshop.database, workshop.clock, silent)
    assert workshop.stores.index.count() == len(truths)
    assert rehearsed(workshop).changed == 0


def test_what_people_corrected_is_no_difference(workshop, truths):
    key = Key.parse(next(iter(truths)))
    wanted = Correction(
        at=workshop.clock.now(), who="minh", key=key, field="date", value=date(2001, 1, 1), reason="x"
    )
    workshop.stores.record.correct(wanted, expected=None)
    assert (rehearsed(workshop).changed, rehearsed(workshop).fields) == (0, ())


def test_the_job_tells_it_in_its_log(workshop, truths):
    worse, *_ = read_before(workshop, truths)
    jobs = Jobs(workshop.database, workshop.clock, lambda _: None)
    job = jobs.ask("rehearsal", {}, "lan")
    run(workshop, job, silent, lambda level, text: jobs.say(job.id, level, text))
    said = [line.text for line in jobs.log(job.id)]
    assert said[0].endswith(f"of {len(truths)} articles 1 would be others, 1 come, 1 go")
    assert "body: 1 articles" in said
    assert any(line.startswith(f"  {worse}: “") and FURNITURE in line for line in said)
    job = jobs.ask("reread", {}, "lan")
    run(workshop, job, silent, lambda level, text: jobs.say(job.id, level, text))
    assert rehearsed(workshop).changed == 0


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_in_a_terminal_it_is_asked_whether_to_keep_it(workshop, truths, answer, code):
    read_before(workshop, truths)
    before = workshop.stores.index.generation
    done = in_terminal(workshop, f"{answer}\n", "rebuild", "--from-archive")
    assert done.returncode == code, done.stderr
    assert "articles 1 would be others, 1 come, 1 go" in done.stdout
    assert (workshop.stores.index.generation != before) == (code == 0)


def test_a_dry_run_in_json_and_its_options(workshop, truths, monkeypatch):
    monkeypatch.setenv("MIC_DATA", str(workshop.settings.data))
    read_before(workshop, truths)
    said = json.loads(CliRunner().invoke(main, ["rebuild", "--from-archive", "--dry-run", "--json"]).stdout)
    assert (said["changed"], said["added"], said["removed"]) == (1, 1, 1)
    for wrong in (["--dry-run"], ["--yes"], ["--back", "--dry-run", "--from-archive"]):
        assert CliRunner().invoke(main, ["rebuild", *wrong]).exit_code == 2


def test_explain_tells_of_an_article_by_its_key(workshop, truths, monkeypatch):
    monkeypatch.setenv("MIC_DATA", str(workshop.settings.data))
    key, truth = next((key, truth) for key, truth in truths.items() if truth.published)
    said = json.loads(CliRunner().invoke(main, ["explain", key, "--json"]).stdout)
    fields = {one["field"]: one for one in said["fields"]}
    assert (said["key"], fields["title"]["value"]) == (key, truth.title)
    assert fields["date"]["value"].startswith(truth.published.day.isoformat())
    assert fields["title"]["origin"]["source"] == "crawl"
    told = CliRunner().invoke(main, ["explain", key]).stdout
    assert f"title: {truth.title}" in told
    assert CliRunner().invoke(main, ["explain", "mic:1"]).exit_code == 1
    assert CliRunner().invoke(main, ["explain", "nonsense"]).exit_code == 2


def in_terminal(workshop: Workshop, typed: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that has a terminal to ask in."""
    here, there = os.openpty()
    try:
        os.write(here, typed.encode())
        return subprocess.run(
            [sys.executable, "-m", "indexer", *arguments],
            cwd=ROOT,
            env=os.environ | {"MIC_DATA": str(workshop.settings.data), "MIC_PROCESSES": "1"},
            stdin=there,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.close(here)
        os.close(there)


def test_it_is_tried_on_a_copy_of_whichever_database(database, tmp_path):
    ministry = Ministry(Settings(data=tmp_path / "data"), database)
    worse = ministry.answer(PAGE, "a", article("Nội dung. Chia sẻ"))
    ministry.take_in(worse)
    ministry.correct("category", "Viễn thông")
    better = {worse.capture.id: replace(worse, reading=article("Nội dung."))}

    def read(captures):
        return [better[capture.id] for capture in captures]

    stores = Stores(
        archive=ministry.archive,
        record=ministry.record,
        index=EmbeddedIndex(tmp_path / "index", Lexicon()),
        read_all=read,
        read_ahead=lambda captures: lambda _: read(captures),
        frontier=Frontier(database, ministry.clock),
    )
    found = rehearse(stores, database, tmp_path, silent)
    assert [(one.field, one.samples) for one in found.fields] == [
        ("body", (Sample(key=str(KEY), before="Nội dung. Chia sẻ", after="Nội dung."),))
    ]
    assert ministry.shown()[str(KEY)].body == "Nội dung. Chia sẻ"
    ministry.archive.close()
