"""Site profiles, read from TOML: whatever is wrong with one is said before anything is crawled."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from config.site.checking import mistakes
from config.site.model import (
    AddressRule,
    Family,
    Host,
    Kind,
    SiteProfile,
    SoftErrors,
    Template,
    Walk,
    Withdrawal,
)
from config.site.telling import told, told_of_toml

__all__ = [
    "SITES",
    "AddressRule",
    "Family",
    "Host",
    "Kind",
    "ProfileError",
    "SiteProfile",
    "SoftErrors",
    "Template",
    "Walk",
    "Withdrawal",
    "load_profile",
]

SITES = Path(__file__).parent.parent / "sites"


class ProfileError(Exception):
    """A site profile cannot be read; a line for each mistake names the file, the place and what to do."""


def load_profile(site: str) -> SiteProfile:
    """Read a profile by its name in `config/sites/`, or from the path of a TOML file.

    Raises ProfileError.
    """
    path = Path(site) if site.endswith(".toml") else SITES / f"{site}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        known = ", ".join(sorted(file.stem for file in SITES.glob("*.toml")))
        raise ProfileError(f"no site profile {site!r}; there are: {known}") from error
    except OSError as error:
        raise ProfileError(f"{path.name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path.name}: {error}: save it as UTF-8") from error
    try:
        profile = SiteProfile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, [told_of_toml(error)]) from error
    except ValidationError as error:
        raise _wrong(path, told(error, text)) from error
    found = mistakes(profile)
    if found:
        raise _wrong(path, found)
    return profile


def _wrong(path: Path, lines: list[str]) -> ProfileError:
    return ProfileError("\n".join(f"{path.name}: {line}" for line in lines))
