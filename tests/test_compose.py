"""The container files, as far as they can be held without a container engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import PREFIX, Settings, load
from indexer.jobs import worker
from webui import serving

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*)|:\?(?P<why>[^}]*))?\}")

EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def _filled_in(value: str) -> str:
    """A value as compose would pass it on, with every variable that must be filled in set to `filled`."""
    return VARIABLE.sub(lambda found: EXAMPLE.get(found["name"]) or found["default"] or "filled", value)


def test_the_services_are_the_ones_the_house_is_made_of():
    assert set(SERVICES) == {"web", "worker", "postgresql", "redis", "elasticsearch"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_checked_limited_and_restarted(name):
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["restart"] == "unless-stopped"
    assert set(service["networks"]) <= {"inside", "outside"}


@pytest.mark.parametrize("name", ["postgresql", "redis", "elasticsearch"])
def test_stores_are_pinned_and_reached_from_inside_only(name):
    assert re.fullmatch(r"[a-z]+:\d[\d.]*", SERVICES[name]["image"])
    assert "ports" not in SERVICES[name]
    assert SERVICES[name]["networks"] == ["inside"]
    assert yaml.safe_load(COMPOSE)["networks"]["inside"]["internal"]


def test_elasticsearch_has_security_on():
    assert SERVICES["elasticsearch"]["environment"]["xpack.security.enabled"] == "true"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_our_services_have_no_rights(name):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", ["web", "worker"])
def test_our_services_are_given_the_time_they_take_to_stop(name):
    grace = SERVICES[name]["stop_grace_period"]
    assert float(grace.removesuffix("s")) > max(worker.STOP_SECONDS, serving.STOP_SECONDS)


def test_every_variable_is_a_setting():
    named = {*re.findall(rf"\b{PREFIX}\w+", COMPOSE), *re.findall(rf"\b{PREFIX}\w+", DOCKERFILE)}
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    assert named
    assert named <= known


@pytest.mark.parametrize("name", ["web", "worker"])
def test_the_settings_make_sense(name, monkeypatch):
    for variable, value in SERVICES[name]["environment"].items():
        monkeypatch.setenv(variable, _filled_in(value))
    settings = load()
    assert settings.engine == "elastic"
    assert settings.database == "postgresql://mic:filled@postgresql:5432/mic"
    assert settings.elastic_password.get_secret_value() == "filled"


def test_the_addresses_in_the_settings_are_services():
    hosts = re.findall(r"(?:@|//)([a-z]+):\d+", "\n".join(SERVICES["web"]["environment"].values()))
    assert set(hosts) == {"postgresql", "redis", "elasticsearch"}


def test_what_is_asked_for_stands_in_the_example_without_a_secret():
    asked = {found["name"]: found["why"] for found in VARIABLE.finditer(COMPOSE)}
    assert set(asked) == set(EXAMPLE)
    assert all(not EXAMPLE[name] for name, why in asked.items() if why)


def test_the_image_runs_without_rights_from_hashed_wheels():
    lines = DOCKERFILE.splitlines()
    assert "--require-hashes" in DOCKERFILE
    assert "USER mic" in lines
    assert lines.index("USER mic") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))
    assert "HEALTHCHECK" in DOCKERFILE
    version = re.search(r"^FROM python:(\d+)\.(\d+)-slim$", DOCKERFILE, re.MULTILINE)
    assert version
    assert (int(version[1]), int(version[2])) >= (3, 11)


def test_what_the_image_copies_is_let_through():
    copied = re.findall(r"^COPY (\S+)", DOCKERFILE, re.MULTILINE)
    let_through = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(copied) == set(let_through)
