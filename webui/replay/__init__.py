"""Archived pages as they looked, made inert: nothing in them runs, nothing is asked of other hosts."""

from webui.replay.copying import Copied, copied_page
from webui.replay.markup import Use
from webui.replay.parts import Part, PartMissingError, part

__all__ = ["Copied", "Part", "PartMissingError", "Use", "copied_page", "part"]
