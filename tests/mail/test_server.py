"""How mail leaves: saving, keeping secrets, trying."""

import datetime as dt
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import connection

from accounts.actor import Actor
from accounts.models import AuditDetail, AuditEntry, User
from common.changes import digest_of
from common.locks import Lock, session_lock_on
from common.sealing import seal
from mail.enums import ServerKind
from mail.models import MailServer, OutboxMessage
from mail.services.secrets import secrets_of, server_stored
from mail.services.server import (
    SHOWN,
    UnableToSaveServer,
    UnableToSaveUnseenServer,
    server_change,
    server_with,
    webhook_key_renew,
)
from mail.services.server import (
    test_mail_ask as ask_for_a_test,
)
from mail.services.trying import UnableToTry, server_try
from tests.accounts.test_people import at_once
from tests.world import NOW, make_user

SECRET = "correct-horse-battery"
SMTP = {
    "kind": ServerKind.SMTP,
    "host": "mail.example.com",
    "port": 587,
    "security": "starttls",
    "username": "keepwell",
}


def save(
    admin: User,
    values: dict[str, Any],
    *,
    secrets: dict[str, str] | None = None,
    forget: tuple[str, ...] = (),
    seen: str | None = None,
) -> list[str]:
    """This will save as somebody who has just looked."""
    return server_change(
        values=values,
        secrets=secrets or {},
        forget=forget,
        seen=digest_of(server_stored(), SHOWN) if seen is None else seen,
        by=Actor(admin),
        now=NOW,
    )


def kept() -> dict[str, str]:
    return secrets_of(MailServer.objects.get())


def written() -> list[AuditEntry]:
    found = AuditEntry.objects.filter(action__startswith="mail.")
    return list(found.select_related("detail").order_by("number"))


class TestSaving:
    def test_seals_the_password(self, admin: User) -> None:
        changed = save(admin, SMTP, secrets={"password": SECRET})
        assert changed == ["kind", "host", "username", "password"]
        server = MailServer.objects.get()
        assert (server.host, server.username) == ("mail.example.com", "keepwell")
        assert SECRET not in server.secrets
        assert kept() == {"password": SECRET}

    def test_writes_down_what_is_no_secret(self, admin: User) -> None:
        save(admin, SMTP, secrets={"password": SECRET})
        (found,) = written()
        assert (found.action, found.before) == (
            "mail.server_changed",
            {"kind": "mailbox", "host": ""},
        )
        assert found.after == {
            "kind": "smtp",
            "host": "mail.example.com",
            "secrets_changed": ["password"],
        }
        assert found.detail.data["after"] == {"username": "keepwell"}

    def test_an_empty_password_keeps_the_stored_one(self, admin: User) -> None:
        save(admin, SMTP, secrets={"password": SECRET})
        before = MailServer.objects.get().secrets
        assert save(admin, {**SMTP, "port": 2525}) == ["port"]
        assert MailServer.objects.get().secrets == before

    def test_the_same_password_is_no_change(self, admin: User) -> None:
        save(admin, SMTP, secrets={"password": SECRET})
        assert save(admin, SMTP, secrets={"password": SECRET}) == []
        assert len(written()) == 1

    def test_a_password_can_be_removed(self, admin: User) -> None:
        save(admin, SMTP, secrets={"password": SECRET})
        save(admin, {**SMTP, "username": ""}, forget=("password",))
        assert MailServer.objects.get().secrets == ""

    @pytest.mark.parametrize(
        "values",
        [
            {**SMTP, "host": ""},
            SMTP,
            {"kind": ServerKind.PROVIDER, "provider": ""},
            {"kind": ServerKind.PROVIDER, "provider": "no-such"},
            {"kind": ServerKind.PROVIDER, "provider": "postmark"},
        ],
    )
    def test_refuses_a_way_that_no_mail_could_take(
        self, admin: User, values: dict[str, Any]
    ) -> None:
        with pytest.raises(UnableToSaveServer):
            save(admin, values)
        assert MailServer.objects.get().kind == ServerKind.MAILBOX

    def test_nobody_is_overwritten_unseen(self, admin: User) -> None:
        seen = digest_of(server_stored(), SHOWN)
        save(admin, SMTP, secrets={"password": SECRET})
        with pytest.raises(UnableToSaveUnseenServer):
            save(admin, {"quiet_hours": 1}, seen=seen)

    def test_a_new_password_of_somebody_else_counts(self, admin: User) -> None:
        save(admin, SMTP, secrets={"password": SECRET})
        seen = digest_of(server_stored(), SHOWN)
        save(admin, SMTP, secrets={"password": "another"})
        with pytest.raises(UnableToSaveUnseenServer):
            save(admin, SMTP, secrets={"password": "third"}, seen=seen)
        assert kept() == {"password": "another"}

    def test_trouble_ends_with_a_change(self, admin: User) -> None:
        server_stored()
        MailServer.objects.update(
            trouble="535 no",
            trouble_at=NOW,
            trouble_since=NOW,
            resumes_at=NOW + dt.timedelta(minutes=10),
        )
        save(admin, SMTP, secrets={"password": SECRET})
        server = MailServer.objects.get()
        assert (server.trouble, server.resumes_at) == ("", None)

    def test_a_lost_key_asks_for_the_password_again(self, admin: User) -> None:
        save(admin, SMTP, secrets={"password": SECRET})
        MailServer.objects.update(secrets="not ours")
        with pytest.raises(UnableToSaveServer):
            save(admin, {**SMTP, "port": 25})
        save(admin, SMTP, secrets={"password": "typed again"})
        assert kept() == {"password": "typed again"}


class TestWhereSecretsGo:
    """Whoever may change the settings must not be able to read a stored password."""

    @pytest.fixture
    def stored(self, admin: User) -> MailServer:
        save(admin, SMTP, secrets={"password": SECRET})
        return MailServer.objects.get()

    @pytest.mark.parametrize(
        "values",
        [
            {"host": "evil.example"},
            {"security": "none"},
            {"kind": ServerKind.PROVIDER, "provider": "postmark"},
            {"kind": ServerKind.MAILBOX, "host": "evil.example"},
            {"kind": ServerKind.MAILBOX, "security": "none"},
        ],
    )
    def test_not_to_another_server(
        self, stored: MailServer, values: dict[str, Any]
    ) -> None:
        assert secrets_of(server_with(stored, {**SMTP, **values}, {})) == {}

    @pytest.mark.parametrize(
        "values",
        [
            {"port": 465, "security": "tls"},
            {"username": "other"},
            {"kind": ServerKind.MAILBOX},
        ],
    )
    def test_to_the_same_one(self, stored: MailServer, values: dict[str, Any]) -> None:
        wanted = server_with(stored, {**SMTP, **values}, {})
        assert secrets_of(wanted) == {"password": SECRET}

    def test_not_by_a_detour_through_the_mailbox(
        self, stored: MailServer, admin: User
    ) -> None:
        save(admin, {**SMTP, "kind": ServerKind.MAILBOX})
        assert kept() == {"password": SECRET}
        save(admin, {**SMTP, "kind": ServerKind.MAILBOX, "host": "evil.example"})
        assert MailServer.objects.get().secrets == ""

    def test_not_to_another_address_of_the_provider(self, admin: User) -> None:
        values = {"kind": ServerKind.PROVIDER, "provider": "postmark", "options": {}}
        save(admin, values, secrets={"server_token": SECRET})
        stored = MailServer.objects.get()
        assert secrets_of(server_with(stored, values, {})) == {"server_token": SECRET}
        for other in (
            {"options": {"api_url": "https://evil.example"}},
            {"provider": "brevo"},
        ):
            assert secrets_of(server_with(stored, {**values, **other}, {})) == {}

    def test_only_what_the_way_knows_is_kept(self, stored: MailServer) -> None:
        wanted = server_with(stored, SMTP, {"api_key": "x", "password": "new"})
        assert secrets_of(wanted) == {"password": "new"}


def test_a_secret_appears_nowhere(
    admin: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    save(admin, SMTP, secrets={"password": SECRET})
    save(admin, SMTP, secrets={"password": SECRET + "2"})
    save(admin, {**SMTP, "host": "other.example"}, secrets={"password": SECRET + "3"})
    server = MailServer.objects.get()
    entries = [json.dumps([row.before, row.after]) for row in AuditEntry.objects.all()]
    details = [json.dumps(row.data) for row in AuditDetail.objects.all()]
    assert len(entries) >= 3
    shown = [repr(server), str(server), str(vars(server)), caplog.text]
    assert [text for text in [*shown, *entries, *details] if SECRET in text] == []


class TestWebhook:
    def test_a_provider_gets_a_long_key_that_stays(self, admin: User) -> None:
        values = {"kind": ServerKind.PROVIDER, "provider": "postmark", "options": {}}
        save(admin, values, secrets={"server_token": SECRET})
        key = MailServer.objects.get().webhook_key
        assert len(key) == 43
        save(admin, {**values, "quiet_hours": 5})
        assert MailServer.objects.get().webhook_key == key

    def test_it_can_be_renewed(self, admin: User) -> None:
        server_stored()
        webhook_key_renew(by=Actor(admin), now=NOW)
        first = MailServer.objects.get().webhook_key
        webhook_key_renew(by=Actor(admin), now=NOW)
        second = MailServer.objects.get().webhook_key
        assert first != second
        assert [found.action for found in written()] == ["mail.webhook_key_renewed"] * 2
        everything = json.dumps([[row.before, row.after] for row in written()])
        assert first not in everything
        assert second not in everything


def test_a_test_mail_is_asked_for_once(admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(language="ro")
    admin.refresh_from_db()
    asked = [ask_for_a_test(person=admin, now=NOW) for _ in range(2)]
    message = OutboxMessage.objects.get()
    assert asked == [message, None]
    assert (message.kind, message.to_email, message.language) == (
        "mail.test",
        admin.email,
        "ro",
    )
    later = NOW + dt.timedelta(seconds=10)
    assert ask_for_a_test(person=admin, now=later) is not None


def test_two_clicks_around_the_turn_of_ten_seconds_are_one(admin: User) -> None:
    before = NOW.replace(second=9, microsecond=900_000)
    after = before + dt.timedelta(milliseconds=200)
    asked = [ask_for_a_test(person=admin, now=now) for now in (before, after)]
    assert asked == [OutboxMessage.objects.get(), None]


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_saves_and_all_others_are_told() -> None:
    admin = make_user("admin@example.org", role="admin")
    seen = digest_of(server_stored(), SHOWN)
    results = at_once(
        *(lambda n=n: save(admin, {"quiet_hours": n}, seen=seen) for n in range(1, 11))
    )
    told = [found for found in results if isinstance(found, UnableToSaveUnseenServer)]
    assert (results.count(["quiet_hours"]), len(told)) == (1, 9)


class Door:
    """Lets one password in."""

    def __call__(
        self, server: Any, session: Any, envelope: Any, mechanism: Any, data: Any
    ) -> AuthResult:
        return AuthResult(success=data.password == SECRET.encode(), handled=False)


class Quiet:
    """Takes mail and forgets it."""

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        return "250 taken"


@contextmanager
def smtp(**options: Any) -> Iterator[int]:
    """This will run a real mail server in a thread and yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    door = Controller(Quiet(), hostname="127.0.0.1", port=port, **options)
    door.start()
    try:
        yield port
    finally:
        door.stop()


@contextmanager
def raw(*greeting: bytes) -> Iterator[int]:
    """This will be a server that says the given words, or nothing, and then waits."""
    done = threading.Event()

    def serve() -> None:
        try:
            connected, _ = listener.accept()
        except TimeoutError:
            return  # nobody came
        with connected:
            for line in greeting:
                connected.sendall(line)
            done.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            # Whoever came last may still be hanging in the queue of the door.
            with suppress(OSError):
                socket.create_connection(listener.getsockname(), timeout=30).close()
            thread.join(25)


def local(port: int, password: str = "", username: str = "") -> MailServer:
    return MailServer(
        kind=ServerKind.SMTP,
        host="127.0.0.1",
        port=port,
        security="none",
        username=username,
        secrets=seal(json.dumps({"password": password})) if password else "",
    )


WITH_PASSWORD = {"authenticator": Door(), "auth_require_tls": False}


class TestTrying:
    def test_says_the_greeting(self, admin: User) -> None:
        with smtp(ident="Mail of Fleetlane") as port:
            answer = server_try(server=local(port), person=admin)
        assert answer.good
        assert "Mail of Fleetlane" in answer.words

    def test_signs_in(self, admin: User) -> None:
        with smtp(**WITH_PASSWORD) as port:
            server = local(port, SECRET, "keepwell")
            assert server_try(server=server, person=admin).good

    def test_tells_why_it_is_not_let_in(self, admin: User) -> None:
        with smtp(**WITH_PASSWORD) as port:
            server = local(port, "wrong", "keepwell")
            answer = server_try(server=server, person=admin)
        assert not answer.good
        assert "535" in answer.words
        assert "Authentication credentials invalid" in answer.words
        assert "wrong" not in answer.words

    def test_tells_a_refused_greeting(self, admin: User) -> None:
        with raw(b"554 5.7.1 Go away, 192.0.2.1\r\n") as port:
            answer = server_try(server=local(port), person=admin)
        assert not answer.good
        assert "554 5.7.1 Go away, 192.0.2.1" in answer.words

    def test_tells_that_nobody_is_there(self, admin: User) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        answer = server_try(server=local(port), person=admin)
        assert not answer.good
        assert "refused" in answer.words.lower()

    def test_does_not_wait_for_a_silent_server(
        self, admin: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mail.services.trying.PATIENCE", 0.3)
        with raw() as port:
            answer = server_try(server=local(port), person=admin)
        assert (answer.good, answer.silent, answer.words) == (False, True, "")

    def test_does_not_repeat_a_long_answer(self, admin: User) -> None:
        with raw(b"554 " + b"x" * 5000 + b"\r\n") as port:
            answer = server_try(server=local(port), person=admin)
        assert len(answer.words) <= 500

    def test_shows_no_bytes_of_what_is_no_mail_server(self, admin: User) -> None:
        with raw(b"HTTP/1.1 200 OK\r\n\r\nthe inner page's secret\r\n") as port:
            answer = server_try(server=local(port), person=admin)
        assert not answer.good
        assert "secret" not in answer.words

    def test_a_provider_lacks_its_key(self, admin: User) -> None:
        server = MailServer(kind=ServerKind.PROVIDER, provider="postmark")
        answer = server_try(server=server, person=admin)
        assert not answer.good
        assert "Server token" in answer.words

    def test_the_mailbox_is_always_there(self, admin: User) -> None:
        assert server_try(server=MailServer(), person=admin).good

    @pytest.mark.django_db(transaction=True)
    def test_one_at_a_time_for_each_person(self) -> None:
        one, two = (make_user(f"{name}@example.org", role="admin") for name in "ab")
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with session_lock_on(Lock.MAIL_TEST, one.pk):
                held.set()
                done.wait(20)
            connection.close()

        thread = threading.Thread(target=hold)
        thread.start()
        try:
            assert held.wait(20)
            with pytest.raises(UnableToTry):
                server_try(server=MailServer(), person=one)
            assert server_try(server=MailServer(), person=two).good
        finally:
            done.set()
            thread.join()
        assert server_try(server=MailServer(), person=one).good
