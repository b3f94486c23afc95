"""One account, as Flask-Security and the pages see it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from flask_security import RoleMixin, UserMixin

RoleName = Literal["admin", "editor"]
ROLES: Final[tuple[RoleName, ...]] = ("admin", "editor")


@dataclass(eq=False)
class Role(RoleMixin):
    """What an account may do. An administrator may do what an editor may."""

    name: str
    permissions: list[str] | None = None


@dataclass(eq=False, kw_only=True)
class Account(UserMixin):
    """One person who may do more than search. Flask-Security changes it in place; the datastore writes it back."""

    id: int
    username: str
    role: RoleName
    password: str
    one_time: bool
    active: bool
    fs_uniquifier: str = ""  # Flask-Security looks for it on the class
    made_at: datetime
    seen_at: datetime | None
    roles: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roles = [Role(name) for name in (ROLES if self.role == "admin" else (self.role,))]

    @property
    def name(self) -> str:
        """As the pages and the audit log call it."""
        return self.username

    @property
    def is_admin(self) -> bool:
        """Whether it may see the administration."""
        return self.role == "admin"
