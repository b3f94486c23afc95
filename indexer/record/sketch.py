"""A text's sketch, by which near-identical texts are found without comparing all with all (pure).

Texts are compared as sets of runs of three words (shingles). How much two sets have in common, their resemblance,
is estimated from the least hash values of their union (Broder, "On the resemblance and containment of documents",
1997), exactly for texts of up to 200 shingles. Which texts are compared at all is decided by buckets
(locality-sensitive hashing, Indyk and Motwani, 1998) of the least values in 40 bins, into which one hash a shingle
is dealt out; empty bins borrow from the next (Li, Owen and Zhang, "One permutation hashing", 2012; Shrivastava and
Li, "Densifying one permutation hashing", 2014).
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from heapq import nsmallest

from indexer.document import IndexedDocument
from indexer.language.normalise import search_text

RESEMBLANCE = 0.85
"""Share of common shingles from which on a text is a reprint of another. One word in forty is then another, or
a sentence in seven was added; what merely follows the same pattern stays below it."""
SHORTEST = 30
"""Words of a text below which nothing is compared: notices of one sentence are alike without being reprints."""

LEAST = 200
"""Values kept of a text: the estimate's standard error is 0.025 at a resemblance of 0.85."""
BANDS, ROWS = 10, 4
"""Texts of a resemblance of 0.85 miss each other in all buckets six times in 10,000, and of 0.9 hardly ever."""

_MASK = (1 << 64) - 1
_HIGH = 32
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_STEP = 0x5851F42D4C957F2D
_BINS = BANDS * ROWS
_FIGURE = re.compile(r"\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Sketch:
    """`text` is the digest of the words compared: equal digests need no estimate."""

    text: str
    least: bytes
    """Least hash values of the text, 32 bits each."""
    buckets: tuple[int, ...]


def sketch(document: IndexedDocument) -> Sketch | None:
    """The sketch of an article's text; None where it is too short to be compared.

    The figures in title, text and names of files are part of each bucket: a text with another date, number or sum
    is no reprint, though but one word in a hundred is another.
    """
    body = search_text(f"{document.lead}\n{document.body}")
    words = body.split()
    if len(words) < SHORTEST:
        return None
    names = search_text("\n".join((document.title, *document.attachment_names)))
    figures = sorted({*_FIGURE.findall(body), *_FIGURE.findall(names)})
    values = set(_shingles(words))
    return Sketch(
        text=sha256(body.encode()).hexdigest(),
        least=array("I", nsmallest(LEAST, {value >> _HIGH for value in values})).tobytes(),
        buckets=tuple(_buckets(_dealt_out(values), " ".join((document.language, *figures)))),
    )


def resemblance(one: bytes, other: bytes) -> float:
    """The estimated share of shingles two texts have in common, 0 to 1, of what `Sketch.least` holds of them."""
    left, right = set(array("I", one)), set(array("I", other))
    least = nsmallest(LEAST, left | right)
    return sum(value in left and value in right for value in least) / len(least) if least else 0.0


def _dealt_out(values: Iterable[int]) -> list[int]:
    """The least value in each bin; an empty one borrows from the next that is not."""
    least: list[int | None] = [None] * _BINS
    for value in values:
        before = least[value % _BINS]
        if before is None or value < before:
            least[value % _BINS] = value
    filled = list(least)
    borrowed, distance = next(value for value in least if value is not None), 0
    for place in (*reversed(range(_BINS)), *reversed(range(_BINS))):
        own = least[place]
        borrowed, distance = (own, 0) if own is not None else (borrowed, distance + 1)
        filled[place] = (borrowed + distance * _STEP) & _MASK
    return [value for value in filled if value is not None]


def _shingles(words: Sequence[str]) -> Iterator[int]:
    """Each run of words as a number of 64 bits."""
    hashes = [_hash(word) for word in words]
    first, second, third = _MULTIPLIERS
    for one, two, three in zip(hashes, hashes[1:], hashes[2:], strict=False):
        mixed = (one * first + two * second + three * third) & _MASK
        yield mixed ^ (mixed >> 29)


def _buckets(values: Sequence[int], figures: str) -> Iterator[int]:
    for band in range(BANDS):
        rows = values[band * ROWS : (band + 1) * ROWS]
        yield _number((band, *rows, figures))


def _number(parts: Iterable[object]) -> int:
    """A number of 63 bits, which databases can hold."""
    digest = blake2b("/".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@lru_cache(maxsize=65_536)
def _hash(word: str) -> int:
    """Vietnamese has some thousand syllables: nearly every one was hashed before."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
