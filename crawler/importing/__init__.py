"""Copies what other tools archived of the site into the archive; a second time it adds nothing."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from config.settings import Settings
from crawler.address import Addresses
from crawler.archive import Archive
from crawler.importing.cdx import Line, read_index
from crawler.importing.intake import Intake
from crawler.importing.outcome import Imported
from crawler.importing.wacz import WaczError, open_wacz
from crawler.importing.warc import Damage, Found, records
from crawler.progress import Progress, Report, silent

__all__ = ["Imported", "Importer"]

OFTEN = 200
"""Records between two words about progress."""

_INDEXES = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")
_OPEN_FILES = 16
"""WARC files that an index leads to and that are kept open."""


class Importer:
    """Imports into one archive. Memory does not grow with the files."""

    def __init__(self, settings: Settings, addresses: Addresses, archive: Archive) -> None:
        self._addresses = addresses
        self._archive = archive
        self._intake = Intake(archive, addresses, settings.page_limit)
        self._report: Report = silent
        self._done = 0

    def copy_all(self, paths: Sequence[Path], report: Report = silent) -> list[Imported]:
        """Copy these files' answers of the site, whatever their order.

        A file with revisits of what comes in a later file is read again at the end. Raises OSError where one
        cannot be opened, ArchiveError; what was copied until then stays.
        """
        self._report = report
        outcomes = [self.copy(path, report) for path in paths]
        waiting = -1
        while (incomplete := sum(outcome.incomplete for outcome in outcomes)) not in (0, waiting):
            waiting = incomplete
            for path, outcome in zip(paths, outcomes, strict=True):
                if outcome.incomplete:
                    outcome.add_second(self.copy(path, report))
        return outcomes

    def copy(self, path: Path, report: Report = silent) -> Imported:
        """Copy one file: WARC, ARC, WACZ, or a CDX or CDXJ of WARC files beside it.

        Raises OSError, ArchiveError.
        """
        self._report = report
        self._archive.recover()  # else what a killed import wrote without rows would be taken for new
        self._intake.open_file(path.name)
        try:
            self._copy(path)
        finally:
            imported = self._intake.close_file()
        return imported

    def _copy(self, path: Path) -> None:
        name = path.name.lower()
        if name.endswith((".wacz", ".zip")):
            self._copy_wacz(path)
        elif name.endswith(_INDEXES):
            self._copy_indexed(path)
        else:
            with path.open("rb") as file:
                self._take(file, path.name, path.stat().st_size)

    def _copy_wacz(self, path: Path) -> None:
        imported = self._intake.imported
        try:
            with open_wacz(path) as wacz:
                for entry in wacz.warcs:
                    try:
                        with wacz.opened(entry) as file:
                            self._take(file, f"{path.name}/{entry.filename}", entry.file_size)
                    except WaczError as error:
                        imported.refuse(str(error))
        except WaczError as error:
            imported.refuse(str(error))

    def _take(self, file: BinaryIO, name: str, size: int) -> None:
        found_any = False
        for number, found in enumerate(records(file)):
            self._take_one(found)
            found_any = found_any or isinstance(found, Found)
            if number % OFTEN == 0:
                self._tell(name, file.tell(), size)
        if not found_any and not self._intake.imported.problems:
            self._intake.imported.refuse("nothing in it")

    def _take_one(self, found: Found | Damage) -> None:
        if isinstance(found, Damage):
            self._intake.imported.damage(found.position, found.reason)
        else:
            self._intake.take(found)

    def _tell(self, name: str, position: int, size: int) -> None:
        copied = self._intake.imported.copied
        self._report(Progress(done=position >> 10, total=size >> 10, message=f"KiB of {name}, {copied:,} copied"))

    # ---- indexes ---------------------------------------------------------------------------------------------

    def _copy_indexed(self, path: Path) -> None:
        """Only what the index lists of the site is read, where it says that it lies."""
        imported = self._intake.imported
        with ExitStack() as opened:
            files: dict[str, BinaryIO | None] = {}
            for number, line in enumerate(_lines(path)):
                if isinstance(line, str):
                    imported.damage(number + 1, line)
                elif not self._addresses.read(line.url).allowed:
                    imported.foreign += 1
                else:
                    self._take_listed(line, path, files, opened)
                if number % OFTEN == 0:
                    self._report(Progress(done=number, message=f"lines of {path.name}"))

    def _take_listed(self, line: Line, path: Path, files: dict[str, BinaryIO | None], opened: ExitStack) -> None:
        if line.filename not in files:
            if len(files) >= _OPEN_FILES:
                opened.close()
                files.clear()
            files[line.filename] = self._beside(line.filename, path, opened)
        file = files[line.filename]
        if file is not None:
            self._take_one(next(iter(records(file, line.offset)), Damage(line.offset, "nothing there")))

    def _beside(self, name: str, index: Path, opened: ExitStack) -> BinaryIO | None:
        """A WARC file in the index's folder; what lies elsewhere is not looked for."""
        path = index.parent / Path(name).name
        if not name or not path.is_file():
            self._intake.imported.refuse(f"{name or 'a line'}: no such WARC file beside the index")
            return None
        return opened.enter_context(path.open("rb"))


def _lines(path: Path) -> Iterator[Line | str]:
    """Lines of an index, broken ones as the reason why."""
    packed = path.name.lower().endswith(".gz")
    with gzip.open(path) if packed else path.open("rb") as file:
        try:
            for line in read_index(file):
                yield line if isinstance(line, Line) else str(line)
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            yield f"the index ends early: {error}"
