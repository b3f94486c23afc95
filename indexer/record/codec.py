"""How the record writes its types as JSON and reads them back."""

import json
from functools import cached_property
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from indexer.article import Article, Attachment, Listed
from indexer.document import IndexedDocument

T = TypeVar("T")


class Codec(Generic[T]):
    """JSON of one frozen type; what equals its default is left out."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind)

    def dump(self, value: T) -> str:
        """Write a value."""
        return self._adapter.dump_json(value, exclude_defaults=True).decode()

    def load(self, text: str) -> T:
        """Read what `dump` wrote. Raises pydantic.ValidationError where the text is of another make."""
        return self._adapter.validate_json(text)


ARTICLE = Codec(Article)
ATTACHMENT = Codec(Attachment)
LISTED = Codec(Listed)
DOCUMENT = Codec(IndexedDocument)


def digest(*values: object) -> str:
    """SHA-256, as hex, of values that JSON can hold; equal values have equal digests."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
