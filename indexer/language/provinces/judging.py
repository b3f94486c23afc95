"""Whether a name in running text means a province, which, and in what role.

The rules are ordered by what they need to see: what is blocked, the words before and after, the shape of the name.
When in doubt a name is left out: a wrong province in a facet is worse than a missing one.
"""

from collections.abc import Sequence

from config.vocabulary import Effect, Name
from indexer.article import Role
from indexer.language.provinces.case import Case, Judged, Scene
from indexer.language.provinces.gazetteer import Found
from indexer.language.provinces.surroundings import Word, words_after
from indexer.language.provinces.venues import is_venue

_CANCELS = frozenset[Effect | None](("street", "nature", "person", "firm"))
_ALIKE = frozenset(("similar", "similarly", "likewise"))
_IN_PASSING = frozenset[Effect | None](("quoted", "route", "archipelago", "compared"))
_LONGER_NAMES = frozenset[Effect](("commune", "street", "person", "nature"))
_LOCAL = frozenset[Effect | None](("commune", "district", "ward"))
_PROVINCIAL = frozenset[Effect | None](("province", "city", "town"))
_LEVELS: dict[Effect | None, tuple[str, ...]] = {
    "city": ("thành phố", "thị xã"),
    "town": ("thị xã", "thành phố", "huyện"),
    "district": ("huyện", "huyện đảo", "thị xã", "thành phố", "quận"),
    "ward": ("quận",),
}
"""What a unit's word may stand for, the likeliest first: districts became towns, towns became cities."""
_PREPOSITIONS = frozenset(("tại", "ở", "tai", "o", "in", "at"))
_FROM = frozenset(("từ", "tu", "from"))
_TO = frozenset(("đến", "tới", "cho đến", "cho tới", "den", "toi", "to"))
_FIRM_WORDS = 5
"""Words between "Công ty" and the last of its name."""
_AGENCIES = frozenset(("TTXVN", "VNA", "VNS"))


def judge(found: Found, scene: Scene, last: Judged | None) -> Judged | None:
    """Decide about one name. None where it does not take up its words, so that another may begin inside them."""
    case = Case.of(found, scene, last)
    if case.names("region") or _is_blocked(case):
        return _no_mention(case)
    return None if len(case.names("blocked")) == len(found.names) else _judged_as_place(case)


def _judged_as_place(case: Case) -> Judged | None:
    if case.effect in _CANCELS or case.follower in _CANCELS:
        return _street_of_note(case) or _no_mention(case)
    if _is_person(case) or _is_inside_name(case):
        return _no_mention(case)
    then, is_place = _meaning(case)
    if not then:
        return _no_mention(case) if case.effect == "commune" or case.effect in _LEVELS else None
    if _is_dateline(case):
        return _no_mention(case)
    # "TP.HCM" and "TP. Hồ Chí Minh" are the name: without its unit it is a person's.
    with_unit = any(name.needs == "context" for name in case.found.names)
    return Judged(
        start=case.start if with_unit else case.found.start,
        end=case.found.end,
        begin=case.start,
        then=then,
        role=_role(case),
        effect=case.effect,
        is_place=is_place,
        is_range=_begins_range(case),
        is_also=_is_also(case),
        era=case.follower if case.follower in ("former", "merged") else None,
    )


def _no_mention(case: Case) -> Judged:
    return Judged(start=case.found.start, end=case.found.end, effect=case.effect)


def _is_blocked(case: Case) -> bool:
    """Whether the words are a phrase that is no place; a unit before them says that they are one after all."""
    before = [word.lower for word in (*case.unit, *case.beyond)]
    return any(
        before[: len(name.before)] == list(reversed(name.before))
        and case.is_capital_as(name)
        and not (case.effect in _LEVELS and case.names("place"))
        for name in case.names("blocked")
    )


def _street_of_note(case: Case) -> Judged | None:
    """A street well known enough to lead to its province."""
    for name in case.names("place"):
        if case.unit_words in name.units:
            found = case.found
            return Judged(start=found.start, end=found.end, then=name.then, role="subject", is_place=True)
    return None


def _is_person(case: Case) -> bool:
    """Whether the name is the end of a person's: a run of capitalised words with a surname stands before it."""
    if case.effect is not None:
        return False
    gazetteer, text = case.scene.gazetteer, case.scene.text
    surnames = gazetteer.plain_surnames if case.is_shouted else gazetteer.surnames
    reached = case.found.start
    for word in case.beyond[:3]:
        if not word.capital or not text[word.end : reached].isspace():
            return False
        if word.lower in surnames:
            return True
        reached = word.start
    return False


def _is_inside_name(case: Case) -> bool:
    """Whether it is the end of a longer name: of a commune or street ("xã Tân Khánh Hòa"), or only half its words
    have capitals and the one before it has one too ("Tam Giang thành").
    """
    if case.effect is not None or not case.beyond or not case.beyond[0].capital:
        return False
    if not case.scene.text[case.beyond[0].end : case.found.start].isspace():
        return False
    if not case.is_capital_throughout:
        return True
    run = next((index for index, word in enumerate(case.beyond) if not word.capital), len(case.beyond))
    known = case.scene.gazetteer.contexts.longest([word.lower for word in case.beyond[run:]])
    return known is not None and known[1] in _LONGER_NAMES


def _meaning(case: Case) -> tuple[tuple[str, ...], bool]:
    """The former provinces a name leads to, and whether it is a place in them; () where it leads nowhere."""
    effect = case.effect
    if effect not in _LEVELS and (case.follower in _LEVELS or case.follower in ("province", "commune")):
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
        return _only(case.names("place")) if case.scene.new_map else ()
    if effect in ("place", "archipelago"):
        return _only(case.names("place"))
    return _at_level(case, effect) if effect in _LEVELS else ()


def _at_level(case: Case, effect: Effect | None) -> tuple[str, ...]:
    for unit in _LEVELS[effect]:
        if names := [name for name in case.names("place") if unit in name.units]:
            return _only(names)
    return ()


def _only(names: Sequence[Name]) -> tuple[str, ...]:
    """The provinces the names lead to, if all lead to the same."""
    meanings = {name.then for name in names}
    return meanings.pop() if len(meanings) == 1 else ()


def _province(case: Case, effect: Effect | None) -> tuple[str, ...]:
    published = case.scene.published
    historic = case.names("historic")
    divided = [name for name in historic if name.until and published and published <= name.until]
    names = divided or case.names("province") or [name for name in historic if not name.until]
    return next((name.then for name in names if effect in _PROVINCIAL or _may_stand(case, name, effect)), ())


def _may_stand(case: Case, name: Name, effect: Effect | None) -> bool:
    """Whether a name may be believed without a unit before it."""
    if name.needs == "unit":
        return False
    if not case.is_capital:
        return case.scene.unmarked and effect == "issuer"
    if effect == "issuer":
        return True
    if name.needs == "context":
        prepared = not case.unit and bool(case.beyond) and case.beyond[0].lower in _PREPOSITIONS
        return prepared or effect == "place" or _among_provinces(case)
    if name.needs == "capitals" and not case.scene.unmarked:
        alone = not case.is_shouted and not _is_firm(case)
        return case.is_capital_throughout and (alone or _among_provinces(case))
    return True


def _is_firm(case: Case) -> bool:
    """Whether a firm's name may end here: its trade stands between ("Tập đoàn Xây dựng Hòa Bình")."""
    words = [word.lower for word in case.beyond[:_FIRM_WORDS]]
    known = (case.scene.gazetteer.contexts.longest(words[index:]) for index in range(len(words)))
    return any(found is not None and found[1] == "firm" for found in known)


def _among_provinces(case: Case) -> bool:
    """Whether another province stands beside it in a list."""
    if case.in_list and case.last is not None and case.last.role is not None:
        return True
    text, end = case.scene.text, case.found.end
    joins = (join for join in (", ", ",", " và ", " - ", "-", " and ") if text.startswith(join, end))
    return any(case.scene.gazetteer.starts_province(text, end + len(join)) for join in joins)


def _is_dateline(case: Case) -> bool:
    """Whether it only says where a document was signed, or where an agency's report comes from."""
    text, end = case.scene.text, case.found.end
    following = [word.lower for word in words_after(text, end + 1, 2)] if text[end : end + 1] == "," else []
    signed = len(following) > 1 and following[0] in ("ngày", "ngay")
    reported = bool(case.after) and case.after[0].text in _AGENCIES
    begin = case.beyond[0] if case.beyond else None
    return (signed or reported) and (begin is None or (signed and _ends_head(text, begin)))


def _ends_head(text: str, word: Word) -> bool:
    """Whether a word ends what stands before a dateline once lines are joined: a number, a column of its own."""
    return "/" in text[max(0, word.start - 12) : word.start] or text[word.end : word.end + 3] == "   "


def _begins_range(case: Case) -> bool:
    """Whether it begins a range from one province to another, an idiom for the whole country."""
    if not case.beyond or case.beyond[0].lower not in _FROM:
        return False
    words = [word.lower for word in case.after[:2]]
    return " ".join(words[:1]) in _TO or " ".join(words) in _TO


def _role(case: Case) -> Role:
    outer = _outer_effect(case)
    if case.effect in _IN_PASSING or outer in _IN_PASSING or _begins_range(case) or _goes_on(case):
        return "mentioned"
    if "issuer" in (case.effect, outer):
        return "issuer"
    if _is_also(case):
        return "mentioned"
    return "venue" if is_venue(case) else "subject"


def _is_also(case: Case) -> bool:
    """Whether it is named as one more of whom the same is true: "X cũng", "X have launched similar"."""
    return case.follower == "compared" or any(word.lower in _ALIKE for word in case.after)


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
