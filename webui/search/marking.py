"""Found text with the parts that answer the query, as safe HTML."""

from markupsafe import Markup, escape

from indexer.query.results import Marked

_OPEN, _CLOSE = Markup("<mark>"), Markup("</mark>")


def marked(value: Marked) -> Markup:
    """The text, escaped, its marks in <mark>. Marks that overlap or lie outside are cut to what makes sense."""
    pieces: list[Markup] = []
    done = 0
    for start, end in value.marks:
        first, last = max(start, done), min(end, len(value.text))
        if first < last:
            pieces += [escape(value.text[done:first]), _OPEN, escape(value.text[first:last]), _CLOSE]
            done = last
    pieces.append(escape(value.text[done:]))
    return Markup().join(pieces)
