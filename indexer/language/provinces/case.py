"""One name in a text with all that is asked of its surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from config.vocabulary import Effect, Name
from indexer.article import Role
from indexer.language.provinces.communes import Communes
from indexer.language.provinces.gazetteer import Found, Gazetteer
from indexer.language.provinces.surroundings import Lists, Word, words_after, words_before

_PLURALS = frozenset(
    ("các", "những", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "cac", "nhung", "bon", "sau")
)
JOINS = frozenset((",", "và", "-", "va", "and", ", và", "&", "hoặc", ";", "với"))
_NEAR = 40
"""Characters between two names of one list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What is known of a text before its names are judged."""

    text: str
    lists: Lists
    gazetteer: Gazetteer
    unmarked: bool = False
    """The whole text has no marks: names are compared without."""
    new_map: bool = False
    """It is of July 2025 or later, when names of the 34 mean the new provinces."""
    published: date | None = None
    communes: Communes


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What was made of a name. `role` None: it is no mention of a province."""

    start: int
    end: int
    begin: int = 0
    """Where its unit begins ("TP." of "TP. Huế")."""
    then: tuple[str, ...] = ()
    """The former provinces the name stands for, whatever map the text is read in."""
    role: Role | None = None
    effect: Effect | None = None
    """What the words before it made of it."""
    is_place: bool = False
    """It is a district or a place in a province, not the province."""
    is_range: bool = False
    is_also: bool = False
    """It is named as one more, at the end of a list all of which is: "A và B cũng"."""
    era: Effect | None = None
    """`former`, `undivided` or `merged` where the words after it name the map it is meant in."""
    regions: tuple[str, ...] = ()
    """Of a region: it is no mention of a province."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One name with its surroundings; `last` is what was judged before it."""

    found: Found
    scene: Scene
    last: Judged | None
    effect: Effect | None
    unit: Sequence[Word]
    """The words that gave the effect, the nearest first."""
    beyond: Sequence[Word]
    """The words before those."""

    @classmethod
    def of(cls, found: Found, scene: Scene, last: Judged | None) -> "Case":
        """Look around a name. In a list the words before the first count for all: "các huyện A, B và C"."""
        before = words_before(scene.text, found.start)
        if last is not None:
            before = [word for word in before if word.start >= last.end]
        known = scene.gazetteer.contexts.longest([word.lower for word in before])
        count, effect = known or (0, None)
        if known is None and (governing := _governing(found, scene)):
            effect = governing
        return cls(
            found=found,
            scene=scene,
            last=last,
            effect=None if effect == "none" else effect,
            unit=before[:count],
            beyond=before[count:],
        )

    @cached_property
    def after(self) -> list[Word]:
        """Words after the name, the nearest first."""
        return words_after(self.scene.text, self.found.end)

    @cached_property
    def follower(self) -> Effect | None:
        """What the words after the name make of it."""
        known = self.scene.gazetteer.followers.longest([word.lower for word in self.after])
        return known[1] if known else None

    @cached_property
    def start(self) -> int:
        """Where the name begins, its unit included."""
        return self.unit[-1].start if self.unit else self.found.start

    @cached_property
    def unit_words(self) -> str:
        """The unit as it is written, such as `huyện đảo`."""
        return " ".join(word.lower for word in reversed(self.unit))

    @cached_property
    def gap(self) -> str | None:
        """What stands between the name judged before and this one; None where none is near."""
        if self.last is None or self.start - self.last.end > _NEAR:
            return None
        return self.scene.text[self.last.end : self.start].strip().lower()

    @property
    def in_list(self) -> bool:
        """Whether it stands in a list after the name judged before it."""
        return self.gap in JOINS

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.found.written[0].isupper() or self.found.written[0].isdigit()

    @property
    def is_capital_throughout(self) -> bool:
        """Whether each of its words begins with a capital where the name's own does."""
        return self.is_capital_as(self.found.names[0])

    def is_capital_as(self, name: Name) -> bool:
        """Whether each of its words begins with a capital where those of one of its meanings do."""
        written = self.found.written.replace("-", " ").split()
        proper = name.written.replace("-", " ").split()
        return len(written) != len(proper) or all(
            piece[0].islower() <= own[0].islower() for piece, own in zip(written, proper, strict=True)
        )

    @property
    def is_shouted(self) -> bool:
        """Whether it is all capitals."""
        return self.found.written.isupper()

    def names(self, *kinds: str) -> list[Name]:
        """The name's meanings of these kinds."""
        return [name for name in self.found.names if name.kind in kinds]


def _governing(found: Found, scene: Scene) -> Effect | None:
    """What the words before a whole list make of each of its items, if they announce several."""
    words = scene.lists.words_before(found.start)
    known = scene.gazetteer.contexts.longest([word.lower for word in words])
    if known is None:
        return None
    count, effect = known
    near = [word.lower for word in words[: count + 1]]
    counted = effect != "street" and any(word.isdigit() for word in near)
    return effect if counted or not _PLURALS.isdisjoint(near) else None
