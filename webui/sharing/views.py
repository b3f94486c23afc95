"""Addresses for programs that look for things: robots.txt, the sitemap, the description of the search box."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, current_app

from indexer.query.request import SearchRequest
from webui import addresses, wording
from webui.language import current
from webui.services import services

sharing = Blueprint("sharing", __name__)

PART: Final = 10_000
"""Addresses in one part of the sitemap unless SITEMAP_PART says otherwise; the protocol allows 50,000."""
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_CLOSED: Final = (
    "/search",
    "/export",
    "/download/",
    "/feed/",
    "/admin/",
    "/account/",
    "/corrections",
    "/api/",
    "/verify",
)
"""Where robots have no business: endless combinations of filters, and what is for people who work here."""


@sharing.get("/robots.txt")
def robots() -> Response:
    """What robots may ask for (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED)]
    lines += ["Disallow: /article/*?", "", f"Sitemap: {addresses.in_full(addresses.sitemap())}"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@sharing.get("/sitemap.xml")
def sitemap() -> Response:
    """The parts of the sitemap."""
    parts = max(1, -(-services().record.count() // _most()))
    listed = (addresses.in_full(addresses.sitemap(number)) for number in range(1, parts + 1))
    return _xml("sitemapindex", "sitemap", listed)


@sharing.get("/sitemap/<int:number>.xml")
def part(number: int) -> Response:
    """One part: articles that are to be found, in the order of their keys."""
    keys = services().record.listed((number - 1) * _most(), _most()) if number else []
    if not keys and number != 1:
        abort(404)
    return _xml("urlset", "url", (addresses.in_full(addresses.article(key)) for key in keys))


@sharing.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser searches here from its address bar (OpenSearch 1.1)."""
    name = wording.archive(services().profile.name)
    icon = addresses.in_full(addresses.static("icon.svg"))
    search = addresses.in_full(addresses.search(SearchRequest())).split("?")[0]
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>{escape(name[:16])}</ShortName>
  <Description>{escape(services().profile.title)}</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Language>{current()}</Language>
  <Image width="16" height="16" type="image/svg+xml">{escape(icon)}</Image>
  <Url type="text/html" template="{escape(search)}?q={{searchTerms}}"/>
</OpenSearchDescription>
"""
    return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")


def _most() -> int:
    return int(current_app.config.get("SITEMAP_PART", PART))


def _xml(root: str, item: str, listed: Iterable[str]) -> Response:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SITEMAP}">']
    lines += [f"<{item}><loc>{escape(address)}</loc></{item}>" for address in listed]
    return Response("\n".join([*lines, f"</{root}>"]) + "\n", content_type="application/xml; charset=utf-8")
