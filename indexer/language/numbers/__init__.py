"""Numbers of legal documents: found in running text however they are spelled, and made one form each."""

from indexer.language.numbers.finding import Numbers

__all__ = ["Numbers"]
