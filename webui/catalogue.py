"""The translations: read from their .po sources at start, and brought up to date from the code.

English is what stands in the code, so only Vietnamese has a catalogue.
"""

import ast
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import NullTranslations, Translations

WEBUI = Path(__file__).parent
FOLDER = WEBUI / "translations"
_METHODS = [("api/*.py", "webui.catalogue:described"), ("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS = {"**.html": {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trimmed": "true"}}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "later": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


@cache
def translations(language: str) -> NullTranslations:
    """What the interface says in a language; what has no catalogue is said in English."""
    file = _file(language)
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, stored(language))
    compiled.seek(0)
    return Translations(compiled)


def stored(language: str) -> Catalog:
    """The catalogue as its .po source holds it."""
    with _file(language).open("rb") as source:
        return read_po(source, locale=language)


def extracted() -> Catalog:
    """Every sentence the code and the templates say, with where they stand."""
    catalog = Catalog(project="mic-archive")
    found = extract_from_dir(WEBUI, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
    for name, line, message, comments, context in found:
        catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def described(source: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Sentences of the API's modules, as Babel asks: those of any module, and what sums up an operation."""
    yield from extract_python(source, keywords, tags, options)
    source.seek(0)
    for node in ast.parse(source.read()).body:
        if isinstance(node, ast.FunctionDef) and any(map(_is_operation, node.decorator_list)):
            yield node.lineno, None, (ast.get_docstring(node) or "").partition("\n")[0], []


def _is_operation(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith("api.get(") and "doc_ui=False" not in ast.unparse(decorator)


def update(language: str) -> int:
    """Bring a catalogue up to date with the code; returns how many sentences wait for a translation."""
    catalog = stored(language) if _file(language).exists() else Catalog(locale=language, project="mic-archive")
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with _file(language).open("wb") as target:
        write_po(target, catalog, width=110, include_lineno=False, omit_header=True, sort_by_file=True)
    return len(untranslated(catalog))


def untranslated(catalog: Catalog) -> list[str]:
    """Sentences without a translation, or with one that was only guessed."""
    return [str(message.id) for message in catalog if message.id and (_empty(message.string) or message.fuzzy)]


def _empty(string: object) -> bool:
    return not all(string) if isinstance(string, tuple | list) else not string


def _file(language: str) -> Path:
    return FOLDER / f"{language}.po"
