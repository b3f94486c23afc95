"""An HTML page, parsed once for all that the crawler asks of it: links, soft errors, meaning."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from config.site import SoftErrors
from crawler.address import Addresses
from crawler.page.body import BodyError
from crawler.page.bounds import harm
from crawler.page.links import Links, absolute, css_names, of_srcset

SoftError = Literal["", "soft 404", "soft 500"]

LONG = 400
"""Characters of a paragraph that only a real page has: with one, only its headings can say that it is an error."""
SHORT = 200
"""Characters of a block that may be the whole message of an error page."""
WHOLE = 100_000
"""Characters of text, and of headings, that no error page has: looking through all blocks of more takes long."""
MEANT = 1_000_000
"""Characters of a page without articles that count for what it means; a longer one is no page that changes."""

_SILENT = ["script", "style", "noscript", "template", "head", "input", "select", "option"]
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Html:
    """A parsed page and the address its relative links start from."""

    tree: LexborHTMLParser
    base: str
    text: str

    @classmethod
    def parse(cls, text: str, url: str, utf8: bytes | None = None) -> "Html":
        """Parse a page that was answered at `url`; `utf8` is its text in UTF-8, if that is at hand.

        Raises BodyError for markup made to harm.
        """
        reason = harm(text)
        if reason:
            raise BodyError(reason)
        tree = LexborHTMLParser(text if utf8 is None else utf8)
        base = tree.css_first("base[href]")
        start = absolute(url, (base.attributes["href"] or "") if base else "") or url
        return cls(tree, start, text)

    def links(self) -> Links:
        """Where the page leads, and what it needs to look as it looks."""
        return Links.of(self.base, anchors=self._anchors(), requisites=self._requisites())

    def soft_error(self, phrases: SoftErrors) -> SoftError:
        """Which error a page answered with status 200 stands for, by what its headings or short blocks say."""
        headings = self._headings()
        return _error_in(headings, phrases) or _error_in(self._short_blocks(phrases), phrases)

    def meaning(self, addresses: Addresses) -> str:
        """A digest of what the page says: which articles it lists; without any, its words but for all numbers.

        The order of articles does not count (boxes of what is read most change it), nor do dates and counters.
        """
        listed: dict[str, str] = {}
        for node in self.tree.css("a[href]"):
            url = absolute(self.base, node.attributes["href"] or "")
            key = addresses.read(url).key if url else None
            if key:
                listed[str(key)] = max(listed.get(str(key), ""), _words(node), key=len)
        if not listed:
            self.tree.strip_tags(_SILENT)
            body = self.tree.body
            words = " ".join(body.text(separator=" ")[:MEANT].split()) if body else ""
            listed = {"": _DIGITS.sub("0", words)}
        said = "\n".join(f"{key}\t{listed[key]}" for key in sorted(listed))
        return "sha256:" + hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def _headings(self) -> str:
        """What headings say, a line each, until it is more than an error page has."""
        said, length = [], 0
        for node in self.tree.css("title, h1, h2, h3"):
            said.append(_words(node).lower())
            length += len(said[-1])
            if length > WHOLE:
                break
        return "\n".join(said)

    def _short_blocks(self, phrases: SoftErrors) -> str:
        """What short blocks say, a line each; nothing where a long paragraph shows that the page is a real one."""
        if any(len(node.text()) > LONG for node in self.tree.css("p")):
            return ""
        whole = self.tree.text()
        if len(whole) > WHOLE or not _error_in(" ".join(whole.lower().split()), phrases):
            return ""
        blocks = (_words(node).lower() for node in self.tree.css("p, div, td, li, span, strong, b, font, label"))
        return "\n".join(text for text in blocks if len(text) <= SHORT)

    def _anchors(self) -> Iterator[str | None]:
        for node in self.tree.css("a[href], area[href]"):
            yield node.attributes["href"]
        for node in self.tree.css("iframe[src], frame[src]"):
            yield node.attributes["src"]
        for node in self.tree.css("link[href]"):
            if _relations(node) & {"alternate", "canonical", "next", "prev"}:
                yield node.attributes["href"]
        for node in self.tree.css("meta[http-equiv=refresh i][content]"):
            yield (node.attributes["content"] or "").partition("=")[2].strip("'\" ")

    def _requisites(self) -> Iterator[str | None]:
        for node in self.tree.css("link[href]"):
            if _relations(node) & {"stylesheet", "icon", "apple-touch-icon", "preload"}:
                yield node.attributes["href"]
        for node in self.tree.css("img, source, embed, input[type=image i], object[data], video[poster]"):
            found = node.attributes
            yield from (found.get(name) for name in ("src", "data-src", "data-original", "data", "poster"))
            yield from of_srcset(found.get("srcset") or "")
        for node in self.tree.css("body[background], table[background], td[background]"):
            yield node.attributes["background"]
        if "url(" in self.text or "@import" in self.text:
            for node in self.tree.css("style"):
                yield from css_names(node.text())
            for node in self.tree.css("[style]"):
                yield from css_names(node.attributes["style"] or "")


def _error_in(text: str, phrases: SoftErrors) -> SoftError:
    if any(phrase.lower() in text for phrase in phrases.phrases):
        return "soft 404"
    return "soft 500" if any(phrase.lower() in text for phrase in phrases.error_phrases) else ""


def _relations(node: LexborNode) -> set[str]:
    return set((node.attributes.get("rel") or "").lower().split())


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())
