"""The API's addresses for articles: one as it was last seen, its versions, what each said, what changed."""

from dataclasses import replace

from flask import Response

from crawler.address import Key
from indexer.comparing import compare
from indexer.record import Snapshot
from webui import asking
from webui.api.answers import ArticleAnswer
from webui.api.blueprint import ARTICLES, DOWN, NONE, WITHHELD, answers, api
from webui.api.found import FoundArticle, RelatedAnswer
from webui.api.models import ArticlePath, CapturePath, DiffArguments, ListArguments
from webui.api.moments import DiffAnswer, VersionContent, VersionsAnswer
from webui.api.opening import absent, history_of, missing, moment_of
from webui.api.paging import part
from webui.api.sending import sent
from webui.language import later
from webui.services import services


@api.get(
    "/articles/<key>", tags=[ARTICLES], responses=answers(ArticleAnswer, status_404=NONE, status_451=WITHHELD)
)
def article(path: ArticlePath) -> Response:
    """One article with its text, files, versions and copies."""
    key, record = Key.parse(path.key), services().record
    found = record.article(key)
    return sent(ArticleAnswer.of(found, record.group(key))) if found is not None else absent(key)


@api.get(
    "/articles/<key>/related",
    tags=[ARTICLES],
    responses=answers(RelatedAnswer, status_404=NONE, status_451=WITHHELD, status_503=DOWN),
)
def related(path: ArticlePath) -> Response:
    """At most six articles that share words with one, the nearest first."""
    key = Key.parse(path.key)
    if services().record.article(key) is None:
        absent(key)
    return sent(RelatedAnswer(hits=[FoundArticle.of(hit) for hit in asking.related(key)]))


@api.get(
    "/articles/<key>/versions",
    tags=[ARTICLES],
    responses=answers(VersionsAnswer, status_404=NONE, status_451=WITHHELD),
)
def versions(path: ArticlePath, query: ListArguments) -> Response:
    """Versions of an article, the oldest first: each began when its text or files changed."""
    _, history = history_of(path.key)
    names = [f"{one.captured_at.isoformat()} {one.meaning_digest}" for one in history.record.versions]
    places, following = part(names, query.after, query.size)
    return sent(VersionsAnswer.of(history, places, following))


@api.get(
    "/articles/<key>/versions/<stamp>",
    tags=[ARTICLES],
    responses=answers(VersionContent, status_404=NONE, status_451=WITHHELD),
)
def version(path: CapturePath) -> Response:
    """What an article said when it was captured, whole."""
    key, history = history_of(path.key)
    moment = moment_of(history, path.stamp)
    files = tuple(file.said.attachment for file in moment.files if file.said)
    record = replace(history.record, article=history.article(moment), files=files)
    return sent(VersionContent.at(history, moment, record, services().record.group(key)))


@api.get(
    "/articles/<key>/diff",
    tags=[ARTICLES],
    responses=answers(
        DiffAnswer,
        status_404=later("There is no such article or capture, or only one version of it."),
        status_451=WITHHELD,
    ),
)
def diff(path: ArticlePath, query: DiffArguments) -> Response:
    """What changed between two captures of an article, word by word."""
    key, history = history_of(path.key)
    both: list[Snapshot]
    if query.a and query.b:
        both = [moment_of(history, query.a, "a"), moment_of(history, query.b, "b")]
    else:
        both = [history.first_of(version) for version in history.record.versions[-2:]]
    if len(both) < 2:  # noqa: PLR2004 - a comparison is of two
        missing("The article has one version only", field="a")
    one, other = sorted(both, key=lambda moment: moment.at)
    return sent(DiffAnswer.of(key, compare(one, other), whole=query.context == "all"))
