"""What changed between two moments of an article, word by word: in its text, not in what surrounds it (pure)."""

from indexer.comparing.comparison import Comparison, Detail, FileChange, compare
from indexer.comparing.rows import Row
from indexer.comparing.words import Words

__all__ = ["Comparison", "Detail", "FileChange", "Row", "Words", "compare"]
