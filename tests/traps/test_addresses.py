"""Many addresses of one thing, one number for two things: traps 1, 2, 11, 13."""

import re
from collections import Counter

from crawler.address import Key
from crawler.frontier.schedule import MAX_HOPS
from tests.replica.detours import AWAY, STARTS
from tests.replica.sessions import PROBE
from tests.traps.conftest import READ, Fallen, Ours
from tests.traps.naive import Naive


def again(urls) -> Counter[str]:
    """Articles under more than one of these addresses, with their number."""
    keys = Counter(READ(url).identity for url in urls if READ(url).key)
    return Counter({key: count for key, count in keys.items() if count > 1})


def test_1_each_article_is_fetched_once_from_each_family(ours: Ours, naive: Fallen):
    """And the other addresses are known; without rules each address is another page."""
    coverage = ours.coverage
    assert (coverage.missing, coverage.repeated) == ((), ())
    assert coverage.archived == coverage.reachable > 300
    assert coverage.copies_archived == coverage.copies > 40
    assert coverage.noted > coverage.archived
    assert coverage.duplicates == 0
    assert again(naive.log["addresses"]).total() > 40


def test_2_one_number_of_two_families_is_two_articles(ours: Ours, replica, known):
    shared = [key for key in known if key.startswith("cspl:") and key.replace("cspl", "mic") in known]
    assert len(shared) > 3
    stores, naive = ours.workshop.stores, Naive(replica=replica)
    by_number = {}
    for key in shared:
        for one in (known[key], known[key.replace("cspl", "mic")]):
            record = stores.record.article(Key.parse(one.key))
            assert record is not None
            assert record.article.title == one.title
            page = naive.fetch(one.addresses[0])
            assert page
            by_number[re.findall(r"\d{5,}", page.url)[0]] = page.title
    naive.close()
    assert len(by_number) == len(shared)


def test_11_sessions_make_no_other_addresses(ours: Ours, replica, known):
    """One article under as many addresses as there are links to it; a list under two."""
    assert ours.asked("jsessionid", PROBE.lower()) == []
    assert {key for key in known if key.startswith("cspl:")} <= {row.key for row in ours.captures()}
    lists = Counter(url.partition("?")[0] for url in ours.asked("tintuckinhte.aspx"))
    assert lists
    replica.control.clear()
    naive = Naive(replica=replica)
    naive.crawl(["https://cspl.mic.gov.vn/"], 60, site=["cspl.mic.gov.vn"])
    naive.fetch("https://english.mic.gov.vn/Pages/TinTuc/tintuckinhte.aspx")
    naive.close()
    asked = [url for url in replica.log()["addresses"] if "jsessionid" in url]
    assert len(asked) > 30
    assert again(asked).total() > 10
    assert PROBE in list(naive.pages.values())[-1].url


def test_13_redirects_lead_to_articles_and_never_out_of_the_site(ours: Ours, known):
    moved = [one for one in known.values() if one.moved]
    assert len([one for one in moved if one.addresses[0] in one.moved]) >= 2
    archived = {row.key for row in ours.captures() if row.status == 200}
    assert {one.key for one in moved} <= archived
    assert ours.coverage.strayed == ()
    assert not any("gov.vn./" in url for url in ours.log["addresses"])


def test_13_who_goes_in_circles_is_let_go(ours: Ours, replica):
    """After a few steps where two forms of one address lead to each other, at once where two pages do."""
    circles = Counter(url.rpartition("/")[2] for url in ours.asked("/vong-", "tin-da-chuyen"))
    assert circles == {"vong-1.aspx": 1, "vong-2.aspx": 1, "Tin-da-chuyen.html": 2}
    counts = [count for url, count in ours.log["addresses"].items() if "Tin-da-chuyen" in url]
    assert sum(counts) <= MAX_HOPS + 1
    replica.control.clear()
    naive = Naive(replica=replica)
    for start in STARTS:
        naive.fetch(f"https://mic.gov.vn{start}")
    naive.close()
    assert len(replica.log()["strayed"]) == len(AWAY)
    assert set(naive.failed.values()) >= {"TooManyRedirects", "ProxyError"}
