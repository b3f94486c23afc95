"""Which provinces a text names, in what role, in the map of its own time and in today's."""

from indexer.language.provinces.tagging import NEW_MAP, Tagger, most_named

__all__ = ["NEW_MAP", "Tagger", "most_named"]
