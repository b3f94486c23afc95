"""Settings: typed, documented, and refused with a reason where they make no sense."""

import os
from pathlib import Path

import pytest

from config.settings import PREFIX, Settings, SettingsError, load
from tests.config.settings_page import PAGE, page


@pytest.fixture(autouse=True)
def _none_set(monkeypatch):
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def test_every_setting_is_documented_as_it_is():
    """If this fails: python -m tests.config.settings_page."""
    assert PAGE.read_text(encoding="utf-8") == page()
    assert all(field.description for field in Settings.model_fields.values())


def test_without_any_variable_there_are_sensible_settings():
    settings = load()
    data = Path("data").absolute()
    assert (settings.data, settings.site, settings.engine) == (data, "mic", "embedded")
    assert settings.database == f"sqlite:///{data / 'mic.sqlite3'}"
    assert settings.archive == str(data / "archive")
    assert settings.index == str(data / "index")
    assert settings.queue == f"sqlite:///{data / 'queue.sqlite3'}"


def test_variables_are_read_with_their_types(monkeypatch, tmp_path):
    variables = {
        "DATA": str(tmp_path),
        "CRAWL_DELAY": "0.25",
        "HOST_MAP": "mic.gov.vn=127.0.0.1:8080",
        "CRAWL_CA": "/ca.pem",
        "ENGINE": "elastic",
        "SECURE_COOKIES": "true",
        "ELASTIC_PASSWORD": "s3cret",
        "CONTACT": "",
    }
    for name, value in variables.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings = load()
    assert settings.database == f"sqlite:///{tmp_path / 'mic.sqlite3'}"
    assert (settings.crawl_delay, str(settings.crawl_ca), settings.engine) == (0.25, "/ca.pem", "elastic")
    assert settings.host_map.find("mic.gov.vn", 443) == ("127.0.0.1", 8080)
    assert (settings.secure_cookies, settings.contact) == (True, "")
    assert settings.elastic_password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_a_home_folder_is_understood(monkeypatch):
    monkeypatch.setenv("HOME", "/somebody")
    monkeypatch.setenv("MIC_DATA", "~/archive")
    assert load().data == Path("/somebody/archive")


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("MIC_DATBASE", "unknown setting MIC_DATBASE; did you mean MIC_DATABASE?"),
        ("MIC_ELASTIC_URLS", "did you mean MIC_ELASTIC_URL?"),
        ("MIC_QQQQQQQQQQQQQQQQQQQQ", "unknown setting MIC_QQQQQQQQQQQQQQQQQQQQ (all of them: docs/settings.md)"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_known_name(monkeypatch, variable, said):
    monkeypatch.setenv(variable, "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("CRAWL_DELAY", value) for value in ("fast", "-1")],
        *[("CRAWL_TLS", value) for value in ("1.4", "ssl3", "mic.gov.vn=none", "1.0,1.2")],
        *[("PROXY", value) for value in ("proxy:3128", "mic.gov.vn=socks5://x", "none")],
        ("PAGE_SECONDS", "0"),
        *[("HOST_MAP", value) for value in ("mic.gov.vn", "mic.gov.vn=10.0.0.1:80", "x=127.0.0.1:99999", "=1:2")],
        ("ENGINE", "other"),
        ("WARC_SIZE", "0"),
        ("PORT", "70000"),
        ("LOG_LEVEL", "loud"),
        ("SECURE_COOKIES", "maybe"),
        ("TRUSTED_PROXIES", "9"),
    ],
)
def test_a_value_that_makes_no_sense_names_its_variable(monkeypatch, name, value):
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"^{PREFIX}{name}: "):
        load()


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        setattr(load(), "port", 1)  # noqa: B010 - mypy knows it too
