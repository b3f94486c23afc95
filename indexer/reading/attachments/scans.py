"""Text of pages that are pictures, recognised by tesseract where the machine has it."""

import math
import os
import shutil
import subprocess

import pypdfium2 as pdfium

LANGUAGE = "vie"
"""Name of tesseract's data: Debian's package tesseract-ocr-vie."""
RESOLUTION = 300
"""Dots per inch, as tesseract's manual asks for."""
MOST_PIXELS = 20_000_000
"""Of one page; A4 has 8.7 million at that resolution."""
MOST_PAGES = 200
"""Pages of one file that are recognised: at some seconds each, a quarter of an hour."""
PAGE_SECONDS = 30.0
"""How long a page may take."""
MISSING = "tesseract with Vietnamese is not installed"

_POINTS = 72
_COMMAND = ("tesseract", "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(RESOLUTION))


def is_installed() -> bool:
    """Whether tesseract is there, with its Vietnamese data."""
    if shutil.which(_COMMAND[0]) is None:
        return False
    listed = subprocess.run([_COMMAND[0], "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
    return LANGUAGE in listed.stdout.split()


class Recogniser:
    """Recognises the pages of one file, the first MOST_PAGES that are pictures."""

    def __init__(self) -> None:
        self._left = MOST_PAGES

    def see(self, page: pdfium.PdfPage) -> str:
        """What stands on a page; '' for what cannot be made out, and for pages beyond the limit."""
        if not self._left:
            return ""
        self._left -= 1
        done = subprocess.run(  # noqa: S603 - the command is ours
            _COMMAND,
            input=_picture(page),
            capture_output=True,
            check=False,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
        return done.stdout.decode("utf-8", "replace").replace("\f", "").strip()


def _picture(page: pdfium.PdfPage) -> bytes:
    """A page in shades of grey, as a PGM file."""
    width, height = page.get_size()
    scale = min(RESOLUTION / _POINTS, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    rows = (pixels[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
    picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows)
    bitmap.close()
    return picture
