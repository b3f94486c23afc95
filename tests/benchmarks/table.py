"""What a comparison found, and how it is printed: Markdown that reads well in a terminal."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One figure of ours beside the same figure of others; None where there is none to compare with."""

    name: str
    unit: str
    ours: float
    others: tuple[float | None, ...] = ()

    @property
    def ratios(self) -> tuple[float | None, ...]:
        """Ours divided by each of the others."""
        return tuple(self.ours / other if other else None for other in self.others)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The rows of one comparison. `others` names what each of a row's `others` is."""

    title: str
    ours: str
    others: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def as_text(table: Table) -> str:
    """A heading, a Markdown table with a ratio behind each of the others, the notes."""
    heads = ["", "unit", table.ours, *(name for other in table.others for name in (other, "ratio"))]
    lines = [heads, *(_cells(row, len(table.others)) for row in table.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    rule = ["-" * width if column < _WORDS else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    printed = [_line(line, widths) for line in (heads, rule, *lines[1:])]
    return "\n".join([f"## {table.title}", "", *printed, *(f"\n{note}" for note in table.notes)])


def as_json(table: Table) -> dict[str, Any]:
    """The table with its ratios."""
    rows = [asdict(row) | {"ratios": row.ratios} for row in table.rows]
    return asdict(table) | {"rows": rows}


_WORDS = 2
"""Columns on the left that hold words; the others hold figures."""


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    placed = [
        cell.ljust(width) if column < _WORDS else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(placed)} |"


def _cells(row: Row, others: int) -> list[str]:
    compared = [*zip(row.others, row.ratios, strict=True)] or [(None, None)] * others
    pairs = (
        cell for other, ratio in compared for cell in (_figure(other), f"{_figure(ratio)}{'×' * bool(ratio)}")
    )
    return [row.name, row.unit, _figure(row.ours), *pairs]


def _figure(value: float | None) -> str:
    """Three digits that mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
