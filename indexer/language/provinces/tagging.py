"""The tagger: every mention of a province in a text, read in the map of the text's time."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from operator import attrgetter

from config.vocabulary import Vocabulary
from indexer.article import Part, PlaceMention
from indexer.language.passage import Passages
from indexer.language.provinces.case import JOINS, Judged, Scene
from indexer.language.provinces.communes import Communes
from indexer.language.provinces.gazetteer import Gazetteer, without_marks
from indexer.language.provinces.judging import judge
from indexer.language.provinces.surroundings import Lists

NEW_MAP = date(2025, 7, 1)
"""The day on which 63 provinces became 34."""

MOST_NAMES = 3_000
"""Names of one text that are judged, which takes a fifth of a second; a long law has some hundreds."""

_MARKED = re.compile("[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_LETTER = re.compile(r"[^\W\d_]")
_UNMARKED_SHARE = 0.01
"""Share of letters with marks up to which a text counts as written without: English with a name or two in it.
Vietnamese has .25, and never less than .1 in a sentence."""
_SURELY_MARKED = 0.15
"""Bytes beyond one for each letter in text that is not worth counting: Vietnamese has .35, English .02."""
_OLD = ("former", "undivided")
_BELONGS = re.compile(r"\s*[,(-]\s*(?:thuộc )?(?:tỉnh|thành phố|TP\.?)?\s*", re.IGNORECASE)
_WEIGHT: dict[Part, int] = {"title": 4, "lead": 2}


class Tagger:
    """Finds provinces as one vocabulary knows them. Costly to make, meant to be kept."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._marked = Gazetteer(words, folded=False)
        self._folded = Gazetteer(words, folded=True)
        self._communes = Communes(words.communes)

    def tag(self, passages: Passages, published: date | None = None) -> tuple[PlaceMention, ...]:
        """All mentions in reading order. Without a date the map of before July 2025 holds."""
        unmarked = _is_unmarked(passages.text)
        text = without_marks(passages.text) if unmarked else passages.text
        scene = Scene(
            text=text,
            lists=Lists(text),
            gazetteer=self._folded if unmarked else self._marked,
            unmarked=unmarked,
            new_map=published is not None and published >= NEW_MAP,
            published=published,
            communes=self._communes,
        )
        judged = list(islice(_judge_all(scene), MOST_NAMES))
        provinces = _reconciled((one for one in judged if not one.regions), scene.text, self._words)
        regions = [one for one in judged if one.regions]
        named = sorted([*provinces, *regions], key=attrgetter("start")) if regions else provinces
        found = [self._mention(one, passages, scene) for one in named]
        return tuple(_in_passing(list(_given_away(found, passages)))) if found else ()

    def _mention(self, judged: Judged, passages: Passages, scene: Scene) -> PlaceMention:
        then, today = judged.then, self._words.today_of(judged.then)
        if (scene.new_map or judged.era == "merged") and not judged.is_place and judged.era not in _OLD:
            then, today = self._in_new_map(then, today)
            if today and not then:
                then = self._communes.then_before(scene.text, judged.begin, today[0])
        return PlaceMention(
            written=passages.written(judged.start, judged.end),
            then=then,
            today=today,
            role=judged.role or "mentioned",
            where=passages.where(judged.start, judged.end),
            regions=judged.regions,
        )

    def _in_new_map(
        self, then: tuple[str, ...], today: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A name of the 34 means the new province, which is one of the 63 only where nothing was merged."""
        if len(then) == 1 and then[0] in self._words.present and then[0] not in self._words.unchanged:
            return (), then
        return then, today


def most_named(mentions: Iterable[PlaceMention]) -> list[PlaceMention]:
    """One mention for each province and role, what the text is about first.

    Subjects and issuers go before venues and the rest; among them counts how often a present province is named,
    titles and leads counting more: the first one named is wrong far more often. Regions are left out.
    """
    said = [mention for mention in mentions if mention.today]
    weights: Counter[tuple[str, ...]] = Counter()
    for mention in said:
        if mention.role in ("subject", "issuer"):
            weights[mention.today] += _WEIGHT.get(mention.where.part, 1)
    first = {(mention.then, mention.today, mention.role): mention for mention in reversed(said)}
    order = {key: rank for rank, key in enumerate(dict.fromkeys((m.then, m.today, m.role) for m in said))}
    return sorted(
        first.values(),
        key=lambda mention: (
            mention.role not in ("subject", "issuer"),
            -weights[mention.today],
            order[mention.then, mention.today, mention.role],
        ),
    )


def _given_away(mentions: Sequence[PlaceMention], passages: Passages) -> Iterator[PlaceMention]:
    """A new province right after one of its old districts means, then, the district's province."""
    before: PlaceMention | None = None
    for mention in mentions:
        if before and not mention.then and before.then and mention.today == before.today:
            between = passages.between(before.where, mention.where)
            if between is not None and _BELONGS.fullmatch(between):
                mention = replace(mention, then=before.then)  # noqa: PLW2901 - the mended one goes on
        yield mention
        before = mention


def _in_passing(mentions: Sequence[PlaceMention]) -> Iterator[PlaceMention]:
    """An article whose head names provinces is not about others that its body names once, further down."""
    if all(mention.where.part != "body" or mention.where.index == 0 for mention in mentions):
        yield from mentions
        return
    of_note = [mention for mention in mentions if mention.role in ("subject", "issuer")]
    heads = {name for mention in of_note if mention.where.part != "body" for name in mention.today}
    times = Counter(name for mention in of_note for name in mention.today or mention.regions)
    for mention in mentions:
        names = mention.today or mention.regions
        once = all(times[name] == 1 for name in names) and heads.isdisjoint(names)
        later = mention.where.part == "body" and mention.where.index > 0
        demoted = heads and once and later and mention.role == "subject"
        yield replace(mention, role="mentioned") if demoted else mention


def _is_unmarked(text: str) -> bool:
    beyond_ascii = len(text.encode("utf-8", "replace")) - len(text)
    if beyond_ascii > _SURELY_MARKED * len(text):
        return False
    return len(_MARKED.findall(text)) <= _UNMARKED_SHARE * len(_LETTER.findall(text))


def _judge_all(scene: Scene) -> Iterator[Judged]:
    last: Judged | None = None
    for found in scene.gazetteer.find(scene.text):
        if last is not None and found.start < last.end:
            continue
        judged = judge(found, scene, last)
        if judged is not None:
            last = judged
            yield judged


def _passed_back(said: Sequence[Judged], text: str) -> list[Judged]:
    """What is said of the last of a list is said of all: in "A và B cũng" neither is what the text is about."""
    mended = list(said)
    for index in range(len(mended) - 2, -1, -1):
        one, after = mended[index : index + 2]
        if after.is_also and after.role == "mentioned" and text[one.end : after.begin].strip().lower() in JOINS:
            mended[index] = replace(one, is_also=True, role="mentioned" if one.role == "subject" else one.role)
    return mended


def _reconciled(judged: Iterable[Judged], text: str, words: Vocabulary) -> list[Judged]:
    """Mentions only, without districts that another province follows: there they are others of the same name."""
    said = list(_passed_back([one for one in judged if one.role is not None], text))
    return [
        one
        for one, after, third in zip(said, [*said[1:], None], [*said[2:], None, None], strict=False)
        if after is None
        or not (one.is_place and not after.is_place and _BELONGS.fullmatch(text[one.end : after.start]))
        or not set(words.today_of(one.then)).isdisjoint(words.today_of(after.then))
        or _is_list(one, after, third, text)
    ]


def _is_list(one: Judged, after: Judged, third: Judged | None, text: str) -> bool:
    """Whether three names without units are a list: "Mỹ Tho, Bến Tre và Trà Vinh"."""
    if third is None or (one.effect, after.effect, third.effect) != (None, None, None):
        return False
    return text[after.end : third.begin].strip().lower() in JOINS
