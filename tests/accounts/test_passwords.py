"""A lost password by mail, and changing one's own."""

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.mails import PasswordChangedMail, PasswordResetMail
from accounts.models import AuditEntry, Company, User
from accounts.selectors.passwords import password_token, person_by_link
from common.mailing import LinkMaker, MailIsPointless
from mail.models import OutboxMessage
from mail.rendering.bodies import message_render
from tests.conftest import signed_in
from tests.pages import main_of, messages, words
from tests.world import PASSWORD, make_user

ASK = "/sign-in/reset/"
NEW = "another long enough password"
LINK = LinkMaker("https://keepwell.example")


@pytest.fixture(autouse=True)
def real_outbox(settings: Settings) -> None:
    """Django's test runner puts a list in the place of the mail backend."""
    settings.EMAIL_BACKEND = "mail.backends.OutboxBackend"


def ask(client: Client, email: str) -> HttpResponse:
    return client.post(ASK, {"email": email})  # type: ignore[return-value]


def use(client: Client, token: str, password: str = NEW, **extra: Any) -> HttpResponse:
    data = {"new_password": password, "new_password_again": password, **extra}
    return client.post(f"{ASK}{token}/", data)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def kinds() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("kind", flat=True))


class TestAsking:
    def test_a_person_gets_a_mail_that_carries_no_token(
        self, client: Client, ana: User
    ) -> None:
        response = ask(client, " ANA@example.org ")
        assert response["Location"] == "/sign-in/reset/sent/"
        (mail,) = OutboxMessage.objects.all()
        assert (mail.kind, mail.to_email, mail.user_id) == (
            "accounts.password_reset",
            ana.email,
            ana.pk,
        )
        assert mail.data == {"user": ana.pk}

    @pytest.mark.parametrize("who", ["stranger", "switched off", "demo"])
    def test_others_read_the_same_and_get_nothing(
        self, client: Client, ana: User, who: str
    ) -> None:
        make_user("off@example.org", is_active=False)
        make_user("demo@example.org", is_demo=True)
        addresses = {"stranger": "x@example.org", "switched off": "off@example.org"}
        other = ask(client, addresses.get(who, "demo@example.org"))
        assert not OutboxMessage.objects.exists()
        known = ask(Client(), ana.email)
        assert (other.status_code, other["Location"]) == (
            known.status_code,
            known["Location"],
        )
        pages = [client.get(answer["Location"]) for answer in (other, known)]
        assert main_of(pages[0]) == main_of(pages[1])

    def test_a_stranger_costs_the_same_statements(
        self, client: Client, ana: User
    ) -> None:
        """So the time it takes says nothing about who works here."""

        def statements(email: str) -> list[str]:
            with CaptureQueriesContext(connection) as captured:
                ask(client, email)
            verbs = [query["sql"].split()[0] for query in captured.captured_queries]
            # How the savepoint ends is the whole difference.
            return [verb for verb in verbs if verb not in {"RELEASE", "ROLLBACK"}]

        ask(client, ana.email)
        OutboxMessage.objects.all().delete()
        known, unknown = statements(ana.email), statements("x@example.org")
        assert known == unknown
        assert "INSERT" in known
        assert OutboxMessage.objects.get().user == ana

    def test_impatience_sends_no_second_mail(
        self, client: Client, ana: User, charlie: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        moment = dt.datetime(2026, 6, 30, 12, 0, tzinfo=dt.UTC)
        for seconds, expected in ((0, 1), (299, 1), (300, 2)):
            now = moment + dt.timedelta(seconds=seconds)
            monkeypatch.setattr(timezone, "now", lambda now=now: now)
            ask(client, ana.email)
            assert OutboxMessage.objects.count() == expected
        ask(client, charlie.email)
        assert OutboxMessage.objects.count() == 3

    def test_the_mail_speaks_the_persons_language_or_the_browsers(
        self, client: Client, ana: User, charlie: User
    ) -> None:
        User.objects.filter(pk=ana.pk).update(language="ro")
        for email in (ana.email, charlie.email):
            client.post(ASK, {"email": email}, headers={"accept-language": "de"})
        languages = OutboxMessage.objects.order_by("id").values_list("language")
        assert list(languages) == [("ro",), ("de",)]

    def test_what_is_no_address_is_said(self, client: Client, ana: User) -> None:
        response = ask(client, "nonsense")
        assert response.status_code == 422
        assert "Error:" in response.content.decode()

    def test_the_sign_in_page_leads_here(self, client: Client, ana: User) -> None:
        assert f'href="{ASK}"' in client.get("/sign-in/").content.decode()


class TestTheMail:
    def test_has_a_working_link_that_says_how_long(
        self, client: Client, ana: User, company: Company
    ) -> None:
        ask(client, ana.email)
        rendered = message_render(OutboxMessage.objects.get())
        (url,) = [line for line in rendered.text.splitlines() if ASK in line]
        token = url.strip().removesuffix("/").rpartition("/")[2]
        assert person_by_link(token) == ana
        assert token in rendered.html
        for text in (rendered.html, rendered.text):
            assert "one hour" in words(text)

    def test_whoever_looks_on_gets_no_token(
        self,
        client: Client,
        ana: User,
        company: Company,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def never(_user: User) -> str:
            pytest.fail("a token was made")

        ask(client, ana.email)
        monkeypatch.setattr(default_token_generator, "make_token", never)
        rendered = message_render(OutboxMessage.objects.get(), masked=True)
        assert f"{ASK}0-0-masked/" in rendered.text
        assert client.get(f"{ASK}0-0-masked/").status_code == 410

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_demo": True}])
    def test_is_dropped_when_the_person_may_not_have_it(
        self, ana: User, change: dict[str, bool]
    ) -> None:
        User.objects.filter(pk=ana.pk).update(**change)
        for kind in (PasswordResetMail(), PasswordChangedMail()):
            with pytest.raises(MailIsPointless):
                kind.facts({"user": ana.pk, "at": "2026-06-30T12:00:00+00:00"}, LINK)


class TestTheLink:
    def test_opening_it_changes_nothing(self, client: Client, ana: User) -> None:
        token = password_token(ana)
        for _ in range(3):
            assert client.get(f"{ASK}{token}/").status_code == 200
        assert not is_in(client)
        ana.refresh_from_db()
        assert ana.check_password(PASSWORD)

    def test_sets_the_password_signs_in_and_works_once(
        self, client: Client, ana: User, company: Company
    ) -> None:
        token = password_token(ana)
        assert use(client, token)["Location"] == reverse("today")
        assert is_in(client)
        assert messages(client.get("/me/")) == ["Your new password is set."]
        ana.refresh_from_db()
        assert ana.check_password(NEW)
        for answer in (Client().get(f"{ASK}{token}/"), use(Client(), token, PASSWORD)):
            assert answer.status_code == 410
            assert "no longer works" in words(main_of(answer))
        ana.refresh_from_db()
        assert ana.check_password(NEW)

    def test_ends_all_sessions(
        self, client: Client, ana: User, charlie: User, company: Company
    ) -> None:
        hers, his = signed_in(ana), signed_in(charlie)
        use(client, password_token(ana))
        assert hers.get("/me/").status_code == 302
        assert his.get("/me/").status_code == 200
        assert client.get("/me/").status_code == 200

    def test_whoever_sat_here_is_signed_out(
        self, ana: User, charlie_client: Client, company: Company
    ) -> None:
        use(charlie_client, password_token(ana))
        assert charlie_client.session["_auth_user_id"] == str(ana.pk)

    def test_says_when_a_password_will_not_do(self, client: Client, ana: User) -> None:
        token = password_token(ana)
        for bad in ("short", "password1234", "ana@example.org"):
            assert use(client, token, bad).status_code == 422
        other = use(client, token, NEW, new_password_again=f"{NEW}!")
        assert "The two passwords differ" in words(main_of(other))
        ana.refresh_from_db()
        assert ana.check_password(PASSWORD)
        assert NEW not in other.content.decode()

    def test_is_written_down_and_told(
        self, client: Client, ana: User, company: Company
    ) -> None:
        use(client, password_token(ana))
        entries = AuditEntry.objects.order_by("number").select_related("detail")
        assert [(entry.action, entry.actor_id) for entry in entries] == [
            ("accounts.password_reset", ana.pk),
            ("accounts.signed_in", ana.pk),
        ]
        assert entries[0].detail.data["address"] == "127.0.0.1"
        assert entries[1].after == {"methods": ["password_reset"]}
        assert kinds() == ["accounts.password_changed"]
        with translation.override("en"):
            rendered = message_render(OutboxMessage.objects.get())
        assert rendered.subject == "Your password was changed"
        assert f"http://localhost{ASK}" in rendered.text
        assert NEW not in str(OutboxMessage.objects.values())

    def test_opens_a_locked_door_from_here(
        self, client: Client, ana: User, company: Company
    ) -> None:
        """The mailbox has proved who it is; elsewhere the guesses still count."""
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        wrong = {"login": ana.email, "password": "wrong"}
        for _ in range(django_settings.AXES_FAILURE_LIMIT):
            client.post("/sign-in/", wrong)
            elsewhere.post("/sign-in/", wrong)
        use(client, password_token(ana))
        assert is_in(client)
        client.post("/sign-out/")
        assert client.post("/sign-in/", {**wrong, "password": NEW}).status_code == 302
        right = {**wrong, "password": NEW}
        assert elsewhere.post("/sign-in/", right).status_code == 429
        assert AccessAttempt.objects.get().ip_address == "192.0.2.7"

    def test_a_sign_in_ends_it(self, client: Client, ana: User) -> None:
        token = password_token(ana)
        client.post("/sign-in/", {"login": ana.email, "password": PASSWORD})
        assert person_by_link(token) is None

    def test_ends_by_itself(self, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
        token = password_token(ana)
        for minutes, works in ((59, True), (61, False)):
            later = dt.datetime.now() + dt.timedelta(minutes=minutes)
            monkeypatch.setattr(default_token_generator, "_now", lambda at=later: at)
            assert (person_by_link(token) == ana) is works

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_demo": True}])
    def test_opens_nothing_for_who_may_not_come_in(
        self, client: Client, ana: User, change: dict[str, bool]
    ) -> None:
        token = password_token(ana)
        User.objects.filter(pk=ana.pk).update(**change)
        assert use(client, token).status_code == 410

    @pytest.mark.parametrize(
        "forged",
        [
            "1",
            "-",
            "x-y-z",
            "٣-abc-def",
            "9" * 40 + "-a-b",
            "{pk}-zzzzzz-0",
            "{other}-{rest}",
        ],
    )
    def test_a_forged_one_opens_nothing(
        self, client: Client, ana: User, charlie: User, forged: str
    ) -> None:
        rest = password_token(ana).partition("-")[2]
        token = forged.format(pk=ana.pk, other=charlie.pk, rest=rest)
        assert use(client, token).status_code == 410
        assert person_by_link(f"{ana.pk}-{rest}") == ana


class TestChanging:
    ADDRESS = "/me/password/"

    def change(
        self, client: Client, old: str = PASSWORD, new: str = NEW
    ) -> HttpResponse:
        data = {"old_password": old, "new_password": new, "new_password_again": new}
        return client.post(self.ADDRESS, data)  # type: ignore[return-value]

    def test_keeps_this_session_and_ends_the_others(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        other = signed_in(ana)
        before = ana_client.session.session_key
        assert self.change(ana_client)["Location"] == "/me/"
        assert messages(ana_client.get("/me/")) == [
            "Your password is changed. All other devices are signed out."
        ]
        assert ana_client.session.session_key != before
        assert other.get("/me/").status_code == 302
        ana.refresh_from_db()
        assert ana.check_password(NEW)
        (entry,) = AuditEntry.objects.all()
        assert (entry.action, entry.actor_id) == ("accounts.password_changed", ana.pk)
        assert kinds() == ["accounts.password_changed"]

    def test_needs_the_old_one(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        response = self.change(ana_client, old="wrong")
        assert response.status_code == 422
        assert "This is not your password." in words(main_of(response))
        ana.refresh_from_db()
        assert ana.check_password(PASSWORD)
        assert kinds() == []

    def test_guesses_at_the_old_one_are_counted(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        """A session left open is no way to try passwords."""
        limit = django_settings.AXES_FAILURE_LIMIT
        answers = [
            self.change(ana_client, old=f"wrong {number}").status_code
            for number in range(limit + 2)
        ]
        assert answers == [422] * (limit - 1) + [429] * 3
        assert self.change(ana_client).status_code == 429
        (row,) = AccessAttempt.objects.all()
        assert (row.username, row.failures_since_start) == (ana.email, limit)
        assert "wrong" not in row.post_data

    def test_is_for_posts_of_people_inside(self, client: Client, db: None) -> None:
        assert self.change(client)["Location"].startswith("/sign-in/")

    def test_a_link_changes_nothing(self, ana_client: Client) -> None:
        assert ana_client.get(self.ADDRESS).status_code == 405
