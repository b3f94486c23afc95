"""What people come for, with and without JavaScript, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from crawler.lease import this_process
from crawler.progress import Progress
from tests.browser.conftest import log_in

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def found(page) -> int:
    """How many articles the result says it has."""
    return int(page.locator("[data-total]").inner_text().split()[0])


@SCRIPTS
def test_search_without_marks_filter_by_province_open_the_article(open_page, scripts):
    page = open_page("/", java_script_enabled=scripts)
    page.locator("#q").fill("hoi nghi trien khai cong tac")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=hoi\+nghi\+trien\+khai\+cong\+tac$"))
    assert found(page) >= 1
    page.locator(".facet-value:visible", has_text="Long An").first.click()
    expect(page).to_have_url(re.compile(r"then=Long\+An"))
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_role("link", name=re.compile("^Long An: Hội nghị triển khai")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Long An: Hội nghị triển khai")
    expect(page.get_by_text("Sáng ngày 15/01/2009")).to_be_visible()
    page.get_by_role("link", name="Về kết quả").click()
    expect(page).to_have_url(re.compile(r"/search\?q=hoi.*then=Long\+An"))


@SCRIPTS
def test_a_page_of_a_file_has_an_address_and_is_found_by_what_was_searched_for(open_page, scripts):
    page = open_page("/article/mic:199998", java_script_enabled=scripts)
    expect(page.locator("#file-1-p27")).to_be_hidden()
    page = open_page("/article/mic:199998#file-1-p27", java_script_enabled=scripts)
    expect(page.locator("#file-1-p27")).to_be_in_viewport()
    page = open_page("/article/mic:199998?q=ten+mien+quoc+gia", java_script_enabled=scripts)
    page.get_by_role("link", name="Có trong tệp đính kèm: trang 27").click()
    expect(page.locator("#file-1-p27")).to_be_in_viewport()
    expect(page.locator("#file-1-p27 + .file-text mark").first).to_have_text("tên miền quốc gia")


@SCRIPTS
def test_log_in_ask_for_a_recrawl_follow_it_to_its_end(open_page, site, scripts):
    page = open_page("/", java_script_enabled=scripts)
    log_in(page)
    page.get_by_role("link", name="Thu thập lại …").click()
    page.get_by_label("Địa chỉ các trang của Bộ").fill("https://mic.gov.vn/Pages/TinTuc/130001/")
    page.get_by_role("button", name="Xem trước").first.click()
    expect(page.get_by_text("1 địa chỉ")).to_be_visible()
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_text("đang chờ")).to_be_visible()
    number = int(page.url.rpartition("/")[2])
    jobs = site.services.jobs
    jobs.claim(number, this_process())
    jobs.report(number, Progress(done=1, total=2, message="fetching"))
    expect(page.get_by_text("xong 1 / 2")).to_be_visible(timeout=10_000)  # by polling, or by reloading
    jobs.say(number, "info", "all is well")
    jobs.end(number, "done")
    expect(page.get_by_text("all is well")).to_be_visible(timeout=10_000)
    expect(page.locator(".state-done")).to_be_visible()
    expect(page.get_by_role("button", name="Hủy")).to_have_count(0)
    if scripts:
        expect(page.locator("[data-status]")).to_have_text("xong")  # said once to those who do not see it


def test_a_running_job_is_cancelled_where_it_is_seen(open_page, site):
    job = site.services.jobs.ask("update", {}, "lan")
    page = open_page(f"/admin/jobs/{job.id}", account=True)
    page.get_by_role("button", name="Hủy").click()
    expect(page.locator(".state-cancelled")).to_be_visible()
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator(".state-queued")).to_be_visible()
    site.services.jobs.cancel(job.id)


@SCRIPTS
def test_others_meet_a_page_that_says_no(open_page, scripts):
    page = open_page("/admin/", java_script_enabled=scripts)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bạn không được xem trang này")
    page.get_by_role("main").get_by_role("link", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile(r"/account/login\?next=/admin/"))


def test_results_are_replaced_in_place_and_back_leads_back(open_page):
    page = open_page("/search?q=thong+tin")
    page.evaluate("window.sameDocument = true")
    before = found(page)
    page.get_by_role("link", name=re.compile("^Chuyển đổi số")).first.click()
    expect(page).to_have_url(re.compile("category="))
    expect(page.locator(".chip")).to_have_count(1)
    assert found(page) < before
    expect(page.locator("[data-status]")).to_contain_text(f"{found(page)} bài")
    page.get_by_role("link", name="Cũ nhất").click()
    expect(page).to_have_url(re.compile("sort=oldest"))
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?q=thong\+tin$"))
    expect(page.locator(".chip")).to_have_count(0)
    assert found(page) == before
    assert page.evaluate("window.sameDocument"), "the page was loaded anew"


def test_a_new_query_keeps_the_filters_of_the_address(open_page):
    page = open_page("/search?q=thong+tin")
    page.locator(".facet-value:visible", has_text="Long An").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("#q").fill("an toan")
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"q=an\+toan.*then=Long\+An|then=Long\+An.*q=an\+toan"))
    expect(page.locator("[data-total]")).to_contain_text("an toan")


def test_the_keyboard_is_enough(open_page):
    page = open_page("/search?q=thong+tin")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("body").click(position={"x": 5, "y": 400})
    page.keyboard.press("Control+Home")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="hiện nay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("places=today"))


def test_the_keyboard_leads_past_the_filters_to_the_first_result(open_page):
    page = open_page("/search?q=thong+tin")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới kết quả")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".hit-title a").first).to_be_focused()


def test_a_filter_keeps_the_focus_where_it_was(open_page):
    page = open_page("/search?q=thong+tin")
    link = page.get_by_role("link", name=re.compile("^An toàn thông tin"))
    link.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("document.activeElement.dataset.name") == "category: An toàn thông tin"


def test_bars_of_the_chart_are_links(open_page):
    page = open_page("/search?q=thong+tin")
    bar = page.locator(".bar").nth(2)
    ((year, count),) = re.findall(r"(\d{4}): (\d+) bài", bar.get_attribute("aria-label"))
    bar.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"year={year}"))
    expect(page.locator("[data-total]")).to_contain_text(f"{count} bài")


@pytest.mark.parametrize("address", ["/", "/search"])
def test_dragging_over_the_bars_chooses_a_range_of_years(open_page, address):
    page = open_page(address)
    bars = page.locator(".years:visible [data-year]")
    count = bars.count()
    begun, ended = (bars.nth(place).bounding_box() for place in (count - 2, 1))
    years = sorted(bars.nth(place).get_attribute("data-year") for place in (count - 2, 1))
    page.mouse.move(begun["x"] + begun["width"] / 2, begun["y"] + 5)
    page.mouse.down()
    page.mouse.move(ended["x"] + ended["width"] / 2, ended["y"] + 9, steps=8)
    expect(page.locator(".bar-wanted")).to_have_count(count - 2)
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"/search\?from={years[0]}&to={years[1]}$"))
    expect(page.locator(".chip")).to_contain_text(years[0])
    page.go_back()
    expect(page).to_have_url(re.compile(rf"{address}$"))


def test_a_province_is_found_by_typing_in_its_facet(open_page):
    page = open_page("/search")
    page.get_by_placeholder("Tìm tỉnh, thành").first.fill("thai b")
    shown = page.locator(".facet").first.locator(":scope > .facet-values a:visible, [data-more] a:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("Thái Bình")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"then=Th%C3%A1i\+B%C3%ACnh$"))


@SCRIPTS
def test_a_region_and_a_month_are_chosen(open_page, scripts):
    page = open_page("/search", java_script_enabled=scripts)
    page.get_by_text("Vùng", exact=True).first.click()
    page.locator(".regions .facet-value").first.click()
    expect(page).to_have_url(re.compile(r"region="))
    expect(page.locator(".regions .facet-value[aria-current]")).to_be_visible()
    expect(page.locator(".chip")).to_have_count(1)
    page.goto(page.url.partition("?")[0] + "?year=2009")
    month = page.locator('.facet-value[data-name="month: tháng 1/2009"]')
    (count,) = re.findall(r"\d+", month.locator(".count").inner_text())
    month.click()
    expect(page).to_have_url(re.compile(r"year=2009&month=2009-01"))
    expect(page.locator(".chip")).to_have_count(2)
    assert 0 < found(page) == int(count)


@SCRIPTS
def test_a_result_is_saved_as_a_file_with_chosen_columns(open_page, scripts):
    page = open_page("/search?q=thong+tin", java_script_enabled=scripts)
    page.get_by_role("link", name="Xuất …").click()
    page.get_by_label("Mã bài").uncheck()
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu dạng CSV").click()
    assert re.fullmatch(r"mic-thong-tin-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert any(line.startswith("title,published,") for line in lines)


@SCRIPTS
def test_a_tile_of_the_map_is_a_filter(open_page, scripts):
    page = open_page("/search", java_script_enabled=scripts)
    page.locator(".tiles").get_by_role("link", name="Long An").click()
    expect(page).to_have_url(re.compile(r"/search\?then=Long\+An$"))
    expect(page.locator(".tile-chosen a")).to_have_text("LA")
    expect(page.get_by_role("table", name="Bài theo tỉnh, thành").get_by_role("row")).to_have_count(64)


def test_suggestions_are_offered_and_chosen_by_keyboard(open_page):
    page = open_page("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("long", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    box.press_sequentially(" an", delay=20)
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).not_to_have_url(re.compile(r"/$"))


@SCRIPTS
def test_filters_on_a_phone(open_page, scripts):
    """A drawer with scripts, a page of its own without: the same filters, the same addresses."""
    page = open_page("/search?q=thong+tin", width=390, java_script_enabled=scripts)
    page.get_by_role("link", name="Lọc").click()
    if scripts:
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/search\?"))
    else:
        expect(page).to_have_url(re.compile(r"/search/filters\?"))
    page.locator("dialog .facet-value" if scripts else ".facet-value", has_text="Long An").click()
    if not scripts:
        page.get_by_role("link", name=re.compile(r"^Xem \d+ bài")).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/search\?q=thong\+tin&then=Long\+An"))
    expect(page.locator(".chip")).to_have_count(1)


def test_the_drawer_gives_the_focus_back(open_page):
    page = open_page("/search?q=thong+tin", width=390)
    page.get_by_role("link", name="Lọc").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Lọc")).to_be_focused()


@pytest.mark.parametrize("typed", ["2009", "1/2009", "15/1/2009"])
@SCRIPTS
def test_days_are_typed_as_people_write_them(open_page, typed, scripts):
    page = open_page("/search", java_script_enabled=scripts)
    page.get_by_label("từ", exact=True).fill(typed)
    page.get_by_label("đến", exact=True).fill(typed)
    page.get_by_role("button", name="Xem").click()
    expect(page.locator(".chip")).to_contain_text("2009")
    assert found(page) >= 1


@SCRIPTS
def test_the_language_is_switched_where_one_is(open_page, scripts):
    page = open_page("/search?q=thong+tin&then=Long+An", java_script_enabled=scripts)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[data-total]")).to_contain_text("articles for")
    page.get_by_role("link", name=re.compile("^Take off the filter")).click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
