"""The settings page of mail."""

import logging
import socket
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditDetail, AuditEntry, Company, User
from mail.models import MailServer, OutboxMessage, Sender
from mail.services.secrets import secrets_of
from tests.accounts.views.settings_forms import form_of
from tests.mail.test_server import SECRET, WITH_PASSWORD, raw, smtp
from tests.pages import main_of, messages, part, queries, words

MAIL = "/settings/mail/"
SMTP = {
    "kind": "smtp",
    "host": "mail.example.com",
    "port": "587",
    "security": "starttls",
    "username": "keepwell",
    "password": SECRET,
}
POSTMARK = {
    "kind": "provider",
    "provider": "postmark",
    "provider_server_token": SECRET,
}


@pytest.fixture(autouse=True)
def _company(company: Company) -> None:
    pass


def send(client: Client, do: str = "save", **typed: Any) -> HttpResponse:
    """This will fill in the form as it stands and press a button."""
    form = form_of(client.get(MAIL), MAIL)
    return client.post(MAIL, {**form, **typed, "do": do})


def again(client: Client, response: HttpResponse, **typed: Any) -> HttpResponse:
    """This will send the form of a page that came back."""
    return client.post(MAIL, {**form_of(response, MAIL), "do": "save", **typed})


def kept() -> dict[str, str]:
    return secrets_of(MailServer.objects.get())


class TestSmtp:
    def test_saves(self, admin_client: Client) -> None:
        assert send(admin_client, **SMTP)["Location"] == MAIL
        server = MailServer.objects.get()
        assert (server.kind, server.host, server.port) == (
            "smtp",
            "mail.example.com",
            587,
        )
        assert kept() == {"password": SECRET}
        response = admin_client.get(MAIL)
        assert messages(response) == ["Saved."]
        assert "One is stored. Leave it empty to keep it." in words(main_of(response))

    def test_an_empty_password_keeps_it(self, admin_client: Client) -> None:
        send(admin_client, **SMTP)
        send(admin_client, quiet_hours="12")
        assert MailServer.objects.get().quiet_hours == 12
        assert kept() == {"password": SECRET}

    def test_a_box_removes_it(self, admin_client: Client) -> None:
        send(admin_client, **SMTP)
        send(admin_client, username="", forget_password="on")
        assert MailServer.objects.get().secrets == ""

    def test_another_server_needs_it_again(self, admin_client: Client) -> None:
        send(admin_client, **SMTP)
        response = send(admin_client, host="evil.example")
        assert response.status_code == 422
        said = "Type it again: what is stored was meant for another server."
        assert said in words(main_of(response))
        assert MailServer.objects.get().host == "mail.example.com"

    @pytest.mark.parametrize(
        ("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)]
    )
    def test_the_port_is_the_usual_one(
        self, admin_client: Client, security: str, port: int
    ) -> None:
        send(admin_client, **{**SMTP, "security": security, "port": ""})
        assert MailServer.objects.get().port == port

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("host", ""),
            ("host", "https://mail.example.com"),
            ("host", "mail.example.com:25"),
            ("host", "mail example"),
            ("host", "mail.example\r\nHELO"),
            ("port", "0"),
            ("port", "65536"),
            ("port", "x"),
            ("security", "magic"),
            ("kind", "pigeon"),
            ("password", ""),
            ("username", "\x07bell"),
            ("quiet_hours", "-1"),
            ("per_hour", "0"),
        ],
    )
    def test_refuses(self, admin_client: Client, field: str, value: str) -> None:
        response = send(admin_client, **{**SMTP, field: value})
        assert response.status_code == 422
        assert MailServer.objects.get().kind == "mailbox"
        assert not AuditEntry.objects.filter(action__startswith="mail.").exists()

    def test_what_was_typed_is_kept_the_password_too(
        self, admin_client: Client
    ) -> None:
        """The page that comes back does not show it, and still knows it."""
        response = send(admin_client, **{**SMTP, "quiet_hours": "x"})
        assert response.status_code == 422
        form = form_of(response, MAIL)
        assert (form["host"], form["quiet_hours"]) == ("mail.example.com", "x")
        assert form["password"] == ""
        assert SECRET not in response.content.decode()
        again(admin_client, response, quiet_hours="8")
        assert kept() == {"password": SECRET}

    def test_what_was_typed_for_one_server_does_not_go_to_another(
        self, admin_client: Client
    ) -> None:
        response = send(admin_client, **{**SMTP, "quiet_hours": "x"})
        answer = again(admin_client, response, quiet_hours="8", host="evil.example")
        assert answer.status_code == 422
        assert MailServer.objects.get().secrets == ""

    def test_what_one_typed_is_of_no_use_to_another(
        self, admin_client: Client, admin: User
    ) -> None:
        response = send(admin_client, **{**SMTP, "quiet_hours": "x"})
        stolen = form_of(response, MAIL)
        other = User.objects.create_user(
            "other@example.org", "x" * 20, name="Other", role="admin"
        )
        client = Client()
        client.force_login(
            other, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        answer = client.post(MAIL, {**stolen, "quiet_hours": "8", "do": "save"})
        assert answer.status_code == 422

    @pytest.mark.parametrize(
        ("host", "security", "warned"),
        [
            ("mail.example.com", "none", True),
            ("10.0.0.5", "none", True),
            ("mail.example.com", "starttls", False),
            ("localhost", "none", False),
            ("127.0.0.1", "none", False),
        ],
    )
    def test_warns_of_an_open_road(
        self, admin_client: Client, host: str, security: str, *, warned: bool
    ) -> None:
        send(admin_client, **{**SMTP, "host": host, "security": security})
        text = words(main_of(admin_client.get(MAIL)))
        assert ("without protection" in text) is warned

    def test_trouble_is_shown(self, admin_client: Client) -> None:
        send(admin_client, **SMTP)
        MailServer.objects.update(
            trouble="535 5.7.8 <b>no</b>", trouble_at="2026-06-30T12:00Z"
        )
        html = main_of(admin_client.get(MAIL))
        assert "535 5.7.8 &lt;b&gt;no&lt;/b&gt;" in html

    def test_a_lost_key_is_told(self, admin_client: Client) -> None:
        send(admin_client, **SMTP)
        MailServer.objects.update(secrets="sealed elsewhere")
        text = words(main_of(admin_client.get(MAIL)))
        assert "The stored passwords cannot be read" in text

    def test_nobody_is_overwritten(self, admin_client: Client) -> None:
        form = form_of(admin_client.get(MAIL), MAIL)
        send(admin_client, **SMTP)
        response = admin_client.post(
            MAIL, {**form, **SMTP, "host": "mine.example", "do": "save"}
        )
        assert response.status_code == 409
        said = "Stored now: mail.example.com. Yours: mine.example."
        assert said in words(main_of(response))
        assert MailServer.objects.get().host == "mail.example.com"
        again(admin_client, response)
        assert MailServer.objects.get().host == "mine.example"


class TestProvider:
    def test_its_fields_are_shown_first(self, admin_client: Client) -> None:
        response = send(
            admin_client, "fields", kind="provider", provider="postmark", per_hour="9"
        )
        assert response.status_code == 200
        form = form_of(response, MAIL)
        assert form["per_hour"] == "9"
        assert "provider_server_token" in form
        assert "error-summary" not in main_of(response)
        assert MailServer.objects.get().kind == "mailbox"

    def test_saves(self, admin_client: Client) -> None:
        send(admin_client, **POSTMARK, provider_message_stream="news")
        server = MailServer.objects.get()
        assert (server.provider, server.options) == (
            "postmark",
            {"message_stream": "news"},
        )
        assert kept() == {"server_token": SECRET}
        again_ = form_of(admin_client.get(MAIL), MAIL)
        assert again_["provider_message_stream"] == "news"
        assert again_["provider_server_token"] == ""

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"provider": ""}, "provider"),
            ({"provider_server_token": ""}, "provider_server_token"),
            ({"provider_api_url": "http://evil.example"}, "provider_api_url"),
            ({"provider_api_url": "file:///etc/passwd"}, "provider_api_url"),
        ],
    )
    def test_refuses(
        self, admin_client: Client, typed: dict[str, str], field: str
    ) -> None:
        response = send(admin_client, **{**POSTMARK, **typed})
        assert response.status_code == 422
        assert f'<a href="#id_{field}">' in main_of(response)
        assert MailServer.objects.get().kind == "mailbox"

    def test_its_webhook_is_shown_and_renewed(self, admin_client: Client) -> None:
        Company.objects.update(base_url="https://keepwell.example.com")
        send(admin_client, **POSTMARK)
        key = MailServer.objects.get().webhook_key
        address = f"https://keepwell.example.com/hooks/mail/postmark/{key}"
        assert address in part(admin_client.get(MAIL), "h-webhook")
        admin_client.post(reverse("webhook_renew"))
        renewed = MailServer.objects.get().webhook_key
        assert renewed != key
        text = main_of(admin_client.get(MAIL))
        assert renewed in text
        assert key not in text

    def test_without_a_provider_there_is_no_webhook(self, admin_client: Client) -> None:
        send(admin_client, **SMTP)
        assert 'id="webhook"' not in main_of(admin_client.get(MAIL))

    def test_going_back_to_smtp_keeps_what_the_provider_needs_no_more(
        self, admin_client: Client
    ) -> None:
        send(admin_client, **POSTMARK)
        send(admin_client, **SMTP)
        assert kept() == {"password": SECRET}


def typed(port: int, **more: str) -> dict[str, str]:
    here = {"host": "127.0.0.1", "port": str(port), "security": "none"}
    return {**SMTP, **here, "username": "", "password": "", **more}


class TestTheTest:
    def test_tells_the_greeting_of_what_was_typed(self, admin_client: Client) -> None:
        with smtp(ident="Mail of Fleetlane") as port:
            response = send(admin_client, "test", **typed(port))
        text = part(response, "h-answer")
        assert "The test went well" in text
        assert "Mail of Fleetlane" in text
        assert MailServer.objects.get().kind == "mailbox"
        assert form_of(response, MAIL)["port"] == str(port)

    def test_tells_the_servers_own_words(self, admin_client: Client) -> None:
        with smtp(**WITH_PASSWORD) as port:
            answer = typed(port, username="keepwell", password="wrong-password")
            response = send(admin_client, "test", **answer)
        assert response.status_code == 200
        text = part(response, "h-answer")
        assert "The test failed" in text
        assert "535 5.7.8 Authentication credentials invalid" in text
        assert "wrong-password" not in response.content.decode()

    def test_what_was_tested_can_be_saved(self, admin_client: Client) -> None:
        with smtp(**WITH_PASSWORD) as port:
            answer = typed(port, username="keepwell", password=SECRET)
            response = send(admin_client, "test", **answer)
        assert "The test went well" in part(response, "h-answer")
        assert SECRET not in response.content.decode()
        assert "Typed, not saved yet." in words(main_of(response))
        again(admin_client, response)
        assert kept() == {"password": SECRET}

    def test_uses_the_stored_password(self, admin_client: Client) -> None:
        with smtp(**WITH_PASSWORD) as port:
            send(admin_client, **typed(port, username="keepwell", password=SECRET))
            response = send(admin_client, "test")
        assert "The test went well" in part(response, "h-answer")

    def test_shows_the_stored_password_to_no_other_server(
        self, admin_client: Client
    ) -> None:
        send(admin_client, **SMTP)
        with raw() as port:
            here = {"host": "127.0.0.1", "port": str(port), "security": "none"}
            response = send(admin_client, "test", **here)
        assert response.status_code == 422
        assert "Type it again" in words(main_of(response))

    def test_tells_a_refused_greeting(self, admin_client: Client) -> None:
        with raw(b"554 5.7.1 <b>Go away</b>\r\n") as port:
            response = send(admin_client, "test", **typed(port))
        assert "554 5.7.1 &lt;b&gt;Go away&lt;/b&gt;" in main_of(response)

    def test_tells_of_silence(
        self, admin_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mail.services.trying.PATIENCE", 0.3)
        with raw() as port:
            response = send(admin_client, "test", **typed(port))
        said = f"127.0.0.1 did not answer on port {port} within ten seconds."
        assert said in part(response, "h-answer")

    def test_tells_that_nobody_is_there(self, admin_client: Client) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        response = send(admin_client, "test", **typed(port))
        assert "refused" in part(response, "h-answer")

    def test_a_test_mail_goes_through_the_outbox(
        self, admin_client: Client, admin: User
    ) -> None:
        for _ in range(2):
            admin_client.post(reverse("mail_test"))
        message = OutboxMessage.objects.get()
        assert (message.kind, message.to_email) == ("mail.test", admin.email)
        html = main_of(admin_client.get(MAIL))
        assert f"A test mail is on its way to {admin.email}." in html
        assert f'href="{reverse("outbox_message", args=[message.pk])}"' in html


def test_a_secret_appears_on_no_page_and_in_no_log(
    admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = [
        send(admin_client, "test", **{**SMTP, "host": "127.0.0.1", "port": "1"}),
        send(admin_client, **{**SMTP, "port": "x"}),
        send(admin_client, **SMTP),
        admin_client.get(MAIL),
        send(admin_client, **POSTMARK),
        admin_client.get(MAIL),
        send(admin_client, "fields", **POSTMARK),
    ]
    rows = [*AuditEntry.objects.values_list(), *AuditDetail.objects.values_list()]
    shown = [page.content.decode() for page in pages] + [caplog.text, str(rows)]
    assert len(rows) >= 4
    assert [text for text in shown if SECRET in text] == []


class TestSenders:
    def test_an_empty_list_says_what_is_missing(self, admin_client: Client) -> None:
        assert "No sender yet" in part(admin_client.get(MAIL), "h-senders")

    def test_add_edit_and_make_default(self, admin_client: Client) -> None:
        url = reverse("sender_create")
        for name in ("Fleetlane", "Care"):
            data = {"name": name, "email": f"{name.lower()}@fleetlane.example"}
            admin_client.post(url, data)
        first, second = Sender.objects.order_by("pk")
        edit = reverse("sender_edit", args=[second.pk])
        form = admin_client.get(edit).context["form"]
        data = {
            "name": "Care team",
            "email": second.email,
            "seen": form["seen"].value(),
        }
        assert admin_client.post(edit, data).status_code == 302
        admin_client.post(reverse("sender_default", args=[second.pk]))
        text = part(admin_client.get(MAIL), "h-senders")
        assert text.index("Care team Default") < text.index("Fleetlane")
        first.refresh_from_db()
        assert not first.is_default

    def test_retire_and_take_it_back(self, admin_client: Client) -> None:
        Sender.objects.create(name="Main", email="a@b.example", is_default=True)
        other = Sender.objects.create(name="Care", email="c@b.example")
        admin_client.post(reverse("sender_retire", args=[other.pk]))
        html = main_of(admin_client.get(MAIL))
        assert "Retired: Care" in html
        undo = html.partition('formaction="')[2].partition("?")[0]
        admin_client.post(undo)
        other.refresh_from_db()
        assert other.retired_at is None

    def test_the_default_stays(self, admin_client: Client) -> None:
        main = Sender.objects.create(name="Main", email="a@b.example", is_default=True)
        admin_client.post(reverse("sender_retire", args=[main.pk]))
        assert "Make another sender" in messages(admin_client.get(MAIL))[0]

    def test_refuses(self, admin_client: Client) -> None:
        data = {"name": "Fleetlane\r\nBcc: x@example.org", "email": "a@b.example"}
        response = admin_client.post(reverse("sender_create"), data)
        assert response.status_code == 422
        assert not Sender.objects.exists()

    def test_nobody_is_overwritten(self, admin_client: Client) -> None:
        sender = Sender.objects.create(name="Main", email="a@b.example")
        url = reverse("sender_edit", args=[sender.pk])
        seen = admin_client.get(url).context["form"]["seen"].value()
        Sender.objects.update(name="Theirs")
        data = {"name": "Mine", "email": "a@b.example", "seen": seen}
        response = admin_client.post(url, data)
        assert response.status_code == 409
        assert "Stored now: Theirs. Yours: Mine." in words(main_of(response))
        assert Sender.objects.get().name == "Theirs"

    @pytest.mark.parametrize("count", [1, 3])
    def test_every_sender_costs_nothing_more(
        self, admin_client: Client, count: int
    ) -> None:
        empty = queries(admin_client, MAIL)
        for number in range(count):
            Sender.objects.create(name=f"Sender {number}", email="a@b.example")
        assert queries(admin_client, MAIL) == empty


@pytest.mark.parametrize(
    ("name", "arguments", "safe"),
    [
        ("settings_mail", [], True),
        ("mail_test", [], False),
        ("webhook_renew", [], False),
        ("sender_create", [], True),
        ("sender_edit", [1], True),
        ("sender_default", [1], False),
        ("sender_retire", [1], False),
        ("sender_restore", [1], False),
    ],
)
def test_for_administrators_only(
    name: str,
    arguments: list[int],
    ana_client: Client,
    mara_client: Client,
    admin_client: Client,
    *,
    safe: bool,
) -> None:
    url = reverse(name, args=arguments)
    assert ana_client.post(url).status_code == 403
    assert mara_client.post(url).status_code == 403
    assert ana_client.get(url).status_code == (403 if safe else 405)
    assert Client().post(url)["Location"].startswith("/sign-in/")
    if arguments:
        assert admin_client.post(url).status_code == 404
