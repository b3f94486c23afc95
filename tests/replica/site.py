"""The site: a host and an address in, an answer out. No sockets, no threads; time is passed in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from zlib import crc32

from tests.replica import addresses, pictures, sessions, sitemaps
from tests.replica.changes import Changes, Gone, Outage
from tests.replica.coding import Coding, coded, coding
from tests.replica.corpus import Corpus
from tests.replica.exchange import Answer, Headers, Request
from tests.replica.files import MEDIA_TYPES, file_content
from tests.replica.hardships import Hardships
from tests.replica.item import Item
from tests.replica.routes import (
    Route,
    Router,
    ToArticle,
    ToAsset,
    ToElsewhere,
    ToFeed,
    ToFile,
    ToList,
    ToNothing,
    ToSpace,
)
from tests.replica.templates import dates, others
from tests.replica.templates.choosing import markup
from tests.replica.templates.chunks import Page, Volatile
from tests.replica.templates.view import View
from tests.replica.traps import is_never_fetched

PAGES_KEPT = 512
FILES_KEPT = 64

_HTML = "text/html; charset=utf-8"
_FEED = "application/rss+xml; charset=utf-8"
_STATUS: dict[Gone, int] = {"404": 404, "410": 410, "soft 404": 200, "error page": 200}


class Site:
    """The hosts of the ministry as they are now."""

    def __init__(self, corpus: Corpus, now: Callable[[], datetime]) -> None:
        """`now` gives the moment, aware."""
        self.corpus = corpus
        self.changes = Changes()
        self.router = Router(corpus)
        self._now = now
        self._visits: Counter[str] = Counter()
        self._hardships = Hardships(corpus.options)
        self._page = lru_cache(maxsize=PAGES_KEPT)(self._make_page)
        self._file = lru_cache(maxsize=FILES_KEPT)(self._make_file)

    def answer(self, request: Request) -> Answer:
        """The answer to a request for one of the site's hosts."""
        host = addresses.ALIASES.get(request.host, request.host)
        return self._refused(host, request) or self._apart(host, request) or self._routed(host, request)

    def revert(self) -> None:
        """Undo every change that was made to the site, and forget who asked for what."""
        self.changes = Changes()
        self._hardships = Hardships(self.corpus.options)
        self._page.cache_clear()  # its pages are told apart by how many changes there were

    def _refused(self, host: str, request: Request) -> Answer | None:
        """The answer where none of the site is shown."""
        if host not in addresses.FAMILIES:
            return _plain(421, f"{request.host} is none of the hosts this replica stands in for")
        if request.method not in ("GET", "HEAD", "POST"):
            return _plain(405, "GET, HEAD or POST")
        way = self.changes.outages.get(host)
        return self._out_of_order(host, request, way) if way else None

    def _out_of_order(self, host: str, request: Request, way: Outage) -> Answer | None:
        match way:
            case "503":
                return _plain(503, "Service Unavailable")
            case "403":
                return _plain(403, "Forbidden")
            case "error page":
                return self._rendered(host, request, ToNothing(way="error page"), 200)
            case "home":
                return None if request.target == "/" else Answer(status=302, headers=(("Location", "/"),))

    def _apart(self, host: str, request: Request) -> Answer | None:
        """The answer to what leads to no page of the corpus."""
        traps = self.corpus.options.traps
        if is_never_fetched(request.path):
            return _plain(200, "1")
        if request.path == "/robots.txt":
            broken = 16 in traps and request.host == others.BROKEN_ROBOTS
            return _plain(500, "Error") if broken else _plain(200, others.robots(self._view(host)))
        return (
            sitemaps.sitemap(self.corpus, host, request.path)
            or sessions.probe(host, request, traps)
            or self._hardships.page(request.path)
        )

    def _current(self, route: Route) -> Route:
        """The route as it is after removals and edits."""
        if isinstance(route, ToArticle | ToFile):
            way = self.changes.removed.get(str(route.item.key))
            if way:
                return ToNothing(way=way)
            revision = self.changes.revisions.get(str(route.item.key), 0)
            if revision and isinstance(route, ToArticle):
                return ToArticle(item=self.corpus.item(route.item.index, revision), printed=route.printed)
        return route

    def _routed(self, host: str, request: Request) -> Answer:
        route = self._current(self.router.route(host, request))
        match route:
            case ToNothing(way=way):
                return self._rendered(host, request, route, _STATUS[way])
            case ToElsewhere(location=location):
                return Answer(status=301, headers=(("Location", location),))
            case ToAsset(type=kind, body=body):
                return self._conditional(request, Answer(headers=(("Content-Type", kind),), body=body), None)
            case ToFile(item=item, number=number):
                return self._conditional(request, self._file(item.index, number), self._modified(item))
            case ToArticle(item=item):
                return self._hardships.suffered(item, self._unless_known(host, request, route))
            case _:
                return self._unless_known(host, request, route)

    def _version(self, route: Route) -> tuple[str, datetime | None]:
        """What tells one state of a page from another, and since when it has been so."""
        match route:
            case ToArticle(item=item, printed=is_print):
                return f"{item.index}.{item.revision}{'p' if is_print else ''}", self._modified(item)
            case ToList(series=series, page=page):
                return f"{series.stream}.{page}.{self.changes.count}", self._listed_at(series.stream)
            case ToFeed(series=series):
                return f"{series.stream}.feed.{self.changes.count}", self._listed_at(series.stream)
            case ToSpace(space=at):
                return f"{crc32(repr(at).encode()):x}.{self.changes.count}", None
            case _:
                return f"page.{self.changes.count}", self.changes.latest

    def _unless_known(self, host: str, request: Request, route: Route) -> Answer:
        """The page, or 304 where the client has this version of it."""
        name, modified = self._version(route)
        if not self.corpus.options.conditional:
            return self._rendered(host, request, route, 200)
        tag = f'W/"{self.corpus.options.seed}-{crc32(host.encode()):x}-{name}"'
        headers = _validators(tag, modified)
        if _is_known(request, tag, modified):
            return Answer(status=304, headers=headers)
        return self._rendered(host, request, route, 200, headers)

    def _rendered(self, host: str, request: Request, route: Route, status: int, headers: Headers = ()) -> Answer:
        page = self._page(host, route, self.changes.count)
        values = self._volatile(host, request)
        how = coding(route.item, host, self.corpus.options) if isinstance(route, ToArticle) else None
        if how or sessions.is_numbered(host, self.corpus.options.traps):
            return self._odd(host, page.plain(values), how, Answer(status=status, headers=headers))
        kind = _FEED if isinstance(route, ToFeed) else _HTML
        headers = (("Content-Type", kind), *headers, ("Vary", "Accept-Encoding"))
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Answer(
                status=status, headers=(*headers, ("Content-Encoding", "gzip")), body=page.gzipped(values)
            )
        return Answer(status=status, headers=headers, body=page.plain(values))

    def _odd(self, host: str, page: bytes, how: Coding | None, answer: Answer) -> Answer:
        """A page with this visit's number in its links, or in an odd coding; never compressed."""
        traps = self.corpus.options.traps
        if sessions.is_numbered(host, traps):
            page = sessions.numbered(page, host, self._visits.total())
        kind, body = coded(page.decode(), how) if how else (_HTML, page)
        return replace(answer, headers=(("Content-Type", kind), *answer.headers), body=body)

    def _volatile(self, host: str, request: Request) -> dict[Volatile, str]:
        """What this visit sees that the next will not."""
        now, address = self._now(), f"{host}{request.target}"
        self._visits[address] += 1
        visits = self._visits[address]
        language = "en" if host == addresses.HOSTS["english"] else "vi"
        return {
            Volatile.DAY: dates.visit(now.astimezone(dates.VIETNAM), language),
            Volatile.VIEWS: str(crc32(address.encode()) % 5_000 + visits),
            Volatile.TOKEN: f"0x{crc32(f'{address}{visits}'.encode()):08X},{now:%d %b %Y %H:%M:%S} -0000",
        }

    def _make_page(self, host: str, route: Route, _count: int) -> Page:
        return Page(markup(self._view(host), route))

    def _view(self, host: str) -> View:
        return View(corpus=self.corpus, changes=self.changes, host=host)

    def _make_file(self, index: int, number: int | None) -> Answer:
        item = self.corpus.item(index)
        if number is None:
            return Answer(headers=(("Content-Type", "image/jpeg"),), body=pictures.photograph(index))
        file = item.files[number]
        content = file_content(self.corpus.options.seed, item, file)
        return Answer(headers=(("Content-Type", MEDIA_TYPES[file.type]),), body=content.render())

    def _conditional(self, request: Request, answer: Answer, modified: datetime | None) -> Answer:
        """A file, or 304 where the client has it."""
        if not self.corpus.options.conditional:
            return answer
        tag = f'"{crc32(answer.body):08x}"'
        headers = _validators(tag, modified)
        if _is_known(request, tag, modified):
            return Answer(status=304, headers=headers)
        return Answer(headers=(*answer.headers, *headers), body=answer.body)

    def _modified(self, item: Item) -> datetime:
        """When the article was published or last changed."""
        published = item.moment.replace(tzinfo=dates.VIETNAM, microsecond=0)
        return self.changes.changed_at.get(str(item.key), published)

    def _listed_at(self, stream: str) -> datetime | None:
        if self.changes.latest or not self.corpus.layout.count(stream):
            return self.changes.latest
        newest = self.corpus.layout.place(self.corpus.layout.nth(stream, 0)).moment
        return newest.replace(tzinfo=dates.VIETNAM, microsecond=0)


def _validators(tag: str, modified: datetime | None) -> Headers:
    if modified is None:
        return (("ETag", tag),)
    return (("ETag", tag), ("Last-Modified", format_datetime(modified.astimezone(UTC), usegmt=True)))


def _is_known(request: Request, tag: str, modified: datetime | None) -> bool:
    """Whether the client's copy is this one; its tag goes before its date."""
    known = request.headers.get("if-none-match")
    if known is not None:
        return tag in known or known.strip() == "*"
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified - timedelta(seconds=1) < parsedate_to_datetime(since)
    except ValueError:
        return False


def _plain(status: int, words: str) -> Answer:
    return Answer(status=status, headers=(("Content-Type", "text/plain; charset=utf-8"),), body=words.encode())
