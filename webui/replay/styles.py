"""Style sheets with other addresses in them; what has none is left out (pure)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import tinycss2
from tinycss2 import ast, serializer

StyleUse = Literal["style", "image", "font"]
Rewrite = Callable[[str, StyleUse], str]
"""From an address as it is written and what it is for, to the one that stands for it; '' where there is none."""

LONGEST = 2_000_000
"""Characters of a style sheet that are read."""
_EMPTY, _NO_FONT = "data:,", 'local("-")'
_STRINGS_ARE_URLS = frozenset({"image-set", "-webkit-image-set", "image", "cross-fade", "src"})


def sheet(text: str, rewrite: Rewrite) -> str:
    """A whole style sheet."""
    rules = tinycss2.parse_stylesheet(text[:LONGEST], skip_comments=True)
    return str(serializer.serialize([node for rule in rules for node in _rule(rule, rewrite)]))


def inline(text: str, rewrite: Rewrite) -> str:
    """The value of a `style` attribute."""
    tokens = tinycss2.parse_component_value_list(text[:LONGEST], skip_comments=True)
    return str(serializer.serialize(list(_tokens(tokens, rewrite, "image"))))


def _rule(rule: Any, rewrite: Rewrite) -> Iterator[Any]:
    if isinstance(rule, ast.ParseError):
        return
    if isinstance(rule, ast.AtRule):
        if rule.lower_at_keyword == "import":
            yield from _import(rule, rewrite)
            return
        use: StyleUse = "font" if rule.lower_at_keyword == "font-face" else "image"
        rule.prelude = list(_tokens(rule.prelude, rewrite, use))
        if rule.content is not None:
            rule.content = list(_tokens(rule.content, rewrite, use))
    elif isinstance(rule, ast.QualifiedRule):
        rule.prelude = list(_tokens(rule.prelude, rewrite, "image"))
        rule.content = list(_tokens(rule.content, rewrite, "image"))
    yield rule


def _import(rule: ast.AtRule, rewrite: Rewrite) -> Iterator[Any]:
    """The rule with another address; nothing where there is none."""
    address = next((_address(token) for token in rule.prelude if _address(token)), "")
    rewritten = rewrite(address, "style") if address else ""
    if rewritten:
        rule.prelude = [_url(token, rewritten, "style") if _address(token) else token for token in rule.prelude]
        yield rule


def _address(token: Any) -> str:
    """What a token names: an address as such, as a string, or in a function."""
    if isinstance(token, ast.FunctionBlock) and token.lower_name == "url":
        return next((part.value for part in token.arguments if isinstance(part, ast.StringToken)), "")
    return str(token.value) if isinstance(token, ast.URLToken | ast.StringToken) else ""


def _tokens(tokens: Iterable[Any], rewrite: Rewrite, use: StyleUse, *, strings: bool = False) -> Iterator[Any]:
    """The same tokens with other addresses; a nested `@font-face` says what follows is a font."""
    for token in tokens:
        if isinstance(token, ast.AtKeywordToken) and token.lower_value == "font-face":
            use = "font"
        if isinstance(token, ast.ParseError):
            continue
        if isinstance(token, ast.URLToken) or (strings and isinstance(token, ast.StringToken)):
            yield _url(token, rewrite(token.value, use), use)
        elif isinstance(token, ast.FunctionBlock):
            yield from _function(token, rewrite, use)
        elif isinstance(token, ast.ParenthesesBlock | ast.SquareBracketsBlock | ast.CurlyBracketsBlock):
            token.content = list(_tokens(token.content, rewrite, use))
            yield token
        else:
            yield token


def _function(token: ast.FunctionBlock, rewrite: Rewrite, use: StyleUse) -> Iterator[Any]:
    if token.lower_name == "expression":
        return
    if token.lower_name == "url":
        yield _url(token, rewrite(_address(token), use), use)
        return
    are_urls = token.lower_name in _STRINGS_ARE_URLS
    token.arguments = list(_tokens(token.arguments, rewrite, use, strings=are_urls))
    yield token


def _url(token: Any, address: str, use: StyleUse) -> ast.URLToken:
    written = f'url("{serializer.serialize_string_value(address or _EMPTY)}")'
    if use == "font" and not address:
        written = _NO_FONT
    return ast.URLToken(token.source_line, token.source_column, address, written)
