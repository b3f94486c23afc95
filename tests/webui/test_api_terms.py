"""The API's terms: ETag and 304, CORS, what is refused and how, limits and what they say."""

from contextlib import closing
from dataclasses import replace

import pytest

from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from tests.webui.library import key_of, stamp_of, withhold
from webui import create_app
from webui.protection import EXPORTS, SEARCHES

PROBLEM = "application/problem+json"
KEY, OLD = key_of(0), stamp_of(0)
KEPT = [
    "/search?q=thông+tin",
    "/facets/then",
    "/suggest?q=long",
    "/openapi.json",
    f"/articles/{KEY}",
    f"/articles/{KEY}/related",
    f"/articles/{KEY}/versions",
    f"/articles/{KEY}/versions/{OLD}",
    f"/articles/{KEY}/diff",
    f"/articles/{KEY}/captures",
    f"/articles/{KEY}/captures/{OLD}",
    f"/articles/{KEY}/captures/{OLD}/citations",
    "/captures/nearest?url=https://mic.gov.vn/Pages/TinTuc/130000/&at=2019-06-01T00:00:00Z",
]


@pytest.mark.parametrize("address", KEPT)
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_what_is_not_new_is_answered_304(client, address, encoding):
    first = client.get(f"/api/v1{address}", headers={"Accept-Encoding": encoding})
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(f"/api/v1{address}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    other = client.get(f"/api/v1{address}", headers={"If-None-Match": 'W/"other"'})
    assert (other.status_code, other.headers["ETag"]) == (200, first.headers["ETag"])


def test_what_is_new_has_another_etag(client, services):
    article = client.get(f"/api/v1/articles/{KEY}").headers["ETag"]
    assert client.get("/api/v1/search?q=a").headers["ETag"] != client.get("/api/v1/search?q=b").headers["ETag"]
    withhold(services, KEY)
    gone = client.get(f"/api/v1/articles/{KEY}", headers={"If-None-Match": article})
    assert gone.status_code == 451
    assert "public" not in gone.headers["Cache-Control"]


def test_head_tells_the_same_without_a_body(client):
    whole = client.get(f"/api/v1/articles/{KEY}")
    head = client.head(f"/api/v1/articles/{KEY}")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize(
    "address", ["/search?q=a", "/nothing", "/search?page=x", f"/articles/{KEY}", "/articles/mic:1"]
)
def test_pages_of_any_site_may_read_the_api(client, address):
    answer = client.get(f"/api/v1{address}", headers={"Origin": "https://newsroom.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "RateLimit", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Methods" not in answer.headers


def test_a_browser_that_asks_first_may_send_a_key(client):
    asked = {
        "Origin": "https://newsroom.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = client.options("/api/v1/search", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search?q=a",
        f"/article/{KEY}",
        "/export/csv",
        "/help/api",
        "/account/login",
        "/admin/",
        "/account/keys",
        "/apiary",
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_nothing_else_may_be_read_by_other_sites(client, address, method):
    with client.open(address, method=method, headers={"Origin": "https://evil.example"}) as answer:
        assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == []


@pytest.mark.parametrize(
    ("method", "address", "headers", "body", "status"),
    [
        ("GET", "/nothing", {}, None, 404),
        ("GET", "/articles/mic:1", {}, None, 404),
        ("POST", "/search", {}, None, 405),
        ("PUT", f"/articles/{KEY}", {}, b"{}", 405),
        ("DELETE", f"/articles/{KEY}", {}, None, 405),
        ("GET", "/search", {"Accept": "text/html"}, None, 406),
        ("GET", "/search", {"Accept": "application/json;q=0"}, None, 406),
        ("GET", "/export/csv", {"Accept": "application/json"}, None, 406),
        ("GET", "/search", {"Content-Type": "application/json"}, b"{}", 415),
        ("GET", "/search?typo=1", {}, None, 422),
        ("GET", "/search", {"Authorization": "Bearer mic_wrong"}, None, 401),
    ],
)
def test_errors_are_problems(client, method, address, headers, body, status):
    answer = client.open(f"/api/v1{address}", method=method, headers=headers, data=body)
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    assert answer.json["status"] == status
    assert answer.json["type"] == "about:blank"
    assert answer.json["title"].isascii(), "in English, whatever the interface speaks"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/*", "application/json", "text/html,*/*;q=0.8", "application/json; charset=utf-8"],
)
def test_who_accepts_json_gets_it(client, accept):
    assert client.get("/api/v1/search", headers={"Accept": accept}).status_code == 200


def test_cookies_make_no_other_answer(client, admin):
    client.set_cookie("lang", "vi")
    assert client.get("/api/v1/nothing").json["title"] == "There is no such page"
    whole = client.get(f"/api/v1/articles/{KEY}")
    assert admin.get(f"/api/v1/articles/{KEY}").json == whole.json
    assert "Set-Cookie" not in whole.headers


def test_an_engine_that_is_down_is_a_problem_and_says_when_to_ask_again(settings, services):
    nobody = settings.model_copy(update={"engine": "elastic", "elastic_url": "http://127.0.0.1:1"})
    with closing(open_index(nobody, Lexicon())) as index:
        client = create_app(settings, replace(services, index=index)).test_client()
        for address in ("/search?q=a", "/facets/then", "/suggest?q=a", "/export/csv"):
            answer = client.get(f"/api/v1{address}")
            assert (answer.status_code, answer.content_type) == (503, PROBLEM)
            assert int(answer.headers["Retry-After"]) > 0
        assert client.get(f"/api/v1/articles/{KEY}/versions").status_code == 200


def test_limits_are_told_before_they_are_reached(client):
    first, second = (client.get("/api/v1/search?size=1") for _ in range(2))
    assert first.headers["RateLimit-Policy"] == f'"minute";q={SEARCHES};w=60'
    assert first.headers["RateLimit"].startswith(f'"minute";r={SEARCHES - 1};t=')
    assert second.headers["RateLimit"].startswith(f'"minute";r={SEARCHES - 2};t=')
    assert "Retry-After" not in first.headers
    assert "RateLimit" not in client.get("/search?q=a").headers


def test_beyond_the_limit_the_answer_says_how_long_to_wait(client):
    for _ in range(EXPORTS):
        with client.get("/api/v1/export/csv?q=qqqq") as answer:
            assert answer.status_code == 200
    answer = client.get("/api/v1/export/csv?q=qqqq")
    assert (answer.status_code, answer.content_type) == (429, PROBLEM)
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit"].startswith('"minute";r=0;t=')
    assert client.get("/api/v1/search?q=a").status_code == 200, "each operation is counted apart"
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    with client.get("/api/v1/export/csv?q=qqqq", environ_base=elsewhere) as answer:
        assert answer.status_code == 200


def test_limits_are_counted_together_in_redis(settings, services, redis_url):
    told = settings.model_copy(update={"rates": redis_url})
    clients = [create_app(told, replace(services, settings=told)).test_client() for _ in range(2)]
    left = [client.get("/api/v1/search?size=1").headers["RateLimit"] for client in clients]
    assert [one.split(";")[1] for one in left] == [f"r={SEARCHES - 1}", f"r={SEARCHES - 2}"]
