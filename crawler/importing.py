"""Copies what other tools archived of the site (WARC, ARC) into the archive; a second time it adds nothing."""

from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from datetime import datetime
from io import StringIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.timeutils import iso_date_to_datetime

from config.settings import Settings
from crawler.address import Addresses
from crawler.archive import Archive
from crawler.page import FetchedPage
from crawler.progress import Progress, Report, silent

GROUP = 50
"""Records whose rows are written together."""


@dataclass(kw_only=True, slots=True)
class Imported:
    """What became of one file's answers."""

    file: str
    copied: int = 0
    known: int = 0
    """In the archive already."""
    foreign: int = 0
    """Not of this site, or never asked for."""
    incomplete: int = 0
    """Revisits of answers that are not in the archive: import their files, then this one again."""
    problem: str = ""
    """Why the rest of the file could not be read."""


class Importer:
    """Imports into one archive."""

    def __init__(self, settings: Settings, addresses: Addresses, archive: Archive) -> None:
        self._limit = settings.page_limit
        self._addresses = addresses
        self._archive = archive
        self._new: set[tuple[str, datetime]] = set()

    def copy(self, path: Path, report: Report = silent) -> Imported:
        """Copy one file's answers of the site. Raises OSError where it cannot be opened, ArchiveError."""
        imported = Imported(file=path.name)
        try:
            with path.open("rb") as stream, redirect_stderr(StringIO()):  # warcio complains there
                for record in ArchiveIterator(stream, arc2warc=True):
                    self._take(record, imported)
                    if len(self._new) >= GROUP:
                        self._commit()
                        report(Progress(done=imported.copied, message=path.name))
        except (ArchiveLoadFailed, ValueError, TypeError, EOFError) as error:
            imported.problem = " ".join(str(error).split())[:200] or type(error).__name__
        finally:
            self._commit()
        return imported

    def _take(self, record: ArcWarcRecord, imported: Imported) -> None:
        if record.rec_type not in ("response", "revisit") or record.http_headers is None:
            return
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        address = self._addresses.read(url)
        if not address.allowed:
            imported.foreign += 1
            return
        captured_at = _moment(record.rec_headers.get_header("WARC-Date"))
        place = (address.canonical, captured_at)
        if place in self._new or self._archive.has(*place):
            imported.known += 1
            return
        page = self._page(record, url, captured_at)
        if page is None:
            imported.incomplete += 1
            return
        self._archive.write(page, address, source=imported.file)
        self._new.add(place)
        imported.copied += 1

    def _page(self, record: ArcWarcRecord, url: str, captured_at: datetime) -> FetchedPage | None:
        """The answer as if it had been fetched just so; None for a revisit of what is not in the archive."""
        headers = tuple((name, value) for name, value in record.http_headers.headers if value is not None)
        page = FetchedPage(
            url=url,
            captured_at=captured_at,
            status=int(record.http_headers.get_statuscode()),
            status_line=f"{record.http_headers.protocol} {record.http_headers.statusline}",
            headers=headers,
            peer=record.rec_headers.get_header("WARC-IP-Address") or "",
            truncated=record.rec_headers.get_header("WARC-Truncated") or "",
        )
        if record.rec_type == "revisit":
            original = self._original(record)
            return original and replace(page, payload=original.payload, status=original.status)
        payload, cut = self._payload(record, page)
        return replace(page, payload=payload, truncated="length" if cut else page.truncated)

    def _payload(self, record: ArcWarcRecord, page: FetchedPage) -> tuple[bytes, bool]:
        """The payload without its transfer-coding, and whether it was too long."""
        chunked = page.header("transfer-encoding").strip().lower() == "chunked"
        stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
        pieces, left = [], self._limit
        while left > 0 and (piece := stream.read(min(left, 65_536))):
            pieces.append(piece)
            left -= len(piece)
        cut = left == 0 and bool(stream.read(1))
        if not cut and record.raw_stream.limit > 0:
            raise EOFError("the file ends in the middle of a record")
        return b"".join(pieces), cut

    def _original(self, record: ArcWarcRecord) -> FetchedPage | None:
        """What a revisit refers to, by the address and moment it names."""
        headers = record.rec_headers
        url, date = headers.get_header("WARC-Refers-To-Target-URI"), headers.get_header("WARC-Refers-To-Date")
        if not url or not date:
            return None
        self._commit()
        canonical, moment = self._addresses.read(url).canonical, _moment(date)
        found = [one for one in self._archive.captures(canonical=canonical) if one.captured_at == moment]
        return self._archive.read(found[0]) if found else None

    def _commit(self) -> None:
        if self._new:
            with self._archive.committing():
                pass
        self._new.clear()


def _moment(text: str) -> datetime:
    moment: datetime = iso_date_to_datetime(text, tz_aware=True)
    return moment
