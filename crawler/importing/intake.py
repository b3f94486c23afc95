"""Takes records into the archive one by one: the site's, once each, revisits with what they refer to."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from config.database import insert_new
from crawler.address import Address, Addresses
from crawler.archive import Archive
from crawler.archive.records import digest as our_digest
from crawler.importing.answer import (
    OddRecordError,
    Request,
    Told,
    read_answer,
    read_failure,
    read_request,
)
from crawler.importing.labels import agrees, label
from crawler.importing.outcome import Imported
from crawler.importing.stream import DamagedError
from crawler.importing.warc import Found
from crawler.page import Capture, FetchedPage
from crawler.tables import payload_labels

GROUP = 200
"""Records whose rows are written together."""

_Identity = tuple[str, datetime, str]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An answer that is to be written once it is known whether its request follows."""

    identifier: str
    told: Told
    address: Address


class Intake:
    """Takes records of one file after the other. What was taken is in the archive after `close_file`."""

    def __init__(self, archive: Archive, addresses: Addresses, limit: int) -> None:
        self._archive = archive
        self._addresses = addresses
        self._limit = limit
        self._new: set[_Identity] = set()
        self._labels: dict[str, str] = {}
        self._waiting: _Waiting | None = None
        self._request: Request | None = None
        self.imported = Imported(file="")

    def open_file(self, name: str) -> None:
        """What comes now is of this file."""
        self.imported = Imported(file=name)
        self._request = None

    def close_file(self) -> Imported:
        """Write all that was taken, and say what became of the file's records. Raises ArchiveError."""
        self.settle()
        self.commit()
        return self.imported

    def take(self, found: Found) -> None:
        """Take one record. Nothing happens where it is damaged: whoever reads the file says that."""
        try:
            self._take(found)
        except DamagedError:
            return
        except OddRecordError as error:
            self.imported.damage(found.position, str(error))
        if len(self._new) >= GROUP:
            self.commit()

    def take_answer(self, told: Told) -> None:
        """Take an answer that came another way than out of a file."""
        address = self._addresses.read(told.page.url)
        if address.allowed:
            self._write(told, address)
        else:
            self.imported.foreign += 1
        if len(self._new) >= GROUP:
            self.commit()

    def commit(self) -> None:
        """Write the rows of what was taken. Raises ArchiveError."""
        if self._new:
            with self._archive.committing() as (connection, _):
                labels = [{"label": name, "payload_digest": of} for name, of in self._labels.items()]
                insert_new(connection, payload_labels.c.label, labels)
        self._new.clear()
        self._labels.clear()

    # ---- one record ------------------------------------------------------------------------------------------

    def _take(self, found: Found) -> None:
        if found.type == "request":
            self._take_request(found)
            return
        self.settle()
        if found.type not in ("response", "revisit", "metadata"):
            return
        address = self._addresses.read(found.header("WARC-Target-URI"))
        if found.type == "metadata":
            failure = read_failure(found) if address.allowed else None
            if failure:
                self._write(Told(page=failure), address)
            return
        if not address.allowed:
            self.imported.foreign += 1
            return
        self._wait(found, read_answer(found, self._limit), address)

    def _wait(self, found: Found, told: Told, address: Address) -> None:
        """Join an answer with its request, which came just before, or may come next."""
        identifier = found.header("WARC-Record-ID")
        asked_by = found.header("WARC-Concurrent-To")
        request, self._request = self._request, None
        if request and (request.concurrent == identifier or request.identifier == asked_by):
            self._join(told, request, address)
        else:
            self._waiting = _Waiting(identifier, told, address)

    def _take_request(self, found: Found) -> None:
        request = read_request(found)
        waiting = self._waiting
        if waiting and waiting.identifier and request.concurrent == waiting.identifier:
            self._waiting = None
            self._join(waiting.told, request, waiting.address)
            return
        self.settle()
        self._request = request

    def _join(self, told: Told, request: Request, address: Address) -> None:
        if request.method == "GET":
            self._write(replace(told, page=replace(told.page, request_headers=request.headers)), address)
        else:
            self.imported.foreign += 1

    def settle(self) -> None:
        """No request follows the answer that waits."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            self._write(waiting.told, waiting.address)

    # ---- into the archive ------------------------------------------------------------------------------------

    def _write(self, told: Told, address: Address) -> None:
        if told.refers:
            self._write_revisit(told, address)
            return
        payload_digest = our_digest(told.page.payload) if told.page.status else ""
        if self._is_known(told.page, address, payload_digest):
            return
        name = label(told.digest)
        if name and name != payload_digest and not told.page.truncated:
            if agrees(name, told.raw, told.page.payload):
                self._labels[name] = payload_digest
            else:
                self.imported.doubtful += 1
        self._keep(told.page, address, payload_digest)

    def _write_revisit(self, told: Told, address: Address) -> None:
        original = self._original(told)
        if original is None:
            self.imported.incomplete += 1
            return
        if self._is_known(told.page, address, original.payload_digest):
            return
        page = told.page
        if page.status == HTTPStatus.NOT_MODIFIED:
            self._keep(page, address, original.payload_digest, body_of=original.revisit_of or original.id)
            return
        stored = self._archive.read(original)
        if page.status == 0:  # a revisit may leave out what has not changed
            page = replace(page, status=stored.status, status_line=stored.status_line, headers=stored.headers)
        self._keep(
            replace(page, payload=stored.payload, truncated=stored.truncated), address, original.payload_digest
        )

    def _is_known(self, page: FetchedPage, address: Address, payload_digest: str) -> bool:
        identity = (page.url, page.captured_at, payload_digest)
        known = identity in self._new or self._archive.has(address.canonical, *identity)
        self.imported.known += known
        return known

    def _keep(self, page: FetchedPage, address: Address, payload_digest: str, body_of: int | None = None) -> None:
        self._archive.write(page, address, source=self.imported.file, body_of=body_of)
        self._new.add((page.url, page.captured_at, payload_digest))
        self.imported.copied += 1

    def _original(self, told: Told) -> Capture | None:
        """The capture with the payload a revisit stands for: by digest, or by the address and moment it names."""
        found = self._look_up(told)
        if found is None and self._new:
            self.commit()
            found = self._look_up(told)
        return found

    def _look_up(self, told: Told) -> Capture | None:
        named = label(told.digest)
        by_digest = self._archive.original(named) if named else None
        if by_digest or told.refers_to is None:
            return by_digest
        url, moment = told.refers_to
        there = self._archive.captures(canonical=self._addresses.read(url).canonical, captured_at=moment)
        answers = [capture for capture in there if capture.status]
        return next((capture for capture in answers if capture.url == url), answers[0] if answers else None)
