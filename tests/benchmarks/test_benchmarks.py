"""`make bench`: what it prints, and that every comparison still measures what it says."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from click.testing import CliRunner
from tantivy import Document

from config.settings import Settings
from indexer.engines.opening import open_index
from indexer.query.request import SearchRequest
from tests.benchmarks.__main__ import COMPARISONS, main
from tests.benchmarks.engines import Engine
from tests.benchmarks.engines.elastic import Elastic
from tests.benchmarks.engines.embedded import Embedded
from tests.benchmarks.pages import Pages
from tests.benchmarks.queries import KINDS, queries
from tests.benchmarks.table import Row, Table, as_json, as_text
from tests.benchmarks.timing import interleaved, per_second, percentile, typical
from tests.contract.conftest import LEXICON
from tests.contract.documents import changes
from tests.contract.replicated import replicated

ROOT = Path(__file__).parents[2]


def test_every_comparison_has_figures_of_both_sides():
    command = [sys.executable, "-m", "tests.benchmarks", "--rounds", "1", "--without", "elasticsearch", "--json"]
    tiny = os.environ | {"BENCH_N": "16"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=tiny)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["articles"] == 16
    assert list(told["tables"]) == list(COMPARISONS)
    for table in (table for tables in told["tables"].values() for table in tables):
        compared = [row for row in table["rows"] if row["others"]]
        assert compared
        for row in compared:
            assert len(row["others"]) == len(table["others"])
            assert row["ours"] >= 0
            assert row["ratios"] == [
                pytest.approx(row["ours"] / other) if other else None for other in row["others"]
            ]
    [searching] = told["tables"]["searching"]
    p50 = next(row for row in searching["rows"] if row["name"] == "embedded: p50")
    figures = dict(zip(searching["others"], p50["others"], strict=True))
    assert figures["page"] > p50["ours"] > figures["engine"] >= figures["one query"] * 0.5
    [serving] = told["tables"]["serving"]
    assert {row["name"] for row in serving["rows"]} == {"embedded"}


def test_what_is_missing_or_unknown_is_one_line(tmp_path):
    done = CliRunner(env={"TEST_SERVICES_CACHE": str(tmp_path)}).invoke(main, [])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: missing: Elasticsearch")
    assert "make bench WITHOUT=elasticsearch" in done.stderr
    assert "'walking' is not one of 'crawling'" in CliRunner().invoke(main, ["walking"]).stderr


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "embedded":
        yield Embedded(tmp_path)
        return
    elastic = Elastic(request.getfixturevalue("elasticsearch_url"))
    yield elastic
    elastic.close()


def test_the_bare_engine_does_the_work_of_ours(engine, tmp_path):
    written = changes(list(replicated(60)))
    assert 0 < engine.bulk(written)() < 60
    settings = engine.empty(Settings(data=tmp_path / "data"))
    index = open_index(settings, LEXICON)
    request = SearchRequest(query="hội nghị triển khai", filters=(("status", ("current",)),))
    index.apply(written, len(written))
    found = {str(hit.key) for hit in index.search(request).hits}
    [replay] = engine.replays(settings, LEXICON, [request])
    assert found
    assert found <= keys(replay.answer()) == keys(replay.everything())
    assert len(replay.everything()) > len(replay.answer()), "what matches is counted first"
    index.close()
    engine.drop(settings)


def keys(answers: Sequence[object]) -> set[str]:
    """The articles an engine named in its answers: in JSON, or in the documents it gave out."""
    cards = (one["card"][0] for one in answers if isinstance(one, Document))
    said = b"".join([*(one for one in answers if isinstance(one, bytes)), *cards])
    return set(re.findall(r"[a-z]+:(?:vb:)?[0-9]{4,}", said.decode()))


def test_contestants_take_turns_in_mixed_order():
    order: list[str] = []

    def turn(name: str) -> int:
        order.append(name)
        return order.count(name)

    found = interleaved({name: partial(turn, name) for name in "abc"}, 20)
    rounds = ["".join(order[start : start + 3]) for start in range(0, 60, 3)]
    assert all(sorted(one) == ["a", "b", "c"] for one in rounds)
    assert len(set(rounds)) == 6, "whoever follows another follows each of them"
    assert found == {name: list(range(1, 21)) for name in "abc"}


def test_percentiles_and_medians_of_rounds():
    values = [float(value) for value in range(20, 0, -1)]
    assert [percentile(values, share) for share in (0.0, 0.5, 0.95, 1.0)] == [1, 10, 19, 20]
    assert percentile([3.0], 0.95) == 3
    assert percentile(list(range(1, 36)), 0.95) == 34, "a third of the way to the next counts as the next"
    assert typical([[1, 2, 3], [7, 8, 9], [4, 5, 6]], median) == 5


def test_a_rate_counts_what_was_done():
    done: list[int] = []
    rate = per_second(lambda: done.append(1), 0.02)
    assert len(done) / 0.2 < rate <= len(done) / 0.02


def test_a_table_reads_the_same_in_a_terminal_and_as_markdown():
    table = Table(
        title="Speed",
        ours="ours",
        others=("theirs",),
        rows=(
            Row(name="fast", unit="pages/s", ours=1234.5, others=(61.7,)),
            Row(name="alone", unit="MB/s", ours=0.5),
        ),
        notes=("A note.",),
    )
    assert (
        as_text(table)
        == """\
## Speed

|       | unit    |  ours | theirs | ratio |
| ----- | ------- | ----: | -----: | ----: |
| fast  | pages/s | 1,234 |   61.7 | 20.0× |
| alone | MB/s    |  0.50 |        |       |

A note."""
    )
    assert as_json(table)["rows"][0]["ratios"] == (pytest.approx(20.0, rel=0.01),)


def test_searches_are_of_every_kind_and_find_something():
    asked = queries(list(replicated(200)))
    assert {one.kind for one in asked} == set(KINDS)
    assert len({one.request for one in asked}) == len(asked)


def test_the_archive_is_filled_with_what_a_crawl_would_bring():
    pages = list(Pages(40).everything())
    kinds = {page.media_type for page in pages}
    assert {"text/html", "application/pdf"} <= kinds
    assert all(page.status == 200 for page in pages)
    assert len({page.url for page in pages}) == len(pages) > 40
