"""What surrounds every page: heads, ribbons, menus, sidebars, contacts, footers, as heavy as the real ones."""

import base64
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from tests.replica.addresses import HOSTS, plain_slug
from tests.replica.catalogue import catalogue
from tests.replica.templates.chunks import Chunk
from tests.replica.text import provinces


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How heavy the furniture is and whether it names places (trap 8)."""

    light: bool
    places: bool


@lru_cache(maxsize=64)
def head(style: str, look: Look) -> Chunk:
    """Style sheets and scripts between the title and the body."""
    links = (
        '<link rel="stylesheet" type="text/css" href="/Style%20Library/css/chung.css"/>'
        '<link rel="shortcut icon" href="/_layouts/images/favicon.ico" type="image/vnd.microsoft.icon"/>'
    )
    if look.light:
        return Chunk(links)
    rules = "".join(_rules(style, 90))
    scripts = "".join(_functions(style, 34))
    return Chunk(f'{links}<style type="text/css">{rules}</style><script type="text/javascript">{scripts}</script>')


@lru_cache(maxsize=8)
def ribbon(look: Look) -> Chunk:
    """What SharePoint puts before everything: the view state and a toolbar nobody sees."""
    state = base64.b64encode(random.Random("view state").randbytes(300 if look.light else 10_800)).decode()
    tabs = "".join(
        f'<li class="ms-cui-tt" id="Ribbon.Tab{number}-title"><a class="ms-cui-tt-a" href="javascript:;" '
        f'title="Ribbon {number}"><span class="ms-cui-tt-span">Tab {number}</span></a></li>'
        for number in range(2 if look.light else 18)
    )
    return Chunk(
        f'<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{state}"/>'
        '<div id="s4-ribbonrow"><a href="javascript:;" class="ms-SkiptoMain ms-accessible" accesskey="Y">'
        'Skip Ribbon Commands</a><a href="javascript:;" class="ms-SkiptoMain">Skip to main content</a>'
        f'<div id="RibbonContainer"><ul class="ms-cui-tts">{tabs}</ul></div></div>'
    )


@lru_cache(maxsize=16)
def menu(host: str, look: Look) -> Chunk:
    """The main menu: home pages and every list of the host, and the other hosts."""
    lists = [series for series in catalogue() if series.host == host]
    items = [f'<li><a href="{escape(series.path(1))}">{escape(series.title)}</a></li>' for series in lists]
    items += [f'<li><a href="https://{name}/">{name}</a></li>' for name in HOSTS.values() if name != host]
    static = ("Giới thiệu", "Cơ cấu tổ chức", "Lịch công tác", "Hỏi đáp", "Liên hệ", "Sơ đồ trang")
    more = (
        f'<li class="menu-item level{number % 3}"><a href="/Pages/ThongTin/{114_000 + number % len(static)}/'
        f'{plain_slug(static[number % len(static)])}.html">{static[number % len(static)]}</a></li>'
        for number in range(2 if look.light else 30)
    )
    return Chunk(
        f'<div class="menu-chinh"><ul>{"".join(items)}</ul><ul class="menu-phu">{"".join(more)}</ul></div>'
    )


@lru_cache(maxsize=8)
def sidebar(style: str, look: Look) -> Chunk:
    """Widgets after the article: departments of all provinces, weather, contact. They name other places."""
    if not look.places:
        return Chunk(f'<div class="cot-phai {style}"><h3>Liên kết</h3></div>')
    names = provinces.labels()[: 5 if look.light else 63]
    links = "".join(
        f'<li class="lien-ket-item"><a target="_blank" rel="nofollow" href="http://stttt.{plain_slug(name)}.gov.vn">'
        f"Sở TT&amp;TT {escape(name)}</a></li>"
        for name in names
    )
    weather = "".join(f'<option value="{number:02d}">{escape(name)}</option>' for number, name in enumerate(names))
    return Chunk(
        f'<div class="cot-phai {style}"><div class="widget"><h3>Thời tiết</h3><select>{weather}</select>'
        "<p>Cần Thơ: 31°C, Đà Nẵng: 28°C</p></div>"
        f'<div class="widget"><h3>Liên kết website</h3><ul>{links}</ul></div>'
        '<div class="widget lien-he"><h3>Liên hệ</h3><p>Cơ quan đại diện tại Thành phố Hồ Chí Minh</p>'
        "<p>Cơ quan đại diện tại Đà Nẵng</p></div></div>"
    )


@lru_cache(maxsize=16)
def footer(host: str, look: Look) -> Chunk:
    """The imprint."""
    place = "18 Nguyễn Du, quận Hai Bà Trưng, Hà Nội" if look.places else "Trụ sở Bộ"
    name = "Bộ Khoa học và Công nghệ" if host == HOSTS["mst"] else "Bộ Thông tin và Truyền thông"
    scripts = "" if look.light else f'<script type="text/javascript">{"".join(_functions(host, 12))}</script>'
    return Chunk(
        f'<div class="chan-trang"><p>© Cổng thông tin điện tử {name}</p><p>Địa chỉ: {place}. '
        f"Điện thoại: 024.39435602</p></div>{scripts}</body></html>"
    )


def _rules(style: str, count: int) -> Sequence[str]:
    """Style rules that mean nothing, for their weight."""
    chance = random.Random(style)
    return [
        f".{style}-khoi-{number} .muc{chance.randint(1, 40)}{{margin:{chance.randint(0, 30)}px "
        f"{chance.randint(0, 30)}px;color:#{chance.randint(0, 0xFFFFFF):06x};width:{chance.randint(10, 900)}px}}"
        for number in range(count)
    ]


def _functions(style: str, count: int) -> Sequence[str]:
    """Script functions that are never called, for their weight."""
    chance = random.Random(f"{style} script")
    return [
        f"function khoi{number}_{chance.randint(100, 999)}(doiTuong,giaTri){{var o=document.getElementById('khoi"
        f"{number}');if(o!=null&&giaTri>{chance.randint(1, 900)}){{o.style.display=doiTuong?'block':'none';"
        f"o.setAttribute('data-muc','{chance.randint(1, 9_999)}');}}return false;}}\n"
        for number in range(count)
    ]
