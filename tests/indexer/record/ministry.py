"""What tests of the record share: an archive to put answers into, a day each, and the record of them."""

from dataclasses import replace
from datetime import date, timedelta

from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses, Key
from crawler.archive import open_archive
from crawler.page import Capture, FetchedPage
from indexer.article import Article, Block, HowDated, Listed, Listing, Published, Reading
from indexer.document import IndexedDocument
from indexer.record import Correction, ReadCapture, Record
from indexer.record.correcting import Field, Value
from tests.crawler.still_clock import StillClock

ADDRESSES = Addresses(load_profile("mic"))
KEY = Key(family="mic", id="106353")
PAGE = "https://mic.gov.vn/mic_2020/Pages/TinTuc/106353/Hoi-nghi.html"
LIST = "https://mic.gov.vn/mic_2020/Pages/ChuyenMuc/PhanTrang/1748/1/Vien-thong.html"
FILE = "https://mic.gov.vn/Upload/38TT.PDF"


class Ministry:
    """An archive to put answers into, and the record of them."""

    def __init__(self, settings: Settings, database) -> None:
        self.clock = StillClock()
        self.database = database
        self.archive = open_archive(settings, database, ADDRESSES, self.clock)
        self.record = Record(database)

    def answer(self, url: str, payload: str, reading: Reading | None, *, status: int = 200) -> ReadCapture:
        """One capture a day, and what it was read as."""
        self.clock.sleep(timedelta(days=1).total_seconds())
        page = FetchedPage(
            url=url,
            captured_at=self.clock.now(),
            status=status,
            headers=(("Content-Type", "text/html"),),
            payload=payload.encode(),
        )
        return self.read(self.archive.append(page, ADDRESSES.read(url)), reading)

    def unchanged(self, before: ReadCapture) -> ReadCapture:
        """The server says that a capture still stands."""
        self.clock.sleep(timedelta(days=1).total_seconds())
        page = FetchedPage(url=before.capture.url, captured_at=self.clock.now(), status=304)
        address = ADDRESSES.read(page.url)
        return self.read(
            self.archive.append(page, address, body_of=before.capture.revisit_of or before.capture.id), None
        )

    def read(self, capture: Capture, reading: Reading | None) -> ReadCapture:
        return ReadCapture(capture=capture, copy="mic", reading=reading)

    def take_in(self, *batch: ReadCapture) -> dict[str, bool]:
        return self.record.apply(batch, max(read.capture.sequence for read in batch))

    def documents(self, after: int = 0) -> list[IndexedDocument | None]:
        return [change.document for batch, _ in self.record.changes(after) for change in batch]

    def shown(self) -> dict[str, IndexedDocument]:
        """What is to be found, by key."""
        return {str(one.key): one for one in self.documents() if one is not None}

    def correct(
        self, field: Field, value: Value = None, *, key: Key = KEY, back: bool = False, **told: str
    ) -> None:
        """Correct a field as an editor would who sees what is in force."""
        self.clock.sleep(3600)
        before = [one for one in self.record.corrections(key) if one.field == field]
        wanted = Correction(
            at=self.clock.now(),
            who=told.get("who", "minh"),
            key=key,
            field=field,
            value=value,
            reason=told.get("reason", "Theo bản giấy."),
            taken_back=back,
        )
        self.record.correct(wanted, expected=before[0].id if before else None)


def article(text: str = "Nội dung.", **values: object) -> Article:
    made = Article(
        key=KEY, url=PAGE, template="mic_2020", language="vi", title="Hội nghị", blocks=(Block(text=text),)
    )
    return replace(made, **values)  # type: ignore[arg-type]


def listing(*entries: Listed) -> Listing:
    return Listing(url=LIST, entries=entries)


def dated(day: int, how: HowDated = "stated") -> Published:
    return Published(day=date(2009, 1, day), how=how)


def listed(day: int) -> Listed:
    return Listed(key=KEY, url=PAGE, category="Viễn thông", published=dated(day, "listed"))
