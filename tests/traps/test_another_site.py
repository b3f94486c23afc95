"""Another site is a profile: a second one of another make is crawled, read and searched, and no code knows it."""

import html
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from config.settings import Settings
from config.site import load_profile
from crawler.__main__ import main as crawler
from crawler.address import Addresses, Key
from crawler.crawl import open_crawl
from crawler.progress import silent
from crawler.tables import captures
from indexer.__main__ import main as indexer
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from indexer.query.request import SearchRequest
from tests.replica import Replica
from tests.replica.bulletin import PROFILE, Story, stories
from webui import create_app
from webui.services import open_services

ROOT = Path(__file__).parents[2]
ALL = (*stories("vi"), *stories("en"))


@pytest.fixture(scope="module")
def bulletin() -> Iterator[Replica]:
    with Replica(articles=10) as running:
        yield running


@pytest.fixture(scope="module")
def settings(bulletin: Replica, tmp_path_factory) -> Settings:
    return Settings.model_validate(
        {
            "site": str(PROFILE),
            "data": tmp_path_factory.mktemp("bulletin"),
            "host_map": bulletin.host_map,
            "crawl_ca": bulletin.ca_file,
        }
    )


@pytest.fixture(scope="module")
def workshop(settings: Settings) -> Iterator[Workshop]:
    """The second site, crawled and read. Its profile asks for a pace: that is what a test has no time for."""
    profile = load_profile(settings.site)
    families = tuple(family.model_copy(update={"crawl_delay": 0}) for family in profile.families)
    with open_workshop(settings) as opened:
        hasty = profile.model_copy(update={"families": families})
        with open_crawl(settings, hasty, opened.database) as crawl:
            assert crawl.run().remaining == 0
        update(opened.stores, silent)
        yield opened


def test_every_story_is_archived_once_and_nothing_else_is_touched(workshop: Workshop, bulletin: Replica):
    log = bulletin.log()
    assert (log["strayed"], log["disallowed"], log["touched"]) == ([], [], [])
    assert not any("/thich/" in url or "/luu-tru/" in url or "/tim" in url for url in log["addresses"])
    with workshop.database.reading() as connection:
        rows = list(connection.execute(sa.select(captures)))
    keys = Counter(row.key for row in rows if row.key)
    assert keys == {story.key: 1 for story in ALL}
    assert len(rows) < 2 * len(ALL)


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.key)
def test_a_story_is_read_as_it_is(workshop: Workshop, story: Story):
    """Also its date: twelve digits that look like a moment are none here, since the profile does not say so."""
    record = workshop.stores.record.article(Key.parse(story.key))
    assert record is not None
    article = record.article
    assert (article.title, article.lead, article.paragraphs) == (story.title, story.lead, story.paragraphs)
    assert (article.author, article.language) == (story.author, story.language)
    assert article.category in load_profile(str(PROFILE)).categories.values()
    assert article.url == f"https://{story.host}/s/{story.id}"
    if story.day:
        assert article.published
        assert (article.published.day, article.published.how) == (story.day, "stated")
    else:
        assert article.published is None or article.published.how == "text"
    assert [link.address for link in article.attachments] == (
        [f"https://{story.host}{story.file}"] if story.file else []
    )


def test_its_stories_are_found_by_their_words_and_categories(workshop: Workshop):
    index = workshop.stores.index
    assert index.count() == len(ALL)
    for story in ALL[::5]:
        hits = index.search(SearchRequest(query=story.title)).hits
        assert story.key in {str(hit.key) for hit in hits}
    telecoms = index.search(SearchRequest(filters=(("category", ("Telecoms",)),)))
    assert telecoms.total == sum(story.topic == "telecoms" for story in ALL)


def test_all_addresses_of_a_story_are_one(settings: Settings):
    read = Addresses(load_profile(settings.site)).read
    for story in ALL:
        assert {str(read(url).key) for url in (story.url, *story.others)} == {story.key}
        assert len({read(url).canonical for url in (story.url, *story.others)}) == 1


def test_the_commands_take_the_profile_from_its_file(settings: Settings, workshop: Workshop, tmp_path: Path):
    """What docs/sites.md tells to do while writing one."""
    assert workshop
    environment = {"MIC_SITE": str(PROFILE), "MIC_DATA": str(tmp_path), "MIC_HOST_MAP": str(settings.host_map)}
    story = ALL[0]
    told = CliRunner().invoke(crawler, ["address", "--json", story.url], env=environment)
    assert json.loads(told.output)["key"] == story.key
    dry = CliRunner().invoke(crawler, ["crawl", "--dry-run", "--json"], env=environment)
    assert [one["url"] for one in json.loads(dry.output)["planned"]] == list(load_profile(str(PROFILE)).seeds)
    page = tmp_path / "page.html"
    with workshop.database.reading() as connection:
        row = connection.execute(sa.select(captures).where(captures.c.key == story.key)).one()
    capture = workshop.stores.archive.capture(row.id)
    assert capture
    page.write_bytes(workshop.stores.archive.read(capture).payload)
    extracted = CliRunner().invoke(indexer, ["extract", str(page), "--url", story.url], env=environment)
    assert json.loads(extracted.output)["title"] == story.title


def test_its_pages_are_searched_in_the_browser(settings: Settings, workshop: Workshop):
    """Its name, its title, its categories."""
    assert workshop
    with open_services(settings) as services:
        visitor = create_app(settings, services).test_client()
        front = visitor.get("/").get_data(as_text=True)
        found = visitor.get("/search", query_string={"q": ALL[0].title}).get_data(as_text=True)
    assert "BANTIN" in front
    assert "Bản tin" in front
    assert ALL[0].title in html.unescape(re.sub("<[^>]+>", "", found))
    assert "Telecoms" in found or "Bưu chính" in found


def test_what_the_documents_tell_is_what_the_profile_says():
    """Each piece of TOML in docs/sites.md is in the profile, line by line and in that order."""
    pieces = re.findall(
        r"^```toml\n(.*?)^```", (ROOT / "docs" / "sites.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(pieces) == 3
    said = PROFILE.read_text(encoding="utf-8")
    for piece in pieces:
        for part in piece.strip().split("\n\n"):
            assert part in said or set(part.splitlines()) <= set(said.splitlines())


def test_no_code_names_the_second_site():
    listed = subprocess.run(
        ["git", "grep", "-il", "bantin", "--", "config", "crawler", "indexer", "webui"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
