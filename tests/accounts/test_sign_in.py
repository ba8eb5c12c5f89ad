"""The door: in, out, locked, closed."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import identify_hasher
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.backends import DEMO_PASSWORD
from accounts.models import AuditEntry, Company, User
from tests.world import PASSWORD, make_user

SIGN_IN = "/sign-in/"
WRONG = "no-password-of-hers"


def attempt(
    client: Client, email: str, password: str = WRONG, **extra: Any
) -> HttpResponse:
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_pages_ask_strangers_to_sign_in_and_come_back(client: Client, db: None) -> None:
    response = client.get("/styleguide/")
    assert response["Location"] == "/sign-in/?next=/styleguide/"


def test_the_right_password_opens_the_asked_page(client: Client, ana: User) -> None:
    client.get(SIGN_IN)
    before = client.session.session_key
    data = {"login": " ANA@example.org ", "password": PASSWORD, "next": "/styleguide/"}
    response = client.post(SIGN_IN, data)
    assert (response.status_code, response["Location"]) == (302, "/styleguide/")
    assert is_in(client)
    assert client.session.session_key != before
    assert list(client.get("/styleguide/").context["messages"]) == []


def test_the_session_changes_at_sign_in(client: Client, ana: User) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    attempt(client, ana.email, PASSWORD)
    assert is_in(client)
    assert client.session.session_key != planted


def test_another_site_is_never_the_next_page(client: Client, ana: User) -> None:
    data = {"login": ana.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(SIGN_IN, data)["Location"] == reverse("today")


def test_a_wrong_password_says_so_and_keeps_the_address(
    client: Client, ana: User
) -> None:
    response = attempt(client, ana.email)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Sign in" in html
    assert 'class="error-summary"' in html
    assert f'value="{ana.email}"' in html
    assert WRONG not in html
    assert not is_in(client)


def test_a_stranger_reads_the_same_as_a_wrong_password(
    client: Client, ana: User
) -> None:
    known, unknown = attempt(client, ana.email), attempt(client, "who@example.org")
    assert known.context["form"].errors == unknown.context["form"].errors


def test_somebody_switched_off_stays_outside(client: Client, db: None) -> None:
    gone = make_user("gone@example.org", is_active=False)
    response = attempt(client, gone.email, PASSWORD)
    assert response["Location"] == reverse("account_inactive")
    assert not is_in(client)
    assert b"switched off" in client.get(reverse("account_inactive")).content


def test_passwords_are_stored_by_argon2(ana: User) -> None:
    assert identify_hasher(ana.password).algorithm == "argon2"


def test_signing_out_asks_first_and_ends_the_session(
    ana_client: Client, company: Company
) -> None:
    assert b"Sign out?" in ana_client.get("/sign-out/").content
    assert is_in(ana_client)
    assert ana_client.post("/sign-out/")["Location"] == reverse("account_login")
    assert not is_in(ana_client)


def test_nobody_makes_an_account(client: Client, db: None) -> None:
    data = {"email": "new@example.org", "password1": PASSWORD}
    for response in (client.get("/sign-up/"), client.post("/sign-up/", data)):
        assert b"Ask for an account" in response.content
    assert not User.objects.exists()


def test_coming_in_is_written_down_with_how_and_from_where(
    client: Client, ana: User
) -> None:
    attempt(client, ana.email)
    attempt(client, ana.email, PASSWORD, headers={"user-agent": "A browser"})
    (entry,) = AuditEntry.objects.select_related("detail")
    assert (entry.action, entry.actor_id) == ("accounts.signed_in", ana.pk)
    assert entry.after == {"methods": ["password"]}
    assert entry.detail.data["address"] == "127.0.0.1"
    assert entry.detail.data["agent"] == "A browser"


def test_pages_of_people_inside_are_not_kept_by_the_browser(
    ana_client: Client, client: Client, company: Company
) -> None:
    assert ana_client.get("/styleguide/")["Cache-Control"] == "private, no-store"
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]


@pytest.mark.parametrize(
    ("https", "names"),
    [
        ("1", ["__Host-sessionid", "__Host-csrftoken", True]),
        ("0", ["sessionid", "csrftoken", False]),
    ],
)
def test_cookies_belong_to_this_host_alone(https: str, names: list[object]) -> None:
    """Read in a process of its own, because settings are read once."""
    code = (
        "import json; from django.conf import settings as s; print(json.dumps("
        "[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KEEPWELL_HTTPS": https},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == names


def test_over_https_browsers_take_the_cookies(
    ana: User, company: Company, settings: Settings
) -> None:
    """What a name with "__Host-" demands: Secure, the whole path, and no domain."""
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.SESSION_COOKIE_SECURE = True
    client = Client(headers={"host": "localhost"})
    client.get(SIGN_IN, secure=True)
    client.post(SIGN_IN, {"login": ana.email, "password": PASSWORD}, secure=True)
    cookie = client.cookies["__Host-sessionid"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get("/me/", secure=True).status_code == 200


class TestDemoGuard:
    @pytest.fixture
    def guest(self, db: None) -> User:
        return make_user("guest@example.org", is_demo=True)

    @pytest.mark.parametrize(
        ("asked_for", "debug", "opens"),
        [
            (False, False, False),
            (True, False, True),
            (False, True, True),
        ],
    )
    def test_the_demo_opens_only_where_asked_for(
        self,
        client: Client,
        guest: User,
        settings: Settings,
        *,
        asked_for: bool,
        debug: bool,
        opens: bool,
    ) -> None:
        settings.DEMO_ASKED_FOR, settings.DEBUG = asked_for, debug
        attempt(client, " Guest@Example.org ", PASSWORD)
        assert is_in(client) is opens

    def test_a_session_ends_with_the_demo(
        self, client: Client, guest: User, company: Company, settings: Settings
    ) -> None:
        settings.DEMO_ASKED_FOR, settings.DEBUG = True, False
        attempt(client, guest.email, PASSWORD)
        assert client.get("/styleguide/").status_code == 200
        settings.DEMO_ASKED_FOR = False
        assert client.get("/styleguide/").status_code == 302
        assert not is_in(client)

    def test_real_people_do_not_notice(
        self, client: Client, ana: User, guest: User, settings: Settings
    ) -> None:
        settings.DEMO_ASKED_FOR = settings.DEBUG = False
        attempt(client, ana.email, PASSWORD)
        assert is_in(client)

    def test_a_refused_demo_person_is_counted_like_anybody(
        self, client: Client, guest: User, settings: Settings
    ) -> None:
        settings.DEMO_ASKED_FOR = settings.DEBUG = False
        attempt(client, guest.email, PASSWORD)
        assert AccessAttempt.objects.get().username == guest.email

    @pytest.mark.parametrize("asked_for", [True, False])
    def test_the_page_names_the_demo_people_only_then(
        self,
        client: Client,
        guest: User,
        ana: User,
        settings: Settings,
        *,
        asked_for: bool,
    ) -> None:
        settings.DEMO_ASKED_FOR = asked_for
        html = client.get(SIGN_IN).content.decode()
        assert (guest.email in html) is asked_for
        assert (DEMO_PASSWORD in html) is asked_for
        assert ana.email not in html


def test_an_empty_installation_leads_to_setting_it_up(client: Client, db: None) -> None:
    assert client.get(SIGN_IN)["Location"] == reverse("setup")
    make_user("first@example.org")
    assert client.get(SIGN_IN).status_code == 200
