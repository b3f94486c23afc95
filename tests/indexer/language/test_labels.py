"""How often provinces and document numbers are right on labelled texts; printed, and held above a floor.

What was written while looking at answers is told apart from what was labelled first and is held out: rules are
never changed because of a line that is held out.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.vocabulary import load_vocabulary
from indexer.language.numbers import Numbers
from indexer.language.passage import Passage, Passages
from indexer.language.provinces import Tagger

DATA = Path(__file__).parents[2] / "data"
LEAST = 300
"""Labelled texts of each kind that may be looked at."""
PRECISION, RECALL, F1 = 0.99, 0.95, 0.98
"""Floors, of texts looked at and texts held out alike."""

TAGGER, NUMBERS = Tagger(load_vocabulary()), Numbers(load_vocabulary())
SETS = {"provinces": ("provinces", "provinces_held_out"), "numbers": ("numbers", "numbers_held_out")}

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Labels found and wanted, found only, wanted only."""

    right: int
    wrong: int
    missing: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missing)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missing)


def lines(name: str) -> list[Line]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def score(pairs: Iterable[tuple[Counter[str], Counter[str]]]) -> Score:
    sums = [
        ((found & wanted).total(), (found - wanted).total(), (wanted - found).total()) for found, wanted in pairs
    ]
    return Score(*map(sum, zip(*sums, strict=True)))


def body(line: Line) -> Passages:
    return Passages([Passage(part="body", text=line["text"])])


def placed(line: Line, field: str) -> tuple[Counter[str], Counter[str]]:
    """Provinces or regions of a sentence's facets, found and labelled."""
    published = date.fromisoformat(line["published"]) if "published" in line else None
    facets = (one for one in TAGGER.tag(body(line), published) if one.role in ("subject", "issuer"))
    return Counter({name for one in facets for name in getattr(one, field)}), Counter(line[field])


def numbered(line: Line) -> tuple[Counter[str], Counter[str]]:
    return Counter(one.normal for one in NUMBERS.find(body(line))), Counter(line["numbers"])


def issued(line: Line) -> tuple[Counter[str], Counter[str]]:
    found = (one.normal for one in NUMBERS.find(body(line)) if one.role == "issues")
    return Counter(found), Counter(line["issues"])


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[str, int, Score], Score]:
    def tell(name: str, number: int, found: Score) -> Score:
        with capsys.disabled():
            print(
                f"\n{name}, {number} texts: precision {found.precision:.4f}, recall {found.recall:.4f}, "
                f"F1 {found.f1:.4f} ({found.right} right, {found.wrong} wrong, {found.missing} missing)"
            )
        return found

    return tell


@pytest.mark.parametrize("kind", SETS)
def test_labels_are_enough_say_whence_they_are_and_none_is_in_both_sets(kind: str):
    open_to_see, held_out = (lines(name) for name in SETS[kind])
    seen, unseen = ({line["text"] for line in some} for some in (open_to_see, held_out))
    field = "then" if kind == "provinces" else "numbers"
    assert len(seen) >= LEAST
    assert not seen & unseen
    assert all(line["source"] for line in (*open_to_see, *held_out))
    for some in (open_to_see, held_out):
        assert sum(not line[field] for line in some) >= len(some) / 10, "texts in which nothing must be found"


@pytest.mark.parametrize("name", SETS["provinces"])
def test_provinces_of_labelled_sentences(name: str, told: Callable[[str, int, Score], Score]):
    some = lines(name)
    found = told(name, len(some), score(placed(line, "then") for line in some))
    assert found.precision >= PRECISION
    assert found.recall >= RECALL


@pytest.mark.parametrize("field", ["today", "regions"])
def test_regions_and_names_of_the_new_map_where_they_are_labelled(field: str):
    labelled = [line for name in SETS["provinces"] for line in lines(name) if field in line]
    assert labelled
    answers = [(line["text"], *placed(line, field)) for line in labelled]
    assert [answer for answer in answers if answer[1] != answer[2]] == []


@pytest.mark.parametrize("name", SETS["numbers"])
def test_document_numbers_of_labelled_lines(name: str, told: Callable[[str, int, Score], Score]):
    some = lines(name)
    assert told(name, len(some), score(map(numbered, some))).f1 >= F1


def test_documents_that_labelled_lines_issue():
    labelled = [line for name in SETS["numbers"] for line in lines(name) if "issues" in line]
    assert score(map(issued, labelled)).f1 >= F1
