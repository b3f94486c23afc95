"""What a profile may say in each of its parts and still not be right as a whole."""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from config.site.model import AddressRule, SiteProfile

_RECORDED = ("article", "print", "document")


def mistakes(profile: SiteProfile) -> list[str]:
    """What is wrong, a sentence for each, with what to do; [] for a sound profile."""
    return [*_names(profile), *_families(profile), *_rules(profile), *_seeds(profile), *_templates(profile)]


def _names(profile: SiteProfile) -> Iterator[str]:
    names = {
        "[[family]]": [family.name for family in profile.families],
        "[[host]]": [name for host in profile.hosts for name in (host.name, *host.aliases)],
        "[[template]]": [template.name for template in profile.templates],
        "seeds": list(profile.seeds),
    }
    for where, used in names.items():
        for name in _repeated(used):
            yield f"{where}: {name} is there more than once; keep one"


def _families(profile: SiteProfile) -> Iterator[str]:
    used = {host.family for host in profile.hosts}
    for family in profile.families:
        if family.name not in used:
            yield f"[[family]] {family.name}: no host belongs to it; give one that family, or remove it"


def _rules(profile: SiteProfile) -> Iterator[str]:
    if not any(rule.kind in ("article", "document") for rule in profile.rules):
        yield "[[address]]: none is of kind article or document, so nothing would be recorded; add one"
    for rule in profile.rules:
        where = f"[[address]] {rule.path.pattern}"
        yield from _in_lower_case(where, (*rule.query, *rule.keep))
        if rule.canonical and not rule.canonical.startswith("/"):
            yield f"{where}: canonical is a path and begins with /, not {rule.canonical!r}"
    yield from _in_lower_case("drop_parameters", profile.drop_parameters)
    for pattern in _repeated(_shown(rule) for rule in profile.rules):
        yield f"[[address]] {pattern}: is there twice, and the first decides; remove one"


def _in_lower_case(where: str, parameters: Iterable[str]) -> Iterator[str]:
    for name in parameters:
        if name != name.lower():
            yield f"{where}: parameter {name} is compared in lower case; write {name.lower()}"


def _shown(rule: AddressRule) -> str:
    """A rule by what it matches."""
    query = " ".join(f"{name}={pattern.pattern}" for name, pattern in rule.query.items())
    return " ".join(filter(None, (rule.path.pattern, query, *rule.hosts)))


def _seeds(profile: SiteProfile) -> Iterator[str]:
    known = {name: host.name for host in profile.hosts for name in (host.name, *host.aliases)}
    if not profile.seeds:
        yield "seeds: there is none, so nothing would be found; name the home page at least"
    for seed in profile.seeds:
        parts = urlsplit(seed)
        if parts.scheme not in ("http", "https"):
            yield f"seeds: {seed} is no address; it begins with https://"
        elif parts.hostname not in known:
            yield f"seeds: {seed}: {parts.hostname} is no host of this site; there are: {', '.join(sorted(known))}"
        elif rule := _first(profile, known[parts.hostname], seed):
            yield f"seeds: {seed} is refused by [[address]] {rule.path.pattern} ({rule.why}); take another"


def _first(profile: SiteProfile, host: str, seed: str) -> AddressRule | None:
    """The rule that refuses a seed, if the first one that fits it does."""
    parts = urlsplit(seed)
    values = {name.lower(): value for name, value in parse_qsl(parts.query)}
    for rule in profile.rules:
        fits = rule.path.search(unquote(parts.path) or "/") and (not rule.hosts or host in rule.hosts)
        if fits and all(pattern.search(values.get(name, "")) for name, pattern in rule.query.items()):
            return rule if rule.kind == "refused" else None
    return None


def _templates(profile: SiteProfile) -> Iterator[str]:
    for template in profile.templates:
        needed = ("items", "title") if template.kind == "list" else ("title",)
        for name in needed:
            if not getattr(template, name):
                yield f"[[template]] {template.name}: nothing would be found without {name}; add selectors"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
