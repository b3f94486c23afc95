"""Both engines see the same words: the same text, token by token."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tantivy import TextAnalyzerBuilder, Tokenizer

from indexer.engines.elastic import ElasticIndex
from indexer.engines.embedded import EmbeddedIndex
from indexer.engines.embedded.schema import analysed
from indexer.engines.entry import entry
from indexer.language.normalise import search_text
from tests.contract.documents import article

ANALYZERS = {"": "vi", "fold": "vi_fold", "bi": "vi_bi", "fold_bi": "vi_fold_bi"}
WAYS = ("", ".fold", ".bi", ".fold_bi")
PART = 4_000
"""Characters of one comparison: Elasticsearch analyses at most 10,000 tokens at once."""

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def cluster(both):
    """An index in Elasticsearch with the analyzers of the engine."""
    _, there = both
    made = there.scratch([])
    assert isinstance(made, ElasticIndex)
    yield made
    made.discard()


def _compare(cluster, text: str) -> None:
    splitter = TextAnalyzerBuilder(Tokenizer.whitespace()).build()
    made = search_text(text)
    for analysis, prepared in analysed(made).items():
        said = cluster._client.indices.analyze(index=cluster.generation, analyzer=ANALYZERS[analysis], text=made)[
            "tokens"
        ]
        assert splitter.analyze(prepared) == [token["token"] for token in said], (analysis, text)


def _parts(text: str) -> list[str]:
    return [text[start : start + PART] for start in range(0, len(text), PART)]


def test_every_text_of_the_shared_data(cluster):
    folder = os.environ.get("SHARED_DATA")
    if not folder:
        pytest.skip("SHARED_DATA is not set")
    files = [
        path
        for path in Path(folder).rglob("*")
        if path.suffix in {".txt", ".md", ".json", ".tsv", ".jsonl", ".csv"}
    ]
    assert len(files) > 20
    for path in files:
        for part in _parts(path.read_text(encoding="utf-8")):
            _compare(cluster, part)


def test_every_letter_mark_and_figure(cluster):
    letters = [chr(code) for code in range(0x80, 0x3_0000) if unicodedata.category(chr(code))[0] in "LMN"]
    for start in range(0, len(letters), 3_000):
        _compare(cluster, " ".join(f"x{letter}y" for letter in letters[start : start + 3_000]))


WRITTEN = st.text(
    st.one_of(
        st.sampled_from(
            "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐbcghklmnpqrstvxàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
        ),
        st.sampled_from("\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"),
        st.sampled_from(" .,;:-_/&()\"'“”…–²½№€\u200b\u00ad\t\n"),
        st.sampled_from("0123456789"),
        st.sampled_from("😀🇻🇳👩‍💻❤️\u202e\u0000"),
        st.characters(categories=["L", "M", "N", "P", "S", "Z"]),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WRITTEN, min_size=10, max_size=10))
def test_whatever_is_written(cluster, texts):
    for text in texts:
        _compare(cluster, text)


TEXTS = {
    "title": "Quyết định số 749/QĐ-TTg của Bộ TT&TT",
    "lead": "Hoà Bình, Thủ đô, quý khách. Tp.HCM; hòa_bình 1.7.2025",
    "body": "chuyển đổi số\n\nÐắk Lắk, ðường; " + unicodedata.normalize("NFD", "tiếng Việt") + " 😀 l’amour m²",
    "attachments": "Phụ lục\fBảng 1\tsố liệu",
    "author": "Nguyễn Văn Ất",
    "source": "Báo Nhân Dân",
    "numbers": ("749/QĐ-TTg",),
    "attachment_names": ("Quyet-dinh_749.pdf",),
}


def test_what_is_indexed_is_the_same_in_every_field(both):
    """The terms of one article: those tantivy holds, those Elasticsearch makes of its mapping, and holds."""
    here, there = both
    document = article(1, **TEXTS)
    embedded, elastic = here.holding(document), there.holding(document)
    assert isinstance(embedded, EmbeddedIndex)
    assert isinstance(elastic, ElasticIndex)
    texts = [f"{text}{way}" for text in ("title", "lead", "body", "attachments") for way in WAYS]
    fields = [*texts, "names", "all.fold", "all.fold_bi"]
    state = embedded._state()
    assert state
    searcher = state.snapshot._searcher
    said = elastic._client.termvectors(index=elastic.generation, doc=entry(document).texts, fields=fields)
    for field in fields:
        ours = {term for term, _ in searcher.terms_with_prefix(field, "")}
        assert ours, field
        assert ours == set(said["term_vectors"][field]["terms"]), field
        held = {"bool": {"filter": [{"term": {field: term}} for term in ours]}}
        assert elastic._client.count(index=elastic.generation, query=held)["count"] == 1, field
    assert "quyet_dinh" in {term for term, _ in searcher.terms_with_prefix("title.fold_bi", "")}
