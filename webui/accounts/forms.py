"""The forms for logging in, for changing one's password and for making API keys."""

from datetime import timedelta
from typing import Any

from flask import abort, current_app, request
from flask_babel import lazy_gettext
from flask_security import ChangePasswordForm, LoginForm
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField, SubmitField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length

from webui import addresses
from webui.accounts.access import attempts, audit_log
from webui.accounts.keys import LONGEST_NAME
from webui.accounts.register import normal
from webui.arguments import clean
from webui.language import gettext

LONGEST_PASSWORD = 200
SHORTEST_PASSWORD = 12
_NEEDED = lazy_gettext("This is needed.")
_LONG = Length(max=LONGEST_PASSWORD, message=lazy_gettext("This is too long."))


class LogIn(LoginForm):
    """Name and password; failures are counted, and after too many no password is looked at."""

    email = None
    remember = None
    username = StringField(
        lazy_gettext("Account name"),
        validators=[DataRequired(_NEEDED), Length(max=64, message=lazy_gettext("This is too long."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[DataRequired(_NEEDED), _LONG],
        render_kw={"autocomplete": "current-password"},
    )
    submit = SubmitField(lazy_gettext("Log in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [given for given in (request.args.get("next"), request.form.get("next")) if given]
        if not all(map(addresses.is_local, asked)):
            if request.method == "POST":
                abort(400)  # no form of ours leads elsewhere
            self.next.data = ""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the password is the account's; which of the two was wrong stays untold."""
        name, client = normal(str(self.username.data or "")), request.remote_addr or ""
        if attempts().too_many(name, client):
            audit_log().note(name, "login refused", "too many failures", client)
            self.form_errors = [gettext("Too many failed attempts. Wait a quarter of an hour, then try again.")]
            return False
        self.ifield = self.username
        self.user = current_app.extensions["security"].datastore.find_user(username=name)
        if super().validate(**kwargs):
            attempts().succeeded(name, client)
            return True
        if self.username.data and self.password.data and not self.user_authenticated:
            attempts().failed(name, client)
            audit_log().note(name, "login failed", address=client)
            self.username.errors, self.password.errors = [], []
            self.form_errors = [gettext("Name or password is wrong.")]
        return False


class ChangePassword(ChangePasswordForm):
    """The old password once, the new one twice."""

    password = PasswordField(
        lazy_gettext("Present password"),
        validators=[DataRequired(_NEEDED), _LONG],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        lazy_gettext("New password"),
        validators=[DataRequired(_NEEDED), _LONG],
        render_kw={"autocomplete": "new-password"},
    )
    new_password_confirm = PasswordField(
        lazy_gettext("New password, once more"),
        validators=[
            DataRequired(_NEEDED),
            EqualTo("new_password", lazy_gettext("The two new passwords are not the same.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    submit = SubmitField(lazy_gettext("Change password"))


class MakeKey(FlaskForm):  # type: ignore[misc]  # no types
    """What a key is for, and how long it shall hold."""

    name = StringField(
        lazy_gettext("What it is for"),
        validators=[
            DataRequired(_NEEDED),
            Length(max=LONGEST_NAME, message=lazy_gettext("This is too long.")),
        ],
        filters=[lambda text: clean(text or "")],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
    days = SelectField(
        lazy_gettext("Holds for"),
        choices=[
            SelectChoice("30", lazy_gettext("30 days")),
            SelectChoice("90", lazy_gettext("90 days")),
            SelectChoice("365", lazy_gettext("one year")),
            SelectChoice("", lazy_gettext("until it is revoked")),
        ],
        default="365",
    )
    submit = SubmitField(lazy_gettext("Make a key"))

    @property
    def lasting(self) -> timedelta | None:
        """How long it shall hold; None: until it is revoked."""
        return timedelta(days=int(self.days.data)) if self.days.data else None
