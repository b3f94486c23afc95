"""T5: the article pages of the English site."""

from collections.abc import Iterator

from tests.replica.item import Item
from tests.replica.templates import dates, modern
from tests.replica.templates.body import modern_body, text
from tests.replica.templates.chunks import Part, Volatile
from tests.replica.templates.sharepoint import related
from tests.replica.templates.view import View


def article(view: View, item: Item) -> Iterator[str | Part]:
    """The page of an article."""
    yield from modern.start(view, item.text.title, "en")
    yield f'<div class="article-en" id="art_{view.guid(item, "article")}">'
    yield f'<h1 class="article-en__title">{text(item.text.title)}</h1>'
    yield f'<p class="article-en__time">{dates.english(item.moment)}</p>'
    yield f'<p class="article-en__summary"><b>{text(item.text.lead)}</b></p><div class="article-en__body">'
    yield from modern_body(view, item)
    yield "</div>"
    signed = f"Source: {item.text.source}" if item.text.source else item.text.author
    if signed:
        yield f'<p class="article-en__by">{text(signed)}</p>'
    yield '<p class="article-en__views">Views: <span>'
    yield Volatile.VIEWS
    yield f"</span></p></div>{related(view.related(item), 'article-en__other', 'Other news')}"
    yield from modern.end(view)
