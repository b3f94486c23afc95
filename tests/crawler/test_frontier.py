"""The frontier: what is fetched once, in which order, and when again."""

import itertools
import random
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config.site import Withdrawal
from crawler.address import Key
from crawler.frontier import URGENT, Found, Selection
from crawler.frontier.schedule import DAY, MAX_HOPS, backing_off, next_due
from crawler.tables import addresses as rows
from crawler.tables import aliases

HOME = "https://mic.gov.vn/"
ARTICLE = HOME + "Pages/TinTuc/144805/Tin.html"
QUERY = HOME + "Pages/TinTuc/tinchitiet.aspx?tintucid=144805"
PRINT = HOME + "pages/tintuc/printpage.aspx?tintucID=144805"
LIST = HOME + "mic_2020/Pages/ChuyenMuc/PhanTrang/1748/{}/Vien-thong.html"
IMAGE = HOME + "Upload/a.jpg"
PDF = HOME + "Upload/a.PDF"


@pytest.fixture
def other_forms(database):
    def reading() -> set[str]:
        with database.reading() as connection:
            return set(connection.scalars(sa.select(aliases.c.url)))

    return reading


# ---- identity ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
def test_one_article_is_one_task_in_its_best_form_whatever_is_found_first(add, take, other_forms, together):
    forms = [ARTICLE, QUERY, PRINT, "http://www.mic.gov.vn/x-197144805.htm"]
    orders = {str(number): order for number, order in enumerate(itertools.permutations(forms), 200_000)}
    for number, order in orders.items():
        urls = [url.replace("144805", number) for url in order]
        for group in [urls] if together else [[url] for url in urls]:
            add(*group)
    tasks = take()
    assert len(tasks) == len(orders)
    assert {task.kind for task in tasks} == {"article"}
    assert {task.url for task in tasks} <= {
        form.replace("144805", number) for form in (ARTICLE, forms[3]) for number in orders
    }
    assert len(other_forms()) == 3 * len(orders)
    assert not other_forms() & {task.url for task in tasks}


def test_only_what_was_not_known_is_new(add):
    assert add(ARTICLE, PDF) == {"mic:144805@mic", PDF}
    assert add(QUERY, PDF, IMAGE) == {IMAGE}


def test_the_successors_copy_is_a_task_of_its_own_server(add, take):
    add(ARTICLE, "https://mst.gov.vn/x-197144805.htm", "https://cspl.mic.gov.vn/Pages/TinTuc/144805/x.html")
    assert [len(take(server)) for server in ("mic", "mst", "cspl")] == [1, 1, 1]


def test_what_was_fetched_keeps_the_form_it_was_fetched_in(add, take, record, frontier):
    add(PRINT)
    record(take()[0])
    add(ARTICLE)
    frontier.begin_again()
    assert [task.url for task in take()] == [PRINT]


def test_an_article_belongs_to_the_first_list_it_is_found_on(add, take, frontier):
    add(ARTICLE)
    add(ARTICLE, category="1748")
    add(ARTICLE, category="1752")
    assert [task.category for task in take()] == ["1748"]
    assert frontier.due_now(Selection(categories=["1748"])) == {take()[0].id}


def test_what_several_pages_say_of_an_article_at_once_is_brought_together(database, frontier, addresses, take):
    """A home page names it, a list gives its category, and a look for news wants it now."""
    named = [
        Found(address=addresses.read(QUERY)),
        Found(address=addresses.read(ARTICLE), category="1748", priority=URGENT),
        Found(address=addresses.read(PRINT), category="1752"),
    ]
    for number, order in enumerate(itertools.permutations(named)):
        moved = [
            replace(found, address=addresses.read(found.address.url.replace("144805", str(200_000 + number))))
            for found in order
        ]
        with database.writing() as connection:
            frontier.add(connection, moved)
    assert {(task.kind, task.priority) for task in take()} == {("article", URGENT)}
    assert {task.category for task in take()} <= {"1748", "1752"}


def test_a_list_knows_its_category_and_page(add, take):
    add(LIST.format(7), LIST.format(10**12), category="91")
    assert {(task.category, task.page) for task in take()} == {("1748", 7), ("1748", 2**31 - 1)}


# ---- order ---------------------------------------------------------------------------------------------------


def test_lists_come_before_articles_articles_before_files_files_before_pictures(add, take, clock):
    add(IMAGE, PDF, PRINT.replace("144805", "1"), HOME + "about/us.aspx", ARTICLE)
    clock.sleep(1)
    add(LIST.format(2), LIST.format(1), HOME + "Pages/TinTuc/rss.aspx?chuyenmucid=91")
    assert [task.kind for task in take()] == [
        *("list", "list", "feed", "article", "page", "print", "attachment", "asset"),
    ]
    assert [task.page for task in take(limit=2)] == [2, 1]


def test_what_is_urgent_comes_first_and_can_be_asked_for_alone(add, take, record, frontier):
    add(LIST.format(1), ARTICLE)
    add(PDF, priority=URGENT)
    assert [task.kind for task in take()] == ["attachment", "list", "article"]
    assert [task.kind for task in take(urgent=True)] == ["attachment"]
    add(ARTICLE, priority=URGENT)
    article, file = take(urgent=True)
    assert (article.kind, file.kind) == ("article", "attachment")
    record(article)
    assert [task.kind for task in take()] == ["attachment", "list"]
    assert frontier.due_now(Selection(keys=[Key(family="mic", id="144805")])) == {article.id}
    assert [task.id for task in take(urgent=True)] == [article.id, file.id]


def test_only_some_kinds_are_taken_where_that_is_asked(add, take, frontier):
    add(LIST.format(1), ARTICLE, PDF)
    assert [task.kind for task in take(only=["attachment", "article"])] == ["article", "attachment"]
    assert frontier.due(only=["list"]) == 1
    assert [task.kind for task in frontier.next_tasks(9, only=["article"])] == ["article"]


def test_a_task_stays_due_until_its_outcome_is_recorded(add, take, record):
    add(ARTICLE)
    assert take() == take()
    record(take()[0])
    assert take() == []


# ---- outcomes ------------------------------------------------------------------------------------------------


def test_a_good_answer_is_remembered_for_the_next_conditional_request(
    add, take, record, frontier, archive, addresses
):
    add(ARTICLE)
    record(take()[0], etag='"1"', last_modified="today", meaning="m")
    frontier.begin_again()
    (task,) = take()
    (capture,) = archive.captures(canonical=addresses.read(ARTICLE).canonical)
    assert (task.etag, task.last_modified, task.payload_digest) == ('"1"', "today", capture.payload_digest)
    assert (task.meaning, task.capture, task.attempts) == ("m", capture.id, 0)
    record(task, "unchanged", status=304)
    frontier.begin_again()
    assert replace(take()[0], fetched_at=task.fetched_at, status=task.status, checks=0) == task


@pytest.mark.parametrize(
    ("url", "days"), [(LIST.format(1), 0.25), (ARTICLE, 7), (PDF, 60), (IMAGE, None), (PRINT, None)]
)
def test_an_answer_stands_as_long_as_its_kind_says(add, take, record, clock, url, days):
    add(url)
    outcome = record(take()[0])
    assert next_due(outcome) == (clock.now() + timedelta(days=days) if days else None)


def test_failures_are_tried_again_ever_more_slowly(add, take, record, clock, frontier):
    add(ARTICLE)
    waits = []
    for _ in range(5):
        due = next_due(record(take()[0], "failed", status=503, retry_base=2))
        waits.append((due - clock.now()).total_seconds())
        clock.time = due
    assert waits == [2, 6, 18, 54, 162]
    record(take()[0])
    assert not frontier.is_retry_near(["mic"], DAY, 9)
    assert [backing_off(attempts, 10).total_seconds() for attempts in (8, 11, 12, 500)] == [65_610, 86_400] + [
        7 * 86_400
    ] * 2


def test_a_further_attempt_is_near_for_its_server_and_kind_and_not_for_ever(add, take, record, frontier):
    add(ARTICLE)
    record(take()[0], "failed", status=503, retry_base=20)
    near = timedelta(seconds=20)
    assert frontier.is_retry_near(["mic"], near, 1)
    assert frontier.is_retry_near(["mic"], near, 1, only=["article"])
    assert not frontier.is_retry_near(["mic"], timedelta(seconds=19), 1)
    assert not frontier.is_retry_near(["mst"], near, 1)
    assert not frontier.is_retry_near(["mic"], near, 1, only=["list"])
    assert not frontier.is_retry_near(["mic"], near, 0)


def test_a_redirect_to_another_form_asks_for_that_one_and_counts(add, take, record, addresses):
    add(PRINT)
    record(take()[0], "moved", status=301, moved_to=addresses.read(ARTICLE))
    (task,) = take()
    assert (task.url, task.kind, task.hops, task.attempts) == (ARTICLE, "article", 1, 0)
    for _ in range(MAX_HOPS + 1):
        record(take()[0], "moved", status=301, moved_to=addresses.read(ARTICLE))
    assert take()[0].hops == MAX_HOPS
    record(take()[0])
    assert take() == []


def test_a_redirect_elsewhere_is_an_answer_that_stands(add, take, record, clock):
    add(ARTICLE)
    assert next_due(record(take()[0], "moved", status=301)) == clock.now() + 7 * DAY


def test_what_was_never_there_is_asked_for_under_its_other_forms_each_once(add, take, record):
    add(QUERY, ARTICLE, PRINT)
    asked = []
    while take():
        asked.append(take()[0].url)
        record(take()[0], "gone", status=404)
    assert asked == [ARTICLE, QUERY, PRINT]


def test_what_was_there_once_is_confirmed_to_be_gone_under_its_own_form(add, take, record, clock, frontier):
    """Within the week it takes to be sure, and rarely for ever after: it may come back."""
    add(QUERY, ARTICLE)
    record(take()[0])
    frontier.begin_again()
    began = clock.now()
    days = []
    for _ in range(9):
        (task,) = take()
        assert task.url == ARTICLE
        days.append((clock.now() - began).days)
        clock.time = next_due(record(task, "gone", status=404))
    assert days == [0, 1, 3, 7, 15, 31, 61, 91, 121]
    rule = Withdrawal()
    assert len([day for day in days if day <= rule.days]) >= rule.times
    assert rule.days in days


def test_after_an_outage_it_takes_no_longer_to_be_sure_that_a_page_is_gone(add, take, record, clock, frontier):
    add(ARTICLE)
    record(take()[0])
    frontier.begin_again()
    for _ in range(9):
        clock.time = next_due(record(take()[0], "failed", status=503))
    assert next_due(record(take()[0], "gone", status=404)) == clock.now() + DAY
    clock.time += DAY
    assert next_due(record(take()[0], "gone", status=410)) == clock.now() + 2 * DAY


def test_lists_count_how_often_they_meant_something_else(add, take, record, frontier, database):
    add(LIST.format(1))
    for meaning in ("a", "a", "b"):
        record(take()[0], meaning=meaning)
        frontier.begin_again()
    with database.reading() as connection:
        row = connection.execute(sa.select(rows)).one()
    assert (row.checks, row.changes) == (2, 1)


def test_what_the_pipeline_learns_is_kept_with_the_addresses_of_the_key(add, take, record, frontier, database):
    add(ARTICLE, HOME + "Pages/TinTuc/1/x.html")
    for _ in range(3):
        for task in take():
            record(task)
        frontier.begin_again()
    frontier.learn({Key(family="mic", id="144805"): True, Key(family="mic", id="1"): False})
    frontier.learn({})
    with database.reading() as connection:
        found = {row.key: (row.checks, row.changes) for row in connection.execute(sa.select(rows))}
    assert found == {"mic:144805": (2, 1), "mic:1": (2, 0)}


def test_an_address_is_left_alone_until_a_moment(add, take, frontier, database, clock):
    add(ARTICLE)
    with database.writing() as connection:
        frontier.postpone(connection, {take()[0].id: clock.now() + DAY})
    assert take() == []
    clock.time += DAY
    assert len(take()) == 1


# ---- what a crawl begins with --------------------------------------------------------------------------------


def test_a_new_crawl_asks_for_lists_and_seeds_again_an_unfinished_one_goes_on(add, take, record, frontier):
    add(HOME)
    add(LIST.format(1), ARTICLE, PDF, found_on=HOME)
    record(take()[0])
    assert frontier.begin() is True
    for task in take():
        record(task)
    assert frontier.begin() is False
    assert sorted(task.kind for task in take()) == ["list", "page"]


def test_a_fresh_crawl_asks_for_feeds_and_first_pages_first(add, take, record, frontier):
    add(HOME)
    add(LIST.format(1), LIST.format(2), ARTICLE, HOME + "Pages/TinTuc/rss.aspx?chuyenmucid=91", found_on=HOME)
    for task in take():
        record(task)
    frontier.begin_fresh()
    assert sorted(task.kind for task in take(urgent=True)) == ["feed", "list", "page"]


def test_everything_but_page_requisites_is_due_again_where_that_is_asked(add, take, record, frontier):
    add(LIST.format(1), ARTICLE, PDF, IMAGE)
    for task in take():
        record(task)
    add(HOME + "Pages/TinTuc/1/x.html")
    frontier.begin_again()
    assert [task.kind for task in take()] == ["list", "article", "article", "attachment"]


def test_a_selection_may_be_large(add, frontier):
    urls = [f"{HOME}Pages/TinTuc/{number}/x.html" for number in range(1, 1_201)]
    identities = add(*urls)
    known = frontier.ids(identities)
    assert len(known) == 1_200
    keys = [Key(family="mic", id=str(number)) for number in range(1, 1_101)]
    assert len(frontier.due_now(Selection(keys=keys))) == 1_100
    assert frontier.due_now(Selection(ids=known.values())) == set(known.values())
    assert frontier.due_now(Selection()) == set()


def test_counts_say_what_is_known_due_new_and_failing(add, take, record, frontier):
    add(LIST.format(1), ARTICLE, HOME + "Pages/TinTuc/1/x.html")
    record(take()[0])
    record(take()[0], "failed", status=500)
    counted = {count.kind: (count.known, count.due, count.new, count.failing) for count in frontier.counts()}
    assert counted == {"list": (1, 0, 0, 0), "article": (2, 1, 1, 1)}
    assert frontier.due() == 1


def test_any_number_of_finds_in_any_order_makes_each_identity_once(add, take):
    numbers = [random.Random(1).randrange(1, 400) for _ in range(3_000)]
    urls = [
        random.Random(n).choice([ARTICLE, QUERY]).replace("144805", str(number))
        for n, number in enumerate(numbers)
    ]
    assert len(add(*urls)) == len(set(numbers))
    assert add(*urls) == set()
    assert len(take(limit=1_000)) == len(set(numbers))


def test_learning_waits_for_a_crawl_that_has_the_same_rows_in_another_order(frontier, add, take, record, database):
    """Two transactions that hold what the other one wants would be broken up by the database, and one fail."""
    other = HOME + "Pages/TinTuc/2/Tin.html"
    add(ARTICLE, other)
    for _ in range(2):
        for task in take():
            record(task)
        frontier.due_now(Selection(keys=[Key(family="mic", id="144805"), Key(family="mic", id="2")]))
    keys = ["mic:144805", "mic:2"]
    learning = threading.Thread(target=frontier.learn, args=({Key.parse(key): True for key in keys},))
    with database.writing() as connection:
        for key in reversed(keys):
            connection.execute(sa.update(rows).where(rows.c.key == key).values(depth=1))
            if not learning.ident:
                learning.start()
                time.sleep(0.3)
    learning.join(10)
    assert not learning.is_alive()
    assert [task.depth for task in take()] == [1, 1]
    with database.reading() as connection:
        assert set(connection.scalars(sa.select(rows.c.changes).where(rows.c.key.in_(keys)))) == {1}
