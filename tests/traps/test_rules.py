"""What robots.txt asks of visitors, and a sitemap that knows only some of the site: trap 16."""

from itertools import pairwise

from config.database import open_database
from config.settings import Settings
from config.site import load_profile
from crawler.crawl import open_crawl
from tests.replica import Replica
from tests.replica.templates.others import BROKEN_ROBOTS, ONLY_THERE
from tests.traps.conftest import HOMES, Fallen, Ours
from tests.traps.naive import Naive

LATE = 0.1
"""Seconds by which a busy machine may notice a request late, so that the next one seems to come early."""


def test_16_what_is_forbidden_is_left_alone(ours: Ours, naive: Fallen):
    assert ours.coverage.disallowed == ()
    assert naive.log["disallowed"]


def test_16_a_name_whose_rules_cannot_be_had_is_asked_for_nothing_else(ours: Ours, naive: Fallen):
    assert [url for url in ours.log["addresses"] if BROKEN_ROBOTS in url] == [
        f"https://{BROKEN_ROBOTS}/robots.txt"
    ]
    assert f"https://{BROKEN_ROBOTS}{ONLY_THERE}" in naive.log["addresses"]
    assert ours.coverage.refused["robots.txt cannot be had"] > 0


def test_16_the_sitemap_leads_to_what_nothing_else_does_and_is_not_all(ours: Ours, known, replica: Replica):
    """Who trusts the sitemap alone has a third of the English articles; who does not know it misses some."""
    alone = [one for one in known.values() if one.reach == "sitemap"]
    archived = {row.key for row in ours.captures() if row.status == 200}
    assert len(alone) > 3
    assert {one.key for one in alone} <= archived
    naive = Naive(replica=replica)
    naive.crawl(HOMES[1:2], 400, site=["english.mic.gov.vn"])
    naive.close()
    assert not {one.addresses[0] for one in alone} & set(naive.pages)


def test_16_the_pace_that_is_asked_for_is_kept(tmp_path):
    delay = 0.2
    with Replica(articles=40, light=True, crawl_delay=delay) as replica:
        settings = Settings.model_validate(
            {"data": tmp_path, "host_map": replica.host_map, "crawl_ca": replica.ca_file}
        )
        database = open_database(settings.database)
        with open_crawl(settings, load_profile("mic"), database) as crawl:
            crawl.run(limit=25)
        database.close()
        ours = gaps(replica)
        replica.control.clear()
        naive = Naive(replica=replica)
        naive.crawl(["https://mic.gov.vn/"], 30)
        naive.close()
        theirs = gaps(replica)
    assert min(ours) >= delay - LATE
    assert min(theirs) < delay / 2


def gaps(replica: Replica) -> list[float]:
    """Seconds between requests of the ministry's own hosts, after the ones for robots.txt."""
    times = sorted(at for host, at in replica.log()["moments"] if host == "mic.gov.vn")
    return [later - earlier for earlier, later in pairwise(times[1:])]
