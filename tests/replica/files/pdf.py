"""Writes PDF files whose text layer holds Vietnamese: one composite font with a map from its codes to letters."""

import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

Pages = tuple[tuple[str, ...], ...]
"""Lines of text on each page."""

WIDTH, HEIGHT, MARGIN = 595, 842, 64
"""A4, in points."""

SIZE, LEADING = 11, 15

_LINES = (HEIGHT - 2 * MARGIN) // LEADING
_NARROW, _WIDE, _USUAL = 278, 778, 550
"""Widths in thousandths of the letter size: near enough to those of the sans-serif every reader has."""

_ENTRIES = 100
"""A section of a character map has no more."""


_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /LiberationSans /Encoding /Identity-H "
    b"/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>"
)
_DESCRIPTOR = (
    b"<< /Type /FontDescriptor /FontName /LiberationSans /Flags 32 /FontBBox [-200 -220 1000 920] "
    b"/ItalicAngle 0 /Ascent 905 /Descent -212 /CapHeight 729 /StemV 80 >>"
)


def lay_out(heading: str, paragraphs: Sequence[str]) -> Pages:
    """Break the text into lines and pages; an empty line after each paragraph."""
    lines: list[str] = []
    for paragraph in (heading, *paragraphs):
        lines += [*_wrap(unicodedata.normalize("NFC", paragraph)), ""]
    return tuple(tuple(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES))


def write(pages: Pages) -> bytes:
    """The file: catalogue, page tree, font with its map, then two objects for each page."""
    letters = sorted({letter for page in pages for line in page for letter in line})
    first = 8
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT,
        _descendant(letters),
        _DESCRIPTOR,
        _stream(_letter_map(letters).encode()),
        b"<< /Producer (tests.replica) >>",
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Contents {first + 2 * number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(_page(page).encode()))
    return _assemble(objects)


def _wrap(paragraph: str) -> Iterator[str]:
    line, used, room = "", 0, (WIDTH - 2 * MARGIN) * 1_000 // SIZE
    for word in paragraph.split():
        long = sum(map(_width, word))
        if line and used + _NARROW + long > room:
            yield line
            line, used = word, long
        else:
            line, used = (f"{line} {word}", used + _NARROW + long) if line else (word, long)
    yield line


@lru_cache(maxsize=1_024)
def _width(letter: str) -> int:
    base = unicodedata.normalize("NFD", letter)[0]
    if base in "iIjlt.,;:!'|()[]/- f":
        return _NARROW
    return _WIDE if base in "mMwWGOQĐ" else _USUAL


def _descendant(letters: Sequence[str]) -> bytes:
    widths = " ".join(f"{ord(letter)} [{_width(letter)}]" for letter in letters)
    return (
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /LiberationSans /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/DW {_USUAL} /W [{widths}] >>"
    ).encode()


def _letter_map(letters: Sequence[str]) -> str:
    """A ToUnicode map; codes are the letters' own numbers."""
    codes = [letter.encode("utf-16-be").hex().upper() for letter in letters]
    sections = []
    for start in range(0, len(codes), _ENTRIES):
        part = codes[start : start + _ENTRIES]
        sections += [f"{len(part)} beginbfchar", *(f"<{code}> <{code}>" for code in part), "endbfchar"]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *sections,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


def _page(lines: Sequence[str]) -> str:
    shown = [f"<{line.encode('utf-16-be').hex().upper()}> Tj T*" if line else "T*" for line in lines]
    start = f"BT /F1 {SIZE} Tf {LEADING} TL {MARGIN} {HEIGHT - MARGIN} Td"
    return "\n".join((start, *shown, "ET"))


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 6)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _assemble(objects: Sequence[bytes]) -> bytes:
    """Objects, cross-reference table, trailer."""
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
