"""Any search as a feed: stable ids, what is new told from what changed and what went, 304 when nothing did."""

import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import pytest

from crawler.address import Key
from tests.webui.library import RETURNED, WITHDRAWN, key_of, withhold

ATOM = "{http://www.w3.org/2005/Atom}"


def items(client, query: str) -> list[dict[str, Any]]:
    return list(client.get(f"/feed/json?{query}").json["items"])


def test_both_forms_say_the_same(client):
    feed = ET.fromstring(client.get("/feed/atom?q=thông+tin&then=Long+An").data)
    told = [
        (
            entry.findtext(f"{ATOM}id"),
            entry.findtext(f"{ATOM}title"),
            next(entry.iter(f"{ATOM}category")).get("term"),
            datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")),
        )
        for entry in feed.iter(f"{ATOM}entry")
    ]
    said = [
        (item["id"], item["title"], item["tags"][0], datetime.fromisoformat(item["date_modified"]))
        for item in items(client, "q=thông+tin&then=Long+An")
    ]
    assert told == said
    assert told
    assert "thông tin · Long An" in feed.findtext(f"{ATOM}title", "")
    assert feed.findtext(f"{ATOM}updated") == max(said, key=lambda one: one[3])[3].isoformat()


def test_what_is_new_changed_and_withdrawn_is_told_apart_and_comes_in_the_order_it_happened(client):
    found = {item["_archive"]["key"]: item for item in items(client, "")}
    assert found[str(key_of(WITHDRAWN))]["tags"][0] == "withdrawn"
    assert found[str(key_of(WITHDRAWN))]["title"].startswith("[đã gỡ] ")
    assert found[str(key_of(0))]["tags"][0] == "changed"
    assert {item["tags"][0] for item in found.values()} == {"new", "changed", "withdrawn"}
    moments = [item["date_modified"] for item in found.values()]
    assert moments == sorted(moments, reverse=True)
    assert str(key_of(RETURNED)) in found


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_feed_that_has_not_changed_is_told_so(client, form):
    first = client.get(f"/feed/{form}?q=long+an")
    again = client.get(f"/feed/{form}?q=long+an", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/feed/{form}?q=lao+cai", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_what_is_withheld_is_in_no_feed(client, services):
    key = items(client, "")[0]["_archive"]["key"]
    withhold(services, Key.parse(key))
    assert key not in client.get("/feed/atom").text + client.get("/feed/json").text


@pytest.mark.parametrize(
    "query",
    [
        "q=<script>",
        "q=]]>",
        "q=%00%07",
        "q=%EF%BF%BE%EF%BF%BF",
        "category=%EF%BF%BE",
        "q=" + "a" * 2_000,
        "then=Nowhere",
        "q=😀",
    ],
)
def test_whatever_is_asked_is_a_feed_or_says_what_is_wrong(client, query):
    answer = client.get(f"/feed/atom?{query}")
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        ET.fromstring(answer.data)


def test_result_pages_lead_to_their_feeds(client):
    page = client.get("/search?q=long+an&page=2").text
    assert '<link rel="alternate" type="application/atom+xml" href="/feed/atom?q=long+an"' in page
    assert '<link rel="alternate" type="application/feed+json" href="/feed/json?q=long+an"' in page
