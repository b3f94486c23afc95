"""What people do with an article's versions, with and without JavaScript, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.webui.library import stamp_of

OLD, NEW = stamp_of(0), stamp_of(0, edited=True)
WAYS = pytest.mark.parametrize(
    ("scripts", "width"),
    [(True, 1280), (False, 1280), (True, 360), (False, 360)],
    ids=["desk", "desk without scripts", "phone", "phone without scripts"],
)


@WAYS
def test_from_the_list_through_its_articles_and_back(open_page, scripts, width):
    page = open_page("/search?q=long+an&size=2", java_script_enabled=scripts, width=width)
    titles = page.locator(".hit-title a").all_inner_texts()
    page.locator(".hit-title a").first.click()
    expect(page.locator(".in-list-back")).to_contain_text("1 / ")
    expect(page.locator(".in-list-previous")).to_have_count(0)
    page.locator(".in-list-next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    page.locator(".in-list-next").click()  # over the end of the page of two
    expect(page.locator(".in-list-back")).to_contain_text("3 / ")
    expect(page).to_have_url(re.compile(r"[?&]page=2"))
    page.locator(".in-list-previous").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    page.get_by_role("link", name="Về kết quả").click()
    expect(page.locator(".hit-title a")).to_have_count(2)


@WAYS
def test_a_mention_leads_to_its_province_and_back_to_the_text(open_page, scripts, width):
    page = open_page("/article/mic:130000", java_script_enabled=scripts, width=width)
    page.locator(".lead .mention", has_text="Long An").click()
    expect(page).to_have_url(re.compile(r"#p-Long-An$"))
    place = page.locator("#p-Long-An")
    place.locator("summary").click()
    expect(place.locator(".evidence mark")).to_have_text("Long An")
    place.locator(".evidence a").click()
    assert page.locator(".mention:target").inner_text() == "Long An"


@WAYS
def test_two_captures_are_chosen_and_compared(open_page, scripts, width):
    page = open_page("/article/mic:130000", java_script_enabled=scripts, width=width)
    page.get_by_role("link", name="2 lần lưu", exact=True).click()
    expect(page.locator(".capture")).to_have_count(2)
    page.get_by_role("button", name="So sánh hai lần lưu").click()
    expect(page.locator("ins", has_text="và công nghệ thông tin").last).to_be_visible()
    page.get_by_role("link", name="Hai bên").click()
    expect(page.locator(".row-changed .row-before del").first).to_be_visible()
    page.locator(".unchanged summary").click()
    expect(page.get_by_text("Dự hội nghị có lãnh đạo").last).to_be_visible()


@WAYS
def test_the_copy_is_seen_as_it_looked_and_its_links_stay_here(open_page, site, scripts, width):
    page = open_page(f"/article/mic:130000/{NEW}", java_script_enabled=scripts, width=width)
    page.get_by_role("link", name="Bản lưu", exact=True).click()
    copy = page.frame_locator("iframe")
    title = copy.get_by_role("heading", level=1)
    expect(title).to_contain_text("Long An: Hội nghị")
    expect(title).to_have_css("color", "rgb(181, 18, 27)")  # by the archived style sheet
    expect(copy.get_by_role("img", name="MIC")).to_be_visible()
    copy.get_by_role("link", name="Tin khác").click()
    expect(page).to_have_url(f"{site.url}/article/mic:130001")


def test_a_citation_is_copied_with_one_click(open_page):
    page = open_page(f"/article/mic:130000/{NEW}/cite", permissions=["clipboard-read", "clipboard-write"])
    section = page.locator(".form-of-citation", has_text="BibTeX")
    section.get_by_role("button").click()
    expect(section.get_by_role("button")).to_contain_text("Đã sao chép")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#bib").inner_text().strip()
    page.goto("/article/mic:130000")
    page.get_by_role("button", name="Sao chép").click()
    expect(page.locator("[data-status]")).to_have_text("Đã sao chép")
    assert "SHA-256" in page.evaluate("navigator.clipboard.readText()")


def test_without_scripts_a_citation_is_text_and_a_file(open_page):
    page = open_page(f"/article/mic:130000/{NEW}/cite", java_script_enabled=False)
    expect(page.get_by_role("button", name="Sao chép")).to_have_count(0)
    expect(page.locator("#ris")).to_contain_text("TY  - ELEC")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về RIS").click()
    assert download.value.suggested_filename == "mic-130000-20200704.ris"


@WAYS
def test_a_permalink_is_verified(open_page, scripts, width):
    page = open_page("/verify", java_script_enabled=scripts, width=width)
    page.get_by_label("Liên kết cố định").fill(f"https://archive.example/article/mic:130000/{OLD}")
    page.get_by_role("button", name="Tính lại").click()
    expect(page.get_by_role("status").first).to_contain_text("Khớp")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_removed_and_added_words_differ_by_more_than_colour(open_page, scheme):
    page = open_page("/article/mic:130000/compare", color_scheme=scheme)
    lines = [
        page.locator(f".redline {name}").first.evaluate("e => getComputedStyle(e).textDecorationLine")
        for name in ("del", "ins")
    ]
    assert lines == ["line-through", "underline"]


def test_on_paper_there_is_the_text_and_no_tools(open_page):
    page = open_page("/article/mic:130000?q=long+an")
    page.emulate_media(media="print")
    for tool in (".in-list", ".article-tools", ".masthead"):
        expect(page.locator(tool)).to_be_hidden()
    expect(page.locator("#citation")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_captures_of_different_pages_are_chosen_and_compared(open_page, scripts):
    page = open_page("/article/mic:199997/captures", java_script_enabled=scripts)
    later = page.locator(".capture").nth(20)
    later.get_by_label("sau").check()
    moment = later.locator(".capture-about time").inner_text()
    page.get_by_role("button", name="Trang 3").click()
    expect(page).to_have_url(re.compile(r"[?&]page=3"))
    expect(page.locator(".captures-elsewhere")).to_contain_text(moment)
    earlier = page.locator(".capture").last
    earlier.get_by_label("trước").check()
    first = earlier.locator(".capture-about time").inner_text()
    page.get_by_role("button", name="So sánh hai lần lưu").click()
    assert page.locator(".compared-moments time").all_inner_texts() == [first, moment]
    page.get_by_role("link", name="So sánh lần lưu khác").click()
    expect(page.locator(".capture").nth(20).get_by_label("sau")).to_be_checked()
    page.get_by_role("link", name="Chỉ các lần thay đổi").click()
    expect(page.locator(".capture")).to_have_count(27)
