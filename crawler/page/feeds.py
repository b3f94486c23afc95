"""Addresses in feeds and sitemaps, found by a scan: many are not well-formed, and no entity is ever expanded."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crawler.page.links import Links, absolute

MAX_LISTED = 50_000
"""Addresses of one sitemap that are looked at; the protocol allows no more."""
LARGEST = 52_428_800
"""Bytes of one sitemap that are looked at; likewise."""
MOST_SCANNED = 4 * MAX_LISTED
"""Addresses that are read where many are the same: feeds name each article twice or three times."""
FUTURE = timedelta(days=1)
"""By how much a clock elsewhere may go before ours."""
REWRITTEN = 1 / 3
"""Share of a sitemap's addresses that may have changed since it was last read; beyond it the dates say when the
sitemap was made, as those of many systems do."""
FEW = 20
"""Changes that are believed whatever their share."""

_DAY_ONLY = 10
_TOKEN = re.compile(
    r"<(?:\w{1,20}:)?(?P<holder>link|loc|guid)\b[^<>]*>\s*(?:<!\[CDATA\[\s*)?(?P<text>https?://[^<\s\]]+)"
    r"|<(?:\w{1,20}:)?(?:link|enclosure|content)\b[^<>]*?\b(?:href|url)\s*=\s*[\"'](?P<attribute>[^\"'<>]+)[\"']"
    r"|<lastmod\s*>\s*(?P<modified>(?:19|20)[0-9T:.Z+-]{2,38})"
    r"|<(?P<index>sitemapindex)\b"
    r"|</(?P<end>url|sitemap)\s*>",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Scan:
    links: list[str] = field(default_factory=list)
    modified: dict[str, datetime] = field(default_factory=dict)
    is_index: bool = False


def xml_links(text: str, base: str) -> Links:
    """Links of a feed or sitemap, with when they were modified; those of a sitemap index are sitemaps."""
    scan = _scanned(text)
    links = Links.of(base, anchors=scan.links, limit=MAX_LISTED)
    anchors = frozenset(links.anchors)
    modified = ((absolute(base, link), moment) for link, moment in scan.modified.items())
    return replace(
        links,
        modified={url: moment for url, moment in modified if url in anchors},
        sitemaps=anchors if scan.is_index else frozenset(),
    )


def believed(links: Links, since: datetime | None, now: datetime) -> Links:
    """The same with the modifications that may be true: of a sitemap that was read before at `since`."""
    past = {url: moment for url, moment in links.modified.items() if moment <= now + FUTURE}
    news = sum(since is None or moment > since for moment in past.values())
    is_rewritten = since is not None and news > max(FEW, REWRITTEN * len(links.anchors))
    return replace(links, modified={} if is_rewritten else past)


def _scanned(text: str) -> _Scan:
    scan, current = _Scan(), ""
    for match in _TOKEN.finditer(text):
        link = match["text"] or match["attribute"]
        if link:
            current = html.unescape(link)
            scan.links.append(current)
            if len(scan.links) == MOST_SCANNED:
                break
        elif match["modified"] and current:
            moment = _moment(match["modified"])
            if moment is not None:
                scan.modified[current] = moment
        elif match["end"]:
            current = ""
        elif match["index"]:
            scan.is_index = True
    return scan


def _moment(written: str) -> datetime | None:
    """The moment a W3C date names, the end of the day where it names a day; None where it makes no sense."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if len(written) == _DAY_ONLY:
        moment += timedelta(days=1, microseconds=-1)
    return moment.astimezone(UTC)
