"""Which former provinces a name stands for, going by the words around it."""

from collections.abc import Sequence
from datetime import date

from config.vocabulary import Effect, Name
from indexer.language.provinces.case import Case

_LOCAL = frozenset[Effect | None](("commune", "district", "ward"))
_PROVINCIAL = frozenset[Effect | None](("province", "city", "town"))
LEVELS: dict[Effect | None, tuple[str, ...]] = {
    "city": ("thành phố", "thị xã"),
    "town": ("thị xã", "thành phố", "huyện"),
    "district": ("huyện", "huyện đảo", "thị xã", "thành phố", "quận"),
    "ward": ("quận",),
}
"""What a unit's word may stand for, the likeliest first: districts became towns, towns became cities."""
_PREPOSITIONS = frozenset(("tại", "ở", "tai", "o", "in", "at"))
_FIRM_WORDS = 5
"""Words between "Công ty" and the last of its name."""
_LONGEST_SYLLABLE = 4
"""Letters of a word without marks that is still too common to be a name in lower case."""


def meaning(case: Case) -> tuple[tuple[str, ...], bool]:
    """The former provinces a name leads to, and whether it is a place in them; () where it leads nowhere."""
    effect = case.effect
    if effect not in LEVELS and (case.follower in LEVELS or case.follower in ("province", "commune")):
        effect = case.follower
    then = _announced_place(case, effect)
    if then or effect in _LOCAL:
        return then, True
    if then := _province(case, effect):
        return then, False
    if effect in _PROVINCIAL or not case.is_capital_throughout:
        return (), True
    return _only([name for name in case.names("place") if not name.needs]), True


def _announced_place(case: Case, effect: Effect | None) -> tuple[str, ...]:
    """Where the place leads that the words beside the name announce: a district, an island, a new commune."""
    if effect == "commune":
        return case.scene.communes.then(case.unit_words, case.found.written) if case.scene.new_map else ()
    if effect in ("place", "archipelago"):
        return _only(case.names("place"))
    return _at_level(case, effect) if effect in LEVELS else ()


def _at_level(case: Case, effect: Effect | None) -> tuple[str, ...]:
    for unit in LEVELS[effect]:
        if names := [name for name in case.names("place") if unit in name.units]:
            return _only(names)
    return ()


def _only(names: Sequence[Name]) -> tuple[str, ...]:
    """The provinces the names lead to, if all lead to the same."""
    meanings = {name.then for name in names}
    return meanings.pop() if len(meanings) == 1 else ()


def _province(case: Case, effect: Effect | None) -> tuple[str, ...]:
    historic = case.names("historic")
    divided = [name for name in historic if name.until and _is_before(case, name.until)]
    names = divided or case.names("province") or [name for name in historic if not name.until]
    return next((name.then for name in names if effect in _PROVINCIAL or _may_stand(case, name, effect)), ())


def _is_before(case: Case, day: date) -> bool:
    """Whether a name is meant as of that day: the text is of then, or looks back on it."""
    published = case.scene.published
    looks_back = case.follower == "former" and published is not None and not case.scene.new_map
    return looks_back or case.follower == "undivided" or (published is not None and published <= day)


def _may_stand(case: Case, name: Name, effect: Effect | None) -> bool:
    """Whether a name may be believed without a unit before it."""
    if name.needs == "unit":
        return False
    if not case.is_capital:
        return case.scene.unmarked and (effect == "issuer" or _is_one_word(name))
    if effect == "issuer":
        return True
    if name.needs == "context":
        prepared = not case.unit and bool(case.beyond) and case.beyond[0].lower in _PREPOSITIONS
        return prepared or effect == "place" or _among_provinces(case)
    if name.needs == "capitals" and not case.scene.unmarked:
        alone = not is_firm(case) and (not case.is_shouted or _heads(case))
        return case.is_capital_throughout and (alone or _among_provinces(case))
    return True


def _heads(case: Case) -> bool:
    """Whether it opens a headline: "BÌNH DƯƠNG: …"."""
    return not case.beyond and case.scene.text.startswith(":", case.found.end)


def _is_one_word(name: Name) -> bool:
    """Whether it is written in one, as no two words of Vietnamese are: tphcm, danang."""
    return not name.needs and " " not in name.written and len(name.written) > _LONGEST_SYLLABLE


def is_firm(case: Case, reach: int = _FIRM_WORDS) -> bool:
    """Whether a firm's name may end here: its trade stands between ("Tập đoàn Xây dựng Hòa Bình")."""
    words = [word.lower for word in case.beyond[:reach]]
    known = (case.scene.gazetteer.contexts.longest(words[index:]) for index in range(len(words)))
    return any(found is not None and found[1] == "firm" for found in known)


def _among_provinces(case: Case) -> bool:
    """Whether another province stands beside it in a list."""
    if case.in_list and case.last is not None and case.last.role is not None:
        return True
    text, end = case.scene.text, case.found.end
    joins = (join for join in (", ", ",", " và ", " - ", "-", " and ") if text.startswith(join, end))
    return any(case.scene.gazetteer.starts_province(text, end + len(join)) for join in joins)
