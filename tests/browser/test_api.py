"""The API as people meet it in a browser: its page, their keys, and pages of other sites that read it."""

import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.browser.conftest import log_in

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
FETCH = """async ([address, headers]) => {
  try {
    const answer = await fetch(address, {headers});
    return [answer.status, answer.headers.get("ETag"), await answer.text()];
  } catch (refused) { return String(refused); } }"""


def check(page) -> None:
    """Nothing that axe finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@SCRIPTS
def test_a_key_is_made_used_and_revoked(open_page, site, scripts):
    page = open_page("/", java_script_enabled=scripts, permissions=["clipboard-read", "clipboard-write"])
    log_in(page)
    page.get_by_role("link", name="lan", exact=True).click()
    page.get_by_role("link", name="Khóa API").click()
    name = f"Bản đồ {scripts}"
    page.get_by_label("Dùng cho việc gì").fill(name)
    page.get_by_label("Có hiệu lực trong").select_option("30 ngày")
    page.get_by_role("button", name="Tạo khóa").click()
    secret = page.locator("#secret").inner_text().strip()
    if scripts:
        check(page)
        page.get_by_role("button", name="Sao chép").click()
        expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == secret
    mine = {"Authorization": f"Bearer {secret}"}
    assert page.request.get(f"{site.url}/api/v1/search?size=1", headers=mine).status == 200
    page.goto("/account/keys")
    row = page.locator(".keys li", has_text=name)
    expect(row).to_contain_text("dùng lần cuối")
    expect(row).not_to_contain_text(secret)
    row.get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_text("Khóa đã bị thu hồi")).to_be_visible()
    expect(page.locator(".keys li", has_text=name)).to_have_count(0)
    assert page.request.get(f"{site.url}/api/v1/search?size=1", headers=mine).status == 401


@SCRIPTS
def test_the_foot_of_every_page_leads_to_the_api(open_page, scripts):
    page = open_page("/", java_script_enabled=scripts)
    page.get_by_role("contentinfo").get_by_role("link", name="API").click()
    expect(page).to_have_url(re.compile("/help/api$"))
    page.get_by_role("link", name="/articles/{key}/diff", exact=True).click()
    expect(page).to_have_url(re.compile("#diff$"))
    section = page.get_by_role("region", name="GET /api/v1/articles/{key}/diff", exact=True)
    section.get_by_text("Câu trả lời", exact=False).first.click()
    expect(section.get_by_text('"words_added": 5')).to_be_visible()
    if scripts:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        check(page)
    asked = re.search(r"'(http[^']+)'", section.locator(".quotable").inner_text())
    assert asked
    assert page.request.get(asked[1]).json()["words_added"] == 5


@pytest.fixture
def newsroom():
    """The address of a page of another site."""
    server = make_server("127.0.0.1", 0, Response("<title>newsroom</title>", content_type="text/html"))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_pages_of_other_sites_read_the_api_and_nothing_else(browser, site, newsroom):
    """With a header, too, for which the browser asks first."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(newsroom)
        headers = {"Authorization": "Basic bm9ib2R5Og=="}
        status, etag, text = page.evaluate(FETCH, [f"{site.url}/api/v1/search?size=1", headers])
        assert status == 200
        assert etag.startswith('W/"')
        assert '"total"' in text
        assert page.evaluate(FETCH, [f"{site.url}/api/v1/nothing", {}])[0] == 404
        for address in ("/search?q=a", "/export/csv", "/account/keys", "/help/api"):
            assert "Failed to fetch" in page.evaluate(FETCH, [f"{site.url}{address}", {}])
