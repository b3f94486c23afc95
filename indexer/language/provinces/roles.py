"""In what role a province is named: what a text is about, who speaks, where something took place, in passing."""

import re

from config.vocabulary import Effect
from indexer.article import Role
from indexer.language.provinces.case import Case
from indexer.language.provinces.venues import is_venue

_ALIKE = frozenset(("similar", "similarly", "likewise"))
_IN_PASSING = frozenset[Effect | None](("quoted", "route", "archipelago", "compared"))
_SOURCE = re.compile(r"\bnguồn\s?:\s?$", re.IGNORECASE)
_FROM = frozenset(("từ", "tu", "from"))
_TO = frozenset(("đến", "tới", "cho đến", "cho tới", "vào", "ra", "đi", "về", "den", "toi", "to"))


def role(case: Case) -> Role:
    outer = (
        "quoted" if _SOURCE.search(case.scene.text, max(0, case.start - 10), case.start) else _outer_effect(case)
    )
    if case.effect in _IN_PASSING or outer in _IN_PASSING or begins_range(case) or _goes_on(case):
        return "mentioned"
    if "issuer" in (case.effect, outer):
        return "issuer"
    if is_also(case):
        return "mentioned"
    return "venue" if is_venue(case) else "subject"


def is_also(case: Case) -> bool:
    """Whether it is named as one more of whom the same is true: "X cũng", "X have launched similar"."""
    return case.follower == "compared" or any(word.lower in _ALIKE for word in case.after)


def begins_range(case: Case) -> bool:
    """Whether it begins a range from one province to another, an idiom for the whole country."""
    if not case.beyond or case.beyond[0].lower not in _FROM:
        return False
    words = [word.lower for word in case.after[:2]]
    return " ".join(words[:1]) in _TO or " ".join(words) in _TO


def _goes_on(case: Case) -> bool:
    """Whether it is the other end of a range or route, or one more of a list that is mentioned in passing."""
    last = case.last
    if last is None or last.role != "mentioned":
        return False
    return case.gap in _TO if last.is_range else case.in_list


def _outer_effect(case: Case) -> Effect | None:
    """What the words before the unit make of the name: "UBND tỉnh X", "so với thành phố X"."""
    if case.effect is None:
        return None
    known = case.scene.gazetteer.contexts.longest([word.lower for word in case.beyond])
    return known[1] if known else None
