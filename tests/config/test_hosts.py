"""Which names are led to loopback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hosts import HostMap

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
