"""Did you mean: offered where it finds more, on the page and in the API; what was asked is never changed."""

from urllib.parse import quote_plus

import pytest
from bs4 import BeautifulSoup

from config.settings import Settings
from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from webui.correcting import Correcting


def correction(client, query: str) -> str:
    return str(client.get("/api/v1/search", query_string={"q": query}).json["correction"])


@pytest.fixture(autouse=True)
def made(services):
    services.correcting.current()
    services.correcting.wait()


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


def test_it_is_made_once_for_one_state_of_the_index(services):
    correcting = Correcting(services.index)
    assert correcting.current() is None
    correcting.wait()
    made = correcting.current()
    assert made is not None
    assert correcting.current() is made
    correcting.close()
    correcting.close()
    assert correcting.current() is made


def test_an_index_that_does_not_answer_leaves_the_page_as_it_is(tmp_path):
    index = open_index(Settings(data=tmp_path, engine="elastic", elastic_url="http://127.0.0.1:9"), Lexicon())
    correcting = Correcting(index)
    correcting.current()
    correcting.wait()
    assert correcting.current() is None
    correcting.close()
    index.close()
