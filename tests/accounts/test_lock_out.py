"""Too many wrong guesses: who is stopped, who is not, and what nobody can talk away."""

import datetime as dt
import threading
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.address import client_address, lockout_address
from accounts.attempts import UnableToTry, one_at_a_time
from accounts.models import AuditEntry, User
from common.locks import Lock, transaction_lock_on
from tests.world import PASSWORD

SIGN_IN = "/sign-in/"
WRONG = "wrong"
LIMIT = django_settings.AXES_FAILURE_LIMIT


def attempt(
    client: Client, email: str, password: str = WRONG, **extra: Any
) -> HttpResponse:
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def lock(client: Client, email: str, **extra: Any) -> HttpResponse:
    for _ in range(LIMIT):
        response = attempt(client, email, **extra)
    return response


def test_too_many_wrong_passwords_close_the_door(client: Client, ana: User) -> None:
    response = lock(client, ana.email)
    assert response.status_code == 429
    assert b"Try again in 15 minutes" in response.content
    assert response["Retry-After"] == "900"
    assert attempt(client, ana.email, PASSWORD).status_code == 429
    assert not is_in(client)


def test_the_email_is_what_is_counted(client: Client, ana: User) -> None:
    attempt(client, ana.email.upper())
    (row,) = AccessAttempt.objects.all()
    assert (row.username, row.ip_address) == (ana.email, "127.0.0.1")
    assert "wrong" not in row.post_data


@pytest.mark.parametrize("proxies", [0, 1])
def test_neither_capitals_nor_forged_headers_give_new_attempts(
    client: Client, ana: User, settings: Settings, proxies: int
) -> None:
    """Behind a proxy the entry that it wrote itself, the last, is what counts."""
    settings.PROXIES = proxies
    names = [ana.email, ana.email.upper(), ana.email.title(), f" {ana.email}"]
    answers = [
        attempt(
            client,
            names[number % len(names)],
            headers={
                "x-forwarded-for": f"10.0.0.{number}, 198.51.100.9",
                "x-real-ip": f"10.0.1.{number}",
                "forwarded": f"for=10.0.2.{number}",
                "x-client-ip": f"10.0.3.{number}",
                "user-agent": f"curl/{number}",
            },
        ).status_code
        for number in range(30)
    ]
    assert answers == [200] * (LIMIT - 1) + [429] * (31 - LIMIT)
    tried = AccessAttempt.objects.values_list("failures_since_start", flat=True)
    assert sum(tried) == LIMIT
    addresses = set(AccessAttempt.objects.values_list("ip_address", flat=True))
    assert addresses == {"198.51.100.9" if proxies else "127.0.0.1"}


def test_others_and_other_places_are_not_locked(
    client: Client, ana: User, charlie: User
) -> None:
    lock(client, ana.email)
    assert attempt(client, charlie.email, PASSWORD).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert attempt(elsewhere, ana.email, PASSWORD).status_code == 302


def test_it_opens_again_after_the_wait(client: Client, ana: User) -> None:
    lock(client, ana.email)
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert attempt(client, ana.email, PASSWORD).status_code == 302


def test_more_tries_do_not_prolong_it(client: Client, ana: User) -> None:
    """Or anybody could keep a person out for as long as they like."""
    lock(client, ana.email)
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=10))
    for _ in range(2):
        answer = attempt(client, ana.email, PASSWORD).content
        assert b"Try again in 5 minutes" in answer


def test_success_clears_the_count(client: Client, ana: User) -> None:
    for _ in range(LIMIT - 1):
        attempt(client, ana.email)
    attempt(client, ana.email, PASSWORD)
    assert not AccessAttempt.objects.exists()


def test_a_lock_out_is_written_down_once_and_only_of_people(
    client: Client, ana: User
) -> None:
    lock(client, ana.email)
    attempt(client, ana.email)
    lock(client, "nobody@example.org")
    (entry,) = AuditEntry.objects.select_related("detail")
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "accounts.locked_out",
        None,
        str(ana.pk),
    )
    assert entry.detail.data["address"] == "127.0.0.1"
    assert entry.detail.person_id == ana.pk


@pytest.mark.parametrize(
    ("connection_from", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        # A line at home has a whole /64 to choose from.
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("2001:db8:1:3::2", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        # A socket file has no address: the person alone is counted.
        ("", None),
    ],
)
def test_an_address_stands_for_its_line(
    connection_from: str, counted: str | None
) -> None:
    request = RequestFactory(REMOTE_ADDR=connection_from).get("/")
    assert lockout_address(request) == counted


@pytest.mark.parametrize("nonsense", ["unknown", "198.51.100.9:5678", "<script>"])
def test_what_is_no_address_counts_for_the_connection(
    settings: Settings, nonsense: str
) -> None:
    settings.PROXIES = 1
    request = RequestFactory(REMOTE_ADDR="203.0.113.9").get(
        "/", headers={"x-forwarded-for": nonsense}
    )
    assert client_address(request) == nonsense
    assert lockout_address(request) == "203.0.113.9"


def test_a_person_behind_a_socket_file_is_locked_and_let_in(ana: User) -> None:
    client = Client(REMOTE_ADDR="")
    assert lock(client, ana.email).status_code == 429
    AccessAttempt.objects.all().delete()
    assert attempt(client, ana.email, PASSWORD).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_many_guesses_in_the_same_moment_wait_for_each_other(ana: User) -> None:
    """Else all of them would be tried before the first is counted."""
    begin = threading.Barrier(16)
    answers: list[int] = []

    def guess() -> None:
        begin.wait()
        try:
            answers.append(attempt(Client(), ana.email).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tried = AccessAttempt.objects.values_list("failures_since_start", flat=True)
    # On a slow machine some are turned away before their turn; never are more tried.
    assert 1 <= sum(tried) <= LIMIT
    assert set(answers) == {200, 429}
    assert len(answers) == 16
    assert answers.count(200) <= LIMIT - 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_turned_away(ana: User) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        request = RequestFactory().get("/")
        with one_at_a_time(request, ana.email):
            held.set()
            done.wait(20)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 100")
        assert attempt(Client(), ana.email, PASSWORD).status_code == 429
        request: Any = RequestFactory().get("/")
        with pytest.raises(UnableToTry), one_at_a_time(request, ana.email):
            pytest.fail("both were inside")
        assert request.axes_locked_out
        # Somebody else's door is another one.
        with one_at_a_time(request, "somebody-else@example.org"):
            transaction_lock_on(Lock.ATTEMPT, "anything")
    finally:
        done.set()
        other.join()
        connection.close()
    assert attempt(Client(), ana.email, PASSWORD).status_code == 302
