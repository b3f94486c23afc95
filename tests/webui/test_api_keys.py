"""API keys: made by who has an account, told once, kept as digests, counted apart, and revoked."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.webui.conftest import make_account, post
from tests.webui.test_accounts import deeds
from webui import create_app
from webui.accounts.keys import MOST, ApiKeyError, ApiKeys
from webui.accounts.security import register
from webui.accounts.tables import accounts, api_keys
from webui.protection import SEARCHES

PAGE = "/account/keys"
ASKED = "/api/v1/search?size=1"


def made(client, name: str = "Bảng tin", days: str = "365") -> str:
    """A key as its holder copies it from the page."""
    answer = post(client, PAGE, {"name": name, "days": days}, page=PAGE)
    assert answer.status_code == 200
    found = re.search(r'id="secret"[^>]*>(mic_[A-Za-z0-9_-]{43})<', answer.text)
    assert found
    return found[1]


def ask(client, secret: str, address: str = ASKED):
    return client.get(address, headers={"Authorization": f"Bearer {secret}"})


def stored(services) -> list[sa.Row[Any]]:
    with services.database.reading() as connection:
        return list(connection.execute(sa.select(api_keys).order_by(api_keys.c.id)))


def test_a_key_is_told_once_and_kept_as_a_digest(editor, services):
    secret = made(editor)
    assert secret not in editor.get(PAGE).text
    assert secret[:10] in editor.get(PAGE).text
    (row,) = stored(services)
    assert secret not in str(row)
    assert len(row.digest) == 64
    assert deeds(services)[-1] == ("minh", "API key made")
    assert secret not in str(deeds(services))


def test_a_key_opens_higher_limits_and_notes_when_it_was_used(client, editor, services, clock):
    secret = made(editor)
    answer = ask(client, secret)
    assert answer.status_code == 200
    assert answer.headers["RateLimit-Policy"] == f'"minute";q={SEARCHES * services.settings.key_factor};w=60'
    assert answer.json["total"] == client.get(ASKED).json["total"]
    used = clock.now()
    assert stored(services)[0].used_at == used
    clock.sleep(30)
    ask(client, secret)
    assert stored(services)[0].used_at == used, "once a minute is enough"
    clock.sleep(31)
    ask(client, secret)
    assert stored(services)[0].used_at == clock.now()


def test_each_key_is_counted_apart_and_apart_from_its_address(settings, services, editor):
    told = settings.model_copy(update={"key_factor": 1})
    client = create_app(told, replace(services, settings=told)).test_client()
    one, other = made(editor, "một"), made(editor, "hai")
    assert [ask(client, one).status_code for _ in range(SEARCHES + 1)][-2:] == [200, 429]
    assert ask(client, other).status_code == 200
    assert client.get(ASKED).status_code == 200


@pytest.mark.parametrize("secret", ["mic_wrong", "", "x" * 5_000, "mic_ẩn"])
def test_a_wrong_key_is_refused_and_none_is_not(client, editor, secret):
    made(editor)
    answer = client.get(ASKED, headers={"Authorization": f"bearer {secret}".encode().decode("latin-1")})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert client.get(ASKED).status_code == 200
    assert client.get(ASKED, headers={"Authorization": "Basic cHJveHk6cHJveHk="}).status_code == 200


def test_a_revoked_key_opens_nothing(client, editor, services):
    secret = made(editor)
    number = stored(services)[0].id
    assert post(editor, f"{PAGE}/{number}/revoke", {}, page=PAGE).location == PAGE
    assert ask(client, secret).status_code == 401
    assert deeds(services)[-1] == ("minh", "API key revoked")
    assert "đã thu hồi" in editor.get(PAGE).text
    assert post(editor, f"{PAGE}/{number}/revoke", {}, page=PAGE).status_code == 404


def test_a_key_ends_when_it_was_to_and_with_its_account(client, editor, services, clock):
    month, always = made(editor, "tháng", "30"), made(editor, "mãi", "")
    assert [row.ends_at for row in stored(services)] == [clock.now() + timedelta(days=30), None]
    clock.sleep(30 * 86_400)
    assert [ask(client, secret).status_code for secret in (month, always)] == [401, 200]
    with services.database.writing() as connection:
        connection.execute(sa.update(accounts).values(active=False))
    assert ask(client, always).status_code == 401


def test_nobody_revokes_another_ones_key(admin, editor, services):
    made(editor)
    number = stored(services)[0].id
    assert post(admin, f"{PAGE}/{number}/revoke", {}, page=PAGE).status_code == 404
    assert stored(services)[0].revoked_at is None
    assert "Bảng tin" not in admin.get(PAGE).text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "", "days": "30"}, 422),
        ({"name": "a" * 65, "days": "30"}, 422),
        ({"name": "a", "days": "31"}, 422),
        ({"name": "  Bảng   tin ", "days": "30"}, 409),
    ],
)
def test_a_form_that_makes_no_sense_makes_no_key(editor, services, fields, status):
    made(editor)
    answer = post(editor, PAGE, fields, page=PAGE)
    assert answer.status_code == status
    assert 'class="wrong"' in answer.text
    assert len(stored(services)) == 1


def test_keys_are_for_accounts_and_forms_are_not_forged(client, editor):
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data={"name": "a", "days": "30"}).status_code == 403
    assert editor.post(PAGE, data={"name": "a", "days": "30"}).status_code == 400
    assert editor.get(PAGE).headers["Cache-Control"] == "no-store"


def test_a_key_is_no_login(client, editor):
    secret = made(editor)
    for address in (PAGE, "/admin/", "/corrections"):
        assert ask(client, secret, address).status_code == 403


def test_names_are_harmless_on_the_page(editor):
    made(editor, "<script>alert(1)</script>")
    page = editor.get(PAGE).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_an_account_has_so_many_keys(app, services):
    make_account(app, "lan", "editor")
    with app.app_context():
        (account,) = register().all()
    keys = ApiKeys(services.database, services.clock)
    made = [keys.make(account.id, str(number), None)[0] for number in range(MOST)]
    with pytest.raises(ApiKeyError, match="too many"):
        keys.make(account.id, "another", None)
    keys.revoke(account.id, made[0].id)
    assert keys.make(account.id, "another", None)


def test_keys_work_on_both_databases(database, clock):
    with database.writing() as connection:
        row = {"name": "lan", "role": "editor", "password": "", "one_time": False, "active": True, "session": "s"}
        holder = connection.execute(
            sa.insert(accounts).values(**row, made_at=clock.now()).returning(accounts.c.id)
        ).scalar_one()
    keys = ApiKeys(database, clock)
    key, secret = keys.make(holder, "thử", timedelta(days=1))
    found = keys.known(secret)
    assert found == key
    assert keys.known(f"{secret}x") is None
    assert [one.used_at for one in keys.of(holder)] == [clock.now()]
    assert keys.revoke(holder, key.id)
    assert keys.known(secret) is None
