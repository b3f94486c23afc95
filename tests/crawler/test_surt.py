"""Keys of addresses: those that the Internet Archive's own library makes."""

import os
from pathlib import Path

import pytest
import surt as reference
from hypothesis import given
from hypothesis import strategies as st

from crawler.surt import surt

SITE = [line.split("\t")[0] for line in (Path(__file__).parent / "addresses.tsv").read_text().splitlines()[1:]]
ODD = [
    "http://www2.MIC.gov.vn:80/A/../b//c/",
    "https://mic.gov.vn",
    "https://mic.gov.vn/?",
    "https://mic.gov.vn:8443/x?b=2&a=1&a=0&c",
    "https://mic.gov.vn/x?PHPSESSID=0123456789abcdef0123456789abcdef&b=1",
    "https://mic.gov.vn/(S(0123456789abcdefghij0123))/x.aspx",
    "https://mic.gov.vn/K%E1%BA%BFt-qu%e1%ba%a3.aspx?q=%2541",
    "https://mic.gov.vn/Kết quả.aspx",
    "https://mic.gov.vn/a/.",
    "https://mic.gov.vn./x/",
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("url", [*(url for url in SITE if url.startswith("http")), *ODD])
def test_a_key_is_that_of_the_reference(url):
    assert surt(url) == reference.surt(url)


@pytest.mark.skipif("SHARED_DATA" not in os.environ, reason="SHARED_DATA is not set")
def test_addresses_that_were_seen_have_the_keys_of_the_reference():
    lines = (Path(os.environ["SHARED_DATA"]) / "mic_urls.tsv").read_text(encoding="utf-8").splitlines()
    urls = {field for line in lines for field in line.split("\t") if field.startswith("http")}
    assert len(urls) > 20
    assert {url: surt(url) for url in urls} == {url: reference.surt(url) for url in urls}


@given(st.text(max_size=80))
def test_any_address_has_a_key(url):
    key = surt(url)
    assert key == surt(url)
    assert " " not in key
