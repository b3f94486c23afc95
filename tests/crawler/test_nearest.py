"""Parts of a page are found as they were at its time, by the same rule on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.page import is_stamp_of, stamp
from tests.crawler.answers import AT, html_page

PNG = (("Content-Type", "image/png"),)
LOGO = "https://mic.gov.vn/Style%20Library/logo.png"


@pytest.fixture
def put(archive, addresses):
    """Archives an answer some days after AT."""

    def putting(days: int, payload: bytes = b"", status: int = 200, headers=PNG):
        page = html_page(payload, url=LOGO, status=status)
        page = replace(page, captured_at=AT + timedelta(days=days), headers=headers)
        return archive.append(page, addresses.read(LOGO))

    return putting


def test_the_good_answer_nearest_in_time_is_taken(archive, addresses, put):
    for days, payload, status in ((0, b"old", 200), (10, b"none", 404), (11, b"", 200), (20, b"new", 200)):
        put(days, payload, status)
    canonical = addresses.read(LOGO).canonical

    def nearest(days: int):
        return archive.read(archive.nearest(canonical, AT + timedelta(days=days))).payload

    assert [nearest(days) for days in (-5, 0, 9, 10, 11, 19, 99)] == [b"old"] * 4 + [b"new"] * 3


def test_a_redirect_is_better_than_nothing_and_worse_than_a_picture(archive, addresses, put):
    canonical = addresses.read(LOGO).canonical
    assert archive.nearest(canonical, AT) is None
    assert archive.held([canonical]) == frozenset()
    put(0, b"", 404)
    assert archive.held([canonical]) == frozenset()
    put(0, b"", 301, headers=(("Location", "/new.png"),))
    assert archive.nearest(canonical, AT).location == "https://mic.gov.vn/new.png"
    put(50, b"png")
    assert archive.nearest(canonical, AT).location == ""
    assert archive.held([canonical, "https://mic.gov.vn/x.png"]) == {canonical}


def test_a_payload_is_found_by_its_digest_and_computed_anew(archive, put):
    first = put(0, b"png")
    again = put(9, b"png")
    assert [one.id for one in archive.with_digest(first.payload_digest, 9)] == [first.id, again.id]
    assert [one.id for one in archive.with_digest(first.payload_digest, 1)] == [first.id]
    assert archive.digest_of(again) == first.payload_digest
    assert archive.with_digest("sha256:0", 9) == []


def test_a_stamp_names_a_capture_in_every_database(put):
    capture = put(0, b"png")
    told = (capture.captured_at, capture.payload_digest)
    name = stamp(*told)
    assert name == f"20240301083000-{capture.payload_digest[7:23]}"
    for same in (name, f"20240301083000-{capture.payload_digest[7:]}", name[:23]):
        assert is_stamp_of(same, *told)
    for other in (name[:22], f"{name}0", name.replace("0301", "0302"), name.upper(), ""):
        assert not is_stamp_of(other, *told)
