"""What machines can tell of the looks: no violation that axe finds, nothing that overflows, small pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "front": "/",
    "search": "/search?q=thong+tin&then=Long+An&from=2007",
    "operators": '/search?q="chuyển+đổi+số"+-hội',
    "english": "/search?q=thong+tin&lang=en",
    "nothing": "/search?q=xóa+điểm+lõm+sóng&then=Long+An&year=2009",
    "filters": "/search/filters?q=thong+tin&then=Long+An",
    "article": "/article/mic:130000?q=long+an",
    "file": "/article/mic:130001",
    "english article": "/article/mic:130007",
    "not found": "/article/mic:1",
    "too long": "/search?q=" + "a" * 1001,
    "login": "/account/login",
}
ADMIN_PAGES = {
    "admin": "/admin/",
    "job": "/admin/jobs/3",
    "failed job": "/admin/jobs/2",
    "recrawl": "/admin/recrawl",
    "preview": "/admin/recrawl?site=1",
    "audit": "/admin/audit",
    "ledger": "/admin/ledger",
    "crawls": "/admin/crawls",
    "password": "/account/password",
}
ALL = [
    *((name, address, False) for name, address in PAGES.items()),
    *((n, a, True) for n, a in ADMIN_PAGES.items()),
]
EVERY_PAGE = pytest.mark.parametrize(
    ("address", "account"), [page[1:] for page in ALL], ids=[page[0] for page in ALL]
)

OVERFLOWS = """() => [...document.querySelectorAll("body *")]
  .filter(element => element.getBoundingClientRect().right > innerWidth + 1
    && !element.closest(".unseen, .skip, .table-frame, .log, dialog"))
  .map(element => element.outerHTML.slice(0, 120))"""


@EVERY_PAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, address, account, scheme):
    page = open_page(address, account=account, color_scheme=scheme)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_in_the_drawer_and_the_suggestions(open_page):
    page = open_page("/search?q=thong+tin", width=390)
    page.get_by_role("link", name="Lọc").click()
    page.get_by_role("dialog").wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page = open_page("/")
    page.get_by_role("combobox").press_sequentially("long")
    page.get_by_role("option").first.wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@EVERY_PAGE
def test_nothing_overflows_on_narrow_screens(open_page, address, account):
    page = open_page(address, account=account, width=320)
    assert page.evaluate(OVERFLOWS) == []
    page.set_viewport_size({"width": 640, "height": 900})
    assert page.evaluate(OVERFLOWS) == []


def test_targets_are_large_enough_for_fingers(open_page):
    """WCAG 2.2: 24 by 24 pixels, links inside of sentences excepted."""
    page = open_page("/search?q=thong+tin&then=Long+An", width=390)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .chip, .pager a, .button, .facet-value, .segments a")]
          .filter(element => element.checkVisibility())
          .filter(element => Math.min(element.clientHeight, element.clientWidth) < 24)
          .map(element => element.outerHTML)"""
    )
    assert small == []


def test_pages_are_small(open_page):
    """Compressed or not: under 100 KB without images, of which scripts under 20 KB."""
    sizes: dict[str, int] = {}
    page = open_page("/health/live")
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto("/search?q=thong+tin")
    page.wait_for_load_state("networkidle")
    scripts = sum(size for url, size in sizes.items() if ".js" in url)
    assert 0 < scripts < 20_000
    assert sum(sizes.values()) < 100_000


def test_nothing_moves_while_it_loads(open_page):
    page = open_page("/search?q=thong+tin")
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
            .observe({type: "layout-shift", buffered: true});
          setTimeout(() => done(sum), 300); })"""
    )
    assert shift <= 0.02


def test_it_prints_as_a_page_to_read(open_page):
    page = open_page("/article/mic:130000")
    page.emulate_media(media="print")
    assert not page.locator(".masthead").is_visible()
    assert not page.locator(".colophon").is_visible()
    assert page.get_by_text("Sáng ngày 15/01/2009").is_visible()
