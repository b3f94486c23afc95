"""What only the embedded engine promises: processes that share a folder, kills, folders that were damaged."""

import gc
import json
import os
import random
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest

from indexer.document import Change
from indexer.engines import IndexBusy, IndexOutdated, IndexUnavailable
from indexer.engines.embedded import EmbeddedIndex
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from tests.contract.documents import article, changes

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from indexer.engines.embedded import EmbeddedIndex
from indexer.query.lexicon import Lexicon
from tests.contract.documents import article, changes

index = EmbeddedIndex(Path(sys.argv[1]), Lexicon())
print("ready", flush=True)
for line in sys.stdin:
    first, last = map(int, line.split())
    index.apply(changes([article(n, title=f"Tin {n}") for n in range(first, last)], first), last)
    print(index.cursor, flush=True)
"""
"""Writes articles first to last, each of which has its number as its sequence less one."""


class Writer:
    """Another process that writes to an index."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.answer()

    def ask(self, first: int, last: int) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{first} {last}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def writer(folder):
    started = Writer(folder)
    yield started
    started.kill()


def _open(folder: Path) -> EmbeddedIndex:
    return EmbeddedIndex(folder, Lexicon())


def test_a_reader_sees_what_another_process_writes(folder, writer):
    reader = _open(folder)
    assert reader.search(SearchRequest()).total == 0
    for first, last in ((0, 3), (3, 7)):
        writer.ask(first, last)
        assert writer.answer() == str(last)
        assert reader.cursor == last
        assert reader.search(SearchRequest(query="tin")).total == reader.count()
    assert reader.count() == 7


def test_an_answer_is_remembered_until_another_process_changes_the_index(folder, writer):
    writer.ask(0, 3)
    writer.answer()
    reader, asked = _open(folder), SearchRequest(query="tin")
    first, again = reader.search(asked), reader.search(asked)
    assert again.hits is first.hits, "nobody was asked again"
    assert again.facets is first.facets
    writer.ask(3, 7)
    writer.answer()
    assert reader.search(asked).total == 7
    reader.promote(reader.begin_generation())
    assert reader.search(asked).total == 0


def test_a_state_that_is_over_is_given_back_at_once(folder):
    index = _open(folder)
    index.apply(changes([article(1)]), 1)
    index.search(SearchRequest(query="tin"))
    state = index._state()
    assert state
    kept = weakref.ref(state.snapshot._counting)
    del state
    gc.disable()
    try:
        index.apply(changes([article(2)], 1), 2)
        index.search(SearchRequest(query="tin"))
        assert kept() is None, "its files would be held open until some day"
    finally:
        gc.enable()
    index.close()


def test_answers_are_forgotten_where_none_may_be_kept(folder, writer):
    writer.ask(0, 3)
    writer.answer()
    reader, asked = EmbeddedIndex(folder, Lexicon(), remembered=0), SearchRequest(query="tin")
    first = reader.search(asked)
    assert reader.search(asked).hits == first.hits
    assert reader.search(asked).hits is not first.hits


def test_a_second_writer_is_refused_and_told_where(folder, writer):
    writer.ask(0, 2)
    writer.answer()
    second = _open(folder)
    with pytest.raises(IndexBusy, match="another process is writing to the index in"):
        second.apply(changes([article(9)], 5), 6)
    writer.kill()
    second.apply(changes([article(9)], 5), 6)
    assert second.count() == 3
    second.close()


def test_a_handle_that_was_closed_lets_another_write(folder):
    first, second = _open(folder), _open(folder)
    first.apply(changes([article(1)]), 1)
    with pytest.raises(IndexBusy):
        second.apply(changes([article(2)], 1), 2)
    first.close()
    second.apply(changes([article(2)], 1), 2)
    assert first.count() == 2
    second.close()


def test_a_kill_neither_loses_nor_doubles(folder):
    """Articles and cursor are written together: at any moment the index holds exactly what its cursor says."""
    chance = random.Random(4)
    for _ in range(6):
        reader = _open(folder)
        done = reader.cursor
        writer = Writer(folder)
        for first in range(done, done + 200, 20):
            writer.ask(first, first + 20)
        for _ in range(chance.randrange(1, 4)):
            writer.answer()
        time.sleep(chance.uniform(0, 0.02))
        writer.kill()
        assert reader.count() == reader.cursor >= done
        keys = {hit.key.id for hit in reader.scan(SearchRequest())}
        assert keys == {str(number) for number in range(reader.cursor)}
    assert reader.cursor > 0


def test_a_batch_that_fails_leaves_nothing_behind(folder):
    index = _open(folder)
    index.apply(changes([article(1)]), 1)
    unreadable = article(3, title=None)
    with pytest.raises(TypeError):
        index.apply(changes([article(2), unreadable], 1), 3)
    index.apply([], 1)
    assert (index.count(), index.cursor) == (1, 1)
    index.apply(changes([article(2), article(3)], 1), 3)
    assert (index.count(), index.cursor) == (3, 3)
    index.close()


def test_a_generation_of_another_version_says_which_command_to_run(folder):
    index = _open(folder)
    index.apply(changes([article(1)]), 1)
    index.close()
    (folder / "1" / "generation.json").write_text(json.dumps({"mapping": 0}))
    old = _open(folder)
    for use in (lambda: old.search(SearchRequest()), old.count, lambda: old.apply([], 2), lambda: old.cursor):
        with pytest.raises(IndexOutdated, match="python -m indexer rebuild"):
            use()
    assert not old.health().ok
    made = old.begin_generation()
    made.apply(changes([article(1), article(2)]), 2)
    old.promote(made)
    assert (old.count(), old.health().ok) == (2, True)


@pytest.mark.parametrize("damage", ["pointer", "folder", "meta", "segment"])
def test_a_damaged_folder_is_told_not_raised_raw(folder, damage):
    index = _open(folder)
    index.apply(changes([article(n) for n in range(3)]), 3)
    index.close()
    if damage == "pointer":
        (folder / "current").write_text("{")
    elif damage == "folder":
        (folder / "1").rename(folder / "moved")
    elif damage == "meta":
        (folder / "1" / "meta.json").write_text("{}")
    else:
        for path in (folder / "1").glob("*.term"):
            path.unlink()
    broken = _open(folder)
    with pytest.raises((IndexUnavailable, IndexOutdated)):
        broken.search(SearchRequest(query="không"))
    assert not broken.health().ok


def test_what_a_killed_rebuild_left_goes_with_the_next_promotion(folder):
    index = _open(folder)
    index.apply(changes([article(1)]), 1)
    left = index.begin_generation()
    left.apply(changes([article(1)]), 1)
    left.close()
    made = _open(folder).begin_generation()
    made.apply(changes([article(1)]), 1)
    index.promote(made)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["1", "3"]


def test_a_reader_goes_on_though_its_generation_was_removed(folder):
    index, reader = _open(folder), _open(folder)
    index.apply(changes([article(n) for n in range(600)]), 600)
    scanned = reader.scan(SearchRequest(sort="oldest"))
    next(scanned)
    for _ in range(2):
        made = index.begin_generation()
        made.apply([], 1)
        index.promote(made)
    assert len(list(scanned)) == 599
    assert reader.count() == 0


def test_ties_across_many_segments_are_in_order(folder):
    index = _open(folder)
    numbers = list(range(1_000, 1_300))
    random.Random(2).shuffle(numbers)
    for start in range(0, 300, 30):
        part = [article(n, title="đều nhau", published=None) for n in numbers[start : start + 30]]
        index.apply(changes(part, start), start + 30)
    keys = [str(hit.key) for hit in index.scan(SearchRequest(query="đều nhau"))]
    assert keys == sorted(keys)
    page = index.search(SearchRequest(query="đều nhau", page=12, size=13))
    assert [str(hit.key) for hit in page.hits] == keys[143:156]
    index.close()


def test_the_cursor_moves_without_a_sequence_being_written_twice(folder):
    index = _open(folder)
    first = article(1, title="Một")
    index.apply(changes([first]), 10)
    index.apply([Change(sequence=5, key=first.key, document=None)], 10)
    assert index.count() == 1
    index.close()
