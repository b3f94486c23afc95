"""What every profile's rules promise, whatever addresses fit them: those of the ministry and of a second site."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.site import SiteProfile, load_profile
from crawler.address import Addresses, Key
from tests.replica.bulletin import PROFILE

PROFILES = (load_profile("mic"), load_profile(str(PROFILE)))

every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


@pytest.fixture(scope="module")
def readers() -> dict[str, Addresses]:
    return {profile.name: Addresses(profile) for profile in PROFILES}


def fitting(profile: SiteProfile, data: st.DataObject) -> str:
    """An address made to fit one of the rules, on one of the hosts, with what its query asks for and some more."""
    rule = data.draw(st.sampled_from(profile.rules))
    host = data.draw(st.sampled_from([name for host in profile.hosts for name in (host.name, *host.aliases)]))
    path = data.draw(st.from_regex(rule.path))
    query = [f"{name}={data.draw(st.from_regex(pattern))}" for name, pattern in rule.query.items()]
    query += data.draw(
        st.lists(st.sampled_from(["page=2", "PAGE=", "utm_source=x", "lvb=1&lvb=2", ";sid=1", "%"]), max_size=2)
    )
    scheme = data.draw(st.sampled_from(["http", "https"]))
    slash = "" if path.startswith("/") else "/"
    return f"{scheme}://{host}{slash}{path}{'?' if query else ''}{'&'.join(query)}"


@every_profile
@given(data=st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_an_address_that_fits_a_rule_is_read_once_and_for_all(readers, profile, data):
    """Never an error; what is refused says why; the canonical form is its own, with the same key."""
    read = readers[profile.name].read
    address = read(fitting(profile, data))
    assert address.url.isascii()
    assert address.allowed == (address.kind != "refused")
    if not address.allowed:
        assert address.why
        return
    again, asked = read(address.canonical), read(address.url)
    assert (asked.url, asked.canonical, asked.identity) == (address.url, address.canonical, address.identity)
    assert again.allowed
    assert (again.canonical, again.key, again.family) == (address.canonical, address.key, address.family)
    if address.key:
        assert Key.parse(str(address.key)) == address.key
        assert address.kind in ("article", "print", "document")


@every_profile
def test_the_kinds_that_are_recorded_have_keys_and_the_others_none(readers, profile):
    """For every seed and every host's home page."""
    for url in (*profile.seeds, *(f"https://{host.name}/" for host in profile.hosts)):
        address = readers[profile.name].read(url)
        assert address.allowed
        assert (address.key is None) == (address.kind not in ("article", "print", "document"))
