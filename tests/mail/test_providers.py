"""Handing mail to providers: every answer is one of four outcomes, and none is guessed."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from common.links import link_read
from common.sealing import seal
from mail.models import MailServer
from mail.transport import provider as transport_module
from mail.transport.base import (
    RefusedForGood,
    RefusedForNow,
    TransportError,
    Unclear,
    Unreachable,
)
from mail.transport.provider import METADATA, PURPOSE, ProviderTransport
from mail.transport.providers import PROVIDERS, Provider, Use, provider_form_fields
from tests.mail.fake_provider import (
    IMPOSSIBLE,
    INACTIVE,
    POSTMARK_TOKEN,
    FakeProvider,
    fake_provider,
)


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with fake_provider() as server:
        yield server


def mail_to(address: str = "Mara <mara@brightwater.example>") -> EmailMultiAlternatives:
    email = EmailMultiAlternatives(
        "Hello",
        "Text",
        "Fleetlane <hello@fleetlane.example>",
        [address],
        headers={
            "Message-ID": "<17@keepwell.example>",
            "List-Id": "<news.keepwell.example>",
            "List-Unsubscribe": "<https://keepwell.example/u/1>",
        },
    )
    email.attach_alternative("<p>Text</p>", "text/html")
    return email


def server_of(provider: str, url: str = "", **secrets: str) -> MailServer:
    options = {"api_url": url} if url else {}
    return MailServer(
        kind="provider",
        provider=provider,
        options=options,
        secrets=seal(json.dumps(secrets)),
    )


def postmark(fake: FakeProvider, token: str = POSTMARK_TOKEN) -> ProviderTransport:
    return ProviderTransport(server_of("postmark", fake.url, server_token=token))


def fails(transport: ProviderTransport, address: str = "") -> TransportError:
    with pytest.raises(TransportError) as caught:
        transport.send(mail_to(*([address] if address else [])), message_id=17)
    return caught.value


def test_anymail_takes_nothing_from_the_settings() -> None:
    assert not hasattr(django_settings, "ANYMAIL")


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_every_provider_opens_with_the_settings_of_the_table(
    provider: Provider,
) -> None:
    values = {
        field.name: f"https://{field.name.replace('_', '')}.example/"
        if field.name == "api_url"
        else f"a-{field.name}"
        for field in provider.fields
    }
    secret = {field.name for field in provider.fields if field.secret}
    server = MailServer(
        kind="provider",
        provider=provider.key,
        options={name: values[name] for name in values if name not in secret},
        secrets=seal(json.dumps({name: values[name] for name in secret})),
    )
    transport = ProviderTransport(server)
    assert transport.check() == provider.label
    for name, value in provider.settings(values, Use.SEND).items():
        kept = getattr(transport._backend, name, value)
        assert value.rstrip("/") in str(kept)
    transport.close()


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_nothing_is_opened_without_what_a_provider_needs(provider: Provider) -> None:
    needed = [field.name for field in provider.fields if field.required]
    assert [field.name for field in provider.lacks({})] == needed
    with pytest.raises(Unreachable, match=provider.label.split("(")[0]):
        ProviderTransport(server_of(provider.key)).check()


@pytest.mark.parametrize(
    "provider", [one for one in PROVIDERS.values() if one.webhook], ids=lambda p: p.key
)
def test_a_webhook_is_verified_by_settings_that_exist(provider: Provider) -> None:
    names = {field.name for field in provider.fields if field.use != Use.SEND}
    assert set(provider.signed_by) <= names
    assert import_string(provider.webhook)
    # Either it signs, or it can be given a user name and password.
    assert provider.signed_by or "webhook_secret" in names


def test_every_provider_that_anymail_sends_for_without_more_packages_is_there() -> None:
    assert sorted(PROVIDERS) == [
        "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill",
        "postmark", "resend", "scaleway", "sendgrid", "sparkpost", "unisender_go",
    ]  # fmt: skip


def test_the_settings_page_is_told_which_fields_are_secret() -> None:
    fields = {field.name: field.secret for field in provider_form_fields("mailgun")}
    assert fields == {
        "api_key": True,
        "sender_domain": False,
        "api_url": False,
        "webhook_signing_key": True,
    }


def test_a_provider_that_is_gone_is_our_fault_not_the_mails() -> None:
    assert isinstance(fails(ProviderTransport(server_of("carrierpigeon"))), Unreachable)


def test_a_secret_sealed_under_a_lost_key_holds_all_mail_back() -> None:
    server = server_of("postmark")
    server.secrets = "gAAAAABnonsense"
    error = fails(ProviderTransport(server))
    assert isinstance(error, Unreachable)
    assert "secret key has changed" in str(error)


def test_postmark_takes_a_mail(fake: FakeProvider) -> None:
    transport = postmark(fake)
    receipt = transport.send(mail_to(), message_id=17)
    transport.close()
    assert receipt.provider_id == "pm-1"
    (taken,) = fake.ledger
    headers = {one["Name"]: one["Value"] for one in taken["Headers"]}
    assert headers == {
        "Message-ID": "<17@keepwell.example>",
        "List-Id": "<news.keepwell.example>",
        "List-Unsubscribe": "<https://keepwell.example/u/1>",
        "X-PM-KeepID": "true",
    }
    assert link_read(PURPOSE, taken["Metadata"][METADATA]) == (17, 1)
    assert (taken["TrackOpens"], taken["TrackLinks"]) == (False, "None")


def test_mailgun_takes_a_mail(fake: FakeProvider) -> None:
    server = server_of("mailgun", fake.url + "v3", api_key="key")
    receipt = ProviderTransport(server).send(mail_to(), message_id=17)
    assert receipt.provider_id == "<mg-1@mg.example.org>"
    (taken,) = fake.ledger
    assert taken["h:Message-Id"] == "<17@keepwell.example>"
    assert link_read(PURPOSE, taken[f"v:{METADATA}"]) == (17, 1)


def test_sendgrid_takes_a_mail(fake: FakeProvider) -> None:
    server = server_of("sendgrid", fake.url + "v3", api_key="key")
    receipt = ProviderTransport(server).send(mail_to(), message_id=17)
    (taken,) = fake.ledger
    given = taken["personalizations"][0]["custom_args"]["anymail_id"]
    assert receipt.provider_id == given
    assert taken["headers"]["Message-ID"] == "<17@keepwell.example>"
    assert link_read(PURPOSE, taken["custom_args"][METADATA]) == (17, 1)


def test_headers_that_a_provider_refuses_are_left_out() -> None:
    mailjet = transport_module._prepared(mail_to(), PROVIDERS["mailjet"], 17)
    assert list(mailjet.extra_headers) == ["List-Unsubscribe"]
    mailersend = transport_module._prepared(mail_to(), PROVIDERS["mailersend"], 17)
    assert mailersend.extra_headers == {}


def test_many_mails_share_a_connection(fake: FakeProvider) -> None:
    transport = postmark(fake)
    for number in range(5):
        transport.send(mail_to(), message_id=number)
    transport.close()
    assert (len(fake.ledger), fake.connections) == (5, 1)


def test_a_connection_that_lay_idle_is_not_written_into(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "IDLE_SECONDS", -1)
    transport = postmark(fake)
    transport.send(mail_to(), message_id=1)
    transport.send(mail_to(), message_id=2)
    transport.close()
    assert (len(fake.ledger), fake.connections) == (2, 2)


@pytest.mark.parametrize(
    ("fault", "expected", "taken"),
    [
        ("400", RefusedForGood, 0),
        ("401", Unreachable, 0),
        ("403", Unreachable, 0),
        ("404", Unreachable, 0),
        ("413", RefusedForGood, 0),
        ("422", RefusedForGood, 0),
        ("429", RefusedForNow, 0),
        ("503", RefusedForNow, 0),
        ("500", Unclear, 0),
        ("502", Unclear, 0),
        ("504", Unclear, 0),
        # The request was written: nobody knows, whatever the ledger says.
        ("reset before", Unclear, 0),
        ("lost reply", Unclear, 1),
        ("slow", Unclear, 1),
    ],
)
@pytest.mark.parametrize("provider", ["postmark", "mailgun", "sendgrid"])
def test_faults(
    fake: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    fault: str,
    expected: type[TransportError],
    taken: int,
) -> None:
    monkeypatch.setattr(transport_module, "TIMEOUT", (1, 0.2))
    fake.slow_seconds, fake.fault = 0.5, fault
    keys = {"api_key": "key", "server_token": POSTMARK_TOKEN}
    transport = ProviderTransport(server_of(provider, fake.url, **keys))
    error = fails(transport)
    assert (type(error), len(fake.ledger)) == (expected, taken)
    assert str(error)
    # The next mail is not harmed by it.
    fake.fault = ""
    assert transport.send(mail_to(), message_id=18).provider_id
    transport.close()


def test_an_answer_that_nobody_understands_leaves_it_open(fake: FakeProvider) -> None:
    fake.fault = "nonsense"
    assert isinstance(fails(postmark(fake)), Unclear)
    assert len(fake.ledger) == 1


def test_an_impossible_address_is_refused_and_dead(fake: FakeProvider) -> None:
    error: Any = fails(postmark(fake), IMPOSSIBLE)
    assert isinstance(error, RefusedForGood)
    assert error.dead_address is True


def test_a_wrong_token_is_our_fault_and_told_in_the_providers_words(
    fake: FakeProvider,
) -> None:
    error = fails(postmark(fake, token="wrong"))
    assert isinstance(error, Unreachable)
    assert "No Account or Server API tokens." in str(error)
    assert "wrong" not in str(error)


def test_an_address_that_the_provider_knows_as_dead_is_refused(
    fake: FakeProvider,
) -> None:
    error: Any = fails(postmark(fake), INACTIVE)
    assert isinstance(error, RefusedForGood)
    # It may also have been a complaint, so the address itself is not condemned.
    assert error.dead_address is False


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        server = server_of("postmark", url, server_token="token")
        assert isinstance(fails(ProviderTransport(server)), Unreachable)


@pytest.mark.parametrize("url", ["http:///", "ftp://127.0.0.1/", "nowhere"])
def test_an_address_that_is_none_is_our_fault(url: str) -> None:
    server = server_of("postmark", url, server_token="token")
    assert isinstance(fails(ProviderTransport(server)), Unreachable)


def test_a_key_that_no_header_can_carry_is_our_fault(fake: FakeProvider) -> None:
    assert isinstance(fails(postmark(fake, token="a\nb")), Unreachable)
    assert fake.connections == 0
