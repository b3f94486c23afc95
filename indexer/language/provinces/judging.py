"""Whether a name in running text means a province, which, and in what role.

The rules are ordered by what they need to see: what is blocked, the words before and after, the shape of the name.
When in doubt a name is left out: a wrong province in a facet is worse than a missing one.
"""

import re

from config.vocabulary import Effect
from indexer.language.provinces.case import Case, Judged, Scene
from indexer.language.provinces.gazetteer import Found
from indexer.language.provinces.meaning import LEVELS, is_firm, meaning
from indexer.language.provinces.roles import begins_range, is_also, role
from indexer.language.provinces.surroundings import Word, words_after

_CANCELS = frozenset[Effect | None](("street", "nature", "person", "firm"))
_LONGER_NAMES = frozenset[Effect](("commune", "street", "person", "nature"))
_AGENCIES = frozenset(("TTXVN", "VNA", "VNS"))
_ERAS = ("former", "undivided", "merged")
_REGIONAL = frozenset(("vùng", "vực", "miền", "vung", "vuc", "mien"))
_SEATED = frozenset(("học", "trường", "viện", "hoc", "truong", "vien"))
"""Ends of what bears a region's name: "Đại học Tây Nguyên"."""
_FIRM_WORDS = 9
"""Words between "Công ty" and a name in the middle of the firm's, its kind included."""
_BYLINE = re.compile(r"(?<!\w)(?:tác giả|ảnh|bài|tin|thực hiện|biên tập|người viết)\s?:\s?$", re.IGNORECASE)
_BYLINE_REACH = 14
_CHINA = frozenset((("trung", "quốc"), ("trung", "quoc")))
_ABROAD = re.compile(r"\w+|[.;:\n]")
_ABROAD_REACH = 80
_STOPS = ".;:\n"
_APPOSED = frozenset(("và", "của", "là", "ở", "thuộc", "tỉnh", "thành", "phố", "các", "hai", "ba", "bốn"))
"""Small words between a Chinese place and the country's name."""


def judge(found: Found, scene: Scene, last: Judged | None) -> Judged | None:
    """Decide about one name. None where it does not take up its words, so that another may begin inside them."""
    kinds = {name.kind for name in found.names}
    if kinds == {"blocked"} and all(map(str.istitle, found.written.split())):
        return Judged(start=found.start, end=found.end)
    case = Case.of(found, scene, last)
    if "region" in kinds:
        return _judged_as_region(case)
    if _is_blocked(case):
        return _no_mention(case)
    return None if kinds == {"blocked"} else _judged_as_place(case)


def _judged_as_region(case: Case) -> Judged:
    """A region, unless the words are another's name, or are a direction too and nothing says they are one."""
    name = case.names("region")[0]
    own = [*case.unit, *case.beyond][: len(name.before)]  # Small words before it that are its own.
    next_word = case.after[0] if case.after and case.scene.text[case.found.end].isspace() else None
    is_longer = next_word is not None and next_word.capital and next_word.lower != "việt" and not case.is_shouted
    said = case.effect == "province" or (bool(case.beyond) and case.beyond[0].lower in _REGIONAL)
    wanted = case.is_capital and (said or not name.needs) and name.regions
    other = not own and (case.effect in (*_CANCELS, "issuer") or case.follower in _CANCELS or _is_person(case))
    if not wanted or other or is_longer or (bool(case.beyond) and case.beyond[0].lower in _SEATED):
        return _no_mention(case)
    start = own[-1].start if own else case.found.start
    return Judged(start=start, end=case.found.end, begin=case.start, role="subject", regions=name.regions)


def _judged_as_place(case: Case) -> Judged | None:
    if case.effect in _CANCELS or case.follower in _CANCELS:
        return _street_of_note(case) or _no_mention(case)
    if _is_person(case) or _is_inside_name(case) or _begins_firm(case) or _is_abroad(case):
        return _no_mention(case)
    then, is_place = meaning(case)
    if not then:
        return _no_mention(case) if case.effect == "commune" or case.effect in LEVELS else None
    if _is_dateline(case):
        return _no_mention(case)
    # "TP.HCM" and "TP. Hồ Chí Minh" are the name: without its unit it is a person's.
    with_unit = any(name.needs == "context" for name in case.found.names)
    return Judged(
        start=case.start if with_unit else case.found.start,
        end=case.found.end,
        begin=case.start,
        then=then,
        role=role(case),
        effect=case.effect,
        is_place=is_place,
        is_range=begins_range(case),
        is_also=is_also(case),
        era=case.follower if case.follower in _ERAS else None,
    )


def _no_mention(case: Case) -> Judged:
    return Judged(start=case.found.start, end=case.found.end, effect=case.effect)


def _is_blocked(case: Case) -> bool:
    """Whether the words are a phrase that is no place; a unit before them says that they are one after all."""
    return any(
        case.is_capital_as(name) and not (case.effect in LEVELS and case.names("place"))
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
    if _BYLINE.search(text, max(0, case.found.start - _BYLINE_REACH), case.found.start):
        return True
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


def _begins_firm(case: Case) -> bool:
    """Whether the name of a firm goes on after it: "Công ty Đầu tư Sài Gòn Xanh"."""
    if case.effect is not None or not case.after or case.is_shouted:
        return False
    goes_on = case.after[0].capital and case.scene.text[case.found.end].isspace()
    return goes_on and is_firm(case, _FIRM_WORDS)


def _is_abroad(case: Case) -> bool:
    """Whether a name that China has too is followed by the country's: "tỉnh Hà Nam (Trung Quốc)"."""
    if case.found.names[0].written not in case.scene.gazetteer.namesakes:
        return False
    between = ""
    for found in _ABROAD.finditer(case.scene.text, case.found.end, case.found.end + _ABROAD_REACH):
        word = found[0]
        if (between, word.lower()) in _CHINA:
            return True
        if word in _STOPS or (word[0].islower() and word not in _APPOSED):
            return False
        between = word.lower()
    return False


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
