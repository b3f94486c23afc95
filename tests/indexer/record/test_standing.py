"""When an article counts as taken down: told from every answer, whatever the order they come in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.site import Withdrawal
from indexer.article import Absence
from indexer.record.standing import Answered, Seen, standings

START = datetime(2024, 3, 1, 8, tzinfo=UTC)
RULE = Withdrawal(times=3, days=7)


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def answer(day: float, seen: Seen, **values: object) -> Answered:
    told = {"server": "mic", "place": "mic.gov.vn/a", "why": "404" if seen == "gone" else ""} | values
    return Answered(capture=int(day * 100), at=at(day), seen=seen, **told)  # type: ignore[arg-type]


def gone(*days: float, **values: object) -> list[Answered]:
    return [answer(day, "gone", **values) for day in days]


def stands(*answers: Answered, rule: Withdrawal = RULE):
    (standing,) = standings(answers, rule)
    return standing


def test_found_gone_often_enough_for_long_enough_it_is_taken_down():
    standing = stands(answer(0, "there"), *gone(1, 2, 4, 8))
    assert standing.gone == Absence(last_seen_at=at(0), since=at(1), confirmations=4, why="404")
    assert (standing.missing_since, standing.lost_at) == (None, at(1))


@pytest.mark.parametrize(
    "days",
    [
        pytest.param((1, 2, 3, 4, 5, 6, 7), id="not for long enough"),
        pytest.param((1, 9), id="not often enough"),
        pytest.param((1, 1.1, 1.2, 1.3, 9), id="often, but on two days"),
    ],
)
def test_short_of_that_it_is_missing_and_not_taken_down(days):
    standing = stands(answer(0, "there"), *gone(*days))
    assert (standing.gone, standing.missing_since, standing.why) == (None, at(days[0]), "404")
    assert standing.confirmations == len({int(day) for day in days})


@pytest.mark.parametrize("seen", ["failed", "refused", "moved"])
def test_what_tells_nothing_of_the_article_takes_nothing_down_however_long(seen):
    standing = stands(answer(0, "there"), *(answer(day, seen, why=seen) for day in range(1, 40)))
    assert (standing.gone, standing.missing_since, standing.confirmations) == (None, at(1), 0)
    assert standing.why == seen


def test_days_on_which_the_server_was_not_in_order_do_not_count():
    shaky = [answer(day, "gone", is_well=False) for day in range(1, 30)]
    assert stands(answer(0, "there"), *shaky).gone is None
    later = stands(answer(0, "there"), *shaky, *gone(31, 33, 39)).gone
    assert later is not None
    assert later.since == at(31)


def test_failures_between_neither_count_nor_end_it():
    answers = [answer(0, "there"), *gone(1, 2), answer(3, "failed"), answer(4, "moved"), *gone(8)]
    assert stands(*answers).gone is not None


def test_seen_once_between_it_was_there_all_the_time():
    assert stands(answer(0, "there"), *gone(1, 2, 3), answer(5, "there"), *gone(6, 9)).gone is None


def test_what_comes_back_keeps_the_time_it_was_away():
    standing = stands(answer(0, "there"), *gone(1, 2, 9), answer(30, "there"), answer(31, "failed"))
    assert standing.absences == (
        Absence(last_seen_at=at(0), since=at(1), until=at(30), confirmations=3, why="404"),
    )
    assert (standing.gone, standing.last_seen_at, standing.missing_since) == (None, at(30), at(31))


def test_before_it_was_first_seen_it_was_not_taken_down():
    standing = stands(*gone(0, 1, 9), answer(10, "there"))
    assert (standing.absences, standing.missing_since) == ((), None)
    assert standings(gone(0, 1, 9), RULE) == ()


def test_an_address_that_never_held_it_says_nothing_of_it():
    wrong = gone(1, 2, 9, place="mic.gov.vn/wrong-form")
    assert stands(answer(0, "there"), *wrong).gone is None
    assert stands(answer(0, "there"), answer(0.5, "there", place="mic.gov.vn/wrong-form"), *wrong).gone is not None


def test_each_server_stands_for_itself():
    found = standings([answer(0, "there"), answer(0, "there", server="mst"), *gone(1, 2, 9)], RULE)
    assert [(standing.server, standing.gone is not None) for standing in found] == [("mic", True), ("mst", False)]


def test_the_numbers_are_the_sites_own():
    answers = [answer(0, "there"), *gone(1, 3)]
    assert stands(*answers).gone is None
    assert stands(*answers, rule=Withdrawal(times=2, days=2)).gone is not None


answers = st.lists(
    st.builds(
        answer,
        st.integers(0, 400).map(lambda tenths: tenths / 10),
        st.sampled_from(["there", "gone", "gone", "gone", "failed"]),
        server=st.sampled_from(["mic", "mst"]),
        place=st.sampled_from(["a", "b"]),
        is_well=st.booleans(),
    ),
    max_size=25,
    unique_by=lambda one: one.capture,
)


@given(answers, st.randoms())
def test_the_order_of_answers_never_matters(told, random):
    shuffled = list(told)
    random.shuffle(shuffled)
    assert standings(shuffled, RULE) == standings(told, RULE)


@given(answers)
def test_absences_are_between_sightings_and_never_shorter_than_the_rule_says(told):
    for standing in standings(told, RULE):
        shown = [one.at for one in told if one.server == standing.server and one.seen == "there"]
        assert standing.last_seen_at == max(shown)
        for absence in standing.absences:
            end = absence.until or max(one.at for one in told)
            assert absence.last_seen_at < absence.since <= end
            assert end - absence.since >= timedelta(days=RULE.days - 1)
            assert not any(absence.last_seen_at < moment < end for moment in shown)
            assert absence.confirmations >= RULE.times
        assert all(one.until is not None for one in standing.absences[:-1])
        assert not (standing.gone and standing.missing_since)
