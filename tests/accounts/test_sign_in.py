"""The door: in, out, locked, closed."""

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.hashers import identify_hasher
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.backends import DEMO_PASSWORD
from accounts.models import Company, User
from tests.world import PASSWORD, make_user

SIGN_IN = "/sign-in/"
WRONG = "wrong"


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
    assert "wrong" not in html
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


def test_a_lost_password_has_a_way_out(client: Client, db: None) -> None:
    response = client.get(reverse("account_reset_password"))
    assert response.status_code == 200
    assert b"changepassword" in response.content


class TestLockOut:
    def lock(self, client: Client, email: str, **extra: Any) -> HttpResponse:
        for _ in range(django_settings.AXES_FAILURE_LIMIT):
            response = attempt(client, email, **extra)
        return response

    def test_too_many_wrong_passwords_close_the_door(
        self, client: Client, ana: User
    ) -> None:
        response = self.lock(client, ana.email)
        assert response.status_code == 429
        assert b"Try again in 15 minutes" in response.content
        assert response["Retry-After"] == "900"
        assert attempt(client, ana.email, PASSWORD).status_code == 429
        assert not is_in(client)

    def test_the_email_is_what_is_counted(self, client: Client, ana: User) -> None:
        attempt(client, ana.email.upper())
        (row,) = AccessAttempt.objects.all()
        assert (row.username, row.ip_address) == (ana.email, "127.0.0.1")
        assert "wrong" not in row.post_data

    def test_neither_capitals_nor_a_forged_address_give_new_attempts(
        self, client: Client, ana: User
    ) -> None:
        names = [ana.email, ana.email.upper(), ana.email.title(), f" {ana.email}"]
        for number in range(django_settings.AXES_FAILURE_LIMIT):
            response = attempt(
                client,
                names[number % len(names)],
                headers={
                    "x-forwarded-for": f"10.0.0.{number}",
                    "user-agent": f"curl/{number}",
                },
            )
        assert response.status_code == 429

    def test_others_and_other_places_are_not_locked(
        self, client: Client, ana: User, charlie: User
    ) -> None:
        self.lock(client, ana.email)
        assert attempt(client, charlie.email, PASSWORD).status_code == 302
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert attempt(elsewhere, ana.email, PASSWORD).status_code == 302

    def test_it_opens_again_after_the_wait(self, client: Client, ana: User) -> None:
        self.lock(client, ana.email)
        AccessAttempt.objects.update(
            attempt_time=timezone.now() - dt.timedelta(minutes=16)
        )
        assert attempt(client, ana.email, PASSWORD).status_code == 302

    def test_more_tries_do_not_prolong_it(self, client: Client, ana: User) -> None:
        """Or anybody could keep a person out for as long as they like."""
        self.lock(client, ana.email)
        AccessAttempt.objects.update(
            attempt_time=timezone.now() - dt.timedelta(minutes=10)
        )
        for _ in range(2):
            answer = attempt(client, ana.email, PASSWORD).content
            assert b"Try again in 5 minutes" in answer

    def test_success_clears_the_count(self, client: Client, ana: User) -> None:
        for _ in range(django_settings.AXES_FAILURE_LIMIT - 1):
            attempt(client, ana.email)
        attempt(client, ana.email, PASSWORD)
        assert not AccessAttempt.objects.exists()


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


class TestFirstVisit:
    def test_an_empty_installation_says_how_to_begin(
        self, client: Client, db: None
    ) -> None:
        assert b"script/manage createsuperuser" in client.get(SIGN_IN).content

    def test_later_nothing_is_said(self, client: Client, ana: User) -> None:
        assert b"createsuperuser" not in client.get(SIGN_IN).content
