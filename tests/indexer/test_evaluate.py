"""The scores and the command that prints them; searching in the terminal; choosing the engine."""

import json
import math

import pytest
from click.testing import CliRunner

from config.settings import Settings
from indexer.__main__ import main
from indexer.engines.elastic import ElasticIndex
from indexer.engines.embedded import EmbeddedIndex
from indexer.engines.opening import open_index
from indexer.evaluate import percentile, rate
from indexer.query.lexicon import Lexicon
from tests.contract.documents import article, changes


@pytest.mark.parametrize(
    ("found", "relevant", "scores"),
    [
        (["a"], {"a"}, (1, 1, 1)),
        (["x", "a"], {"a"}, (1 / 2, 1 / math.log2(3), 1)),
        (["x", "a", "b"], {"a", "b"}, (1 / 2, (1 / math.log2(3) + 1 / 2) / (1 + 1 / math.log2(3)), 1)),
        (["a", "x"], {"a", "b"}, (1, 1 / (1 + 1 / math.log2(3)), 1 / 2)),
        (["x"], {"a"}, (0, 0, 0)),
        ([], {"a"}, (0, 0, 0)),
        (["x"] * 10 + ["a"], {"a"}, (0, 0, 0)),
        (["a"], set(), (0, 0, 0)),
        ([str(n) for n in range(10)], {str(n) for n in range(20)}, (1, 1, 1 / 2)),
    ],
)
def test_reciprocal_rank_gain_and_recall(found, relevant, scores):
    assert rate(found, frozenset(relevant)) == pytest.approx(scores)


def test_a_percentile_is_one_of_the_values():
    assert [percentile([3, 1, 2, 4], share) for share in (0.5, 0.95, 0.25, 0.0)] == [2, 4, 1, 1]
    assert percentile([7.0], 0.95) == 7


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("MIC_DATA", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def _file(path, *lines):
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8"
    )
    return path


DOCUMENTS = (
    {"id": "một/1", "title": "Chuyển đổi số", "text": "ở Long An"},
    {"id": "hai 2", "title": "Bưu chính\u2028x", "text": "ở Huế"},
    "",
    {"id": 3, "text": "không có tên"},
)
QUERIES = ({"query": "chuyen doi so", "relevant": ["một/1"]}, {"query": "bưu chính", "relevant": ["hai 2", "3"]})


@pytest.mark.parametrize("engine", ["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def test_evaluate_prints_the_scores_as_json(run, tmp_path, engine, request, monkeypatch):
    if engine == "elastic":
        monkeypatch.setenv("MIC_ELASTIC_URL", request.getfixturevalue("elasticsearch_url"))
        monkeypatch.setenv("MIC_ELASTIC_NAME", f"evaluating-{tmp_path.name.lower()}")
    documents, queries = _file(tmp_path / "d", *DOCUMENTS), _file(tmp_path / "q", *QUERIES)
    done = run("evaluate", "--documents", documents, "--queries", queries, "--engine", engine, "--baseline")
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert said["engine"] == engine
    assert (said["mrr@10"], said["recall@10"]) == (1.0, 0.75)
    assert set(said) == {"engine", "mrr@10", "ndcg@10", "recall@10", "p50_ms", "p95_ms", "baseline"}
    assert said["baseline"]["plain syllables"]["mrr@10"] == 0.5
    assert said["baseline"]["folded syllables"]["mrr@10"] == 1.0


@pytest.mark.parametrize(
    ("name", "lines", "problem"),
    [
        ("d", ("{",), "line 1"),
        ("d", ({"id": "1", "text": "a"}, {"id": "2"}), "line 2: no 'text'"),
        ("d", ("[1]",), "line 1: no 'id'"),
        ("d", (), "empty"),
        ("q", ({"query": "a"},), "no 'relevant'"),
        ("q", ({"query": "a", "relevant": "b"},), "no list of ids"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_line(run, tmp_path, name, lines, problem):
    files = {"d": _file(tmp_path / "d", *DOCUMENTS), "q": _file(tmp_path / "q", *QUERIES)}
    files[name] = _file(tmp_path / name, *lines)
    done = run("evaluate", "--documents", files["d"], "--queries", files["q"])
    assert done.exit_code == 1
    assert problem in done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_is_told(run, tmp_path):
    done = run("evaluate", "--documents", tmp_path / "none", "--queries", tmp_path / "none")
    assert (done.exit_code, "none" in done.output) == (1, True)


@pytest.fixture
def filled(tmp_path):
    index = EmbeddedIndex(tmp_path / "data" / "index", Lexicon())
    titles = ["Long An họp", "Long An: viễn thông", "Huế họp"]
    provinces = [("Long An",), ("Long An",), ("Huế",)]
    documents = [
        article(n, title=title, provinces_then=then)
        for n, (title, then) in enumerate(zip(titles, provinces, strict=True))
    ]
    index.apply(changes(documents), 3)
    index.close()


@pytest.mark.usefixtures("filled")
class TestSearching:
    def test_as_json(self, run):
        done = run("search", "long an", "--json", "--filter", "then=Long An", "--sort", "oldest", "--size", 1)
        said = json.loads(done.output)
        assert (said["total"], said["mode"]) == (2, "strict")
        assert said["hits"][0]["key"] == "mic:0"
        assert said["hits"][0]["published"] == "2010-01-01"
        assert said["hits"][0]["title"] == {"text": "Long An họp", "marks": [[0, 7]]}
        more = run("search", "long an", "--json", "--sort", "oldest", "--size", 1, "--after", said["next"])
        assert [hit["key"] for hit in json.loads(more.output)["hits"]] == ["mic:1"]

    def test_for_people(self, run):
        done = run("search", '"long an" -viễn', "--since", "2009-12-31")
        assert done.exit_code == 0
        assert "1 articles (all words" in done.output
        assert "Long An họp" in done.output
        assert "viễn thông" not in done.output

    def test_why_each_hit_is_where_it_is(self, run):
        said = " ".join(run("search", "Long An họp", "--explain").output.split())
        assert "its title is what was asked for, word for word (+600.00)" in said
        assert "words and word pairs in the title" in said
        hits = json.loads(run("search", "Long An họp", "--explain", "--json").output)["hits"]
        for hit in hits:
            assert sum(reason["adds"] for reason in hit["because"]) == pytest.approx(hit["score"], rel=1e-3)
        assert "in the order of publication" in run("search", "--explain").output

    def test_without_a_query(self, run):
        assert "3 articles (every article" in run("search").output

    def test_what_makes_no_sense_is_told(self, run):
        assert run("search", "a", "--filter", "province=Huế").exit_code == 2
        assert run("search", "a", "--filter", "then=").exit_code == 2
        long = run("search", "a" * 5_000)
        assert (long.exit_code, "1,000" in long.output) == (1, True)
        assert "Traceback" not in long.output


def test_an_engine_that_is_down_is_told(run, monkeypatch):
    monkeypatch.setenv("MIC_ENGINE", "elastic")
    monkeypatch.setenv("MIC_ELASTIC_URL", "http://127.0.0.1:1")
    done = run("search", "a")
    assert (done.exit_code, "Elasticsearch" in done.output, "Traceback" in done.output) == (1, True, False)


def test_the_settings_choose_the_engine(tmp_path):
    assert isinstance(open_index(Settings(data=tmp_path), Lexicon()), EmbeddedIndex)
    elastic = open_index(Settings(data=tmp_path, engine="elastic"), Lexicon())
    assert isinstance(elastic, ElasticIndex)
    elastic.close()
