"""What titles teach: phrases to offer, and did you mean where it finds more; what was asked is never changed."""

from urllib.parse import quote_plus

import pytest
from bs4 import BeautifulSoup

from config.settings import Settings
from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from indexer.query.phrases import OFTEN
from indexer.query.request import SearchRequest
from webui.learning import Learning


def correction(client, query: str) -> str:
    return str(client.get("/api/v1/search", query_string={"q": query}).json["correction"])


@pytest.fixture(autouse=True)
def made(services):
    services.learning.current()
    services.learning.wait()


@pytest.mark.parametrize(
    ("typed", "meant"), [("chuyen doi xo", "chuyển đổi số"), ("an toan thong tim", "an toàn thông tin")]
)
def test_a_correction_that_finds_more_is_offered_and_leads_there(client, typed, meant):
    page = BeautifulSoup(client.get(f"/search?q={quote_plus(typed)}").data, "lxml")
    offered = page.select(".correction a")
    assert [link.text for link in offered] == [meant]
    assert [box["value"] for box in page.select("#q")] == [typed]
    assert correction(client, typed) == meant
    found = client.get(str(offered[0]["href"])).text
    assert "đủ mọi từ" in found
    assert correction(client, meant) == ""


@pytest.mark.parametrize("typed", ["chuyen doi so", "long an", "qqqqqq", "title:xo", "", "2009"])
def test_nothing_is_offered_for_what_is_right_unknown_or_said_in_operators(client, typed):
    assert correction(client, typed) == ""


def test_a_filter_that_leaves_nothing_of_the_correction_leaves_it_unsaid(client):
    assert "Có phải" in client.get("/search?q=chuyen+doi+xo").text
    assert "Có phải" not in client.get("/search?q=chuyen+doi+xo&to=1990").text


def test_a_phrase_of_many_titles_is_offered_while_typing(client, services):
    titles = [hit.title.text for hit in services.index.scan(SearchRequest())]
    assert len(services.learning.current().phrases) > 0
    lines = client.get("/api/v1/suggest", query_string={"q": "an toàn thô"}).json["lines"]
    phrases = [line["text"] for line in lines if line["kind"] == "phrase"]
    assert 0 < len(phrases) <= len(lines) <= 8
    for text in phrases:
        assert sum(text.lower() in title.lower() for title in titles) >= OFTEN
        assert client.get(next(line["page"] for line in lines if line["text"] == text)).status_code == 200


def test_it_is_made_once_for_one_state_of_the_index(services):
    learning = Learning(services.index)
    assert learning.current() is None
    learning.wait()
    made = learning.current()
    assert made is not None
    assert learning.current() is made
    learning.close()
    learning.close()
    assert learning.current() is made


def test_an_index_that_does_not_answer_leaves_the_page_as_it_is(tmp_path):
    index = open_index(Settings(data=tmp_path, engine="elastic", elastic_url="http://127.0.0.1:9"), Lexicon())
    learning = Learning(index)
    learning.current()
    learning.wait()
    assert learning.current() is None
    learning.close()
    index.close()
