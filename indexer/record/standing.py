"""Whether an article is still there, told from every answer its addresses gave (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from config.site import Withdrawal
from indexer.article import Absence, Standing

Seen = Literal["there", "gone", "failed", "refused", "moved"]
"""What an answer tells of what its address held.

`gone` is a 404, a 410 or a page that says the same. An error page, a time-out, a 5xx is `failed`: it tells of the
server, not of the article. A 403 is `refused`, a redirect to anything else `moved`.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One answer of one of an article's addresses."""

    capture: int
    at: datetime
    server: str
    place: str
    """The address without what differs between variants of a host; see `gathering.place`."""
    seen: Seen
    why: str = ""
    is_well: bool = True
    """Whether the server was in order that day, this article left aside."""


def standings(answers: Iterable[Answered], rule: Withdrawal) -> tuple[Standing, ...]:
    """How an article stands on each server that ever showed it. The order of the answers does not matter."""
    by_server: dict[str, list[Answered]] = defaultdict(list)
    for answer in sorted(answers, key=lambda answer: (answer.at, answer.place, answer.seen, answer.why)):
        by_server[answer.server].append(answer)
    return tuple(
        _standing(of_server, rule)
        for _, of_server in sorted(by_server.items())
        if any(answer.seen == "there" for answer in of_server)
    )


def _standing(answers: Sequence[Answered], rule: Withdrawal) -> Standing:
    """`answers` are those of one server in their order, of which one at least showed the article."""
    places = {answer.place for answer in answers if answer.seen == "there"}
    shown = [index for index, answer in enumerate(answers) if answer.seen == "there"]
    absences = []
    for index, following in zip(shown, [*shown[1:], len(answers)], strict=True):
        counting = _counting(answers[index + 1 : following], places)
        if _is_confirmed(counting, rule):
            absences.append(
                Absence(
                    last_seen_at=answers[index].at,
                    since=counting[0].at,
                    until=answers[following].at if following < len(answers) else None,
                    confirmations=len(counting),
                    why=counting[-1].why,
                )
            )
    last, since = answers[shown[-1]], answers[shown[-1] + 1 :]
    if not since or (absences and absences[-1].until is None):
        return Standing(server=last.server, last_seen_at=last.at, absences=tuple(absences))
    return Standing(
        server=last.server,
        last_seen_at=last.at,
        absences=tuple(absences),
        missing_since=since[0].at,
        confirmations=len(_counting(since, places)),
        why=since[-1].why,
    )


def _counting(answers: Iterable[Answered], places: set[str]) -> list[Answered]:
    """The first answer of each day that counts: gone where it once was, while the server was in order."""
    days: dict[date, Answered] = {}
    for answer in answers:
        if answer.seen == "gone" and answer.is_well and answer.place in places:
            days.setdefault(answer.at.date(), answer)
    return list(days.values())


def _is_confirmed(counting: Sequence[Answered], rule: Withdrawal) -> bool:
    if len(counting) < rule.times:
        return False
    return (counting[-1].at.date() - counting[0].at.date()).days >= rule.days
