"""The API's addresses for captures: those of an article, one with its verdict, by address and time, by digest."""

from collections.abc import Iterator
from typing import Final

from flask import Response

from crawler.address import Addresses, Key
from crawler.page import Capture, stamp
from indexer.record import History, Snapshot
from indexer.verifying import Verified, written_digest
from webui import addresses
from webui.api.blueprint import CAPTURES, NONE, WITHHELD, answers, api
from webui.api.models import (
    ArticlePath,
    CapturePath,
    CapturesArguments,
    CitationArguments,
    DigestPath,
    NearestArguments,
)
from webui.api.moments import CaptureAnswer, CapturesAnswer, CitationsAnswer, DigestAnswer, MomentAnswer
from webui.api.opening import absent, history_of, missing, moment_of
from webui.api.paging import part
from webui.api.sending import sent
from webui.article.opening import cited
from webui.services import services

MOST_PAGES: Final = 3
"""Articles of one capture that are opened to say where they show it: a form may be offered by hundreds."""


@api.get(
    "/articles/<key>/captures",
    tags=[CAPTURES],
    responses=answers(CapturesAnswer, status_404=NONE, status_451=WITHHELD),
)
def captures(path: ArticlePath, query: CapturesArguments) -> Response:
    """Every moment at which an article was seen, or those of one version, the oldest first."""
    key, history = history_of(path.key)
    seen = [one for one in history.snapshots if query.version in (None, one.version and one.version.number)]
    places, following = part([_name(one) for one in seen], query.after, query.size)
    listed = [MomentAnswer.of(key, seen[place]) for place in places]
    return sent(CapturesAnswer(total=len(seen), next=following, captures=listed))


@api.get(
    "/articles/<key>/captures/<stamp>",
    tags=[CAPTURES],
    responses=answers(CaptureAnswer, status_404=NONE, status_451=WITHHELD),
)
def capture(path: CapturePath) -> Response:
    """What is known of one capture, its digest computed anew from the archive's file."""
    key, history = history_of(path.key)
    moment = moment_of(history, path.stamp)
    found = services().archive.capture(moment.page.capture)
    if found is None:
        missing("The article has no such capture", field="stamp")
    verified = services().verifier.capture(found, [key])
    return sent(CaptureAnswer.of(verified, _pages_of(key, moment)))


@api.get(
    "/articles/<key>/captures/<stamp>/citations",
    tags=[CAPTURES],
    responses=answers(CitationsAnswer, status_404=NONE, status_451=WITHHELD),
)
def citations(path: CapturePath, query: CitationArguments) -> Response:  # noqa: ARG001 - the language is read of the address
    """How a capture is cited: plain text, APA, BibTeX, RIS, CSL-JSON."""
    key, history = history_of(path.key)
    moment = moment_of(history, path.stamp)
    return sent(CitationsAnswer.of(key, moment, cited(history, moment)))


@api.get(
    "/captures/nearest", tags=[CAPTURES], responses=answers(CaptureAnswer, status_404=NONE, status_451=WITHHELD)
)
def nearest(query: NearestArguments) -> Response:
    """The capture of an original address that is nearest in time to a moment."""
    opened = services()
    asked = Addresses(opened.profile).read(query.url)
    found = opened.archive.nearest(asked.canonical, query.at or opened.clock.now())
    if found is None:
        missing("Nothing was captured of this address", field="url")
    if found.key is not None and opened.record.withheld([found.key]):
        absent(found.key)
    verified = next((one for one in opened.verifier.shown([found])), None)
    if verified is None:
        missing("Nothing was captured of this address", field="url")
    return sent(CaptureAnswer.of(verified, list(_pages(verified))))


@api.get("/digests/<digest>", tags=[CAPTURES], responses=answers(DigestAnswer))
def digest(path: DigestPath) -> Response:
    """Captures whose bytes have a SHA-256 digest, each computed anew; none where the archive shows none."""
    found = services().verifier.digest(written_digest(path.digest))
    return sent(DigestAnswer(captures=[CaptureAnswer.of(one, list(_pages(one))) for one in found]))


def _name(moment: Snapshot) -> str:
    """Not the stamp: two captures of one second may be of the same bytes, by two addresses."""
    return f"{moment.at.isoformat()} {moment.page.payload_digest} {moment.page.url}"


def _pages(found: Verified) -> Iterator[str]:
    """Where this site shows a capture, for the first articles that have it."""
    for key in found.keys[:MOST_PAGES]:
        history = services().record.history(key)
        moment = _moment(history, found.capture) if history else None
        if moment is not None:
            yield from _pages_of(key, moment)
        elif history and _offers(history, found.capture):
            yield addresses.kept_file(key, stamp(found.capture.captured_at, found.capture.payload_digest))


def _pages_of(key: Key, moment: Snapshot) -> list[str]:
    return [addresses.version(key, moment.stamp), addresses.copy(key, moment.stamp)]


def _moment(history: History, capture: Capture) -> Snapshot | None:
    return next((one for one in history.snapshots if one.page.capture == capture.id and one.is_capture), None)


def _offers(history: History, capture: Capture) -> bool:
    """Whether the article ever offered a file with these bytes, which can be had then."""
    said = (file.said for one in history.snapshots for file in one.files if file.said)
    named = (capture.captured_at, capture.payload_digest)
    return any((one.captured_at, one.payload_digest) == named and one.attachment.is_file for one in said)
