"""A site where everything goes wrong that can, each at an address of its own, with good pages in between."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.site import SITES
from tests.crawler.authority import Authority, Server
from tests.crawler.site import Answer, Handler, Site, Told, serving
from tests.crawler.speaking import resets

HOST = "mic.gov.vn"
SECRET = "mic-secret-that-must-not-leave"
"""What a file beside the crawler says; a sitemap tries to have it sent."""
LARGE = 120_000_000
GOOD = 12
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
LONG_NAME = "x" * 10_000

Raw = Callable[[Handler], None]


def raw(*pieces: bytes, pause: float = 0, reset: bool = False) -> Told:
    """Sends bytes as they are, and ends the connection."""

    def answer(handler: Handler) -> None:
        with suppress(OSError):
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(pause)
            if reset:
                resets(handler.connection)
            else:
                handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    return answer


def large(handler: Handler) -> None:
    """More than anybody wants, in lines of HTML that differ."""
    with suppress(OSError):
        handler.wfile.write(HEAD + b"\r\n")
        for block in range(LARGE // 100_000):
            line = f"<p>Văn bản số {block:06} của Bộ</p>\n".encode()
            handler.wfile.write(line * (100_000 // len(line)))
    handler.close_connection = True


def redirects(handler: Handler) -> Answer:
    """Each leads to the next article, and so on for ever."""
    number = int(handler.path.split("/")[3])
    return Answer("", 302, {"Location": f"/Pages/TinTuc/{number + 1}/x.html"})


def _page(number: int) -> Answer:
    return Answer(f"<title>Tin {number}</title><h1>Tin {number}</h1><p>{'Nội dung. ' * 60}</p>")


_NAMED = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))


def sitemap(secret: Path) -> Answer:
    """A billion laughs, a file from the machine it is read on, and one address that is real."""
    entities = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{_NAMED}<!ENTITY file SYSTEM '{secret.as_uri()}'>]>"
    real = f"<url><loc>http://{HOST}/in-sitemap.aspx</loc></url>"
    text = f"<?xml version='1.0'?>{entities}<urlset><url><loc>http://{HOST}/&file;&a11;</loc></url>{real}</urlset>"
    return Answer(text, headers={"Content-Type": "application/xml"})


FAULTS: dict[str, Told] = {
    "/reset.aspx": raw(HEAD + b"Content-Length: 5000\r\n\r\n<h1>Tin", reset=True),
    "/closed.aspx": raw(),
    "/short.aspx": raw(HEAD + b"Content-Length: 100\r\n\r\nshort"),
    "/longer.aspx": raw(HEAD + b"Content-Length: 5\r\n\r\nshort" + HEAD + b"\r\n<a href=/smuggled.aspx>x</a>"),
    "/unknown.aspx": Answer("<h1>Tin</h1>", headers={"Content-Encoding": "compress"}),
    "/nogzip.aspx": Answer("<a href=/in-nogzip.aspx>x</a>", headers={"Content-Encoding": "gzip"}),
    "/badgzip.aspx": Answer(b"\x1f\x8b\x08" + b"\0" * 7 + b"\xff" * 9, headers={"Content-Encoding": "gzip"}),
    "/bomb.aspx": Answer(gzip.compress(bytes(16_000_000)) * 60, headers={"Content-Encoding": "gzip"}),
    "/nested.aspx": Answer(
        gzip.compress(gzip.compress(bytes(30_000_000))), headers={"Content-Encoding": "gzip, gzip"}
    ),
    "/markup.aspx": Answer("<div><p>" * 200_000),
    "/formats.aspx": Answer("".join(f"<i c={n}><p>x" for n in range(5_000))),
    "/headers.aspx": raw(b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 60_000 + b"\r\n") * 50 + b"\r\n"),
    "/many.aspx": raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000 + b"\r\n"),
    "/nul.aspx": Answer(
        b"<title>Tin\0</title><h1>T\0in</h1>\0<a href='/in\0-nul.aspx'>x</a>",
        headers={"ETag": '"\0"', "Content-Type": "text/html\0; charset=utf-8\0"},
    ),
    "/nul-location.aspx": raw(b"HTTP/1.1 302 Found\r\nLocation: /in\0-nul.aspx\r\nContent-Length: 0\r\n\r\n"),
    "/raw-location.aspx": raw(
        b"HTTP/1.1 302 Found\r\nLocation: " + "/tin-tức.aspx".encode() + b"\r\nContent-Length: 0\r\n\r\n"
    ),
    "/bytes-location.aspx": raw(
        b"HTTP/1.1 302 Found\r\nLocation: /tin-\xff\xfe.aspx\r\nContent-Length: 0\r\n\r\n"
    ),
    "/bytes.aspx": Answer(b"<a href='/chu-\xe1\xff.aspx'>x</a><a href='/chu-%E1%FF.aspx'>x</a>"),
    "/long.aspx": Answer(f"<a href='/{LONG_NAME}.aspx'>x</a>"),
    "/long-location.aspx": Answer("", 302, {"Location": f"/{LONG_NAME}.aspx"}),
    "/nonsense.aspx": raw(b"nonsense\r\n\r\n"),
    "/large.aspx": large,
}
SLOW: dict[str, Told] = {
    "/slow-headers.aspx": raw(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 100, pause=0.1),
    "/slow-body.aspx": raw(HEAD + b"Content-Length: 5000\r\n\r\n", *[b"<p>x"] * 100, pause=0.1),
}
FOUND_BEHIND = (
    *("/in-nogzip.aspx", "/in-sitemap.aspx", "/tin-t%E1%BB%A9c.aspx", "/tin-%FF%FE.aspx", "/chu-%E1%FF.aspx"),
)
"""Good pages that are found only by reading the bad ones as they are meant."""


def good_path(number: int) -> str:
    return f"/good-{number}.aspx"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hostile:
    """The running site, and how to ask for it."""

    site: Site
    profile: Path
    host_map: str

    @property
    def pages(self) -> list[str]:
        """Addresses of the first host that were asked for, in order."""
        return [asked.path for asked in self.site.asked if asked.host == HOST]


_HOSTS = {
    "tls": "tls.example",
    "dns": "no-such-name.invalid",
    "refused": "refused.example",
    "robots": "robots.example",
}
_SLOW_HOSTS = {"slow": "slow.example", "slower": "slower.example"}


def _profile(folder: Path) -> Path:
    """The ministry's profile with further hosts, one for each fault that takes a whole host."""
    text = (SITES / "mic.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition("seeds = [")
    rest = rest.partition("]")[2]
    hosts = _HOSTS | _SLOW_HOSTS
    schemes = {"tls": "https"}
    seeds = [f"{schemes.get(family, 'http')}://{host}/start.aspx" for family, host in hosts.items()]
    more = "".join(
        f'[[family]]\nname = "{family}"\n\n[[host]]\nname = "{host}"\nfamily = "{family}"\n\n'
        for family, host in hosts.items()
    )
    listed = ", ".join(f'"{seed}"' for seed in (f"http://{HOST}/", *seeds))
    path = folder / "hostile.toml"
    path.write_text(f"{before}seeds = [{listed}]{rest}\n{more}", encoding="utf-8")
    return path


def _fill(site: Site, secret: Path) -> None:
    links = []
    for number, path in enumerate(FAULTS):
        links += [path, good_path(number % GOOD)]
    links.append("/Pages/TinTuc/1/x.html")
    site.answers |= {
        f"{HOST}/robots.txt": Answer(f"Sitemap: http://{HOST}/sitemap.xml\nUser-agent: *\nCrawl-delay: 0.001"),
        "/sitemap.xml": sitemap(secret),
        f"{HOST}/": "<title>Trang chủ</title>" + "".join(f"<a href='{path}'>x</a>" for path in links),
        "/robots.txt": "",
        "/start.aspx": _page(0),
        "robots.example/robots.txt": b"User-agent: *\nDisallow: /private\n" + b"Disallow: /x*y\n" * 3_500_000,
        "robots.example/start.aspx": "<a href=/private/x.aspx>x</a><a href=/open.aspx>x</a>",
        "/open.aspx": _page(1),
        **dict(zip((f"{host}/start.aspx" for host in _SLOW_HOSTS.values()), SLOW.values(), strict=True)),
        **FAULTS,
        **{good_path(number): _page(number) for number in range(GOOD)},
        **{path: _page(100) for path in FOUND_BEHIND},
        **{f"/Pages/TinTuc/{number}/x.html": redirects for number in range(1, 60)},
    }


@contextmanager
def hostile(folder: Path) -> Iterator[Hostile]:
    """The site, for the length of a block."""
    secret = folder / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    with ExitStack() as opened:
        site = opened.enter_context(serving())
        _fill(site, secret)
        authority = Authority(folder, "Nobody knows this authority")
        secure = opened.enter_context(serving(authority.context(Server(name=_HOSTS["tls"]))))
        with socket.create_server(("127.0.0.1", 0)) as closed:
            refused = f"{_HOSTS['refused']}=127.0.0.1:{closed.getsockname()[1]}"
        names = (HOST, _HOSTS["robots"], *_SLOW_HOSTS.values())
        host_map = f"{site.host_map(*names)},{secure.host_map(_HOSTS['tls'])},{refused}"
        yield Hostile(site=site, profile=_profile(folder), host_map=host_map)
