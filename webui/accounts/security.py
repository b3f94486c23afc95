"""Flask-Security, set up for this site: account names, argon2, no e-mail, our pages and words."""

from typing import Any, Final

from flask import Flask, current_app
from flask_babel import Domain
from flask_login import user_logged_out
from flask_security import Security, password_changed, user_authenticated
from flask_security.utils import hash_password

from webui.accounts import access
from webui.accounts.account import Account
from webui.accounts.forms import SHORTEST_PASSWORD, ChangePassword, LogIn
from webui.accounts.register import Register
from webui.language import later
from webui.services import Services, services

_CONFIG: Final[dict[str, Any]] = {
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": str, "case_insensitive": True}}],
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {
        "argon2"
    },  # one hash: bcrypt's limits, which the second is for, are not argon2's
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_LOGIN_URL": "/account/login",
    "SECURITY_LOGOUT_URL": "/account/logout",
    "SECURITY_CHANGE_URL": "/account/password",
    "SECURITY_VERIFY_URL": "/account/verify",
    "SECURITY_LOGIN_USER_TEMPLATE": "accounts/login.html",
    "SECURITY_CHANGE_PASSWORD_TEMPLATE": "accounts/password.html",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_STATIC_FOLDER_URL": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}


_MESSAGES: Final = {
    "INVALID_PASSWORD": (later("That is not the present password."), "error"),
    "DISABLED_ACCOUNT": (later("This account has been closed."), "error"),
    "PASSWORD_IS_THE_SAME": (later("The new password is the old one."), "error"),
    "PASSWORD_INVALID_LENGTH": (later("A password has at least %(length)s characters."), "error"),
    "PASSWORD_CHANGE": (later("Your password has been changed."), "success"),
}


def set_up(app: Flask, open_services: Services, domain: Domain) -> None:
    """Let people with accounts log in to an application."""
    app.config.update(_CONFIG)
    app.config.update({f"SECURITY_MSG_{name}": message for name, message in _MESSAGES.items()})
    app.config["SECURITY_PASSWORD_SALT"] = app.config["SECRET_KEY"]  # unused with a single hash, but asked for
    app.config["SECURITY_POST_LOGIN_VIEW"] = app.config["SECURITY_POST_CHANGE_VIEW"] = "corrections.start"
    security = Security(
        app, Register(open_services.database), login_form=LogIn, change_password_form=ChangePassword
    )
    security.i18n_domain = domain
    security.want_json(lambda request: False)  # noqa: ARG005 - its signature
    user_authenticated.connect(_logged_in, app)
    password_changed.connect(_changed, app)
    user_logged_out.connect(_logged_out, app)
    app.context_processor(lambda: {"account": access.account()})


def register() -> Register:
    """The register of this application's accounts."""
    found = current_app.extensions["security"].datastore
    assert isinstance(found, Register)
    return found


def hashed(password: str) -> str:
    """The argon2 hash of a password; needs an application."""
    return str(hash_password(password))


def _logged_in(app: Flask, user: Account, authn_via: list[str] | None = None, **_: Any) -> None:  # noqa: ARG001 - a signal's signature
    access.begin_session()
    if authn_via == ["password"]:
        user.seen_at = services().clock.now()
        register().put(user)
        access.note("logged in")


def _changed(app: Flask, user: Account, **_: Any) -> None:  # noqa: ARG001 - likewise
    user.one_time = False
    register().put(user)
    access.note("changed password")


def _logged_out(app: Flask, user: Account, **_: Any) -> None:  # noqa: ARG001 - likewise
    """Every session of the account ends, on other machines too: a copied cookie is worth nothing afterwards."""
    register().set_uniquifier(user)
    access.note("logged out")
