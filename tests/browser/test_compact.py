"""The compact list and the downloads as people use them, with and without scripts."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@SCRIPTS
def test_the_compact_list_lasts_and_is_left_again(open_page, scripts):
    page = open_page("/search?q=thong+tin", java_script_enabled=scripts)
    titles = page.locator(".hit-title").all_inner_texts()
    page.get_by_role("link", name="Gọn").click()
    expect(page).to_have_url(re.compile(r"view=compact"))
    expect(page.locator(".compact-title a")).to_have_text(titles)
    page.get_by_role("link", name="Mới nhất").click()
    expect(page).to_have_url(re.compile(r"sort=newest.*view=compact"))
    page.locator(".facet-value:visible", has_text="Long An").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(".compact-hit").first).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator(".compact-title a")).to_have_text(titles)
    page.go_back()
    expect(page.locator(".hit-title")).to_have_text(titles)
    page.go_forward()
    expect(page.locator(".compact-title a")).to_have_text(titles)
    page.locator(".compact-title a").first.click()
    page.get_by_role("link", name="Về kết quả").click()
    expect(page.locator(".compact-hit").first).to_be_visible()
    page.get_by_role("link", name="Danh sách", exact=True).click()
    expect(page.locator(".hit").first).to_be_visible()
    assert "view" not in page.url


def test_the_compact_list_is_put_in_place(open_page):
    page = open_page("/search?q=thong+tin")
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="Gọn").click()
    expect(page.locator(".compact-hit").first).to_be_visible()
    assert page.evaluate("window.stays")
    page.locator("#q").fill("long an")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=long\+an&view=compact|view=compact&q=long\+an"))
    expect(page.locator(".compact-hit").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 860])
def test_a_title_is_one_line_and_whole_for_the_keyboard(open_page, width):
    page = open_page("/search?view=compact", width=width)
    heights = page.locator(".compact-hit").evaluate_all("rows => rows.map(row => row.clientHeight)")
    assert max(heights) < 36
    longest = page.locator(".compact-title a").first
    longest.focus()
    assert longest.evaluate(
        "link => link.getBoundingClientRect().right <= link.closest('th').getBoundingClientRect().right"
    )


def test_who_hears_the_compact_list_hears_a_table(open_page):
    page = open_page("/search?view=compact", width=390)
    table = page.get_by_role("table", name="Kết quả")
    assert table.get_by_role("columnheader").count() == 5
    assert table.get_by_role("rowheader").count() == 20


@SCRIPTS
@pytest.mark.parametrize("name", ["Tệp đính kèm (ZIP)", "Bản lưu trữ (WACZ)"])
def test_files_and_copies_are_downloaded(open_page, tmp_path, scripts, name):
    page = open_page("/search?q=thong+tin", java_script_enabled=scripts)
    page.get_by_role("link", name="Xuất").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    assert re.fullmatch(r"mic-thong-tin-[\d-]+\.(zip|wacz)", download.value.suggested_filename)
    download.value.save_as(tmp_path / "saved")
    with zipfile.ZipFile(tmp_path / "saved") as file:
        assert file.testzip() is None
        assert [entry for entry in file.namelist() if entry.endswith("manifest.csv")]


@pytest.mark.parametrize(
    "address",
    ["/", "/search?q=thong+tin", "/search?view=compact", "/article/mic:130000", "/export", "/styleguide"],
)
def test_letters_twice_as_large_still_fit(open_page, address):
    """WCAG 1.4.4: nothing is cut off or leaves the page where a reader's letters are twice as large."""
    page = open_page(address, bypass_csp=True)
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("main").inner_text()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_days_are_not_cut_off(open_page, lang):
    page = open_page(f"/search?view=compact&size=100&lang={lang}")
    cut = page.locator(".compact-date").evaluate_all(
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).length"
    )
    assert cut == 0
