"""What a search knows beyond the words typed: abbreviations, provinces, document numbers, how to weigh (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from config.vocabulary import Vocabulary
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.language.numbers import Numbers
from indexer.query.tuning import Tuning

Bare = tuple[str, ...]
"""Words without marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """`abbreviations` leads from the words of one form to the other forms: (ubnd,) → ((uy, ban, nhan, dan),)."""

    abbreviations: Mapping[Bare, tuple[Bare, ...]] = field(default_factory=dict)
    provinces: tuple[str, ...] = ()
    """Names to be suggested, of both lists, as people write them."""
    then: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Letters of a name without marks and spaces to labels of the 63: more than one where it was divided."""
    today: Mapping[str, str] = field(default_factory=dict)
    """The same to the label of the 34."""
    documents: Numbers | None = None
    """Reads document numbers in any spelling; without it only those that are written out are found."""
    tuning: Tuning = field(default_factory=Tuning)

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Self:
        """What searches need of the vocabulary: each abbreviation leads to what it stands for, and back."""
        forms: dict[Bare, dict[Bare, None]] = {}
        for abbreviation in vocabulary.abbreviations:
            short, long = _bare(abbreviation.short), _bare(abbreviation.long)
            forms.setdefault(short, {})[long] = None
            forms.setdefault(long, {})[short] = None
        names = (name for province in vocabulary.provinces for name in (province.name, province.today))
        written = (name for name in vocabulary.names if name.kind in ("province", "historic") and name.then)
        return cls(
            abbreviations={form: tuple(others) for form, others in forms.items()},
            provinces=tuple(dict.fromkeys(names)),
            then={
                **{letters(name.written): name.then for name in written},
                **{letters(province.name): (province.name,) for province in vocabulary.provinces},
            },
            today={letters(name): name for name in vocabulary.present},
            documents=Numbers(vocabulary),
        )

    def find(self, words: Bare) -> Iterator[tuple[int, int, tuple[Bare, ...]]]:
        """Start, end and other forms of every known name among the words: the longest first, none overlapping."""
        longest = max(map(len, self.abbreviations), default=0)
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + longest), start, -1):
                if others := self.abbreviations.get(words[start:end]):
                    yield start, end, others
                    start = end
                    break
            else:
                start += 1


def letters(text: str) -> str:
    """Letters and digits alone, without marks and capitals: for comparing names as people type them."""
    return "".join(_bare(text))


def _bare(text: str) -> Bare:
    return tuple(fold(search_text(text)).split())
