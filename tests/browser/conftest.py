"""What the browser tests share: one running site, pages that report what goes wrong in them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.site import NAME, PASSWORD, Site, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, StorageState

Open = Callable[..., "Page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            # The development server leaves it to the collector to close a style sheet whose reader went away.
            item.add_marker(pytest.mark.filterwarnings("ignore:Exception ignored in. <_io.FileIO name='.*static"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, one for the session."""
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def logged_in(browser: "Browser", site: Site) -> "StorageState":
    """The cookies of an administrator who logged in once."""
    with browser.new_context(base_url=site.url) as context:
        log_in(context.new_page())
        return context.storage_state()


@pytest.fixture
def open_page(browser: "Browser", site: Site, logged_in: "StorageState") -> Iterator[Open]:
    """Opens pages of the site, each in a context of its own.

    The test fails if one of them asked another host, said something in the console, or was refused anything by its
    content security policy.
    """
    contexts: list[BrowserContext] = []
    heard: list[str] = []

    def dismissed(dialog: "Dialog") -> None:
        heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def opened(address: str, *, width: int = 1280, account: bool = False, **options: Any) -> "Page":
        if account:
            options["storage_state"] = logged_in
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, locale="vi-VN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", dismissed)
        context.on("request", lambda asked: None if asked.url.startswith(site.url) else heard.append(asked.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [words for words in heard if "status of 4" not in words] == []


def log_in(page: "Page") -> None:
    """Log in as the administrator."""
    page.goto("/account/login")
    page.get_by_label("Tên tài khoản").fill(NAME)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/admin/")
