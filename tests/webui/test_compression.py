"""Answers are compressed for whoever understands it, but never beside a secret."""

import gzip

import pytest


@pytest.mark.parametrize("path", ["/search?q=thong+tin", "/api/v1/search?q=thong+tin", "/static/style.css"])
def test_what_is_asked_for_compressed_comes_compressed(client, path):
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip"}) as packed:
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "accept-encoding" in packed.headers["Vary"].lower()
        assert len(packed.data) < len(plain.data) / 2
        assert len(gzip.decompress(packed.data)) == pytest.approx(len(plain.data), rel=0.01)


def test_nothing_is_compressed_for_who_is_logged_in(client):
    client.set_cookie("session", "anything")
    answer = client.get("/search?q=thong+tin", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


def test_a_page_that_has_not_changed_is_told_so_compressed_or_not(client):
    asked = {"Accept-Encoding": "gzip"}
    with client.get("/static/style.css", headers=asked) as first:
        asked["If-None-Match"] = first.headers["ETag"]
    with client.get("/static/style.css", headers=asked) as again:
        assert again.status_code == 304
