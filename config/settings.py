"""Every MIC_* variable: its type, its default, what it is for."""

import difflib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.hosts import HostMap, PerHost
from config.hours import Hours

PREFIX = "MIC_"
TLS_VERSIONS = ("1.0", "1.1", "1.2", "1.3")


class SettingsError(Exception):
    """A setting is unknown or makes no sense; the message names the variable and what to do."""


def _sqlite(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda chosen: f"sqlite:///{chosen['data'] / name}"


def _folder(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda chosen: str(chosen["data"] / name)


class Settings(BaseSettings):
    """The machine's choices, read once at start. Each field is the variable MIC_<NAME IN CAPITALS>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    data: Path = Field(Path("data"), validate_default=True, description="Folder for everything kept locally.")
    site: str = Field("mic", description="Site profile: a name in config/sites/ or the path of a TOML file.")
    database: str = Field(
        default_factory=_sqlite("mic.sqlite3"),
        description="SQLAlchemy address of the database; SQLite in the data folder if empty.",
    )
    archive: str = Field(
        default_factory=_folder("archive"),
        description="Folder or fsspec URL (s3://bucket/path) of the WARC files; <data>/archive if empty.",
    )
    spool: str = Field(
        default_factory=_folder("spool"),
        description="Folder of WARC files on their way to a URL; <data>/spool if empty.",
    )
    engine: Literal["embedded", "elastic"] = Field("embedded", description="The search engine.")
    index: str = Field(
        default_factory=_folder("index"),
        description="Folder of the embedded engine's generations; <data>/index if empty.",
    )
    index_remembered: int = Field(
        128,
        ge=0,
        le=10_000,
        description="Searches whose answers the embedded engine keeps in each process until the index changes; "
        "about 100 kB each.",
    )
    queue: str = Field(
        default_factory=_sqlite("queue.sqlite3"),
        description="What wakes the worker: redis://…, postgresql://… or SQLite in the data folder if empty.",
    )
    rates: str = Field("memory://", description="Where the web's rate limits are counted: memory:// or redis://….")

    elastic_url: str = Field("http://127.0.0.1:9200", description="Addresses of the cluster, separated by commas.")
    elastic_user: str = Field("", description="User name for basic authentication.")
    elastic_password: SecretStr = Field(SecretStr(""), description="Password for basic authentication.")
    elastic_api_key: SecretStr = Field(SecretStr(""), description="API key; goes before user and password.")
    elastic_ca: Path | None = Field(
        None, description="File of the authority that signed the cluster's certificate."
    )
    elastic_name: str = Field(
        "mic",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$",  # no wildcards: indices are removed by names that begin like this
        description="Alias searched; generations are named <alias>-<number>.",
    )
    elastic_shards: int = Field(1, ge=1, le=64, description="Primary shards of a new generation.")
    elastic_replicas: int = Field(0, ge=0, le=4, description="Replicas of a new generation.")
    elastic_timeout: float = Field(1.5, gt=0, description="Seconds a search may take before it is given up.")

    contact: str = Field("", description="Mail or web address in the User-Agent; a crawl of real hosts needs it.")
    host_map: Annotated[HostMap, NoDecode] = Field(
        HostMap(), description="Host names led to loopback, for the replica: name=127.0.0.1:8080,… "
    )
    crawl_delay: float | None = Field(
        None, ge=0, description="Seconds between requests to one server; the site's own if empty."
    )
    daily_requests: int | None = Field(
        None, ge=1, description="Requests a day to one server family; the profile's if that is less."
    )
    quiet_hours: Annotated[Hours, NoDecode] = Field(
        Hours(), description="Hours in which no server is asked, besides the profile's: 08:00-11:30,…"
    )
    schedule: bool = Field(
        True, description="Whether the worker begins crawls by itself, as the administration's schedule says."
    )
    proxy: Annotated[PerHost, NoDecode] = Field(
        PerHost(),
        description="Proxy for the crawler: http://… for all hosts, or host=http://…,host=direct for some; "
        "the environment's is never used.",
    )
    crawl_ca: Annotated[PerHost, NoDecode] = Field(
        PerHost(),
        description="Files of certificates the crawler trusts besides the usual ones: a file for all hosts, "
        "or host=file,… for some.",
    )
    crawl_tls: Annotated[PerHost, NoDecode] = Field(
        PerHost((("", "1.2"),)),
        description="Lowest TLS version the crawler accepts (1.0, 1.1, 1.2, 1.3), for all hosts or host=1.0,… "
        "for some.",
    )
    page_seconds: float = Field(
        120, gt=0, description="Seconds one answer may take in all; what came until then is kept and marked."
    )
    warc_size: int = Field(
        1_000_000_000, gt=0, description="Bytes at which a WARC file is closed and the next begun."
    )
    warc_hours: float = Field(
        24, gt=0, description="Hours after which a WARC file is closed, full or not, where MIC_ARCHIVE is a URL."
    )
    page_limit: int = Field(100_000_000, gt=0, description="Bytes kept of one answer; the rest is cut and marked.")

    host: str = Field("127.0.0.1", description="Address the web interface listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the web interface listens on; 0 takes a free one.")
    public_url: str = Field("", description="Address people see, for links in feeds and citations.")
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Reverse proxies before the web interface whose headers count."
    )
    secret: SecretStr = Field(
        SecretStr(""), description="Key that signs sessions; made once in the data folder if empty."
    )
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only; switch on behind TLS.")
    key_factor: int = Field(
        10, ge=1, le=1000, description="How many times the limits of a client address an API key has."
    )
    download_articles: int = Field(
        1_000, ge=1, le=100_000, description="Articles whose files or archived copies can be downloaded at once."
    )
    download_bytes: int = Field(
        2_000_000_000,
        ge=1_000_000,
        description="Bytes of such a download; what is more is named in it and left out.",
    )
    web_processes: int = Field(
        0,
        ge=0,
        le=64,
        description="Processes that answer. 0: one for each core, up to four, where MIC_RATES is Redis, else one.",
    )
    web_threads: int = Field(8, ge=1, le=256, description="Requests answered at the same time by one web process.")
    language: Literal["vi", "en"] = Field(
        "vi", description="Language of the interface where a visitor has not chosen."
    )

    log_format: Literal["text", "json"] = Field("text", description="Log lines for people or as JSON.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )
    ocr: bool = Field(
        False,
        description="Whether pages of PDF files that are pictures are recognised, by tesseract with "
        "tesseract-ocr-vie; some seconds a page.",
    )
    processes: int = Field(0, ge=0, le=256, description="Processes that read pages; as many as cores if 0.")

    @field_validator("proxy")
    @classmethod
    def _proxies(cls, value: PerHost) -> PerHost:
        for _, choice in value.entries:
            if choice != "direct" and not choice.startswith(("http://", "https://")):
                raise ValueError(f"{choice!r} is neither http://…, https://… nor direct")
        return value

    @field_validator("crawl_tls")
    @classmethod
    def _versions(cls, value: PerHost) -> PerHost:
        for _, choice in value.entries:
            if choice not in TLS_VERSIONS:
                raise ValueError(f"{choice!r} is none of {', '.join(TLS_VERSIONS)}")
        return value

    @field_validator("data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()


def load() -> Settings:
    """Read the settings from the environment.

    Raises SettingsError for an unknown MIC_* variable (naming the nearest known one) or a bad value.
    """
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in known:
            raise SettingsError(_unknown(variable, known))
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def _unknown(variable: str, known: list[str]) -> str:
    near = difflib.get_close_matches(variable, known, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown setting {variable}{hint} (all of them: docs/settings.md)"


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    variable = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "the settings"
    return f"{variable}: {first['msg']}"
