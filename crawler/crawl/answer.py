"""What an answer means for the crawl: what came of the task, and where the page leads. All of it pure."""

import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import assert_never

from config.site import SiteProfile
from crawler.address import Address, Addresses
from crawler.frontier.schedule import MAX_HOPS
from crawler.frontier.task import Task, Verdict
from crawler.page import BodyError, FetchedPage, Html, Links, body, decode
from crawler.page.body import unzipped
from crawler.page.feeds import LARGEST, believed, xml_links
from crawler.page.links import css_links
from crawler.reasons import short

MAX_DEPTH = 8
"""Pages and lists in a row, from the last article or seed, beyond which links are not followed: no site has its
articles deeper, and spaces without end are."""
MAX_PAGE = 10_000
"""Pages of one list; mic.gov.vn's longest had some two hundred."""

_LISTS = ("list", "feed", "sitemap")
_MEANT = (*_LISTS, "page")
_DEEP = ("page", "list", "sitemap")
_FILES = ("asset", "attachment")
_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_GOOD = range(200, 300)
_MARKUP = ("text/html", "application/xhtml+xml", "")
_NUMBERS = re.compile(r"[0-9]+")
_NO_LINKS = Links()
_XML = ("application/xml", "text/xml", "application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of a task. `reason` is for the ledger, and says no addresses."""

    verdict: Verdict
    status: int
    reason: str
    meaning: str = ""
    moved_to: Address | None = None
    links: Links = _NO_LINKS


class Reader:
    """Understands answers as one site profile sees them."""

    def __init__(self, profile: SiteProfile, addresses: Addresses) -> None:
        self._phrases = profile.soft_errors
        self._addresses = addresses

    def read(self, task: Task, page: FetchedPage) -> Answer:
        """What an answer to a task means."""
        if page.status == 0:
            return Answer(verdict="failed", status=0, reason=short(page.error))
        if page.truncated in ("time", "disconnect"):
            return Answer(verdict="failed", status=page.status, reason=f"cut short ({page.truncated})")
        if page.status in _REDIRECT and page.location:
            return self._moved(task, page)
        if page.status in _GOOD:
            return self._fetched(task, page)
        return Answer(verdict=_verdict(task, page.status), status=page.status, reason=str(page.status))

    def _moved(self, task: Task, page: FetchedPage) -> Answer:
        target = self._addresses.read(page.location, page.url)
        reason = str(page.status)
        if not target.allowed:
            return Answer(verdict="moved", status=page.status, reason=f"{reason} to what is refused: {target.why}")
        if task.hops >= MAX_HOPS:
            return Answer(verdict="forbidden", status=page.status, reason="redirect loop")
        if target.identity != task.identity:
            return Answer(verdict="moved", status=page.status, reason=reason, links=Links(anchors=(target.url,)))
        return Answer(verdict="moved", status=page.status, reason=reason, moved_to=target)

    def _fetched(self, task: Task, page: FetchedPage) -> Answer:
        reason = str(page.status)
        try:
            if page.media_type == "text/html" or (page.media_type in _MARKUP and task.kind not in _FILES):
                return self._read_html(task, page)
            links, meaning = self._read_other(task, page)
        except BodyError as error:
            return Answer(verdict="fetched", status=page.status, reason=str(error))
        return Answer(verdict="fetched", status=page.status, reason=reason, meaning=meaning, links=links)

    def _read_html(self, task: Task, page: FetchedPage) -> Answer:
        decoded = decode(page)
        html = Html.parse(decoded.text, page.url, decoded.utf8)
        links = html.links()
        match html.soft_error(self._phrases):
            case "soft 404":
                return Answer(verdict="gone", status=HTTPStatus.NOT_FOUND, reason="soft 404", links=links)
            case "soft 500":
                return Answer(verdict="failed", status=HTTPStatus.INTERNAL_SERVER_ERROR, reason="soft 500")
            case "":
                meaning = html.meaning(self._addresses) if task.kind in _MEANT else ""
                return Answer(
                    verdict="fetched", status=page.status, reason=str(page.status), meaning=meaning, links=links
                )
            case other:
                assert_never(other)

    def _read_other(self, task: Task, page: FetchedPage) -> tuple[Links, str]:
        """Links and meaning of what is no HTML: feeds, sitemaps, style sheets; files lead nowhere."""
        if page.media_type == "text/css":
            return css_links(decode(page).text, page.url), ""
        if task.kind in _LISTS and (page.media_type in _XML or task.kind != "list"):
            text = unzipped(body(page, LARGEST), LARGEST).decode("utf-8", "replace")
            links = believed(xml_links(text, page.url), task.fetched_at, page.captured_at)
            named = "\n".join(sorted(links.anchors)).encode("utf-8", "surrogatepass")
            return links, "sha256:" + hashlib.sha256(named).hexdigest()
        return _NO_LINKS, ""


def refused(task: Task, address: Address) -> str:
    """Why an address found on a page is not taken up; '' if it is."""
    if not address.allowed:
        return address.why
    if address.kind in _DEEP and depth(task, address) > MAX_DEPTH:
        return "too deep"
    if address.kind == "list" and page_of(address) > MAX_PAGE:
        return "a list without end"
    return ""


def depth(task: Task, address: Address) -> int:
    """Pages and lists in a row; going on in the same list counts for nothing, and so does what is no page.

    Sitemaps count sitemaps.
    """
    if address.kind not in _DEEP or (address.kind == "sitemap" != task.kind):
        return 0
    return task.depth if goes_on(task, address) else task.depth + 1


def goes_on(task: Task, address: Address) -> bool:
    """Whether an address is a later page of the list that a task is a page of.

    Where addresses name neither category nor page: whether they differ in numbers and parameters only.
    """
    if task.kind != "list" or address.kind != "list":
        return False
    if "page" in address.parts:
        return task.category == address.parts.get("category") and page_of(address) > (task.page or 1)
    return _shape(task.identity) == _shape(address.identity) and task.identity != address.identity


def page_of(address: Address) -> int:
    """The page of a list, 1 where the address names none."""
    return int(address.parts.get("page", "1"))


def _shape(url: str) -> str:
    return _NUMBERS.sub("0", url.partition("?")[0])


def _verdict(task: Task, status: int) -> Verdict:
    """What a status means that is neither a redirect nor a page."""
    if status == HTTPStatus.NOT_MODIFIED:
        return "unchanged" if task.capture is not None else "failed"
    if status in _GONE:
        return "gone"
    return "failed" if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR else "forbidden"
