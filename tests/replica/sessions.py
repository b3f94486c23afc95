"""Numbers of sessions in addresses, and a server that tries whether its visitor keeps cookies (trap 11)."""

import re
from urllib.parse import parse_qs, urlencode
from zlib import crc32

from tests.replica.addresses import HOSTS
from tests.replica.exchange import Answer, Request
from tests.replica.traps import Traps

PROBE = "AspxAutoDetectCookieSupport"

_PROBED = re.compile(r"/pages/tintuc/tintuckinhte\.aspx", re.IGNORECASE)
_LINK = re.compile(rb'(href="(?:https://cspl\.mic\.gov\.vn)?/[^"?;#]*\.(?:html|aspx|htm))')


def is_numbered(host: str, traps: Traps) -> bool:
    """Whether every link of a host's pages carries the visit's number."""
    return 11 in traps and host == HOSTS["cspl"]


def numbered(body: bytes, host: str, visit: int) -> bytes:
    """A page with the number of the visit in all its links."""
    session = f"{crc32(f'{host}/{visit}'.encode()):08X}{visit:08X}"
    return _LINK.sub(rb"\1;jsessionid=" + session.encode(), body)


def without_probe(query: str) -> str:
    """A query as it was before the server tried its visitor."""
    return "&".join(part for part in query.split("&") if not part.startswith(f"{PROBE}="))


def probe(host: str, request: Request, traps: Traps) -> Answer | None:
    """A redirect to the same page under another address, for who has not shown a cookie yet."""
    if 11 not in traps or host != HOSTS["english"] or not _PROBED.fullmatch(request.path):
        return None
    values = parse_qs(request.query)
    if PROBE in values or f"{PROBE}=1" in request.headers.get("cookie", ""):
        return None
    more = urlencode({name: value[0] for name, value in values.items()} | {PROBE: "1"})
    target = request.target.partition("?")[0]
    return Answer(status=302, headers=(("Location", f"{target}?{more}"), ("Set-Cookie", f"{PROBE}=1; path=/")))
