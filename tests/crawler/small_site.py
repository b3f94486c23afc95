"""A small ministry for crawls in tests: lists with pages, articles, files, pictures, a feed; all of it made up."""

from tests.crawler.site import Answer, Site, Told

CATEGORIES = {"91": 12, "1748": 25}
"""Lists and how many articles each has."""
A_PAGE = 5
HOST = "mic.gov.vn"


NAMES = ("mic.gov.vn", "www.mic.gov.vn", "english.mic.gov.vn", "cspl.mic.gov.vn", "mst.gov.vn")
SEEDS = (f"http://{HOST}/", f"http://{HOST}/Pages/TinTuc/rss.aspx?chuyenmucid=91")


def url(path: str) -> str:
    """An address of the ministry's first host."""
    return f"http://{HOST}{path}"


def asked_of(site: Site) -> list[str]:
    """Paths asked for, robots.txt left out; what was asked is forgotten."""
    paths = [path for path in site.paths if path != "/robots.txt"]
    site.asked.clear()
    return paths


def article_path(number: int) -> str:
    return f"/mic_2020/Pages/TinTuc/{number}/Tin-{number}.html"


def list_path(category: str, page: int) -> str:
    return f"/mic_2020/Pages/ChuyenMuc/PhanTrang/{category}/{page}/Muc.html"


def numbers(category: str) -> list[int]:
    """Numbers of a category's articles, the newest first."""
    first = 100_000 + int(category) * 100
    return list(range(first + CATEGORIES[category], first, -1))


ALL = [number for category in CATEGORIES for number in numbers(category)]
FILES = [f"/Upload/{number}.PDF" for number in ALL if number % 5 == 0]


def menu() -> str:
    links = [list_path(category, 1) for category in CATEGORIES]
    return "".join(
        f'<a href="{link}">Mục</a>'
        for link in [*links, "/Pages/TinTuc/tangLuotTruyCap.aspx?tintucid=1", "https://example.org/x"]
    )


def article(number: int) -> Answer:
    more = f'<a href="/Upload/{number}.PDF">Tệp</a>' if number % 5 == 0 else ""
    others = f'<a href="/pages/tintuc/printpage.aspx?tintucID={number}">In</a><img src="/Upload/{number % 3}.jpg">'
    text = f"<h1>Tin số {number}</h1><p>{'Nội dung. ' * 80}{number}</p>"
    return Answer(f"<title>Tin số {number}</title>{menu()}{text}{more}{others}", headers={"ETag": f'"{number}"'})


def listing(category: str, page: int) -> Answer:
    shown = numbers(category)[(page - 1) * A_PAGE : page * A_PAGE]
    links = "".join(f'<li><a href="{article_path(number)}">Tin {number}</a>' for number in shown)
    pages = range(1, -(-CATEGORIES[category] // A_PAGE) + 1)
    pager = "".join(
        f'<a href="{list_path(category, other)}">{other}</a>' for other in pages if abs(other - page) == 1
    )
    text = f"<title>Danh sách</title>{menu()}<ul>{links}</ul>{pager}"
    return Answer(text, headers={"ETag": f'"{category}-{page}-{shown[0] if shown else 0}"'})


def feed(category: str) -> Answer:
    items = "".join(
        f"<item><link>http://{HOST}{article_path(number)}</link></item>" for number in numbers(category)[:5]
    )
    return Answer(f"<rss><channel>{items}</channel></rss>", headers={"Content-Type": "application/rss+xml"})


def fill(site: Site) -> None:
    """Put the whole ministry onto a server."""
    answers: dict[str, Told] = {
        "/robots.txt": Answer(
            "User-agent: *\nDisallow: /private/\nCrawl-delay: 0.001", headers={"Content-Type": "text/plain"}
        ),
        "/": f'<title>Trang chủ</title>{menu()}<a href="/private/x.htm">x</a><link rel=stylesheet href="/s.css">',
        "/s.css": Answer("body { background: url(/Upload/bg.png) }", headers={"Content-Type": "text/css"}),
        "/Upload/bg.png": Answer(b"\x89PNG", headers={"Content-Type": "image/png"}),
        "/Pages/TinTuc/rss.aspx?chuyenmucid=91": feed("91"),
    }
    for category, articles in CATEGORIES.items():
        for page in range(1, -(-articles // A_PAGE) + 1):
            answers[list_path(category, page)] = listing(category, page)
        for number in numbers(category):
            answers[article_path(number)] = article(number)
            answers[f"/Upload/{number}.PDF"] = Answer(
                f"%PDF {number}", headers={"Content-Type": "application/pdf"}
            )
    for number in range(3):
        answers[f"/Upload/{number}.jpg"] = Answer(b"\xff\xd8same", headers={"Content-Type": "image/jpeg"})
    site.answers = answers
