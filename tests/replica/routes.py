"""What an address of the site leads to."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

from crawler.address import Key
from tests.replica import addresses, detours, pictures, sessions
from tests.replica.catalogue import Series, catalogue
from tests.replica.changes import WAYS, Gone
from tests.replica.corpus import Corpus
from tests.replica.exchange import Request
from tests.replica.item import Item
from tests.replica.slots import ERAS
from tests.replica.spaces import Space, space

_FLAGS = re.IGNORECASE | re.ASCII
_ARTICLE = re.compile(r"(?:/[^/]+)?/pages/tintuc/0*(\d{1,18})(?:/[^/]*)?", _FLAGS)
_QUERY = re.compile(r"(?:/[^/]+)?/pages/tintuc/(tinchitiet|printpage)\.aspx", _FLAGS)
_HTM = re.compile(r"/(?:[^/]+/)?[^/]*-(?:197|172)(\d{5,7}|\d{12}|\d{15})\.htm", re.ASCII)
_DOCUMENT = re.compile(
    r"(?:(?:/[^/]+)?/pages/vanban/0*(\d{1,18})(?:/[^/]*)?|/van-ban-phap-luat/(\d+)\.htm)", _FLAGS
)
_FILE = re.compile(r"/upload_moi/\d{4}/vanban/(\d{1,9})-(\d)-[^/]+", _FLAGS)
_PICTURE = re.compile(r"/upload_moi/\d{4}_vn/[^/]+-(\d{1,9})\.jpg", _FLAGS)
_HOME = re.compile(
    r"/|(?:/mic_2020)?/pages/trangchu(?:_2020)?\.aspx|/trang/trangchu\.aspx|/trang-chu\.htm", _FLAGS
)
_STATIC = re.compile(r"/pages/thongtin/1140\d\d(?:/[^/]*)?", _FLAGS)

_SUCCESSOR_SINCE = f"{ERAS[-1].span.first:%y%m}01"
_MOMENT = 12
"""Ids of so many digits and more are moments: yyMMddHHmmss."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToArticle:
    """An article's page, or its print view."""

    item: Item
    printed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ToList:
    """A page of a list."""

    series: Series
    page: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ToFeed:
    """A list's feed."""

    series: Series


@dataclass(frozen=True, kw_only=True, slots=True)
class ToFile:
    """An attachment (`number` counts from 0) or, where that is None, the picture."""

    item: Item
    number: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToPage:
    """A page that belongs to no article."""

    kind: Literal["home", "static"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ToNothing:
    """Nothing is there, and this is how the site says so."""

    way: Gone


@dataclass(frozen=True, kw_only=True, slots=True)
class ToAsset:
    """What every page refers to."""

    type: str
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSpace:
    """A page of a space without end."""

    space: Space


@dataclass(frozen=True, kw_only=True, slots=True)
class ToElsewhere:
    """What was there is under another address now."""

    location: str


Route = ToArticle | ToList | ToFeed | ToFile | ToPage | ToNothing | ToAsset | ToSpace | ToElsewhere


class Router:
    """Finds what an address leads to. Hosts' other names are taken for the hosts themselves."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._dead = {key: WAYS[number % len(WAYS)] for number, key in enumerate(corpus.numbering.dead())}
        self._looping = corpus.numbering.looping()
        self._feeds = {f"{series.host}{series.feed}".lower(): series for series in catalogue() if series.feed}

    @property
    def dead(self) -> dict[Key, Gone]:
        """Keys that pages link to and that have no article, with how the site says so."""
        return dict(self._dead) if 12 in self._corpus.options.traps else dict.fromkeys(self._dead, "404")

    def route(self, host: str, request: Request) -> Route:
        """Where the request leads on a host."""
        path = request.path
        if _HOME.fullmatch(path):
            return ToPage(kind="home")
        key, form = self._key(host, path, request.query)
        if key:
            return self._article(host, key, request, form)
        return self._trapped(host, request) or self._found(host, request)

    def _found(self, host: str, request: Request) -> Route:
        if feed := self._feeds.get(f"{host}{request.target}".lower()):
            return ToFeed(series=feed)
        found = _asset(request.path) or self._file(request.path) or self._list(host, request)
        return found or (ToPage(kind="static") if _STATIC.fullmatch(request.path) else ToNothing(way="404"))

    def _trapped(self, host: str, request: Request) -> Route | None:
        """Where an address leads that is there as a trap."""
        traps = self._corpus.options.traps
        if location := detours.step(host, request.path, traps):
            return ToElsewhere(location=location)
        found = space(host, request.path, request.query) if 4 in traps else None
        return ToSpace(space=found) if found else None

    def _key(self, host: str, path: str, query: str) -> tuple[Key | None, str]:
        """The key an article's address names, and the form of the address."""
        family = addresses.FAMILIES[host]
        if match := _DOCUMENT.fullmatch(path):
            return Key(family=family, kind="document", id=match[1] or match[2]), "document"
        if match := _HTM.fullmatch(path):
            born_there = len(match[1]) >= _MOMENT and match[1] >= _SUCCESSOR_SINCE
            successor = family == "mst" and born_there
            return Key(family="mst" if successor else family.replace("mst", "mic"), id=match[1]), "htm"
        if match := _ARTICLE.fullmatch(path):
            return Key(family=family, id=match[1]), "pages"
        if match := _QUERY.fullmatch(path):
            values = {name.lower(): value[0] for name, value in parse_qs(query).items()}
            number = values.get("tintucid", "").lstrip("0")
            form = "print" if match[1].lower() == "printpage" else "pages"
            return Key(family=family, id=number if number.isdecimal() and len(number) < 19 else "-"), form
        return None, ""

    def _article(self, host: str, key: Key, request: Request, form: str) -> Route:
        index = self._corpus.find(key)
        if index is None:
            if 13 in self._corpus.options.traps and key == self._looping:
                return ToElsewhere(location=_other_way_round(request.target))
            return ToNothing(way=self.dead.get(key, "soft 404" if 12 in self._corpus.options.traps else "404"))
        item = self._corpus.item(index)
        foreign = host == addresses.HOSTS["mst"] and not (item.slot.copied or item.slot.site == "mst")
        if foreign or (form in ("pages", "print") and addresses.is_stamped(item)):
            return ToNothing(way="404")
        location = detours.moved_to(item, host, form, self._corpus.options.traps)
        return ToElsewhere(location=location) if location else ToArticle(item=item, printed=form == "print")

    def _file(self, path: str) -> Route | None:
        """A file is found by the index in its name; the rest of the name must be right too."""
        match = _FILE.fullmatch(path) or _PICTURE.fullmatch(path)
        if match is None or int(match[1]) >= len(self._corpus):
            return None
        item = self._corpus.item(int(match[1]))
        if match.re is _PICTURE:
            return ToFile(item=item, number=None) if item.picture and item.picture.path == path else None
        named = next((file for file in item.files if file.path == path), None)
        return ToFile(item=item, number=named.number) if named else None

    def _list(self, host: str, request: Request) -> Route | None:
        query = sessions.without_probe(request.query)
        for series in catalogue():
            if series.host != host:
                continue
            match = series.pattern.fullmatch(f"{request.path}?{query}" if query else request.path)
            if match is None:
                continue
            page = max(1, int((match.groupdict().get("page") or "1")[:9]))
            past = page > series.pages(self._corpus.layout) and not series.one_page
            if past and 3 not in self._corpus.options.traps:
                return ToNothing(way="404")
            return ToList(series=series, page=page)
        return None


def _other_way_round(target: str) -> str:
    """The same article's address in the other of two folders, for ever."""
    folder = "/mic_2020"
    return target.removeprefix(folder) if target.startswith(folder) else folder + target


def _asset(path: str) -> ToAsset | None:
    found = pictures.asset(path)
    return ToAsset(type=found[0], body=found[1]) if found else None
