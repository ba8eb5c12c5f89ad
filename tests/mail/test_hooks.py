"""What providers report: believed only with proof, stored once, applied in any order."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Company
from common.links import link_token
from common.mailing import Category
from mail.enums import ReportKind, SuppressionReason, SuppressionScope
from mail.models import OutboxMessage, ProviderEvent, Suppression
from mail.services import provider_events
from mail.services.provider_events import provider_report_take, unknown_settle
from mail.services.suppressions import suppression_lift
from mail.transport.hooks import Report
from mail.transport.provider import METADATA, PURPOSE
from tests import world
from tests.mail.rows import make_message, use_provider
from tests.mail.webhooks import (
    KEY,
    SECRETS,
    mailgun_event,
    post,
    post_postmark,
    post_sendgrid,
    postmark_event,
    sendgrid_public,
    svix_headers,
)

pytestmark = pytest.mark.django_db
TO = "mara@brightwater.example"


@pytest.fixture(autouse=True)
def here(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company, and noon of the tests' day."""
    monkeypatch.setattr(timezone, "now", lambda: world.NOW)


def suppressed() -> list[tuple[str, str, str]]:
    rows = Suppression.objects.active().order_by("email", "scope")
    return list(rows.values_list("email", "scope", "reason"))


def state_of(message: OutboxMessage) -> tuple[Any, ...]:
    message.refresh_from_db()
    return message.state, message.bounced_at, message.complained_at, message.sent_at


def use(provider: str) -> None:
    use_provider(provider, secrets=SECRETS[provider])


# What a report does


def test_a_hard_bounce_ends_all_mail_to_the_address(company: Company) -> None:
    use("postmark")
    message = make_message(TO, state="sent", provider_id="pm-1")
    event = postmark_event("HardBounce", TO, ID=1)
    assert post_postmark(event).status_code == 200
    assert state_of(message) == ("sent", world.NOW, None, message.sent_at)
    assert suppressed() == [(TO, SuppressionScope.DEAD, SuppressionReason.HARD_BOUNCE)]
    entry = Suppression.objects.get()
    assert entry.source == (
        f"message:{message.pk} Postmark: The server was unable to deliver your message."
    )
    (stored,) = ProviderEvent.objects.all()
    assert (stored.provider, stored.event_id, stored.kind) == (
        "postmark",
        "1",
        ReportKind.BOUNCED,
    )
    assert (stored.message, stored.applied_at) == (message, world.NOW)
    assert TO not in str(ProviderEvent.objects.values_list().get())


@pytest.mark.parametrize("kind", ["SoftBounce", "Transient", "DnsError", "Blocked"])
def test_a_full_mailbox_is_no_dead_address(kind: str) -> None:
    use("postmark")
    message = make_message(TO, state="sent", provider_id="pm-1")
    assert post_postmark(postmark_event(kind, TO, ID=1)).status_code == 200
    assert state_of(message)[1] is None
    assert suppressed() == []
    assert ProviderEvent.objects.count() == 1


def test_a_complaint_ends_all_but_service_mail() -> None:
    use("postmark")
    message = make_message(TO, state="sent", provider_id="pm-1")
    assert post_postmark(postmark_event("SpamComplaint", TO, ID=2)).status_code == 200
    assert state_of(message)[2] == world.NOW
    assert suppressed() == [(TO, SuppressionScope.ALL, SuppressionReason.COMPLAINT)]


def test_unsubscribing_at_the_provider_counts_here() -> None:
    use("postmark")
    make_message(TO, state="sent", provider_id="pm-1")
    assert post_postmark(postmark_event("SubscriptionChange", TO)).status_code == 200
    assert suppressed() == [(TO, SuppressionScope.ALL, SuppressionReason.UNSUBSCRIBED)]


def test_opens_and_clicks_are_nobodys_business() -> None:
    use("postmark")
    make_message(TO, state="sent", provider_id="pm-1")
    event = {"RecordType": "Open", "Recipient": TO, "MessageID": "pm-1"}
    assert post_postmark(event).status_code == 200
    assert not ProviderEvent.objects.exists()


def test_a_report_of_mail_that_is_not_ours_still_spares_the_address() -> None:
    use("postmark")
    make_message("other@kestrel.example", state="sent", provider_id="pm-7")
    event = postmark_event("HardBounce", TO, ID=1, message_id="pm-strange")
    assert post_postmark(event).status_code == 200
    assert ProviderEvent.objects.get().message is None
    assert suppressed() == [(TO, SuppressionScope.DEAD, SuppressionReason.HARD_BOUNCE)]


def test_whom_we_erased_does_not_come_back_by_a_late_report() -> None:
    use("postmark")
    make_message("", state="sent", provider_id="pm-1")
    assert post_postmark(postmark_event("SpamComplaint", TO, ID=2)).status_code == 200
    assert suppressed() == []
    assert OutboxMessage.objects.get().complained_at == world.NOW


# Doubt is settled


@pytest.mark.parametrize("kind", ["Delivery", "HardBounce", "SpamComplaint"])
def test_any_report_settles_an_unknown_mail(kind: str) -> None:
    use("postmark")
    message = make_message(TO, state="unknown", finished_at=world.NOW)
    # No receipt ever came, so only what we gave along names the message.
    given = {METADATA: link_token(PURPOSE, message.pk)}
    event = postmark_event(kind, TO, message_id="pm-never-seen", Metadata=given)
    assert post_postmark(event).status_code == 200
    assert state_of(message)[0] == "sent"
    assert message.sent_at == world.NOW


def test_a_settled_mail_to_a_contact_stands_in_the_timeline() -> None:
    use("postmark")
    customer = world.make_customer("Brightwater")
    contact = world.person(customer, email=TO)
    message = make_message(
        TO,
        state="unknown",
        provider_id="pm-1",
        customer=customer,
        contact=contact,
        category=Category.NEWS,
    )
    for _ in range(2):
        assert post_postmark(postmark_event("Delivery", TO)).status_code == 200
    kinds = [event.kind for event in customer.events.all()]
    assert kinds == ["mail.message_sent"]
    assert state_of(message)[0] == "sent"


def test_what_a_person_asked_to_send_again_is_not_sent_twice_after_all() -> None:
    use("postmark")
    message = make_message(TO, state="pending", provider_id="pm-1")
    assert post_postmark(postmark_event("Delivery", TO)).status_code == 200
    assert state_of(message)[0] == "sent"


def test_a_mail_in_a_workers_hands_is_settled_by_the_sweep() -> None:
    use("postmark")
    message = make_message(TO, state="sending", provider_id="pm-1")
    bystander = make_message("ana@kestrel.example", state="unknown")
    assert post_postmark(postmark_event("Delivery", TO)).status_code == 200
    assert state_of(message)[0] == "sending"
    # The worker died; the sweep found the lease run out.
    OutboxMessage.objects.filter(pk=message.pk).update(
        state="unknown", lease_until=None, finished_at=world.NOW
    )
    assert unknown_settle(now=world.NOW) == 1
    assert state_of(message)[0] == "sent"
    assert state_of(bystander)[0] == "unknown"
    assert unknown_settle(now=world.NOW) == 0


def test_another_installations_number_is_not_ours() -> None:
    use("postmark")
    message = make_message(TO, state="unknown")
    given = {METADATA: f"{message.pk}-1-{'A' * 22}"}
    event = postmark_event("Delivery", TO, message_id="pm-x", Metadata=given)
    assert post_postmark(event).status_code == 200
    assert state_of(message)[0] == "unknown"


def test_another_recipients_report_is_not_about_the_mail() -> None:
    use("postmark")
    message = make_message(TO, state="unknown", provider_id="pm-1")
    event = postmark_event("HardBounce", "someone@else.example", ID=5)
    assert post_postmark(event).status_code == 200
    assert state_of(message)[:2] == ("unknown", None)


# Once, and in any order


def test_a_repeated_report_changes_nothing() -> None:
    use("postmark")
    make_message(TO, state="sent", provider_id="pm-1")
    event = postmark_event("HardBounce", TO, ID=1)
    post_postmark(event)
    suppression_lift(
        suppression=Suppression.objects.get(),
        by=provider_events.MACHINE,
        now=world.NOW,
    )
    assert post_postmark(event).status_code == 200
    assert suppressed() == []
    assert ProviderEvent.objects.count() == 1


def test_a_report_without_a_number_is_known_by_what_it_says() -> None:
    use("brevo")
    make_message(TO, state="sent", provider_id="<b-1@brevo.example>")
    event = {
        "event": "delivered",
        "email": TO,
        "message-id": "<b-1@brevo.example>",
        "ts_epoch": 1782820800000,
    }
    for _ in range(8):
        assert post("brevo", event).status_code == 200
    assert ProviderEvent.objects.count() == 1
    assert post("brevo", {**event, "ts_epoch": 1782820801000}).status_code == 200
    assert ProviderEvent.objects.count() == 2


def report(kind: ReportKind, minute: int, event_id: str) -> Report:
    return Report(
        provider="postmark",
        event_id=event_id,
        kind=kind,
        provider_id="pm-1",
        token="",
        recipient=TO,
        description="",
        happened_at=world.NOW - dt.timedelta(minutes=minute),
    )


STORY = [
    report(ReportKind.TAKEN, 60, "1"),
    report(ReportKind.DELAYED, 55, "2"),
    report(ReportKind.DELIVERED, 50, "3"),
    report(ReportKind.BOUNCED, 40, "4"),
    report(ReportKind.BOUNCED, 45, "5"),
    report(ReportKind.COMPLAINED, 30, "6"),
    report(ReportKind.COMPLAINED, 31, "7"),
    report(ReportKind.RETURNED, 20, "8"),
]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 3))
def test_order_and_repetition_do_not_matter(seed: int, times: int) -> None:
    for model in (ProviderEvent, OutboxMessage, Suppression):
        model.objects.all().delete()
    message = make_message(TO, state="unknown", provider_id="pm-1")
    told = STORY * times
    random.Random(seed).shuffle(told)
    taken = [provider_report_take(report=one, now=world.NOW) for one in told]
    assert sum(taken) == len(STORY)
    assert state_of(message) == (
        "sent",
        world.NOW - dt.timedelta(minutes=45),
        world.NOW - dt.timedelta(minutes=31),
        message.finished_at,
    )
    assert suppressed() == [
        (TO, SuppressionScope.ALL, SuppressionReason.COMPLAINT),
        (TO, SuppressionScope.DEAD, SuppressionReason.HARD_BOUNCE),
    ]


@pytest.mark.django_db(transaction=True)
def test_eight_deliveries_at_once_count_once() -> None:
    use("postmark")
    message = make_message(TO, state="unknown", provider_id="pm-1")

    def take(number: int) -> bool:
        try:
            one = report(ReportKind.BOUNCED, 1, f"event-{number % 2}")
            return provider_report_take(report=one, now=world.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(16))) == 2
    assert state_of(message)[0] == "sent"
    assert (ProviderEvent.objects.count(), len(suppressed())) == (2, 1)


# Proof


@pytest.mark.parametrize("auth", ["user:wrong", "", "user"])
def test_postmark_without_the_password_is_refused(auth: str) -> None:
    use("postmark")
    message = make_message(TO, state="sent", provider_id="pm-1")
    response = post_postmark(postmark_event("HardBounce", TO, ID=1), auth)
    assert (response.status_code, response.content) == (403, b"")
    assert state_of(message)[1] is None
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("key", ["a-long-kez", "a", KEY + "x"])
def test_who_does_not_know_the_address_finds_nothing(key: str) -> None:
    use("postmark")
    response = post("postmark", postmark_event("HardBounce", TO, ID=1), key=key)
    assert response.status_code == 404
    assert not ProviderEvent.objects.exists()


def test_without_a_key_of_our_own_there_is_no_address() -> None:
    use_provider("postmark", webhook_key="")
    assert Client().post("/hooks/mail/postmark/x/").status_code == 404


def test_another_provider_than_ours_finds_nothing() -> None:
    use("postmark")
    assert post("mailgun", {}).status_code == 404
    assert post("scaleway", {}).status_code == 404


def test_a_provider_without_webhooks_is_refused() -> None:
    use_provider("scaleway", secrets={"secret_key": "s"}, options={"project_id": "p"})
    assert post("scaleway", {}).status_code == 403


@pytest.mark.parametrize("method", ["get", "head"])
def test_knocking_is_answered_and_does_nothing(method: str) -> None:
    use("mandrill")
    response = getattr(Client(), method)(f"/hooks/mail/mandrill/{KEY}")
    assert (response.status_code, response.content) == (200, b"")
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_else_is_taken(method: str) -> None:
    use("postmark")
    assert getattr(Client(), method)(f"/hooks/mail/postmark/{KEY}/").status_code == 405


def test_mailgun_signed() -> None:
    use("mailgun")
    message = make_message(TO, state="sent", provider_id="<mg-1@mg.example.org>")
    event = mailgun_event(
        "failed", TO, token="t1", severity="permanent", reason="bounce"
    )
    assert post("mailgun", event).status_code == 200
    assert state_of(message)[1] == world.NOW
    # A signature that was used goes with its first words, whatever is put beside it.
    replayed = {**event, "event-data": {**event["event-data"], "event": "complained"}}
    assert post("mailgun", replayed).status_code == 200
    assert suppressed() == [(TO, SuppressionScope.DEAD, SuppressionReason.HARD_BOUNCE)]


def test_mailgun_passing_trouble_is_no_bounce() -> None:
    use("mailgun")
    event = mailgun_event("failed", TO, token="t2", severity="temporary")
    assert post("mailgun", event).status_code == 200
    assert ProviderEvent.objects.get().kind == ReportKind.DELAYED
    assert suppressed() == []


def test_mailgun_forged() -> None:
    use("mailgun")
    event = mailgun_event("complained", TO, token="t3")
    mutations: list[Any] = [
        {**event, "signature": {**event["signature"], field: value}}
        for field in ("timestamp", "token", "signature")
        for value in ("", "0" * 64, None, 5, [], "ü")
    ]
    mutations += [{}, [], None, "x", {"signature": 1}, {"event-data": {}}]
    answers = [post("mailgun", one) for one in [*mutations, b"\xff", b"{"]]
    assert {(one.status_code, one.content) for one in answers} == {(403, b"")}
    assert not ProviderEvent.objects.exists()
    assert suppressed() == []


def test_mailgun_without_its_signing_key_is_not_believed() -> None:
    use_provider("mailgun", secrets={"api_key": "mailgun-signing-key"})
    event = mailgun_event("complained", TO, token="t4")
    assert post("mailgun", event).status_code == 403


def test_sendgrid_signed_and_forged() -> None:
    key = {"tracking_webhook_verification_key": sendgrid_public()}
    use_provider("sendgrid", secrets={"api_key": "k", **key})
    message = make_message(TO, state="sent", provider_id="anymail-1")
    events = [
        {
            "email": TO,
            "event": kind,
            "timestamp": int(world.NOW.timestamp()) - minutes,
            "sg_event_id": f"sg-{kind}",
            "anymail_id": "anymail-1",
            "type": "bounce",
        }
        for minutes, kind in enumerate(["bounce", "processed", "spamreport", "open"])
    ]
    assert post_sendgrid(events, forged=True).status_code == 403
    assert not ProviderEvent.objects.exists()
    assert post_sendgrid(events).status_code == 200
    kinds = ProviderEvent.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == [ReportKind.BOUNCED, ReportKind.COMPLAINED]
    assert state_of(message)[1:3] == (
        world.NOW,
        world.NOW - dt.timedelta(seconds=2),
    )


def test_resend_signed_and_forged() -> None:
    use("resend")
    message = make_message(TO, state="sent", provider_id="re-1")
    body = {
        "type": "email.bounced",
        "created_at": "2026-06-30T11:00:00.000Z",
        "data": {
            "email_id": "re-1",
            "to": [TO],
            "bounce": {"message": "550", "type": "Permanent", "subType": "General"},
        },
    }
    raw = json.dumps(body).encode()
    wrong = svix_headers(raw, key=b"another-secret")
    assert post("resend", raw, **wrong).status_code == 403
    right = svix_headers(raw, key=b"resend-secret")
    assert post("resend", raw + b" ", **right).status_code == 403
    assert post("resend", raw, **{**right, "svix-id": "msg_2"}).status_code == 403
    assert post("resend", raw).status_code == 403
    assert not ProviderEvent.objects.exists()
    assert post("resend", raw, **right).status_code == 200
    assert ProviderEvent.objects.get().event_id == "msg_1"
    assert state_of(message)[1] == world.NOW - dt.timedelta(hours=1)


def test_mailersend_signed_and_forged() -> None:
    use("mailersend")
    message = make_message(TO, state="sent", provider_id="ms-1")
    body = {
        "type": "activity.hard_bounced",
        "data": {
            "type": "hard_bounced",
            "id": "ev-1",
            "created_at": "2026-06-30T11:00:00.000000Z",
            "email": {"message": {"id": "ms-1"}, "recipient": {"email": TO}},
        },
    }
    raw = json.dumps(body).encode()
    signed = hmac.new(b"mailersend-secret", raw, hashlib.sha256).hexdigest()
    assert post("mailersend", raw + b" ", Signature=signed).status_code == 403
    assert post("mailersend", raw, Signature=signed).status_code == 200
    assert state_of(message)[1] == world.NOW - dt.timedelta(hours=1)


def test_mandrill_signs_the_address_it_was_told(company: Company) -> None:
    company.base_url = "https://keepwell.example"
    company.save()
    use("mandrill")
    message = make_message(TO, state="sent", provider_id="md-1")
    said = {"event": "hard_bounce", "_id": "md-1", "ts": 1782820000}
    form = {"mandrill_events": json.dumps([{**said, "msg": {"email": TO}}])}
    signed = f"https://keepwell.example/hooks/mail/mandrill/{KEY}/mandrill_events"
    mac = hmac.new(
        b"mandrill-key", (signed + form["mandrill_events"]).encode(), hashlib.sha1
    )
    good = base64.b64encode(mac.digest()).decode()

    def send(signature: str) -> int:
        return post(
            "mandrill",
            urlencode(form).encode(),
            content_type="application/x-www-form-urlencoded",
            **{"X-Mandrill-Signature": signature},
        ).status_code

    assert send(good.replace(good[3], "x" if good[3] != "x" else "y")) == 403
    assert send(good) == 200
    assert state_of(message)[1] is not None


def test_unisender_go_signed_and_forged() -> None:
    use("unisender_go")
    make_message(TO, state="sent", provider_id="us-1")
    event = {
        "event_name": "transactional_email_status",
        "status": "hard_bounced",
        "event_time": "2026-06-30 11:00:00",
        "email": TO,
        "metadata": {"anymail_id": "us-1"},
        "delivery_info": {"delivery_status": "err_user_unknown"},
        "auth": "unisender-key",
    }
    auth = hashlib.md5(json.dumps(event).encode(), usedforsecurity=False).hexdigest()
    assert post("unisender_go", {**event, "auth": "0" * 32}).status_code == 403
    assert post("unisender_go", {**event, "auth": auth}).status_code == 200
    assert suppressed() == [(TO, SuppressionScope.DEAD, SuppressionReason.HARD_BOUNCE)]


@pytest.mark.parametrize("body", [{"RecordType": "Inbound"}, [], 5, "x", None])
def test_proved_but_no_report(body: Any) -> None:
    use("postmark")
    response = post_postmark(body)
    assert (response.status_code, response.content) == (400, b"")


# When nothing can be stored


def test_a_database_that_is_away_asks_the_provider_to_come_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use("postmark")
    make_message(TO, state="sent", provider_id="pm-1")
    with monkeypatch.context() as broken:
        broken.setattr(ProviderEvent, "save", _away)
        response = post_postmark(postmark_event("HardBounce", TO, ID=1))
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert suppressed() == []
    assert post_postmark(postmark_event("HardBounce", TO, ID=1)).status_code == 200
    assert ProviderEvent.objects.count() == 1
    assert KEY not in caplog.text


def _away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError
