"""The words the interface has for what the types hold: facets, dates, states, files, jobs."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from config.site import Family
from indexer.article import WEB_PAGE
from webui.language import current, day, day_of, gettext, later, ngettext, number

_STATUS: Final = {
    "current": later("as first archived"),
    "changed": later("changed since"),
    "withdrawn": later("withdrawn"),
}
_ANSWERS: Final = {
    "soft 404": later("the page itself says so"),
    "soft 500": later("an error page"),
    **dict.fromkeys(("301", "302", "303", "307", "308"), later("a redirect to another page")),
}
_HOW_DATED: Final = {
    "corrected": later("corrected by the editors"),
    "stated": later("stated on the page"),
    "listed": later("from lists"),
    "address": later("from the address"),
    "feed": later("from a news feed"),
    "text": later("read from the text"),
    "archive": later("no later than its first copy"),
}
_SORTS: Final = {
    "relevance": later("Best match"),
    "newest": later("Newest first"),
    "oldest": later("Oldest first"),
    "changed": later("Last changed first"),
}
_MODES: Final = {
    "everything": later("everything in the archive"),
    "strict": later("every word occurs"),
    "near": later("near matches"),
}
_ROLES: Final = {
    "subject": later("what it is about"),
    "issuer": later("who issued it"),
    "venue": later("where it took place"),
    "mentioned": later("mentioned"),
}
_CORRECTED: Final = {
    "date": later("date"),
    "category": later("category"),
    "provinces": later("provinces"),
    "withheld": later("withheld"),
}
_FILE_PROBLEMS: Final = {
    "encrypted": later("locked with a password: its text cannot be searched"),
    "scanned": later("pictures of pages: its text cannot be searched"),
    "partly scanned": later("some pages are pictures: what they say cannot be searched"),
    "empty": later("holds no text"),
    "no text": later("holds no text"),
    WEB_PAGE: later("the server sent a web page in its place"),
    "no file that can be read": later("no kind of file that can be read"),
    "zip files are not read": later("a package of files, which is not opened"),
    "ole files are not read": later("no kind of file that can be read"),
}
_FILE_FAULTS: Final = (
    ("damaged", later("damaged: its text cannot be read")),
    ("no converter", later("an old kind of file, for which this server has no converter")),
    ("scanned: ", later("pictures of pages, and this server cannot recognise text in them")),
    ("unpacks to more", later("too large to be read")),
)
"""How problems begin that also name a detail, which the API gives."""
_JOB_KINDS: Final = {
    "recrawl": later("Recrawl"),
    "update": later("Update record and index"),
    "rebuild": later("Rebuild the index"),
    "rehearsal": later("Try reading the archive again"),
    "reread": later("Read the archive again and rebuild the index"),
    "fresh": later("Look for news"),
    "revisit": later("Revisit what is due"),
    "walk": later("Try numbers"),
}
_CRAWLS: Final = {
    "fresh": later("Asks feeds and first pages of lists, and fetches what is new there."),
    "revisit": later("Fetches what is due: each page as often as it has been seen to change."),
    "walk": later("Slowly tries the article numbers that no list reaches any more."),
}
_RESTS: Final = {
    "failures": later("it did not answer"),
    "budget": later("its requests of the day are used up"),
    "quiet hours": later("quiet hours"),
}
_JOB_STATES: Final = {
    "queued": later("waiting"),
    "running": later("running"),
    "done": later("done"),
    "failed": later("failed"),
    "cancelled": later("cancelled"),
}
_PHASES: Final = {
    "reading": later("reading what was fetched"),
    "reading again": later("reading the archive again"),
    "copying the record": later("copying the record to try it on"),
    "indexing": later("bringing the index up to date"),
    "waiting for the index": later("waiting for the index"),
}
_DEEDS: Final = {
    "asked": later("asked for"),
    "cancelled": later("cancelled"),
    "retried": later("tried again"),
    "logged in": later("logged in"),
    "logged out": later("logged out"),
    "login failed": later("could not log in: wrong name or password"),
    "login refused": later("was not let in: too many failures"),
    "changed password": later("changed the password"),
    "refused": later("was refused"),
    "API key made": later("made the API key"),
    "API key revoked": later("revoked the API key"),
    "account made": later("made the account"),
    "password reset": later("gave a one-time password to"),
    "schedule changed": later("changed the schedule of"),
    "corrected": later("corrected"),
    "took back": later("took back the correction of"),
}
_ACTORS: Final = {"command line": later("command line"), "schedule": later("the schedule")}
_DECISIONS: Final = {
    "fetched": later("fetched"),
    "not modified": later("not changed"),
    "moved": later("redirected"),
    "skipped": later("skipped"),
    "refused": later("refused by rule"),
    "failed": later("no answer"),
}
_CHECKS: Final = {
    "database": later("Database"),
    "index": later("Search engine"),
    "archive": later("Files of the archive"),
}
_NOT_IN_XML: Final = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def archive(name: str) -> str:
    """What the archive of a site is called, by the site's short name."""
    return gettext("%(name)s Archive", name=name.upper())


def for_xml(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold, line ends included; a space stands for each."""
    return text if text.isprintable() else _NOT_IN_XML.sub(" ", text)


def _said(words: Mapping[str, str], value: str) -> str:
    """The word for a value; one that has none is shown as it is."""
    return gettext(words[value]) if value in words else value


def status(value: str) -> str:
    """What became of an article since it was first archived."""
    return _said(_STATUS, value)


def state(value: str, withdrawn_at: datetime | None) -> str:
    """The same with its day, where the article was taken down."""
    return gettext("withdrawn since %(day)s", day=day_of(withdrawn_at)) if withdrawn_at else status(value)


def answered(why: str) -> str:
    """What was answered in an article's place."""
    return _said(_ANSWERS, why)


def server(families: Iterable[Family], name: str) -> str:
    """What a server family is called."""
    return next((family.title for family in families if family.name == name and family.title), name)


def how_dated(value: str) -> str:
    """Where a date comes from, in a few words."""
    return _said(_HOW_DATED, value)


def sort(value: str) -> str:
    """How results are ordered."""
    return _said(_SORTS, value)


def mode(value: str) -> str:
    """How strictly was matched."""
    return _said(_MODES, value)


def role(value: str) -> str:
    """As what an article names a place."""
    return _said(_ROLES, value)


def corrected_field(field: str) -> str:
    """What a correction is about."""
    return _said(_CORRECTED, field)


def job_kind(kind: str) -> str:
    """What a job does."""
    return _said(_JOB_KINDS, kind)


def crawl(name: str) -> str:
    """What a crawl that begins by itself does, in a sentence."""
    return _said(_CRAWLS, name)


def rest(why: str) -> str:
    """Why a server is left alone."""
    return _said(_RESTS, why)


def job_state(state: str) -> str:
    """How a job stands."""
    return _said(_JOB_STATES, state)


def job_phase(message: str) -> str:
    """What a job is at; an address it has come to is shown as it is."""
    return _said(_PHASES, message)


def actor(name: str) -> str:
    """Who did it."""
    return _said(_ACTORS, name)


def deed(action: str) -> str:
    """What somebody did."""
    return _said(_DEEDS, action)


def decision(value: str) -> str:
    """What the crawler decided about an address."""
    return _said(_DECISIONS, value)


def check(name: str) -> str:
    """What is looked after."""
    return _said(_CHECKS, name)


def file_problem(reason: str) -> str:
    """Why nothing can be read of a file."""
    if reason in _FILE_PROBLEMS:
        return _said(_FILE_PROBLEMS, reason)
    fault = next((words for begins, words in _FILE_FAULTS if reason.startswith(begins)), None)
    if fault is not None:
        return gettext(fault)
    return gettext("could not be read (%(reason)s)", reason=reason)


def days(since: date | None, until: date | None) -> str:
    """A span of days."""
    if since and until:
        return day(since) if since == until else f"{day(since)} – {day(until)}"
    if since:
        return gettext("from %(day)s", day=day(since))
    return gettext("until %(day)s", day=day(until)) if until else ""


def articles(count: int) -> str:
    """So many articles."""
    return _articles(count, current())


@lru_cache(maxsize=4096)
def _articles(count: int, language: str) -> str:  # noqa: ARG001 - the language of this page
    return ngettext("%(n)s article", "%(n)s articles", count, n=number(count))


def share(value: float | None) -> str:
    """A share in percent; a dash where there is nothing to have a share of."""
    return "–" if value is None else f"{number(round(100 * value))} %"


def size(count: int) -> str:
    """So many bytes."""
    value, step = float(count), 0
    while value >= 1000 and step < len(_UNITS) - 1:  # noqa: PLR2004 - decimal units
        value, step = value / 1000, step + 1
    return f"{number(round(value, 1))} {_UNITS[step]}"
