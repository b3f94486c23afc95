"""The site profile: everything that differs between one site and another."""

import re
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from config.hours import Hours

Kind = Literal["article", "print", "list", "feed", "sitemap", "document", "attachment", "asset", "page", "refused"]
"""What an address holds; `refused` is never asked for."""


def _compile(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return re.compile(value, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"no pattern: {error}: {value}") from error


def _selector(value: str) -> str:
    try:
        LexborHTMLParser("").css(value)
    except SelectolaxError as error:
        raise ValueError(f"no CSS selector: {value!r}") from error
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone {name!r} on this machine, such as Asia/Ho_Chi_Minh") from error
    return name


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compile)]
Selector = Annotated[str, AfterValidator(_selector)]
HostName = Annotated[str, Field(pattern=r"^[a-z0-9-]+(?:\.[a-z0-9-]+)*$")]
"""A host's name alone: lower case, no scheme, no port."""


_ANY_TIME = Hours()


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(_Part):
    """Hosts that number their pages together and share one pace."""

    name: str = Field(pattern=r"^[a-z][a-z0-9]*$")
    title: str = ""
    crawl_delay: float = Field(1.0, ge=0, description="Seconds between requests where robots.txt names none.")
    jitter: float = Field(
        0.01, ge=0, le=1, description="Share of the delay by which a request may come later, at random."
    )
    daily_requests: int | None = Field(
        None, ge=1, description="Requests a day, all hosts together; any number if none."
    )
    quiet_hours: Hours = Field(_ANY_TIME, description="Hours in which it is left alone, such as 08:00-11:30.")
    succeeds: str = Field("", description="The family whose older ids this one carries on.")
    since: date | None = Field(None, description="Ids born before this day belong to the family it succeeds.")


class Host(_Part):
    """One host name with its aliases, which serve the same pages."""

    name: HostName
    family: str
    aliases: tuple[HostName, ...] = ()
    language: str = "vi"


class AddressRule(_Part):
    """One address pattern. The first rule that matches decides kind, key and canonical form."""

    kind: Kind
    path: Pattern = Field(description="Searched in the decoded path, letters of either case; groups are named.")
    query: dict[str, Pattern] = Field({}, description="Parameters that must be there, named in lower case.")
    hosts: tuple[str, ...] = Field((), description="Only on these hosts (canonical names); everywhere if empty.")
    keep: tuple[str, ...] = Field((), description="Parameters that stay in the canonical address.")
    canonical: str = Field("", description="Canonical path made of the named groups; the path itself if empty.")
    why: str = Field("", description="Why it is refused, for the ledger and for people.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "refused" and not self.why:
            raise ValueError("a refused address says why")
        groups = {name for pattern in (self.path, *self.query.values()) for name in pattern.groupindex}
        if self.kind in ("article", "print", "document") and "id" not in groups:
            raise ValueError(f"an address of kind {self.kind} needs a group named id")
        missing = set(re.findall(r"\{(\w+)\}", self.canonical)) - groups
        if missing:
            raise ValueError(f"canonical names groups no pattern has: {', '.join(sorted(missing))}")
        return self


class Walk(_Part):
    """Numbers to be tried one after the other, for what no list reaches any more."""

    name: str = Field(pattern=r"^[a-z][a-z0-9 -]{0,63}$")
    address: str = Field(description="Address of the form https://host/page.aspx?id={id}.")
    first: int = Field(ge=0, le=10**18)
    last: int = Field(ge=0, le=10**18)
    direction: Literal["up", "down"] = "down"
    gap: int = Field(
        0, ge=0, description="Numbers leading nowhere in a row, after which steps are longer; 0: never."
    )
    step: int = Field(1, ge=1, description="Numbers a longer step goes on by.")
    share: float = Field(0.1, gt=0, le=1, description="Share of the server's pace the walk takes.")

    @property
    def numbers(self) -> int:
        """How many there are."""
        return self.last - self.first + 1

    @property
    def host(self) -> str:
        """The host it asks; its family is the walk's."""
        return urlsplit(self.address).hostname or ""

    def at(self, number: int) -> str:
        """The address with a number."""
        return self.address.replace("{id}", str(number))

    @model_validator(mode="after")
    def _leads_on(self) -> Self:
        if self.address.count("{id}") != 1:
            raise ValueError("the address of a walk has {id} where the number goes, once")
        if self.first > self.last:
            raise ValueError("a walk's first number is not after its last")
        return self


class Template(_Part):
    """How one make of page is recognised and read (CSS selectors, tried in order)."""

    name: str
    kind: Literal["article", "print", "document", "list"]
    recognise: Selector = Field(description="A page of this make has an element that matches.")
    within: str = Field(
        "", description="The element that holds all of the article; the whole page if empty or missing."
    )
    title: tuple[Selector, ...] = ()
    lead: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = ()
    author: tuple[Selector, ...] = ()
    date: tuple[Selector, ...] = ()
    month_first: bool = Field(False, description="Dates with slashes put the month first.")
    category: tuple[Selector, ...] = ()
    attachments: tuple[Selector, ...] = ()
    items: tuple[Selector, ...] = Field((), description="Each element is one entry of a list page.")
    drop: tuple[Selector, ...] = Field((), description="Furniture, removed before anything is read.")


class SoftErrors(_Part):
    """How the site says an error with status 200."""

    phrases: tuple[str, ...] = Field((), description="Words of a page that stands for 404, as displayed.")
    error_phrases: tuple[str, ...] = Field((), description="Words of a page that stands for 500, as displayed.")


class Withdrawal(_Part):
    """When what is not there any more counts as taken down. `docs/record.md` has the reasons for the numbers."""

    times: int = Field(3, ge=1, description="Days on which it was found gone, at least.")
    days: int = Field(7, ge=0, description="Days from the first of these to the last, at least.")
    answers: int = Field(
        3, ge=1, description="Other pages its server answered well on a day for that day to count."
    )
    share: float = Field(
        0.5, ge=0, le=1, description="The same as a share of what had been there and was asked for."
    )

    def is_well(self, good: int, bad: int) -> bool:
        """Whether a server is in order on which so many pages were there, and so many failed or were just lost."""
        return good >= self.answers and good >= self.share * (good + bad)


class SiteProfile(_Part):
    """One site: hosts, address patterns, templates, categories, seeds, never-fetch list, pace."""

    name: str
    title: str
    language: str = "vi"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Asia/Ho_Chi_Minh", description="Where quiet hours and days of a budget are counted."
    )
    families: tuple[Family, ...] = Field(alias="family")
    hosts: tuple[Host, ...] = Field(alias="host")
    rules: tuple[AddressRule, ...] = Field(alias="address")
    templates: tuple[Template, ...] = Field((), alias="template")
    walks: tuple[Walk, ...] = Field((), alias="walk")
    seeds: tuple[str, ...]
    categories: dict[str, str] = Field({}, description="Number of a list to the category's name.")
    attachment_types: tuple[str, ...] = ()
    asset_types: tuple[str, ...] = ()
    drop_parameters: tuple[str, ...] = Field((), description="Parameters without meaning, in lower case.")
    soft_errors: SoftErrors = SoftErrors()
    withdrawal: Withdrawal = Withdrawal()
    born: Pattern | None = Field(
        None, description="Ids that are moments: groups year, month, day and, where told, hour, minute, second."
    )
    lead_prefix: Pattern | None = Field(None, description="What the site writes before every lead.")

    @model_validator(mode="after")
    def _tells_births(self) -> Self:
        missing = {"year", "month", "day"} - set(self.born.groupindex if self.born else ("year", "month", "day"))
        if missing:
            raise ValueError(f"born needs groups named year, month and day; missing: {', '.join(sorted(missing))}")
        for family in self.families:
            if family.succeeds and self.born is None:
                raise ValueError(f"family {family.name}: whose an id is cannot be told without born")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        families = {family.name for family in self.families}
        for host in self.hosts:
            if host.family not in families:
                known = ", ".join(sorted(families))
                raise ValueError(f"host {host.name}: no family named {host.family}; there are: {known}")
        for family in self.families:
            if family.succeeds and (family.succeeds not in families or family.since is None):
                raise ValueError(f"family {family.name}: succeeds needs a known family and a day in since")
        names = {host.name for host in self.hosts}
        for rule in self.rules:
            unknown = set(rule.hosts) - names
            if unknown:
                raise ValueError(f"rule {rule.path.pattern!r}: unknown hosts {', '.join(sorted(unknown))}")
        self._check_walks(names.union(*(host.aliases for host in self.hosts)))
        return self

    def _check_walks(self, hosts: set[str]) -> None:
        for walk in self.walks:
            if walk.host not in hosts:
                raise ValueError(f"walk {walk.name}: unknown host {walk.host}")
        walks = [walk.name for walk in self.walks]
        if len(walks) != len(set(walks)):
            raise ValueError("two walks have the same name")
