"""The reader: one capture in, what it says out."""

from dataclasses import dataclass
from datetime import datetime

from config.site import SiteProfile
from config.vocabulary import Vocabulary
from crawler.address import Address, Addresses
from crawler.page import BodyError, Decoded, FetchedPage, Html, body
from indexer.article import Reading, Rejected
from indexer.language.dates import VIETNAM
from indexer.reading.assembling import Assembler
from indexer.reading.attachments import Apart, file_type, read_file
from indexer.reading.encoding import lacks_letters, text_of, with_letters
from indexer.reading.feeds import read_feed
from indexer.reading.finding import Found, find, recognise
from indexer.reading.general import find_anyway
from indexer.reading.listing import read_list, without_visits
from indexer.reading.shaping import Shape, shape

SHORT = 400
"""Characters up to which an article may be an error message in an article's frame."""

_OK, _PARTIAL = 200, 203


@dataclass(frozen=True, slots=True)
class _ArticleFound:
    """The parts of an article's page, its words, and the address its links start from."""

    parts: Found
    words: Shape
    base: str


class Reader:
    """Reads captures as one site profile and vocabulary understand them.

    Costly to make (a tenth of a second) and meant to be kept: one for each process. Profile and vocabulary are
    plain data and can be sent to a process; a reader cannot. `ocr`: whether scanned files are recognised.
    """

    def __init__(self, profile: SiteProfile, words: Vocabulary, *, ocr: bool = False) -> None:
        self._profile = profile
        self._addresses = Addresses(profile)
        self._assembler = Assembler(self._addresses, words)
        self._apart = Apart(ocr=ocr)

    def read(self, page: FetchedPage) -> Reading:
        """What one capture says. Never raises on what a server may answer: that is Rejected, with the reason."""
        address = self._addresses.read(page.url)
        if not _OK <= page.status <= _PARTIAL:
            return Rejected(url=page.url, reason=page.error or f"status {page.status}")
        try:
            data = body(page)
            if address.kind == "attachment" or file_type(data):
                return self._file(address, data)
            return self._text(page, address, text_of(page))
        except BodyError as error:
            return Rejected(url=page.url, reason=str(error))

    def _text(self, page: FetchedPage, address: Address, decoded: Decoded) -> Reading:
        text = decoded.text
        if address.kind in ("asset", "sitemap", "refused"):
            return Rejected(url=page.url, reason=address.why or address.kind)
        if not text.strip():
            return Rejected(url=page.url, reason="empty")
        if address.kind == "feed" or text.lstrip()[:5].lower() in ("<?xml", "<rss "):
            return read_feed(text, page.url, self._addresses)
        return self._html(page, address, decoded)

    def _file(self, address: Address, data: bytes) -> Reading:
        if address.kind not in ("attachment", "page"):
            return Rejected(url=address.url, reason="a file where a page was expected")
        return read_file(data, address, self._apart.extract)

    def _html(self, page: FetchedPage, address: Address, decoded: Decoded) -> Reading:
        text = decoded.text
        if address.key is None:
            return self._listing(Html.parse(with_letters(text), page.url), address, page.captured_at)
        found = self._found(Html.parse(text, page.url, decoded.utf8), address)
        if isinstance(found, Rejected):
            return found
        if lacks_letters((found.words.title, found.words.lead, *(block.text for block in found.words.blocks))):
            again = self._found(Html.parse(with_letters(text), page.url), address)
            found = found if isinstance(again, Rejected) else again
        return self._assembler.assemble(
            found.parts, found.words, address=address, base=found.base, captured_at=page.captured_at
        )

    def _listing(self, html: Html, address: Address, captured_at: datetime) -> Reading:
        wrong = html.soft_error(self._profile.soft_errors)
        template = recognise(html.tree, self._profile.templates, listing=True)
        listing = read_list(html, template, address, addresses=self._addresses, profile=self._profile)
        if template is None:
            listing = without_visits(listing, captured_at.astimezone(VIETNAM).date())
        if listing.entries:
            return listing
        return Rejected(url=address.url, reason=wrong or "no article and no list of any")

    def _found(self, html: Html, address: Address) -> _ArticleFound | Rejected:
        template = recognise(html.tree, self._profile.templates, listing=False)
        if template is None and (wrong := html.soft_error(self._profile.soft_errors)):
            return Rejected(url=address.url, reason=wrong)
        found = find(html.tree, template) if template else None
        if found is None or not found.title or (found.body is None and not found.links):
            found = find_anyway(html.tree, found, month_first=self._begins_with_month(address))
        if not found.title:
            return Rejected(url=address.url, reason="no title")
        words = shape(found, self._profile.lead_prefix)
        length = sum(len(block.text) for block in words.blocks)
        if length < SHORT and (wrong := html.soft_error(self._profile.soft_errors)):
            return Rejected(url=address.url, reason=wrong)
        if not (words.blocks or words.lead or found.links or words.pictures):
            return Rejected(url=address.url, reason="no text")
        return _ArticleFound(found, words, html.base)

    def _begins_with_month(self, address: Address) -> bool:
        """Whether dates on this kind of page do, also where its make is not recognised."""
        return any(one.month_first for one in self._profile.templates if one.kind == address.kind)
