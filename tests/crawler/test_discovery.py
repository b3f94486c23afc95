"""Every way to find an address: lists, feeds, sitemaps of all makes, links, attachments, what pages need."""

import gzip
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from tests.crawler.site import Answer
from tests.crawler.small_site import article_path, asked_of, url

NUMBERS = itertools.count(170_000)
TEXT = "Nội dung. " * 60
XML = {"Content-Type": "application/xml"}


@pytest.fixture
def database(sqlite_database):
    """SQLite only: nothing here differs between databases."""
    return sqlite_database


@pytest.fixture
def new(site):
    """Puts a new article onto the site and returns its path."""

    def making(form: str = "") -> str:
        number = next(NUMBERS)
        path = form.format(number) if form else article_path(number)
        site.answers[path] = f"<h1>Tin {number}</h1><p>{TEXT}</p>"
        return path

    return making


def urlset(*paths: str, modified: str = "") -> str:
    changed = f"<lastmod>{modified}</lastmod>" if modified else ""
    return "<urlset>" + "".join(f"<url><loc>{url(path)}</loc>{changed}</url>" for path in paths) + "</urlset>"


def index_of(*paths: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{url(path)}</loc></sitemap>" for path in paths)


# ---- feeds and lists of every era ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "content"),
    [
        ("/Pages/TinTuc/rss.aspx?chuyenmucid=91", "<rss><item><link>{}</link></item></rss>"),
        ("/rss/tin-tuc/vien-thong.rss", '<feed><entry><link href="{}"/></entry></feed>'),
        ("/mic_2020/Pages/ChuyenMuc/PhanTrang/91/1/Tin.html", '<a href="{}">x</a>'),
        ("/Pages/ChuyenMuc/91//Tin.html", '<a href="{}">x</a>'),
        ("/vien-thong/buu-chinh.htm", '<a href="{}">x</a>'),
        ("/Pages/TinTuc/tinnoibat.aspx", '<a href="{}">x</a>'),
        ("/Pages/HoiDap.aspx?chudeid=98&pageid=439", '<a href="{}">x</a>'),
        ("/mic_2020/Pages/VanBan/danhsachvanban.aspx?LVB=100", '<a href="{}">x</a>'),
        ("/Trang/trangchu.aspx", '<a href="{}">x</a>'),
        ("/mic_2020/Pages/ThongTin/1182/gioi-thieu.html", '<iframe src="{}"></iframe>'),
    ],
)
def test_an_article_is_found_on_lists_feeds_and_pages_of_every_era(opened, site, new, address, content):
    path = new()
    kind = "application/xml" if "rss" in address else "text/html"
    site.answers[address] = Answer(content.format(url(path)), headers={"Content-Type": kind})
    with opened(url(address)) as crawl:
        crawl.run()
    assert path in asked_of(site)


def test_an_article_and_its_files_are_found_in_another_article(opened, site, new):
    other, file = new("/van-ban-phap-luat/{}.htm"), "/Upload_Moi/VanBan/38TT.PDF"
    site.answers[file] = Answer("%PDF", headers={"Content-Type": "application/pdf"})
    first = new()
    site.answers[first] = f'<h1>Tin</h1><a href="{other}">Xem</a><p>(<a href="..{file}">38TT.PDF</a>)</p>'
    site.answers[f"/mic_2020/Pages/TinTuc{file}"] = site.answers[file]
    with opened(url(first)) as crawl:
        crawl.run()
    assert {other, f"/mic_2020/Pages/TinTuc{file}"} <= set(asked_of(site))


# ---- sitemaps ------------------------------------------------------------------------------------------------


def test_a_sitemap_index_leads_to_its_sitemaps_packed_or_not_whatever_they_are_called(opened, site, new):
    plain, packed, odd, nested = new(), new(), new(), new()
    site.answers["/robots.txt"] = f"Sitemap: {url('/map.php?kind=all')}\nUser-agent: *\nCrawl-delay: 0"
    site.answers["/map.php?kind=all"] = Answer(
        index_of("/sitemap-1.xml", "/sitemap-2.xml.gz", "/map.php?page=3", "/sitemap-4.xml"), headers=XML
    )
    site.answers["/sitemap-1.xml"] = Answer(urlset(plain), headers=XML)
    site.answers["/sitemap-2.xml.gz"] = Answer(
        gzip.compress(urlset(packed).encode()), headers={"Content-Type": "application/x-gzip"}
    )
    site.answers["/map.php?page=3"] = Answer(urlset(odd), headers=XML)
    site.answers["/sitemap-4.xml"] = Answer(index_of("/sitemap-5.xml"), headers=XML)
    site.answers["/sitemap-5.xml"] = Answer(urlset(nested), headers=XML)
    with opened(url("/s.css")) as crawl:
        crawl.run()
    assert {plain, packed, odd, nested} <= set(asked_of(site))


def test_sitemaps_that_name_each_other_or_go_on_for_ever_end(opened, site):
    numbers = itertools.count(2)
    site.answers["/sitemap-0.xml"] = Answer(index_of("/sitemap-1.xml", "/sitemap-0.xml"), headers=XML)
    answer = lambda _handler: Answer(index_of(f"/sitemap-{next(numbers)}.xml"), headers=XML)  # noqa: E731
    site.answers |= {f"/sitemap-{number}.xml": answer for number in range(1, 60)}
    with opened(url("/sitemap-0.xml")) as crawl:
        crawl.run()
    assert len(asked_of(site)) < 15


def test_a_bomb_in_place_of_a_sitemap_is_given_up_and_the_crawl_goes_on(opened, site, new):
    path = new()
    site.answers["/sitemap.xml.gz"] = Answer(gzip.compress(bytes(30_000_000)))
    site.answers["/sitemap.xml"] = Answer(
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>{urlset(path, "/&f;.htm")}', headers=XML
    )
    with opened(url("/sitemap.xml.gz"), url("/sitemap.xml")) as crawl:
        crawl.run()
    asked = asked_of(site)
    assert path in asked
    assert not [path for path in asked if "root" in path]


def test_what_a_sitemap_says_has_changed_is_due_at_once(opened, site, new):
    changed, same = new(), new()
    site.answers["/sitemap.xml"] = Answer(urlset(changed, same, modified="2020-01-01"), headers=XML)
    with opened(url("/sitemap.xml")) as crawl:
        crawl.run()
        assert {changed, same} <= set(asked_of(site))
        crawl.run()
        assert set(asked_of(site)) == {"/sitemap.xml"}
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat(timespec="seconds")
        site.answers["/sitemap.xml"] = Answer(
            urlset(same, modified="2020-01-01") + urlset(changed, modified=soon), headers=XML
        )
        crawl.run()
        assert set(asked_of(site)) == {"/sitemap.xml", changed}


def test_a_huge_sitemap_is_taken_up_within_seconds(opened, site):
    paths = [f"/Pages/TinTuc/{number}/x.html" for number in range(200_000, 230_000)]
    site.answers["/sitemap.xml"] = Answer(urlset(*paths), headers=XML)
    with opened(url("/sitemap.xml")) as crawl:
        summary = crawl.run(limit=1)
    assert summary.new == len(paths)
    assert summary.seconds < 30


# ---- what pages need -----------------------------------------------------------------------------------------


def test_all_that_a_page_needs_to_look_as_it_looked_is_archived_last_and_once(opened, site, stored, new):
    """Style sheets lead to style sheets, those to fonts and pictures; equal bytes are kept once."""
    needs = {
        "/a.css": '@import "b.css"; @font-face { src: url(/f/font.woff2) format("woff2"), url(/f/font.ttf) }',
        "/b.css": "@import url('c.css?v=2') screen; body { background: url(../Upload/bg.png) }",
        "/c.css?v=2": "li { list-style: url(/dot.gif) }",
    }
    files = [
        "/f/font.woff2",
        "/f/font.ttf",
        "/Upload/bg.png",
        "/dot.gif",
        "/p.ashx?id=1",
        "/small.jpg",
        "/large.jpg",
    ]
    site.answers |= {path: Answer(text, headers={"Content-Type": "text/css"}) for path, text in needs.items()}
    site.answers |= {path: Answer(b"same bytes", headers={"Content-Type": "image/png"}) for path in files}
    page, others = new(), [new() for _ in range(5)]
    site.answers[page] = (
        f'<link rel=stylesheet href="/a.css"><style>p {{ background: url(/dot.gif) }}</style><h1>Tin</h1><p>{TEXT}'
        '<img src="/p.ashx?id=1"><img srcset="/small.jpg 1x, /large.jpg 2x">'
    )
    site.answers["/"] = "".join(f'<a href="{path}">x</a>' for path in [page, *others])
    with opened(url("/")) as crawl:
        crawl.run()
        asked = asked_of(site)
        assert asked[:2] == ["/", page]
        assert set(asked[2:7]) == set(others)
        assert sorted(asked[7:]) == sorted([*needs, *files])
        crawl.run(again=True)
        assert not {*needs, *files} & set(asked_of(site))
    assert {f"https://mic.gov.vn{path.partition('?')[0]}" for path in needs} <= {
        canonical for _, canonical in stored()
    }
