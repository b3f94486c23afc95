"""A text's sketch, by which near-identical texts are found without comparing all with all (pure).

Texts are compared as sets of runs of three words (shingles); how much two sets have in common (their resemblance)
is estimated from their least hash values, as Broder showed ("On the resemblance and containment of documents",
1997). One hash a shingle is enough where its values are dealt out into bins and empty bins borrow from the next
(Li, Owen and Zhang, "One permutation hashing", 2012; Shrivastava and Li, "Densifying one permutation hashing",
2014). Texts that share four values in a row meet in a bucket (locality-sensitive hashing, Indyk and Motwani, 1998).
"""

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256

from indexer.document import IndexedDocument
from indexer.language.normalise import search_text

RESEMBLANCE = 0.9
"""Share of common shingles from which on a text is a reprint of another. One word in 50 is then another, or a
sentence in ten was added; what merely follows the same pattern stays below it."""
SHORTEST = 30
"""Words of a text below which nothing is compared: notices of one sentence are alike without being reprints."""

BINS = 128
"""The estimate's standard error is 0.027 at a resemblance of 0.9."""
BANDS, ROWS = 8, 4
"""Texts of a resemblance of 0.9 miss each other in all buckets once in 5,000 times."""

_MASK = (1 << 64) - 1
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_STEP = 0x5851F42D4C957F2D
_FORMAT = struct.Struct(f"<{BINS}I")
_FIGURE = re.compile(r"\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Sketch:
    """`text` is the digest of the words compared: equal digests need no estimate."""

    text: str
    bins: bytes
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
    values = _values(words)
    return Sketch(
        text=sha256(body.encode()).hexdigest(),
        bins=_FORMAT.pack(*(value >> 32 for value in values)),
        buckets=tuple(_buckets(values, " ".join((document.language, *figures)))),
    )


def resemblance(one: bytes, other: bytes) -> float:
    """The estimated share of shingles two texts have in common, 0 to 1."""
    pairs = zip(_FORMAT.unpack(one), _FORMAT.unpack(other), strict=True)
    same = sum(left == right for left, right in pairs)
    return float(same) / BINS


def _values(words: Sequence[str]) -> list[int]:
    """The least value in each bin; an empty one borrows from the next that is not."""
    least: list[int | None] = [None] * BINS
    for value in _shingles(words):
        place, before = value % BINS, least[value % BINS]
        if before is None or value < before:
            least[place] = value
    full = [value for value in least if value is not None]
    filled, borrowed, distance = list(least), full[0], 0
    for place in (*reversed(range(BINS)), *reversed(range(BINS))):
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
