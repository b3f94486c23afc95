"""Markup made to harm, recognised before it is parsed: parsing it would take minutes, or all memory.

The work of HTML parsers grows with the square of what is open: a block looks through all open elements, a
paragraph copies all formatting that was never closed, an attribute is compared with those before it. Browsers stop
at 512 elements. Measured on lexbor (selectolax 1.0): 10,000 nested lists take 4 s, 60,000 attributes 29 s, 30,000
options 9 s; 40 KB of `<i>` and `<p>` become 1.6 GB.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

MAX_TAGS = 300_000
"""Start tags of one page."""
MAX_OPEN = 2_000
"""Elements open at once; honest pages that forget to close some have a few hundred."""
MAX_FORMATS = 20_000
"""The same for formatting, which old pages leave open by the thousand."""
MAX_COPIES = 1_000_000
"""Formatting elements a parser would make of what was never closed."""
MAX_TAG = 20_000
"""Characters of one tag but for what is quoted: that many hold some 5,000 attributes."""
MAX_OPTIONS = 20_000

Harm = Literal[
    "", "elements without end", "formatting without end", "attributes without end", "options without end"
]

_FEW_TAGS, _SHORT = 2_000, 100_000
"""Start tags and characters of which nothing can be made that would take seconds or hundreds of megabytes."""

_TAG = re.compile(
    r"""
    <!-- (?: -?> | (?: [^-]++ | -(?!-!?>) )*+ (?: --!?> | \Z ) )    # a comment
    | < (?: [!?] | /(?![a-zA-Z]) ) [^>]*+                           # what counts as one
    | < (/?) ([a-zA-Z][^\t\n\f\r />]*+)
      ( (?: [\t\n\f\r /]++
          | (?: =[^\t\n\f\r />=]*+ | [^\t\n\f\r />=]++ ) [\t\n\f\r ]*+
            (?: = [\t\n\f\r ]*+ (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\t\n\f\r >"'][^\t\n\f\r >]*+ )?+ )?+
        )*+ )
    """,
    re.VERBOSE,
)
"""Tags and comments where the HTML standard (13.2.5) sees them."""
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
"""What stands in these is no markup, up to their end tag."""
_END_OF_TEXT = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _TEXT}
_NEVER_OPEN = frozenset(
    {
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen"),
        *("link", "meta", "param", "source", "track", "wbr"),
        *("p", "li", "dd", "dt", "option", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup", "caption"),
        *("html", "head", "body"),
    }
)
"""Without content, or closed by the next of its kind."""
_FORMATTING = frozenset(
    {
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"),
    }
)
_SAME = 3
"""Times the same formatting is copied, however often it was opened."""
_BLOCKS = frozenset(
    {
        *(
            "address",
            "applet",
            "article",
            "aside",
            "blockquote",
            "button",
            "center",
            "details",
            "dir",
            "div",
            "dl",
        ),
        *("fieldset", "figcaption", "figure", "footer", "form", "frameset", "h", "header", "hgroup", "listing"),
        *("main", "marquee", "menu", "nav", "noscript", "object", "ol", "plaintext", "pre", "search", "section"),
        *("select", "summary", "table", "template", "ul"),
    }
)
"""End tags of other elements do not reach out of these; theirs end what is open in them."""
_SCOPES = frozenset({"applet", "marquee", "object", "select", "table", "template"})
"""No end tag reaches out of these."""
_FRESH = _SCOPES - {"select"}
"""In these no formatting from outside is copied."""
_CELLS = frozenset({"td", "th", "caption"})
"""What is formatted in one of these ends with it."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""Each ends any other."""


def harm(text: str) -> Harm:
    """What makes markup unfit for a parser; '' for what is fit. Takes 4 µs a tag, and nothing for most pages."""
    if len(text) <= _SHORT and ((tags := text.count("<")) <= _FEW_TAGS or tags - text.count("</") <= _FEW_TAGS):
        return ""
    opened, at = _Open(), 0
    while (found := _TAG.search(text, at)) is not None:
        at = found.end()
        is_end, written, attributes = found.groups()
        if written is None:
            continue
        name = "h" if written.lower() in _HEADINGS else written.lower()
        if is_end:
            opened.end(name)
            continue
        if len(attributes) > MAX_TAG and len(_QUOTED.sub("", attributes)) > MAX_TAG:
            return "attributes without end"
        opened.start(name, attributes)
        if opened.harm:
            return opened.harm
        if name in _TEXT and not opened.is_foreign:
            end = _END_OF_TEXT[name].search(text, at)
            at = end.start() if end else len(text)
    return ""


@dataclass(slots=True)
class _Open:
    """What is open after a tag, as far as counting needs to know: rather more than a parser has than less."""

    tags: int = 0
    options: int = 0
    names: list[str] = field(default_factory=list)
    """Of elements; '' where one was closed before what is open in it."""
    places: dict[str, list[int]] = field(default_factory=dict)
    blocks: list[int] = field(default_factory=list)
    scopes: list[tuple[int, int]] = field(default_factory=list)
    """Where each begins in `names`, and how many formats were open outside."""
    looks: dict[str, list[str]] = field(default_factory=dict)
    """Formatting that is open, by its name, with its attributes."""
    looking: int = 0
    """How many of these there are."""
    alike: Counter[str] = field(default_factory=Counter)
    formats: int = 0
    """Those that are copied."""
    copies: int = 0

    @property
    def harm(self) -> Harm:
        if len(self.names) > MAX_OPEN or self.tags > MAX_TAGS:
            return "elements without end"
        if self.copies > MAX_COPIES or self.looking > MAX_FORMATS:
            return "formatting without end"
        return "options without end" if self.options > MAX_OPTIONS else ""

    @property
    def is_foreign(self) -> bool:
        """Whether this is SVG or MathML, where scripts and titles hold markup."""
        return bool(self.places.get("svg") or self.places.get("math"))

    def start(self, name: str, attributes: str) -> None:
        self.tags += 1
        self.options += name == "option"
        if name in _FORMATTING:
            look = name + attributes
            self.looks.setdefault(name, []).append(look)
            self.alike[look] += 1
            self.looking += 1
            self.formats += self.alike[look] <= _SAME
            return
        self.copies += self.formats
        if name in _CELLS and self.scopes and self.names[self.scopes[-1][0]] == "table":
            self.formats = 0
        if name not in _NEVER_OPEN:
            self._enter(name)

    def end(self, name: str) -> None:
        if name in _FORMATTING:
            self._end_formatting(name)
            return
        place = self.places.get(name, [-1])[-1:]
        reach = self.scopes[-1][0] if self.scopes else 0
        if name not in _BLOCKS and self.blocks:
            reach = max(reach, self.blocks[-1])
        if not place or place[0] < reach:
            return
        if name == "form":  # what is open in it stays open
            self.names[self.places[name].pop()] = ""
            return
        while len(self.names) > place[0]:
            self._leave(self.names.pop())

    def _enter(self, name: str) -> None:
        place = len(self.names)
        if name in _SCOPES:
            self.scopes.append((place, self.formats))
            self.formats = 0 if name in _FRESH else self.formats
        if name in _BLOCKS:
            self.blocks.append(place)
        self.places.setdefault(name, []).append(place)
        self.names.append(name)

    def _leave(self, name: str) -> None:
        """Formatting goes on behind the element it was opened in, as browsers show it."""
        if not name:
            self.blocks.pop()  # a form's
            return
        self.places[name].pop()
        if name in _BLOCKS:
            self.blocks.pop()
        if name in _SCOPES:
            outside = self.scopes.pop()[1]
            self.formats += outside if name in _FRESH else 0

    def _end_formatting(self, name: str) -> None:
        if self.looks.get(name):
            look = self.looks[name].pop()
            self.formats = max(0, self.formats - (self.alike[look] <= _SAME))
            self.alike[look] -= 1
            self.looking -= 1
