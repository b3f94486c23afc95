"""What a capture says: an article, a list of others, a file's text, or why it is none of these (pure)."""

from indexer.reading.reader import Reader

__all__ = ["Reader"]
