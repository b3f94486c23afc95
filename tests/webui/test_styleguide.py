"""The design system: tokens that can be read, nothing beside them, every component on the style guide."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import jinja2.runtime
import pytest
import tinycss2
from bs4 import BeautifulSoup
from tinycss2.ast import QualifiedRule

from webui.styleguide.tokens import SHEET, tokens

WEBUI = SHEET.parents[1]
TEMPLATES = sorted(WEBUI.rglob("*.html"))
SHEETS = sorted(SHEET.parent.glob("*.css"))
SCHEMES = ("light", "dark")
Rule = tuple[str, dict[str, str]]
Colour = tuple[float, float, float]

SURFACES = ("paper", "sheet")
"""What text without a ground of its own stands on."""
HOLDS_TEXT = ("accent-wash", "mark", "bad-wash", "good-wash")
"""Grounds that hold whole sentences, links and fine print among them."""
SHAPES = re.compile(r"::|\.tick|progress|\.bar|\.copy-frame|\.drawer")
"""Rules whose background is a figure or an empty ground, and no text stands on it."""
FIGURES = (
    *product(("edge", "accent", "accent-deep"), SURFACES),  # boxes, ticks, the ring of the focus
    ("accent-tint", "paper"),  # bars
    *(("bad", ground) for ground in ("bad-wash", *SURFACES)),  # edges of messages
    *(("good", ground) for ground in ("good-wash", *SURFACES)),
    ("accent", "accent-wash"),
)


def rules(sheet: Path, scheme: str = "") -> Iterator[Rule]:
    """Rules with their declarations, those of media queries too, but for paper."""

    def inside(content) -> Iterator[Rule]:
        for rule in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True):
            if isinstance(rule, QualifiedRule):
                found = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
                values = {
                    one.name: tinycss2.serialize(one.value).strip() for one in found if one.type == "declaration"
                }
                yield tinycss2.serialize(rule.prelude).strip(), values
            elif rule.type == "at-rule" and rule.content and scheme not in tinycss2.serialize(rule.prelude):
                yield from inside(rule.content)

    yield from inside(sheet.read_text(encoding="utf-8"))


def name_of(value: str) -> str:
    match = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return match[1] if match else ""


def colour(name: str, scheme: str) -> Colour:
    """A token as light of three colours, 0 to 1."""
    token = tokens()[name]
    return _read(token.dark if scheme == "dark" and token.dark else token.value, scheme)


def _read(value: str, scheme: str) -> Colour:
    if value.startswith("#"):
        red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return red, green, blue
    if named := name_of(value):
        return colour(named, scheme)
    mixed = re.fullmatch(r"color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)", value)
    assert mixed, value
    one, other, share = colour(mixed[1], scheme), colour(mixed[3], scheme), int(mixed[2]) / 100
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: str, other: str, scheme: str) -> float:
    """As WCAG 2.2 counts it."""

    def light(name: str) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour(name, scheme)]
        return sum(part * share for part, share in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def pairs() -> set[tuple[str, str]]:
    """Text and ground, as the style sheets put them together."""
    found: set[tuple[str, str]] = set(product(("ink", "accent", "accent-deep", "soft"), HOLDS_TEXT))
    for sheet in SHEETS:
        for selector, values in rules(sheet, scheme="print"):
            text, ground = name_of(values.get("color", "")), name_of(values.get("background", ""))
            if text and ground:
                found.add((text, ground))
            elif text and text != "on-accent":
                found |= {(text, surface) for surface in SURFACES}
            elif ground and not SHAPES.search(selector):
                found |= {("ink", ground), ("accent", ground)}
    shades = {("ink", "shade-1"), ("ink", "shade-2"), ("on-accent", "shade-3"), ("on-accent", "shade-4")}
    known = {pair for pair in found if set(pair) <= set(tokens())}
    return known | shades


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read_on_its_ground(scheme):
    """WCAG 1.4.3: 4.5 to 1, whatever the size."""
    found = pairs()
    assert len(found) > 30
    assert {pair: contrast(*pair, scheme) for pair in found if contrast(*pair, scheme) < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_figure_stands_out(scheme):
    """WCAG 1.4.11: 3 to 1."""
    assert {pair: contrast(*pair, scheme) for pair in FIGURES if contrast(*pair, scheme) < 3} == {}


def test_black_on_white_is_21_to_1():
    assert _read("#ffffff", "light") == (1, 1, 1)
    assert round(contrast("accent", "sheet", "light"), 1) == 8.4


RAW_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hwb|lab|lch|oklab|oklch|color)\(|\bcolor-mix\(|"
    r"\b(?:white|black|red|green|blue|gray|grey|silver|navy|teal|maroon|olive|orange|yellow|purple)\b",
    re.IGNORECASE,
)
TYPE = frozenset({"font", "font-size", "line-height"})
DISTANCE = re.compile(r"(margin|padding)(-.*)?|gap|row-gap|column-gap|border-radius|scroll-padding.*")
LENGTH = re.compile(r"(?<![\w.-])-?(?![1-4]px)\d*\.?\d+(rem|px|pt|em|ch|vw|vh|%)")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheets_use_tokens(sheet):
    """Colours, type and distances are tokens. Boxes have sizes of their own, edges px, and em follows type."""
    beside = []
    for selector, values in rules(sheet):
        if selector == ":root":
            continue
        for name, value in values.items():
            plain = re.sub(r"var\(--[\w-]+\)", "", value)
            lengths = {match[1] for match in LENGTH.finditer(plain)}
            is_raw = bool(RAW_COLOUR.search(plain)) if name not in ("content", "grid-area") else False
            if name in TYPE and (lengths or re.search(r"/ *\d" if name == "font" else r"\d", plain)):
                is_raw = True
            if (
                DISTANCE.fullmatch(name)
                and lengths - {"em", "%"}
                and "auto" not in plain
                and selector != ".unseen"
            ):
                is_raw = True
            if is_raw:
                beside.append(f"{selector} {{ {name}: {value} }}")
    assert beside == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: str(template.relative_to(WEBUI)))
def test_templates_use_tokens(template):
    """Addresses of parts and references such as &#39; are no colours."""
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\bstyle=", text)
    for name, value in re.findall(r"\b(fill|stroke|color|bgcolor|font-size)=\"([^\"]*)\"", text):
        assert re.fullmatch(r"none|currentcolor|var\(--\{\{ token.name \}\}\)|var\(--[\w-]+\)", value), (
            name,
            value,
        )


def test_every_token_is_used_and_known():
    text = "".join(path.read_text(encoding="utf-8") for path in SHEETS)
    used = set(re.findall(r"var\(--([\w-]+)", text))
    local = {"shade", "on-shade"}
    assert used - local == set(tokens())


def components() -> Mapping[str, str]:
    """Macros that more than one template can call, and where they are."""
    imported = re.compile(r"{% (?:import|from) \"([^\"]+)\"")
    files = {name for template in TEMPLATES for name in imported.findall(template.read_text(encoding="utf-8"))}
    defined = re.compile(r"{% macro (\w+)\(")
    return {macro: name for name in files for macro in defined.findall((WEBUI / name).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_component_is_on_the_style_guide(client, monkeypatch, lang):
    called: set[str] = set()
    invoke = jinja2.runtime.Macro._invoke

    def noted(self, arguments, autoescape):
        called.add(self.name)
        return invoke(self, arguments, autoescape)

    monkeypatch.setattr(jinja2.runtime.Macro, "_invoke", noted)
    answer = client.get(f"/styleguide?lang={lang}")
    assert answer.status_code == 200
    assert len(components()) > 40
    assert {macro: name for macro, name in components().items() if macro not in called} == {}


def test_the_style_guide_shows_every_state(client):
    answer = client.get("/styleguide")
    assert "session=" not in str(answer.headers)
    page = BeautifulSoup(answer.data, "lxml")
    assert page.select_one("meta[name=robots][content=noindex]")
    states = """button:disabled input:disabled .like-focus .field-wrong .message-good .message-bad .badge-withdrawn
        .badge-changed .doubt .facet-empty .facet-value[aria-current] details[open] details:not([open])
        .tile-chosen .bar-chosen .pager_[aria-current] .version-absence .version-shown ins del .nothing
        .notice-number .compact-hit .quotable progress .shade-4"""
    assert [state for state in states.split() if not page.select(state.replace("_", " "))] == []
    names = [code.text for code in page.select(".guide-colours code, .guide-type code, .guide-tokens code")]
    assert sorted(names) == sorted(tokens())
