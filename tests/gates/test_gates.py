"""What searching has to find, by name: public texts, and every title and every document number of the replica."""

import json
import os
import re
from typing import Any

import pytest
from click.testing import CliRunner

from indexer.__main__ import main
from indexer.evaluate import Evaluation
from indexer.evaluate.gates import Measured, judge
from indexer.evaluate.known import known_items
from indexer.evaluate.scores import Scores
from indexer.evaluate.typing import WAYS
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.request import SearchRequest
from tests.contract.conftest import LEXICON, both, store
from tests.contract.replicated import replicated

__all__ = ["both", "store"]

EVERY = 5
"""One query of so many is asked here; `evaluate --gate` asks them all, and docs/relevance.md has the figures."""

CLOSE = 0.01
"""What the engines may differ by."""

ARTICLES = 500

KNOWN = {"title parts": 0.95, "title beginnings": 0.95, "slips": 0.95, "abbreviations": 0.98, "numbers": 1.0}
"""Least MRR of queries made of the articles themselves, on their test halves."""


def _gates(engine: str) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["evaluate", "--gate", "--every", str(EVERY), "--engine", engine])
    assert done.exit_code in (0, 1), done.output
    said: dict[str, Any] = json.loads(done.output)
    return said


@pytest.mark.skipif("SHARED_DATA" not in os.environ, reason="SHARED_DATA is not set")
def test_the_gates_are_kept_on_both_engines_alike(tmp_path, monkeypatch, elasticsearch_url):
    monkeypatch.setenv("MIC_DATA", str(tmp_path))
    monkeypatch.setenv("MIC_ELASTIC_URL", elasticsearch_url)
    monkeypatch.setenv("MIC_ELASTIC_TIMEOUT", "20")
    monkeypatch.setenv("MIC_ELASTIC_NAME", f"gates-{tmp_path.name.lower()}")
    ours, theirs = _gates("embedded"), _gates("elastic")
    for said in (ours, theirs):
        for gate in said["gates"]:
            print(said["engine"], gate)
        assert said["kept"], [gate for gate in said["gates"] if not gate["kept"]]
    for here, there in zip(ours["gates"], theirs["gates"], strict=True):
        assert here["value"] == pytest.approx(there["value"], abs=CLOSE), here["gate"]
        assert here["gate"].endswith("long queries") or here["plain syllables"] is not None


def _scores(mrr: float, matched: float = 0.01, *hits: str) -> Scores:
    found = (("a", "b"), hits or ("c", "d"))
    return Scores(mrr=mrr, ndcg=0, recall=0, p50_ms=0, p95_ms=0, matched=matched, found=found)


def _measured(matched: float = 0.01, mix: float = 0.89, otherwise: str = "", **page: float) -> Measured:
    scores = {way: _scores(page.get(way.replace(" ", "_"), 0.9)) for way in WAYS}
    return Measured(
        page=scores | ({otherwise: _scores(0.9, 0.01, "d", "c")} if otherwise else {}),
        plain=dict.fromkeys(WAYS, _scores(0.5)),
        mix=_scores(mix),
        long=_scores(0.9, matched),
    )


@pytest.mark.parametrize(
    ("measured", "missed"),
    [
        (_measured(), []),
        (_measured(unmarked=0.88), ["set: unmarked"]),
        (_measured(otherwise="newer tones"), ["set: newer tones"]),
        (_measured(otherwise="decomposed"), ["set: decomposed"]),
        (_measured(one_letter_wrong=0.80, telex_left=0.82), ["set: one letter wrong"]),
        (_measured(mix=0.95), ["marked, both sets, beside the robust mix"]),
        (_measured(matched=0.06), ["set: share matched by long queries"]),
    ],
)
def test_a_gate_that_is_missed_is_named(measured, missed):
    assert [gate.name for gate in judge({"set": measured}) if not gate.kept] == missed


@pytest.fixture
def documents():
    return list(replicated(ARTICLES))


def test_what_somebody_half_remembers_finds_its_article(store, documents):
    items = known_items(documents, LEXICON)
    ready = Evaluation(store.holding(*documents), {document.key: document.url for document in documents})
    for name, least in KNOWN.items():
        queries = items.half(name, "test")
        assert len(queries) > 20
        found = ready.order(queries)
        print(name, len(queries), round(found.mrr, 4))
        assert found.mrr >= least, name


def test_every_title_finds_its_article_first(store, documents):
    index = store.holding(*documents)
    for document in documents:
        first = index.search(SearchRequest(query=document.title, size=1)).hits[0]
        assert search_text(first.title.text) == search_text(document.title), document.title


def _spellings(normal: str) -> tuple[str, ...]:
    number, _, letters = normal.rpartition("/")
    return (
        normal,
        fold(normal),
        normal.lower().replace("/", "-"),
        re.sub(r"[/-]", " ", fold(normal).lower()),
        f"văn bản số {number}/{letters}",
        f"toàn văn {fold(normal).lower().replace('/', ' ')}",
    )


def test_every_number_finds_the_article_that_issues_it_first(store, documents):
    index = store.holding(*documents)
    issued = sorted({number for document in documents for number in document.issues})
    assert len(issued) > 30
    for normal in issued:
        for spelling in _spellings(normal):
            hits = index.search(SearchRequest(query=spelling, size=5)).hits
            issuing = {document.key for document in documents if normal in document.issues}
            assert hits, spelling
            assert hits[0].key in issuing, spelling
