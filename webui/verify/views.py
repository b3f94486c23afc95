"""The address where a digest, a permalink or a whole citation is verified."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from crawler.address import Key, KeyFormatError
from indexer.verifying import Verified, written_digest
from webui.arguments import clean
from webui.language import later
from webui.services import services

verify = Blueprint("verify", __name__)

LONGEST = 4_000
"""Characters of a citation that are read."""
_PERMALINK = re.compile(r"([a-z][a-z0-9]*:[0-9A-Za-z_.:-]{1,70})[/ ](\d{14}-[0-9a-f]{8,64})")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")

Answer = Literal["match", "mismatch", "unreadable", "other digest", "unknown", "not understood"]

_WORDS: Final[Mapping[Answer, str]] = {
    "match": later("It matches: the archive holds exactly these bytes."),
    "mismatch": later("It does not match: the file was damaged or changed since it was captured."),
    "unreadable": later("It could not be computed: the archive's file cannot be read right now."),
    "other digest": later("It does not match: that link leads to a capture with another digest."),
    "unknown": later("The archive shows no article and no file of that name or digest."),
    "not understood": later("This is neither a permanent link of this archive nor a SHA-256 digest."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """What was found out."""

    answer: Answer
    stated: str = ""
    """The digest that was given, `sha256:` and hex digits."""
    found: tuple[Verified, ...] = ()


class _Withheld(Exception):  # noqa: N818 - no error: a decision, never seen outside this module
    def __init__(self, key: Key) -> None:
        super().__init__(str(key))
        self.key = key


@verify.get("/verify")
def show() -> str | Response:
    """What was asked, computed anew; nothing of what is withheld."""
    what = clean(request.args.get("what", ""))[:LONGEST]
    try:
        verification = verified(what) if what else None
    except _Withheld as withheld:
        told = services().record.withheld([withheld.key])
        if not told:
            abort(404)
        page = render_template("article/withheld.html", key=withheld.key, withheld=told[withheld.key])
        return make_response(page, 451)
    return render_template("verify/verify.html", what=what, verification=verification, words=_WORDS)


def verified(what: str) -> Verification:
    """Verify what somebody wrote or pasted: a digest, a permalink, a citation that has both."""
    what = unquote(what)
    permalink, digest = _PERMALINK.search(what), _DIGEST.search(what)
    stated = written_digest(digest[0]) if digest else ""
    if permalink:
        return _of_permalink(permalink[1], permalink[2], stated)
    if not stated:
        return Verification(answer="not understood")
    found = services().verifier.digest(stated)
    if not found:
        return Verification(answer="unknown", stated=stated)
    return Verification(answer=_worst(found), stated=stated, found=found)


def _of_permalink(text: str, stamp: str, stated: str) -> Verification:
    opened = services()
    try:
        key = Key.parse(text)
    except KeyFormatError:
        return Verification(answer="not understood")
    if opened.record.withheld([key]):
        raise _Withheld(key)
    history = opened.record.history(key)
    snapshot = history.snapshot(stamp) if history else None
    capture = opened.archive.capture(snapshot.page.capture) if snapshot else None
    if capture is None:
        return Verification(answer="unknown", stated=stated)
    found = opened.verifier.capture(capture, [key])
    differs = stated and stated != capture.payload_digest
    return Verification(answer="other digest" if differs else found.verdict, stated=stated, found=(found,))


def _worst(found: tuple[Verified, ...]) -> Answer:
    verdicts = {one.verdict for one in found}
    return "mismatch" if "mismatch" in verdicts else "match" if "match" in verdicts else "unreadable"
