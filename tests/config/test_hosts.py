"""Which names are led to loopback, and what is chosen for which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hosts import HostMap, PerHost

WRITTEN = "mic.gov.vn=127.0.0.1:8080,MST.gov.vn:443=127.0.0.2:8443, mst.gov.vn:80=[::1]:80 ,"


@pytest.mark.parametrize(
    ("host", "port", "found"),
    [
        ("mic.gov.vn", 80, ("127.0.0.1", 8080)),
        ("mic.gov.vn", 443, ("127.0.0.1", 8080)),
        ("MIC.GOV.VN.", 443, ("127.0.0.1", 8080)),
        ("mst.gov.vn", 443, ("127.0.0.2", 8443)),
        ("mst.gov.vn", 80, ("::1", 80)),
        ("mst.gov.vn", 8080, None),
        ("www.mic.gov.vn", 80, None),
        ("gov.vn", 80, None),
        ("", 80, None),
    ],
)
def test_a_name_alone_stands_for_both_ports_a_port_for_itself(host, port, found):
    assert HostMap.parse(WRITTEN).find(host, port) == found


def test_a_map_is_written_as_it_is_read():
    hosts = HostMap.parse(WRITTEN)
    assert HostMap.parse(str(hosts)) == hosts
    assert list(hosts) == ["mic.gov.vn", "mst.gov.vn:443", "mst.gov.vn:80"]


def test_an_empty_map_leads_nowhere():
    assert not HostMap.parse("")
    assert not HostMap.parse(" , ")
    assert HostMap().find("mic.gov.vn", 80) is None


@pytest.mark.parametrize(
    "written",
    [
        "mic.gov.vn",
        "mic.gov.vn=127.0.0.1",
        "=127.0.0.1:80",
        "mic.gov.vn=127.0.0.1:http",
        "mic.gov.vn=localhost:80",
        "mic.gov.vn=10.0.0.1:80",
        "mic.gov.vn=93.184.215.14:80",
        "mic.gov.vn=127.0.0.1:0",
        "mic.gov.vn=127.0.0.1:65536",
        "mic.gov.vn=127.0.0.1:²",
    ],
)
def test_what_is_no_map_to_loopback_is_refused(written):
    with pytest.raises(ValueError, match=r"mic|="):
        HostMap.parse(written)


@given(st.text(max_size=40))
def test_any_text_is_a_map_or_refused(written):
    try:
        hosts = HostMap.parse(written)
    except ValueError:
        return
    assert HostMap.parse(str(hosts)) == hosts


# ---- choices -------------------------------------------------------------------------------------------------

CHOICES = "/all.pem, MIC.gov.vn=/mic.pem,www.mic.gov.vn=/a=b.pem,"


@pytest.mark.parametrize(
    ("host", "fitting"),
    [
        ("mst.gov.vn", ("/all.pem",)),
        ("mic.gov.vn", ("/all.pem", "/mic.pem")),
        ("MIC.GOV.VN.", ("/all.pem", "/mic.pem")),
        ("english.mic.gov.vn", ("/all.pem", "/mic.pem")),
        ("www.mic.gov.vn", ("/all.pem", "/mic.pem", "/a=b.pem")),
        ("notmic.gov.vn", ("/all.pem",)),
        ("", ("/all.pem",)),
    ],
)
def test_a_name_stands_for_the_names_under_it_and_the_longest_counts(host, fitting):
    choices = PerHost.parse(CHOICES)
    assert (choices.all(host), choices.find(host)) == (fitting, fitting[-1])


def test_choices_are_written_as_they_are_read():
    assert PerHost.parse(str(PerHost.parse(CHOICES))) == PerHost.parse(CHOICES)
    assert (PerHost.parse("").find("mic.gov.vn"), str(PerHost())) == ("", "")
    assert PerHost.parse("http://me:a=b@proxy:3128").find("mic.gov.vn") == "http://me:a=b@proxy:3128"


@pytest.mark.parametrize("written", ["a,b", "mic.gov.vn=1,MIC.gov.vn=2", "mic.gov.vn="])
def test_choices_that_contradict_each_other_are_refused(written):
    with pytest.raises(ValueError, match=r"host|mic"):
        PerHost.parse(written)


@given(st.text(max_size=40))
def test_any_text_is_a_choice_or_refused(written):
    try:
        choices = PerHost.parse(written)
    except ValueError:
        return
    assert PerHost.parse(str(choices)) == choices
