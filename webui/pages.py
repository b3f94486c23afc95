"""Which pages of a long list are led to by number: first, last, and those around the present one (pure)."""

AROUND = 2
"""Page numbers shown on each side of the present one."""


def numbers(present: int, last: int) -> tuple[int | None, ...]:
    """Numbers of pages in their order, from 1 to `last`; None where some are left out."""
    near = range(max(1, present - AROUND), min(last, present + AROUND) + 1)
    found: list[int | None] = []
    before = 0
    for page in sorted({1, last, *near}):
        if page > before + 1:
            found.append(None)
        found.append(page)
        before = page
    return tuple(found)
