"""Lists and spaces without end, and what must never be touched: traps 3, 4, 5."""

from collections import Counter

from config.site import load_profile
from tests.replica.catalogue import catalogue
from tests.replica.corpus import Corpus
from tests.replica.spaces import QUESTIONS
from tests.traps.conftest import READ, Fallen, Ours
from tests.traps.naive import Naive, links_of


def test_3_lists_end_where_they_repeat_themselves(ours: Ours, replica):
    """One page past the end tells; whoever follows "next" goes on for ever."""
    layout = Corpus(replica.options).layout
    asked = Counter(READ(url).parts.get("category") for url in ours.asked("/chuyenmuc/"))
    lists = {one.stream.partition(":")[2]: one for one in catalogue() if one.style == "sharepoint"}
    assert set(asked) >= set(load_profile("mic").categories)
    for category, series in lists.items():
        assert series.pages(layout) <= asked[category] <= series.pages(layout) + 2
    naive = Naive(replica=replica)
    pages = naive.turn_pages(lists["91"].address(1), 40)
    naive.close()
    assert len(pages) == 40 > series.pages(layout)


def test_4_spaces_without_end_are_left_alone_or_left_soon(ours: Ours, replica, known):
    """The profile names calendar and search; the schedule it does not know is left where it leads too deep."""
    assert ours.asked("xemtheongay", "query=") == []
    assert 0 < len(ours.asked("lichcongtac")) < 20
    assert QUESTIONS <= len(ours.asked("hoidap")) <= QUESTIONS + 1
    one = next(one for one in known.values() if one.template == "T1" and one.key.startswith("mic:"))
    naive = Naive(replica=replica)
    replica.control.clear()
    start = next(link for link in links_of(naive.fetch(one.addresses[0])) if "XemTheoNgay" in link)
    naive.crawl([start], 80, deep=True)
    naive.close()
    lost = [url for url in naive.pages if "XemTheoNgay" in url or "query=" in url]
    assert len(lost) > 60


def test_5_nothing_is_counted_voted_or_sent(ours: Ours, naive: Fallen):
    assert ours.coverage.touched == ()
    assert ours.coverage.refused["casts a vote"] > 100
    assert len(naive.log["touched"]) > 20
