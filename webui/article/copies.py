"""The addresses of archived copies: our page around one, and what its frame asks for, without our origin."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, make_response, render_template
from itsdangerous import BadSignature, URLSafeSerializer

from crawler.address import Addresses, Key
from crawler.archive import ArchiveError
from crawler.page import BodyError, Capture, body, is_stamp_of
from indexer.record import History, OfferedFile, Snapshot
from webui import addresses
from webui.article.opening import opened, snapshot
from webui.replay import Copied, PartMissingError, Use, copied_page
from webui.replay import part as read_part
from webui.replay.files import file_name, kept
from webui.services import services

copies = Blueprint("copies", __name__)

_KEPT_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class _Copy:
    """One capture of an article; its parts are named by tokens that nobody else can make.

    So the archive's images can be had only through a page that names them and may be shown.
    """

    key: Key
    stamp: str

    def address(self, canonical: str, use: Use) -> str:
        return addresses.copied_part(self.key, self.stamp, self._tokens.dumps([canonical, use]))

    def named(self, token: str) -> tuple[str, Use]:
        try:
            canonical, use = self._tokens.loads(token)
        except BadSignature:
            abort(404)
        return canonical, use

    @property
    def _tokens(self) -> URLSafeSerializer:
        return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"copy {self.key} {self.stamp}")


@copies.get("/article/<key>/<stamp>/copy")
def show(key: str, stamp: str) -> Response:
    """A page of ours that says what is seen in its frame."""
    history, shown = _found(key, stamp)
    answer = make_response(
        render_template(
            "article/copy.html",
            record=history.record,
            article=history.record.article,
            shown=shown,
            last=history.first_of(history.record.versions[-1]),
            copied=_copied(history, shown),
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@copies.get("/article/<key>/<stamp>/copy/page")
def page(key: str, stamp: str) -> Response:
    """The archived page, inert."""
    history, shown = _found(key, stamp)
    copied = _copied(history, shown)
    if copied is None:
        abort(404)
    answer = make_response(copied.html)
    answer.headers["Content-Type"] = "text/html; charset=utf-8"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@copies.get("/article/<key>/<stamp>/copy/part/<token>")
def part(key: str, stamp: str, token: str) -> Response:
    """One image, style sheet or font of it."""
    history, shown = _found(key, stamp)
    copy = _Copy(history.record.article.key, shown.stamp)
    canonical, use = copy.named(token)
    try:
        found = read_part(
            canonical,
            use,
            shown.at,
            archive=services().archive,
            addresses=Addresses(services().profile),
            address=copy.address,
        )
    except PartMissingError:
        abort(404)
    answer = _of_archive(found.data, found.media_type)
    answer.headers["Access-Control-Allow-Origin"] = "*"  # fonts, in a frame without an origin
    return answer


@copies.get("/article/<key>/file/<stamp>")
def file(key: str, stamp: str) -> Response:
    """A file the article offered, byte for byte, to be stored and not opened here."""
    offered = _offered(opened(key), stamp)
    capture = kept(services().archive, offered) if offered else None
    if offered is None or capture is None:
        abort(404)
    answer = _of_archive(_bytes(capture), "application/octet-stream")
    name = file_name(offered.link.name, offered.link.address)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _bytes(capture: Capture) -> bytes:
    try:
        return body(services().archive.read(capture))
    except (ArchiveError, BodyError):
        abort(404)


def _offered(history: History, stamp: str) -> OfferedFile | None:
    """The file of which a stamp names a capture, if the article ever offered it."""
    offered = (file for one in history.snapshots for file in one.files if file.said)
    return next(
        (
            file
            for file in offered
            if file.said and is_stamp_of(stamp, file.said.captured_at, file.said.payload_digest)
        ),
        None,
    )


def _found(key: str, stamp: str) -> tuple[History, Snapshot]:
    history = opened(key)
    return history, snapshot(history, stamp)


def _copied(history: History, shown: Snapshot) -> Copied | None:
    """The page of a moment; None where it cannot be read."""
    opened_services = services()
    capture = opened_services.archive.capture(shown.page.capture)
    if capture is None:
        return None
    try:
        return copied_page(
            opened_services.archive.read(capture),
            archive=opened_services.archive,
            addresses=Addresses(opened_services.profile),
            part=_Copy(history.record.article.key, shown.stamp).address,
            link=addresses.article,
        )
    except (ArchiveError, BodyError):
        return None


def _of_archive(data: bytes, media_type: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = media_type
    answer.headers["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
