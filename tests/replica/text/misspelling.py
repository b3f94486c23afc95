"""Texts as people typed them (trap 9): a look-alike of Đ, tones in the other place, slips of the finger."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from indexer.article import Block
from tests.replica.text.composing import Text
from tests.replica.text.legal import Mention
from tests.replica.text.provinces import Province

ONE_IN = 6
"""Of so many articles, one is typed in each of the odd ways, half are typed well."""

_NEWER = {
    f"{first}{second}": f"{before}{after}"
    for before, second, firsts, afters in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for first, after in zip(firsts, afters, strict=True)
}
_OLDER = re.compile(rf"({'|'.join(_NEWER)})(?!\w)")
_LONG_WORD = re.compile(r"(?<!\w)[a-zà-ỹđ]{5,}(?!\w)")


def misspelt(text: Text, chance: random.Random) -> Text:
    """The text with one of the three, or as it was. Names of places are written as the rest is."""
    match chance.randrange(ONE_IN):
        case 0:
            return _written(text, with_eths)
        case 1:
            return _written(text, lambda words: _OLDER.sub(lambda found: _NEWER[found[1]], words))
        case 2:
            return replace(text, blocks=tuple(_slips(text, chance)))
        case _:
            return text


def with_eths(words: str) -> str:
    """Words with the letter of another language that looks like Đ (U+00D0)."""
    return words.replace("Đ", "Ð")


def _written(text: Text, how: Callable[[str], str]) -> Text:
    def province(place: Province) -> Province:
        return replace(place, written=how(place.written))

    def mention(number: Mention) -> Mention:
        return replace(number, written=how(number.written))

    return replace(
        text,
        title=how(text.title),
        lead=how(text.lead),
        blocks=tuple(replace(block, text=how(block.text)) for block in text.blocks),
        author=how(text.author),
        source=how(text.source),
        caption=how(text.caption),
        provinces=tuple((province(place), role) for place, role in text.provinces),
        numbers=tuple(map(mention, text.numbers)),
    )


def _slips(text: Text, chance: random.Random) -> Iterator[Block]:
    """One word of some paragraphs with a letter doubled, where it changes no name and no number."""
    fixed = [place.written for place, _ in text.provinces] + [number.written for number in text.numbers]
    for block in text.blocks:
        words = list(_LONG_WORD.finditer(block.text))
        if not words or block.kind != "text" or any(name in block.text for name in fixed) or chance.random() < 0.5:
            yield block
            continue
        place = chance.choice(words).start() + chance.randint(1, 3)
        yield replace(block, text=f"{block.text[:place]}{block.text[place]}{block.text[place:]}")
