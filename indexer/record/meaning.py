"""What counts as a change of an article, as a digest (pure)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from indexer.article import Article
from indexer.language.letters import visible
from indexer.record.codec import digest


def meaning(article: Article, files: Iterable[str] = ()) -> str:
    """Digest of what an article means: title, lead, text, the files it offers and their contents' digests.

    A file has the same name on another host, so that a copy elsewhere is no change for its files' sake.
    """
    return digest(
        _plain(article.title),
        _plain(article.lead),
        [_plain(block.text) for block in article.blocks],
        [path(link.address) for link in article.attachments],
        list(files),
    )


def path(address: str) -> str:
    """What two addresses of one file have in common, whichever host it lies on."""
    return urlsplit(address).path.casefold()


def _plain(text: str) -> str:
    """Text without what nobody sees: composition of letters, kinds and lengths of white space, joiners."""
    return " ".join(visible(text).split())
