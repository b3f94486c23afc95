"""Writes DOCX files through python-docx, packed so that the same text gives the same bytes."""

import io
import zipfile
from collections.abc import Sequence
from functools import lru_cache

from docx import Document

_BODY = "word/document.xml"
_DAY = (2000, 1, 1, 0, 0, 0)
"""The time of change of every part."""


def write(heading: str, paragraphs: Sequence[str]) -> bytes:
    """A document with a heading and paragraphs."""
    document = Document()
    document.add_heading(heading, level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return _pack(document.part.blob)


def _pack(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _skeleton():
            archive.writestr(zipfile.ZipInfo(name, _DAY), content)
        archive.writestr(zipfile.ZipInfo(_BODY, _DAY), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@lru_cache(maxsize=1)
def _skeleton() -> tuple[tuple[str, bytes], ...]:
    """Every part of an empty document but its body: written once, since they never differ."""
    out = io.BytesIO()
    Document().save(out)
    with zipfile.ZipFile(out) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist() if name != _BODY)
