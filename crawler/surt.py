"""The key under which replay tools look an address up: host backwards, path and query in one form (SURT)."""

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WWW = re.compile(r"^www\d*\.")
_SESSION = re.compile(
    r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?:&|$)",
    re.IGNORECASE,
)
_IN_PATH = re.compile(
    r"/\((?:[a-z]\([0-9a-z]{24}\))+\)(/[^?]+\.aspx)|/\([0-9a-z]{24}\)(/[^?]+\.aspx)", re.IGNORECASE
)


def surt(url: str) -> str:
    """The key of an http(s) address, as the Internet Archive's indexes have it; never raises."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").strip("."), parts.port
    except ValueError:
        return _clean(url).lower()
    host = _WWW.sub("", _clean(host).lower())
    key = ",".join(reversed(host.split(".")))
    if port not in (None, 80 if parts.scheme == "http" else 443):
        key += f":{port}"
    query = _query(parts.query)
    return f"{key}){_path(parts.path)}" + (f"?{query}" if query else "")


def _path(path: str) -> str:
    kept: list[str] = []
    for part in _clean(path).split("/")[1:]:
        if part == ".." and kept:
            kept.pop()
        elif part != ".":
            kept.append(part)
    joined = "/" + "/".join([part for part in kept[:-1] if part] + kept[-1:])
    joined = _IN_PATH.sub(lambda found: found[1] or found[2], joined.lower())
    return joined.rstrip("/") or "/" if len(joined) > 1 else joined


def _query(query: str) -> str:
    arguments = _SESSION.sub("", _clean(query)).lower().split("&")
    return "&".join("=".join(pair) for pair in sorted(argument.split("=", 1) for argument in arguments))


def _clean(text: str) -> str:
    """Escaped once, however often it was escaped before."""
    raw = text.encode("utf-8", "surrogateescape")
    while (once := unquote_to_bytes(raw)) != raw:
        raw = once
    return quote_from_bytes(raw, safe=_SAFE)
