"""Every address of this site, written in one place; templates and views ask here and nowhere else."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from flask import current_app, g, request, url_for

from crawler.address import Key
from indexer.query.request import SearchRequest
from webui.arguments import Pairs, write


def front() -> str:
    """The front page."""
    return url_for("search.front")


def search(request: SearchRequest | None = None, /, **view: str) -> str:
    """The result list of a search; `view` is how it is looked at (`places=today`, `view=compact`)."""
    return _with(_once("search.results"), write(request or SearchRequest()), view)


def help_() -> str:
    """What can be typed into the search box."""
    return url_for("search.help_")


def filters(request: SearchRequest, /, **view: str) -> str:
    """The filters of a search as a page of their own, for narrow screens."""
    return _with(_once("search.filters"), write(request), view)


def export(request: SearchRequest) -> str:
    """The form that makes a file of a whole result."""
    return _with(url_for("export.form"), write(request.whole()))


def coverage() -> str:
    """What is in the archive."""
    return url_for("guide.covered")


def provinces() -> str:
    """What provinces mean before and after July 2025."""
    return url_for("guide.provinces")


def styleguide() -> str:
    """Every component with its states."""
    return url_for("styleguide.show")


def sitemap(part: int = 0) -> str:
    """The sitemap of the archive, or one of its parts."""
    return url_for("sharing.part", number=part, lang=None) if part else url_for("sharing.sitemap", lang=None)


def opensearch() -> str:
    """What tells browsers how to search here."""
    return url_for("sharing.opensearch")


def feed(request: SearchRequest, form: str = "atom") -> str:
    """What is new, changed and withdrawn in a search: `atom`, or `json_feed`."""
    return _with(url_for(f"feeds.{form}"), write(replace(request.whole(), sort="relevance")))


def export_file(ending: str) -> str:
    """Where that form leads, for one kind of file."""
    return url_for("export.file", ending=ending, lang=None)


def download(request: SearchRequest, kind: str) -> str:
    """The attached files (`files`) or archived copies (`copies`) of a whole result."""
    return _with(url_for("export.download", kind=kind), write(request.whole()))


def article(key: Key, request: SearchRequest | None = None, **view: str) -> str:
    """An article's page; with the search that led there and how it was looked at, for the way back."""
    return _with(url_for("article.show", key=str(key)), write(request) if request else [], view if request else {})


def version(key: Key, stamp: str) -> str:
    """What an article said when it was captured: the address to cite, in no language of the interface."""
    return url_for("versions.version", key=str(key), stamp=stamp, lang=None)


def captures(key: Key, before: str = "", after: str = "", *, changes: bool = False) -> str:
    """Every capture of an article, or its changes, with the form that compares two of them: these, if any."""
    pairs = [(name, value) for name, value in (("a", before), ("b", after), ("changes", "1" * changes)) if value]
    return _with(url_for("versions.captures", key=str(key)), pairs)


def compare(key: Key, before: str = "", after: str = "", view: str = "") -> str:
    """Two captures of an article, word by word; without any the last two versions. `view`: `side` or ''."""
    pairs = [(name, value) for name, value in (("a", before), ("b", after), ("view", view)) if value]
    return _with(url_for("versions.comparison", key=str(key)), pairs)


def copy(key: Key, stamp: str) -> str:
    """A capture as it looked, in its frame."""
    return url_for("copies.show", key=str(key), stamp=stamp)


def copied_page(key: Key, stamp: str) -> str:
    """What stands in that frame."""
    return url_for("copies.page", key=str(key), stamp=stamp, lang=None)


def copied_part(key: Key, stamp: str, token: str) -> str:
    """An image, style sheet or font of it."""
    return url_for("copies.part", key=str(key), stamp=stamp, token=token, lang=None)


def kept_file(key: Key, stamp: str) -> str:
    """A file an article offered, byte for byte, to be stored."""
    return url_for("copies.file", key=str(key), stamp=stamp, lang=None)


def citing(key: Key, stamp: str) -> str:
    """How a capture is cited."""
    return url_for("cites.show", key=str(key), stamp=stamp)


def citation(key: Key, stamp: str, form: str) -> str:
    """A citation as a file."""
    return url_for("cites.download", key=str(key), stamp=stamp, form=form)


def verify(what: str = "") -> str:
    """Where digests are computed anew; `what` is a digest, a permalink or a whole citation."""
    return _with(url_for("verify.show"), [("what", what)] if what else [])


def for_programs() -> bool:
    """Whether the API is asked, which answers in JSON whatever goes wrong, and looks at no cookie."""
    return request.path.startswith("/api/")


def in_full(address: str) -> str:
    """An address of this site with its host, for what leaves the site."""
    return f"{(current_app.config['PUBLIC_URL'] or request.host_url).rstrip('/')}{address}"


def api_suggest() -> str:
    """Where the search box asks for lines to offer."""
    return url_for("api.suggest", lang=None)


def api_description() -> str:
    """The OpenAPI description."""
    return url_for("api.description", lang=None)


def api_help() -> str:
    """The same for people."""
    return url_for("manual.show")


def login(then: str = "") -> str:
    """The log-in page; leads back to `then`, an address of this site."""
    return url_for("security.login", next=then or None)


def logout() -> str:
    """Where the log-out button posts to."""
    return url_for("security.logout")


def password() -> str:
    """The page where one's own password is changed."""
    return url_for("security.change_password")


def keys() -> str:
    """The page where one's own API keys are made and revoked."""
    return url_for("keys.show")


def revoke_key(number: int) -> str:
    """Where the button that revokes a key posts to."""
    return url_for("keys.revoke", number=number)


def admin() -> str:
    """The administration's front page."""
    return url_for("admin.index")


def corrections() -> str:
    """What was corrected."""
    return url_for("corrections.ledger")


def correct(key: Key) -> str:
    """The forms to correct an article with, and where they post to."""
    return url_for("corrections.show", key=str(key))


def audit() -> str:
    """Who did what."""
    return url_for("admin.audit")


def ledger(days: int | None = None) -> str:
    """What the crawler decided, per day and host, of so many days."""
    return url_for("admin.ledger", days=days)


def crawls() -> str:
    """Which crawls begin by themselves, and how the servers stand."""
    return url_for("admin.crawls")


def change_crawl(name: str) -> str:
    """Where the form that changes a crawl's schedule posts to."""
    return url_for("admin.change_crawl", name=name)


def recrawl(**arguments: str) -> str:
    """The preview of a recrawl: one of `urls`, `category`, `search`, `site`, or nothing for the forms alone."""
    return _with(url_for("admin.recrawl"), list(arguments.items()))


def recrawl_search(request: SearchRequest) -> str:
    """The preview of a recrawl of what a search finds."""
    return recrawl(search=urlencode(write(request)))


def ask_job() -> str:
    """Where the forms that ask for a job post to."""
    return url_for("admin.ask")


def job(number: int) -> str:
    """One job with its log."""
    return url_for("admin.job", number=number)


def job_progress(number: int) -> str:
    """The part of a job's page that changes while it runs."""
    return url_for("admin.progress", number=number)


def running_jobs() -> str:
    """The part of the administration's page that changes while jobs run."""
    return url_for("admin.running")


def cancel_job(number: int) -> str:
    """Where the cancel button posts to."""
    return url_for("admin.cancel", number=number)


def retry_job(number: int) -> str:
    """Where the button that tries a job again posts to."""
    return url_for("admin.retry", number=number)


def here() -> str:
    """The address of this page, as it can be asked for again."""
    query = request.query_string.decode("ascii", "replace")
    return f"{_path()}?{query}" if query else _path()


def in_language(language: str) -> str:
    """This page in another language."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return _with(_path(), [*pairs, ("lang", language)])


def static(name: str) -> str:
    """A style sheet or script; the address changes with the content, so that browsers keep it for a year."""
    folder = current_app.static_folder
    assert folder is not None
    return url_for("static", filename=name, v=_digest(Path(folder) / name), lang=None)


def is_local(address: str) -> bool:
    """Whether an address given by a visitor leads to this site: a plain path, no host in any disguise."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or any(c <= " " for c in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and "\\" not in address


def on_this_site(address: str) -> str:
    """An address without its host, which is what a visitor said it was: `/path?query`."""
    parts = urlsplit(address)
    return f"/{parts.path.lstrip('/')}{f'?{parts.query}' if parts.query else ''}"


def _path() -> str:
    """The path that was asked for. Unquoted, one that begins with a backslash would lead to another host."""
    return f"/{quote(request.path.lstrip('/'), safe='/:')}"


@lru_cache(maxsize=64)
def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]


def _once(endpoint: str) -> str:
    """An address without parts of its own: built once for an answer: hundreds of links begin with it."""
    known: dict[str, str] = g.setdefault("paths", {})
    if endpoint not in known:
        known[endpoint] = url_for(endpoint)
    return known[endpoint]


_quoted = lru_cache(maxsize=4_096)(quote_plus)
"""Values of a query string come again in every link of a page."""


def _with(address: str, pairs: Pairs, view: Mapping[str, Any] | None = None) -> str:
    query = urlencode([*pairs, *((view or {}).items())], quote_via=_quoted)
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{query}"


def outward(address: str) -> str:
    """An address found in the archive, if it is one to follow: http or https; '' otherwise."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
