"""What keeps visitors safe: headers on every answer, nothing inline, limits, cookies, a key of one's own."""

import re
import threading
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask import request

from config.settings import Settings
from crawler.address import Key
from indexer.article import Article, AttachmentLink, Block
from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from tests.webui.conftest import PASSWORD, log_in, make_account
from tests.webui.library import archive, stamp_of
from webui import create_app
from webui.addresses import is_local, outward
from webui.protection import signing_key

PAGES = [
    "/",
    "/search?q=thông+tin",
    "/search?q=qqqq",
    "/search/filters",
    "/article/mic:130000",
    f"/article/mic:130000/{stamp_of(0)}",
    "/article/mic:130041/captures",
    f"/article/mic:130000/compare?a={stamp_of(0)}&b={stamp_of(0, edited=True)}",
    f"/article/mic:130000/{stamp_of(0)}/cite",
    f"/article/mic:130000/{stamp_of(0)}/cite.ris",
    "/verify",
    "/account/login",
    "/help/api",
    "/styleguide",
    "/export",
    "/download/files?q=qqqq",
    "/download/copies?q=qqqq",
    "/nothing",
    "/admin/",
    "/api/v1/search",
    "/api/v1/nothing",
    "/api/v1/openapi.json",
    "/health/live",
    "/metrics",
    "/static/style.css",
]
ADMIN_PAGES = [
    *("/admin/", "/admin/recrawl", "/admin/recrawl?site=1", "/admin/audit", "/account/password"),
    *("/account/keys", "/help/api"),
]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_headers(client, address):
    with client.get(address) as answer:
        headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert ("Access-Control-Allow-Origin" in headers) == address.startswith("/api/")


class _Inline(HTMLParser):
    """Collects whatever the policy would forbid, and whatever would ask another host."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name == "style"]
        is_data = attributes.get("type") == "application/ld+json"  # which nothing runs
        if tag == "style" or (tag == "script" and not attributes.get("src") and not is_data):
            self.found.append(tag)
        if re.match(r"\s*(?!https?:)[a-z]+:", attributes.get("href") or "", re.IGNORECASE):
            self.found.append(f"{tag} href={attributes['href']}")
        for name in ("src", "action") if tag != "link" else ("href",):
            if "//" in (attributes.get(name) or "").partition("?")[0]:
                self.found.append(f"{tag} {name}={attributes[name]}")


@pytest.mark.parametrize("address", [*PAGES[:7], *ADMIN_PAGES])
def test_no_page_holds_anything_inline_or_from_another_host(admin, services, address):
    services.jobs.ask("update", {}, "lan")
    parser = _Inline()
    parser.feed(admin.get(address).text)
    assert parser.found == []


def test_behind_tls_cookies_are_secure_and_the_browser_is_told_to_stay(settings, services):
    behind = settings.model_copy(update={"secure_cookies": True, "trusted_proxies": 1})
    app = create_app(behind, replace(services, settings=behind))
    make_account(app, "lan", "admin")
    client = app.test_client()
    client.environ_base.update(HTTP_X_FORWARDED_PROTO="https", HTTP_REFERER="https://localhost/account/login")
    page = client.get("/account/login", base_url="https://localhost/")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31")
    cookie = page.headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" in client.get("/?lang=en", base_url="https://localhost/").headers["Set-Cookie"]


def test_session_cookies_are_for_the_server_alone(client):
    cookie = client.get("/account/login").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(settings, services):
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    for trusted, expected in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        told = settings.model_copy(update={"trusted_proxies": trusted})
        app = create_app(told, replace(services, settings=told))
        with app.test_client() as client:
            client.get("/health/live", headers=forwarded)
            assert request.remote_addr == expected


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/admin?a=b", "/admin/?a=b"),
        ("/admin//audit", "/admin/audit"),
        ("//evil.example/../admin", None),
        ("/?q=a", "/search?q=a"),
    ],
)
def test_no_redirect_repeats_a_host_that_a_visitor_names(client, asked, told):
    answer = client.get(asked, base_url="http://evil.example", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.headers.get("Location") == told


@pytest.mark.parametrize("path", ["/%5Cevil.example", "/%2Fevil.example", "/%5C/evil.example%3Fa"])
def test_no_link_leads_to_a_host_that_stands_in_the_path(client, path):
    """Browsers read a backslash as a slash, and two slashes as the beginning of a host."""
    page = client.get(path)
    assert page.status_code == 404
    links = re.findall(r'href="([^"#]+)"', page.text)
    assert any("evil.example" in link for link in links), "the other language of this page"
    assert [link for link in links if not is_local(link)] == []


def test_the_front_page_is_limited_like_any_search(client):
    assert [client.get("/").status_code for _ in range(121)][-2:] == [200, 429]


def test_searches_are_limited_per_address(client):
    statuses = [client.get("/search?q=a").status_code for _ in range(121)]
    assert statuses == [200] * 120 + [429]
    answer = client.get("/search?q=a")
    assert "Quá nhiều yêu cầu" in answer.text
    assert int(answer.headers["Retry-After"]) <= 60
    assert client.get("/api/v1/search").status_code == 200, "programs are counted apart"
    assert client.get("/search?q=a", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    assert client.get("/article/mic:130000").status_code == 200


def test_limits_hold_while_their_store_is_down(settings, services):
    told = settings.model_copy(update={"rates": "redis://127.0.0.1:1"})
    client = create_app(told, replace(services, settings=told)).test_client()
    statuses = [client.get("/search?q=a").status_code for _ in range(121)]
    assert statuses == [200] * 120 + [429]


def test_nothing_made_for_one_visitor_is_kept_for_another(admin):
    assert admin.get("/search").headers["Cache-Control"] == "private, no-cache"
    assert admin.get("/admin/").headers["Cache-Control"] == "no-store"
    assert "no-store" in admin.get("/account/password").headers["Cache-Control"]
    with admin.get("/static/style.css?v=1") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000"


def test_the_api_is_limited_with_a_problem(client):
    answers = [client.get("/api/v1/search?size=1") for _ in range(121)]
    assert answers[-1].status_code == 429
    assert answers[-1].content_type == "application/problem+json"


def test_the_signing_key_is_made_once_for_its_owner_alone(tmp_path):
    settings = Settings(data=tmp_path / "new")
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(signing_key(settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_key_in_the_settings_goes_first(tmp_path):
    assert signing_key(Settings(data=tmp_path / "none", secret="s" * 40)) == "s" * 40
    assert not (tmp_path / "none").exists()


def test_a_session_signed_with_another_key_is_none(app, settings, services):
    make_account(app, "lan", "admin")
    client = app.test_client()
    log_in(client, "lan", PASSWORD)
    other = settings.model_copy(update={"secret": Settings(secret="x" * 40).secret})
    forged = create_app(other, replace(services, settings=other)).test_client()
    forged.set_cookie("session", client.get_cookie("session").value)
    assert forged.get("/admin/").status_code == 403


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://mic.gov.vn/a?b=c", True),
        ("http://mic.gov.vn", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://x/%0aalert(1)", False),
        ("data:text/html,<script>", False),
        ("//example.org", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_archived_address_is_a_link_only_where_it_is_one_to_follow(address, expected):
    assert bool(outward(address)) is expected


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture
def hostile(settings, services, tmp_path):
    """A visitor of an archive with an article in which everything that can be text is an attack."""
    link = AttachmentLink(address="javascript:alert(3)", url="javascript:alert(3)", name=HOSTILE)
    key = Key(family="mic", id="666")
    article = Article(
        key=key,
        url="https://mic.gov.vn/Pages/TinTuc/666/",
        template="T2",
        language='vi" onload="alert(4)',
        title=HOSTILE,
        lead=HOSTILE,
        blocks=tuple(Block(kind=kind, text=HOSTILE) for kind in ("text", "heading", "list", "table", "caption")),
        author=HOSTILE,
        source=HOSTILE,
        category=HOSTILE,
        attachments=(link,),
    )
    archive(services, article)
    index = open_index(settings.model_copy(update={"index": str(tmp_path / "index")}), Lexicon())
    for changes, cursor in services.record.changes(after=0):
        index.apply(changes, cursor)
    yield create_app(settings, replace(services, index=index)).test_client()
    index.close()


@pytest.mark.parametrize(
    "address",
    [
        "/article/mic:666",
        f"/article/mic:666?q={quote(HOSTILE)}",
        f"/search?q={quote(HOSTILE)}",
        "/search?q=script+alert+onerror",
        f"/search?q=qqq&category={quote(HOSTILE)}",
        f"/search/filters?category={quote(HOSTILE)}",
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_hostile_text_is_inert_in_pages(hostile, address, fragment):
    page = hostile.get(address, headers={"X-Fragment": "x"} if fragment else {}).text
    assert "alert(1)" in page
    assert HOSTILE not in page
    assert "<script>alert" not in page
    parser = _Inline()
    parser.feed(page)
    assert parser.found == []
    assert "{{7*7}}" in page
