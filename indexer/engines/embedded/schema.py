"""The fields of an embedded index, and an article as tantivy takes it."""

from functools import lru_cache

from tantivy import Document, Schema, SchemaBuilder

from indexer.engines.entry import Entry
from indexer.language.folding import fold
from indexer.language.normalise import pairs_text
from indexer.query.fields import ALL, ALL_PAIRS, KEYWORDS, LOOKED_INTO, NAMES, TEXTS, WHOLE, Analysis, at

CURSOR_KEY = "cursor"
"""The key of the one document that is no article (articles' keys hold a colon): it keeps the cursor."""

WORDS = "whitespace"
"""Tokenizer of search text: its words are separated by spaces and by nothing else."""


def build() -> Schema:
    """The schema; MAPPING in `entry` is to be raised when it changes."""
    builder = SchemaBuilder()
    for field in TEXTS:
        builder.add_text_field(field, tokenizer_name=WORDS, index_option="position")
        positions = "position" if field == "title" else "freq"
        builder.add_text_field(at(field, "fold"), tokenizer_name=WORDS, index_option=positions)
        builder.add_text_field(at(field, "bi"), tokenizer_name=WORDS, index_option="freq")
        builder.add_text_field(at(field, "fold_bi"), tokenizer_name=WORDS, index_option="freq")
    builder.add_text_field(NAMES, tokenizer_name=WORDS, index_option="position")
    builder.add_text_field(ALL, tokenizer_name=WORDS, index_option="position")
    builder.add_text_field(ALL_PAIRS, tokenizer_name=WORDS, index_option="basic")
    for field in LOOKED_INTO:
        builder.add_text_field(field, tokenizer_name=WORDS, index_option="position")
    for field in KEYWORDS:
        stored = field == "key"
        builder.add_text_field(field, stored=stored, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("cursor", stored=True)
    builder.add_bytes_field("card", stored=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def document(entry: Entry) -> Document:
    """An article as tantivy takes it; folding and pairing are done here, so that it only splits at spaces."""
    made = Document()
    for field, texts in entry.texts.items():
        for text in texts:
            _add_text(made, field, text)
    for field, text in entry.looked_into.items():
        if text:
            made.add_text(field, text)
    for field, values in entry.keywords.items():
        for value in values:
            made.add_text(field, value)
    if entry.published:
        made.add_integer("day", entry.published.toordinal())
    made.add_bytes("card", entry.card.encode())
    made.add_bytes("shown", entry.shown.encode())
    return made


def cursor_document(cursor: int) -> Document:
    """What keeps the cursor, written in the same commit as the articles."""
    made = Document()
    made.add_text("key", CURSOR_KEY)
    made.add_integer("cursor", cursor)
    return made


def analysed(text: str) -> dict[Analysis, str]:
    """Search text in each analysis, as words that are separated by spaces."""
    words = text.split()
    bare = [_folded(word) for word in words]
    return {"": text, "fold": " ".join(bare), "bi": pairs_text(words), "fold_bi": pairs_text(bare)}


_folded = lru_cache(maxsize=65_536)(fold)
"""Word by word, since nearly all were seen before."""


def _add_text(made: Document, field: str, text: str) -> None:
    """A text in its four analyses and, if it stands in no other, as a part of everything."""
    ways = analysed(text)
    if field in WHOLE:
        made.add_text(ALL, ways["fold"])
        made.add_text(ALL_PAIRS, ways["fold_bi"])
    if field not in TEXTS:
        made.add_text(field, text)
        return
    for analysis, words in ways.items():
        made.add_text(at(field, analysis), words)
