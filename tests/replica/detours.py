"""Addresses that lead elsewhere (trap 13): to newer ones, in circles, out of the site, into private networks."""

from tests.replica import addresses
from tests.replica.item import Item
from tests.replica.traps import Traps

_HANDED_OVER = 4
"""One of so many articles that the successor carries on is left to it: the old address only leads there."""

_LOOP = ("/Pages/Chuyen/vong-1.aspx", "/Pages/Chuyen/vong-2.aspx")
AWAY = {
    "/Pages/Chuyen/lien-ket.aspx": "https://www.example.org/",
    "/Pages/Chuyen/kho.aspx": "http://169.254.169.254/latest/meta-data/",
    "/Pages/Chuyen/may-chu.aspx": "http://127.0.0.1/admin",
    "/Pages/Chuyen/mang-trong.aspx": "http://10.0.0.8/",
}
"""Paths on mic.gov.vn that lead to where no visitor may be led."""

STARTS = (_LOOP[0], *AWAY)
"""What the home page links to."""

_STEPS = {path.lower(): target for path, target in (*AWAY.items(), _LOOP, _LOOP[::-1])}


def step(host: str, path: str, traps: Traps) -> str | None:
    """Where a path that belongs to no article leads."""
    return _STEPS.get(path.lower()) if 13 in traps and host == addresses.HOSTS["mic"] else None


def moved_to(item: Item, host: str, form: str, traps: Traps) -> str | None:
    """Where an article is to be found instead: in the new system, or with the successor."""
    if 13 not in traps or item.slot.template != "T3" or host != addresses.HOSTS["mic"]:
        return None
    if addresses.is_stamped(item):
        return addresses.addresses(item)[-1] if _is_handed_over(item) else None
    return addresses.home(item) if form == "pages" else None


def moved(item: Item, traps: Traps) -> tuple[str, ...]:
    """Those of an article's addresses that lead to another of them."""
    if 13 not in traps or item.slot.template != "T3" or item.slot.site != "mic":
        return ()
    known = addresses.addresses(item)
    if addresses.is_stamped(item):
        return known[:1] if _is_handed_over(item) else ()
    return tuple(url for url in known if "/tintuc/" in url.lower() and "printpage" not in url)


def _is_handed_over(item: Item) -> bool:
    return item.slot.copied and item.index % _HANDED_OVER == 0
