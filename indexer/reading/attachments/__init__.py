"""Files that articles offer: what they are by their content, and their text."""

from indexer.reading.attachments.apart import Apart
from indexer.reading.attachments.files import read_file
from indexer.reading.attachments.types import file_type

__all__ = ["Apart", "file_type", "read_file"]
