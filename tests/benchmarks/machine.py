"""What the figures were measured on."""

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """The machine and what ran on it. `load` is how many processes wanted a core in the minute before."""

    cores: int
    gigabytes: int
    load: float
    versions: dict[str, str]

    def __str__(self) -> str:
        ran = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return f"{self.cores} cores, {self.gigabytes} GB, load {self.load:.1f} before the run; {ran}"


def machine(servers: dict[str, str], load: float) -> Machine:
    """This one. `servers` has the versions of those that were started."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    own = {"Python": platform.python_version(), "tantivy": version("tantivy")}
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        gigabytes=round(memory / 2**30),
        load=load,
        versions={**own, **servers, **{name: version(name) for name in ("trafilatura", "Scrapy")}},
    )
