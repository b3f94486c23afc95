"""What machines can tell of the looks: no violation that axe finds, nothing that overflows, small pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.webui.library import stamp_of

OLD, NEW = stamp_of(0), stamp_of(0, edited=True)
PAGES = {
    "front": "/",
    "search": "/search?q=thong+tin&then=Long+An&from=2007",
    "operators": '/search?q="chuyển+đổi+số"+-hội',
    "english": "/search?q=thong+tin&lang=en",
    "nothing": "/search?q=xóa+điểm+lõm+sóng&then=Long+An&year=2009",
    "compact": "/search?q=thông+tin&then=Long+An&view=compact",
    "compact in English": "/search?view=compact&size=50&lang=en",
    "all articles": "/search",
    "misspelt": "/search?q=chuyển+đổi+sô+vien+thong",
    "style guide": "/styleguide",
    "style guide in English": "/styleguide?lang=en",
    "filters": "/search/filters?q=thong+tin&then=Long+An",
    "export of nothing": "/export?q=qqqq",
    "export of everything": "/export?lang=en",
    "help": "/help",
    "help in English": "/help?lang=en",
    "export": "/export?q=thong+tin&then=Long+An",
    "coverage": "/coverage",
    "provinces": "/provinces",
    "article": "/article/mic:130000?q=long+an",
    "file": "/article/mic:130001",
    "files found": "/article/mic:199998?q=tên+miền+quốc+gia",
    "english article": "/article/mic:130007",
    "withdrawn article": "/article/mic:130040",
    "missing article": "/article/mic:130042",
    "not found": "/article/mic:1",
    "withheld article": "/article/mic:199999",
    "corrected article": "/article/mic:130003",
    "too long": "/search?q=" + "a" * 1001,
    "login": "/account/login",
    "API": "/help/api",
    "API in English": "/help/api?lang=en",
    "in a list": "/article/mic:130000?q=long+an&page=1",
    "older version": f"/article/mic:130000/{OLD}",
    "captures": "/article/mic:130000/captures",
    "captures of a withdrawn article": "/article/mic:130041/captures",
    "many captures": "/article/mic:199997/captures?page=2",
    "many versions": "/article/mic:199997",
    "comparison": "/article/mic:130000/compare",
    "comparison side by side": f"/article/mic:130000/compare?a={OLD}&b={NEW}&view=side",
    "same text": f"/article/mic:130000/compare?a={NEW}&b={NEW}",
    "copy": f"/article/mic:130000/{NEW}/copy",
    "cite": f"/article/mic:130000/{NEW}/cite",
    "cite in English": f"/article/mic:130000/{NEW}/cite?lang=en",
    "verify": "/verify",
    "verified": f"/verify?what=mic:130000/{NEW}",
    "not verified": "/verify?what=" + "0" * 64,
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
    "keys": "/account/keys",
    "keys in English": "/account/keys?lang=en",
    "correct": "/article/mic:130003/correct",
    "release": "/article/mic:199999/correct",
    "corrections": "/corrections",
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


@pytest.mark.parametrize(
    "address",
    ["/", "/search?q=thong+tin", "/search?view=compact&size=100", "/article/mic:130000?q=long+an", "/styleguide"],
)
def test_pages_are_small(open_page, address):
    """As they come over the wire: a page under 30 KB without images; scripts under 20 KB even unpacked."""
    sizes: dict[str, int] = {}
    scripts: dict[str, int] = {}
    page = open_page("/health/live")

    def count(answer):
        sizes[answer.url] = answer.request.sizes()["responseBodySize"]
        if ".js" in answer.url:
            scripts[answer.url] = len(answer.body())

    page.on("requestfinished", lambda request: count(request.response()))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert 0 < sum(scripts.values()) < 20_000
    assert 0 < sum(sizes.values()) < 30_000


STATES = (
    ("/", "#q", "focus"),
    ("/search?q=thong+tin", ".hit-title a", "hover"),
    ("/search?q=thong+tin&view=compact", ".compact-title a", "focus"),
    ("/search?q=thong+tin", ".facet > .facet-values .facet-value", "hover"),
    ("/search?q=thong+tin", ".tile a", "focus"),
    ("/search?q=thong+tin&then=Long+An", ".chip", "hover"),
    ("/export", "main button", "hover"),
    ("/export", "a.button", "hover"),
)


@pytest.mark.parametrize(("address", "selector", "state"), STATES, ids=[f"{s[1]} {s[2]}" for s in STATES])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_something_is_pointed_at(open_page, address, selector, state, scheme):
    page = open_page(address, color_scheme=scheme)
    getattr(page.locator(selector).first, state)()
    found = Axe().run(page, options={"runOnly": ["wcag2aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_in_a_form_that_was_refused(open_page):
    page = open_page("/account/login")
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    page.evaluate("() => document.querySelectorAll('input').forEach(field => field.removeAttribute('required'))")
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    page.locator(".field-wrong").first.wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


RINGS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(element => element.checkVisibility() && !element.disabled && !element.matches("main, [type=hidden]"))
  .slice(0, 60)
  .filter(element => {
    element.focus({ focusVisible: true, preventScroll: true });
    const ring = (one) => { const style = getComputedStyle(one);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; };
    const box = element.closest(".search-box") ?? element;
    return document.activeElement === element && !ring(element) && !ring(box);
  })
  .map(element => element.outerHTML.slice(0, 120))"""


@EVERY_PAGE
def test_focus_is_seen_nothing_moves_and_colours_can_be_the_systems(open_page, address, account):
    """WCAG 2.4.7 and 2.2.2; where the system gives the colours, the ring is still there."""
    page = open_page(address, account=account, reduced_motion="reduce", forced_colors="active")
    page.keyboard.press("Tab")
    assert page.evaluate(RINGS) == []
    moving = """() => [...document.querySelectorAll("*")].map(element => getComputedStyle(element))
      .filter(style => parseFloat(style.transitionDuration) > 0 && style.transitionProperty !== "none"
        || style.animationName !== "none").length"""
    assert page.evaluate(moving) == 0
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")


@pytest.mark.parametrize("filter_", ["region=Đồng bằng sông Hồng", "then=Long An"])
def test_on_the_map_the_focus_is_told_from_what_is_marked(open_page, filter_):
    page = open_page(f"/search?{filter_}")
    tile = page.locator(".tile-in-region a, .tile-chosen a").first
    ring = """element => { const style = getComputedStyle(element);
      return [style.outlineWidth, style.outlineOffset]; }"""
    marked = tile.evaluate(ring)
    page.keyboard.press("Tab")
    tile.focus()
    assert tile.evaluate(ring) != marked
    assert tile.evaluate(ring)[0] == "3px"


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


ONE_LINE = """selector => [...document.querySelectorAll(selector)]
  .filter(element => element.checkVisibility() && element.getClientRects().length > 1
    || element.clientHeight > 1.9 * parseFloat(getComputedStyle(element).lineHeight))
  .map(element => element.textContent.trim())"""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_short_words_stand_on_one_line(open_page, lang):
    page = open_page(f"/search?q=thong+tin&lang={lang}&from=2005")
    for selector in (".days-field > span", ".segments a", ".hit-date time", ".order a", ".ticks span"):
        assert page.evaluate(ONE_LINE, selector) == [], selector


def left(page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return float(box["x"])


def test_the_box_stands_above_the_results_and_the_brand_above_the_filters(open_page):
    page = open_page("/search?q=thong+tin")
    assert left(page, ".masthead .search-box") == left(page, ".found")
    assert left(page, ".brand") == left(page, ".filters")
    page = open_page("/article/mic:130000?q=long+an")
    assert left(page, ".brand") == left(page, ".in-list") == left(page, ".reading")


def test_offered_lines_begin_where_the_box_does(open_page):
    page = open_page("/")
    page.get_by_role("combobox").press_sequentially("long")
    page.get_by_role("option").first.wait_for()
    starts = {left(page, f"#offered-{place} > span") for place in range(2)}
    assert len(starts) == 1
    assert starts.pop() < left(page, ".offered") + 30


CONTRAST = """() => {
  const light = color => color.match(/[0-9.]+/g).slice(0, 3).map(Number)
    .map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const paper = light(getComputedStyle(document.body).backgroundColor);
  return [[".bar-fill", "fill"], [".tick", "borderTopColor"], [".search-box input", "borderTopColor"]]
    .map(([selector, property]) => light(getComputedStyle(document.querySelector(selector))[property]))
    .map(shape => (Math.max(shape, paper) + 0.05) / (Math.min(shape, paper) + 0.05)); }"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shapes_stand_out_from_the_paper(open_page, scheme):
    """WCAG 1.4.11: bars, ticks and the edges of boxes by 3 to 1; axe looks at text alone."""
    page = open_page("/search?q=thong+tin", color_scheme=scheme)
    assert min(page.evaluate(CONTRAST)) >= 3


def test_the_foot_is_at_the_foot_of_short_pages(open_page):
    page = open_page("/article/mic:1")
    box = page.locator(".colophon").bounding_box()
    assert box
    assert box["y"] + box["height"] >= 899


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_list_comes_first_and_the_years_stand_among_the_filters(open_page, scripts):
    page = open_page("/search?q=thong+tin", width=360, java_script_enabled=scripts)
    assert not page.locator(".found .years").is_visible()
    box = page.locator(".hit").first.bounding_box()
    assert box
    assert box["y"] < 330
    page.locator("[data-drawer]").click()
    years = page.locator("dialog .years" if scripts else ".filters-page .years")
    years.locator(".bar").nth(2).click()
    page.locator(".chip").first.wait_for()
    assert "year=" in page.url
