"""What an address means: its canonical form, its kind, the key of what it holds, whether it may be asked for."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Literal, Self
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from config.site import AddressRule, Family, Host, Kind, SiteProfile

MAX_LENGTH = 2_048
"""Characters; longer addresses come from broken pages or from people who wish to harm."""

CACHED = 16_384
"""Addresses remembered: a site's menus repeat the same few hundred links on every page."""

_EDGES = "".join(map(chr, range(0x21)))
_BREAKS = re.compile(r"[\t\r\n]")
_PLAIN = re.compile(r"(?:/(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)?)+")
"""Paths that are written as they are meant: most of them."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_KEY = re.compile(r"(?P<family>[a-z][a-z0-9]*):(?P<document>vb:)?(?P<id>[0-9A-Za-z_.-]{1,64})")
_SAFE_PATH = "/~!$&'()*+,;=:@-._"
_PORTS = {"http": 80, "https": 443}


class KeyFormatError(ValueError):
    """A written key has not the form `family:id` or `family:vb:id`."""


class _Refused(Exception):  # noqa: N818 - a decision on the way, never seen outside this module
    """The address is not to be asked for; the message is the reason, one of few: refusals are counted by it."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Key:
    """The stable name of an article or document page, whatever address it is found under."""

    family: str
    kind: Literal["article", "document"] = "article"
    id: str

    def __str__(self) -> str:
        return f"{self.family}:{'vb:' if self.kind == 'document' else ''}{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form. Raises KeyFormatError."""
        match = _KEY.fullmatch(text)
        if match is None:
            raise KeyFormatError(f"{text[:80]!r} is not a key such as mic:144805 or mic:vb:13436")
        return cls(family=match["family"], kind="document" if match["document"] else "article", id=match["id"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One address, understood. `url` is what to ask for; `canonical` is one form for all its variants."""

    url: str
    canonical: str
    family: str | None
    """Family the content belongs to (that of the key where there is one)."""
    server: str | None
    """Family of the host that answers: what a pace is kept for."""
    kind: Kind
    key: Key | None = None
    allowed: bool = True
    why: str = ""
    language: str = ""
    rule: str = ""
    """The profile's pattern that decided; '' where none did."""
    parts: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    """Named groups of that pattern, such as `category` and `page` of a list; a page is a number."""

    @property
    def identity(self) -> str:
        """What is fetched once: a key on one server family, or a canonical address that has no key."""
        return f"{self.key}@{self.server}" if self.key else self.canonical


@dataclass(frozen=True, slots=True)
class Birth:
    """The moment an id tells; `hour` is None where it tells none that exists."""

    day: date
    hour: time | None = None


class Addresses:
    """Reads addresses as one site profile understands them. Never raises on what it is given."""

    def __init__(self, profile: SiteProfile) -> None:
        self._profile = profile
        self._families = {family.name: family for family in profile.families}
        self._hosts = {name: host for host in profile.hosts for name in (host.name, *host.aliases)}
        self._first_host = {host.family: host.name for host in reversed(profile.hosts)}
        self._drop = frozenset(profile.drop_parameters)
        self._types: dict[str, Kind] = {
            **dict.fromkeys(profile.attachment_types, "attachment"),
            **dict.fromkeys(profile.asset_types, "asset"),
        }
        self._read = lru_cache(maxsize=CACHED)(self._read_absolute)

    def read(self, url: str, base: str | None = None) -> Address:
        """Understand an address, relative ones against `base`. What may not be asked for says why."""
        if len(url) > MAX_LENGTH:
            return _refusal(url[:MAX_LENGTH], f"longer than {MAX_LENGTH} characters")
        cleaned = _BREAKS.sub("", url.strip(_EDGES))
        try:
            return self._read(urljoin(base, cleaned) if base else cleaned)
        except ValueError:
            return _refusal(cleaned, "not an address")

    def born(self, identifier: str) -> Birth | None:
        """When an id says that it was made; None for a serial number."""
        match = self._profile.born.search(identifier) if self._profile.born else None
        if match is None:
            return None
        told = {name: int(value) for name, value in match.groupdict().items() if value and value.isdecimal()}
        century = 2000 if told.get("year", 0) < 100 else 0  # noqa: PLR2004 - two digits
        try:
            day = date(century + told["year"], told["month"], told["day"])
        except (ValueError, KeyError, OverflowError):
            return None
        try:
            return Birth(day, time(told["hour"], told.get("minute", 0), told.get("second", 0)))
        except (ValueError, KeyError, OverflowError):
            return Birth(day)

    def _read_absolute(self, url: str) -> Address:
        host: Host | None = None
        try:
            parts = urlsplit(url)
            name = _host_name(parts)
            host = self._hosts.get(name)
            if host is None:
                raise _Refused("not a host of this site")
            return self._match(host, name, parts)
        except _Refused as refused:
            return _refusal(url, str(refused), host)

    def _match(self, host: Host, name: str, parts: SplitResult) -> Address:
        path = _path(parts.path)
        parameters = self._parameters(parts.query) if parts.query else []
        url = _join(f"{parts.scheme}://{name}", path, parameters)
        lowered = {parameter.lower(): value for parameter, value in parameters}
        for rule in self._profile.rules:
            if rule.hosts and host.name not in rule.hosts:
                continue
            groups = _groups(rule, path, lowered)
            if groups is None:
                continue
            if rule.kind == "refused":
                raise _Refused(rule.why)
            return self._address(host, rule, url, (path, lowered, groups))
        kind = self._types.get(path.rpartition(".")[2].lower(), "page")
        kept = sorted(lowered.items()) if kind == "page" else []
        return Address(
            url=url,
            canonical=_join(f"https://{host.name}", path, kept),
            family=host.family,
            server=host.family,
            kind=kind,
            language=host.language,
        )

    def _address(
        self,
        host: Host,
        rule: AddressRule,
        url: str,
        found: tuple[str, dict[str, str], dict[str, str]],
    ) -> Address:
        path, parameters, groups = found
        key = self._key(host, rule, groups) if "id" in groups and rule.kind != "list" else None
        family = key.family if key else host.family
        kept = [(name, parameters[name]) for name in rule.keep if name in parameters]
        return Address(
            url=url,
            canonical=_join(
                f"https://{self._first_host[family] if key else host.name}",
                rule.canonical.format(**groups) if rule.canonical else path,
                kept,
            ),
            family=family,
            server=host.family,
            kind=rule.kind,
            key=key,
            language=host.language,
            rule=rule.path.pattern,
            parts=groups,
        )

    def _key(self, host: Host, rule: AddressRule, groups: Mapping[str, str]) -> Key:
        kind: Literal["article", "document"] = "document" if rule.kind == "document" else "article"
        return Key(family=self._family_of(self._families[host.family], groups["id"]), kind=kind, id=groups["id"])

    def _family_of(self, family: Family, identifier: str) -> str:
        """An id belongs to the family in whose days it was born, on whichever of the two hosts it is found."""
        for newer in self._families.values():
            if newer.succeeds and family.name in (newer.name, newer.succeeds):
                born, since = self.born(identifier), newer.since
                return newer.name if born and since and born.day >= since else newer.succeeds
        return family.name

    def _parameters(self, query: str) -> list[tuple[str, str]]:
        pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape", max_num_fields=100)
        return [(name, value) for name, value in pairs if name.lower() not in self._drop]


def _host_name(parts: SplitResult) -> str:
    if parts.scheme not in _PORTS:
        raise _Refused("neither http nor https")
    if parts.username is not None or parts.password is not None:
        raise _Refused("a user name or password in the address")
    if parts.port not in (None, *_PORTS.values()):
        raise _Refused("a port of neither http nor https")
    return (parts.hostname or "").rstrip(".")


def _path(raw: str) -> str:
    """The decoded path without session, dots and differences of Unicode form. Raises _Refused."""
    if _PLAIN.fullmatch(raw):
        return raw
    text = _SESSION.sub("", unquote(raw, errors="surrogateescape"))
    if _CONTROL.search(text):
        raise _Refused("control characters in the path")
    return unicodedata.normalize("NFC", _without_dots(text))


def _without_dots(path: str) -> str:
    """The path with its `.` and `..` resolved (RFC 3986, 5.2.4); empty parts stay, the site uses them."""
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    if path.endswith(("/.", "/..")):
        parts.append("")
    return "/" + "/".join(parts)


def _groups(rule: AddressRule, path: str, parameters: Mapping[str, str]) -> dict[str, str] | None:
    """Named groups of the rule where path and parameters match it, else None."""
    match = rule.path.search(path)
    if match is None:
        return None
    groups = match.groupdict()
    for name, pattern in rule.query.items():
        found = pattern.search(parameters.get(name, ""))
        if found is None:
            return None
        groups |= found.groupdict()
    if not (groups.get("page") or "").isdecimal():
        groups.pop("page", None)
    return {name: value for name, value in groups.items() if value is not None}


def _join(origin: str, path: str, parameters: list[tuple[str, str]]) -> str:
    quoted = path if _PLAIN.fullmatch(path) else quote(path, safe=_SAFE_PATH, errors="surrogateescape")
    query = urlencode(parameters, errors="surrogateescape") if parameters else ""
    return f"{origin}{quoted}{'?' + query if query else ''}"


def _refusal(url: str, why: str, host: Host | None = None) -> Address:
    printable = url.encode("ascii", "backslashreplace").decode("ascii")
    family = host.family if host else None
    return Address(
        url=printable, canonical=printable, family=family, server=family, kind="refused", allowed=False, why=why
    )
