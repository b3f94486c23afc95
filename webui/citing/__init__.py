"""How a version of an article is cited: what a citation says, and the forms it is written in (pure)."""

from webui.citing.citation import Citation, cite
from webui.citing.formats import FORMATS, Format

__all__ = ["FORMATS", "Citation", "Format", "cite"]
