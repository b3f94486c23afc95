"""Pictures of the main pages, for the README and for whoever changes the style sheet, by one command."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from tests.browser.site import NAME, PASSWORD, Site, running
from tests.services import chromium
from tests.webui.library import stamp_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One page as it is to be seen."""

    name: str
    address: str
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    whole: bool = False
    account: bool = False
    shown: bool = False
    """In the README."""


PHONE = 390
OLD, NEW = stamp_of(0), stamp_of(0, edited=True)
PICTURES = (
    Picture(name="front", address="/"),
    Picture(name="front-phone", address="/", width=PHONE),
    Picture(name="search", address="/search?q=chuyen+doi+so", shown=True),
    Picture(name="search-english", address="/search?q=chuyen+doi+so&lang=en"),
    Picture(name="search-filtered", address="/search?q=thông+tin&then=Long+An&then=Bến+Tre&from=2007&to=2020"),
    Picture(name="search-dark", address="/search?q=chuyen+doi+so", scheme="dark", shown=True),
    Picture(name="search-phone", address="/search?q=chuyen+doi+so&then=Long+An", width=PHONE),
    Picture(name="compact", address="/search?q=thông+tin&view=compact", shown=True),
    Picture(name="compact-dark", address="/search?q=thông+tin&view=compact", scheme="dark"),
    Picture(name="compact-phone", address="/search?q=thông+tin&then=Long+An&view=compact", width=PHONE),
    Picture(name="search-operators", address='/search?q=thông+tin+năm:2008-2010+-title:họp+tỉnh:"Long+An"'),
    Picture(name="help", address="/help", whole=True),
    Picture(name="help-phone", address="/help", width=PHONE, whole=True),
    Picture(name="filters-phone", address="/search/filters?q=chuyen+doi+so", width=PHONE),
    Picture(name="nothing", address="/search?q=xóa+điểm+lõm+sóng&then=Long+An&year=2009"),
    Picture(name="article", address="/article/mic:130000?q=long+an", shown=True),
    Picture(name="article-dark", address="/article/mic:130000?q=long+an", scheme="dark", shown=True),
    Picture(name="article-phone", address="/article/mic:130000", width=PHONE),
    Picture(name="article-english", address="/article/mic:130007?lang=en", whole=True),
    Picture(name="article-old", address=f"/article/mic:130000/{OLD}"),
    Picture(name="article-withdrawn", address="/article/mic:130040?q=thông+tin&size=100", whole=True),
    Picture(name="captures", address="/article/mic:130000/captures"),
    Picture(name="captures-gone", address="/article/mic:130041/captures", width=PHONE, whole=True),
    Picture(name="comparison", address="/article/mic:130000/compare", shown=True),
    Picture(name="comparison-side", address=f"/article/mic:130000/compare?a={OLD}&b={NEW}&view=side", whole=True),
    Picture(name="comparison-dark", address="/article/mic:130000/compare", scheme="dark", whole=True),
    Picture(
        name="comparison-phone", address=f"/article/mic:130000/compare?a={OLD}&b={NEW}&view=side", width=PHONE
    ),
    Picture(name="copy", address=f"/article/mic:130000/{NEW}/copy"),
    Picture(name="copy-phone", address=f"/article/mic:130000/{NEW}/copy", width=PHONE),
    Picture(name="cite", address=f"/article/mic:130000/{NEW}/cite", whole=True),
    Picture(name="cite-phone", address=f"/article/mic:130000/{NEW}/cite", width=PHONE, whole=True),
    Picture(name="verify", address=f"/verify?what=mic:130000/{NEW}", whole=True),
    Picture(name="verify-wrong", address="/verify?what=" + "0" * 64),
    Picture(name="article-files", address="/article/mic:199998", whole=True),
    Picture(name="article-files-phone", address="/article/mic:199998", width=PHONE, whole=True),
    Picture(name="article-files-dark", address="/article/mic:199998", scheme="dark", whole=True),
    Picture(name="article-corrected", address="/article/mic:130003", account=True, whole=True),
    Picture(name="article-withheld", address="/article/mic:199999"),
    Picture(name="correct", address="/article/mic:130003/correct", account=True, whole=True),
    Picture(name="correct-phone", address="/article/mic:130003/correct", account=True, width=PHONE, whole=True),
    Picture(name="corrections", address="/corrections", account=True),
    Picture(name="coverage", address="/coverage", whole=True),
    Picture(name="coverage-phone", address="/coverage", width=PHONE, whole=True),
    Picture(name="provinces", address="/provinces", whole=True),
    Picture(name="provinces-dark", address="/provinces", scheme="dark"),
    Picture(name="export", address="/export?q=thông+tin&then=Long+An", whole=True),
    Picture(name="export-phone", address="/export?q=thông+tin", width=PHONE, whole=True),
    Picture(name="export-dark", address="/export", scheme="dark", whole=True),
    Picture(name="api", address="/help/api", whole=True),
    Picture(name="api-english", address="/help/api?lang=en"),
    Picture(name="api-dark", address="/help/api#diff", scheme="dark"),
    Picture(name="api-phone", address="/help/api", width=PHONE, whole=True),
    Picture(name="keys", address="/account/keys", account=True, whole=True),
    Picture(name="keys-dark", address="/account/keys", account=True, scheme="dark", whole=True),
    Picture(name="keys-phone", address="/account/keys", account=True, width=PHONE, whole=True),
    Picture(name="styleguide", address="/styleguide", whole=True),
    Picture(name="styleguide-dark", address="/styleguide?lang=en", scheme="dark", whole=True),
    Picture(name="styleguide-phone", address="/styleguide", width=PHONE, whole=True),
    Picture(name="not-found", address="/article/mic:1"),
    Picture(name="login", address="/account/login"),
    Picture(name="admin", address="/admin/", account=True, whole=True),
    Picture(name="admin-phone", address="/admin/", account=True, width=PHONE),
    Picture(name="admin-job", address="/admin/jobs/3", account=True),
    Picture(name="admin-recrawl", address="/admin/recrawl", account=True),
    Picture(name="admin-ledger", address="/admin/ledger", account=True, whole=True),
    Picture(name="admin-ledger-phone", address="/admin/ledger", account=True, width=PHONE),
    Picture(name="admin-crawls", address="/admin/crawls", account=True, whole=True),
    Picture(name="admin-crawls-phone", address="/admin/crawls", account=True, width=PHONE, whole=True),
    Picture(name="admin-preview", address="/admin/recrawl?search=then%3DLong%2BAn", account=True),
)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--only", help="Only pictures whose name has this.", default="")
@click.option("--shown", is_flag=True, help="Only those of the README.")
def main(folder: Path, only: str, *, shown: bool) -> None:
    """Make the pictures in FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as site, chromium.running() as browser:
        for picture in (one for one in PICTURES if only in one.name and (one.shown or not shown)):
            with _page(browser, site, picture) as page:
                page.goto(f"{site.url}{picture.address}")
                page.screenshot(path=folder / f"{picture.name}.png", full_page=picture.whole)
                click.echo(folder / f"{picture.name}.png")


@contextmanager
def _page(browser: "Browser", site: Site, picture: Picture) -> Iterator["Page"]:
    viewport = {"width": picture.width, "height": 900 if picture.width > PHONE else 844}
    with browser.new_context(viewport=viewport, color_scheme=picture.scheme, locale="vi-VN") as context:  # type: ignore[arg-type]  # its TypedDict
        page = context.new_page()
        if picture.account:
            page.goto(f"{site.url}/account/login")
            page.fill("#username", NAME)
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
        yield page


if __name__ == "__main__":
    main()
