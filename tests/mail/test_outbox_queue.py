"""Asking for mail: a row for each effect, whoever asks and however often."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import (
    EmailMessage,
    EmailMultiAlternatives,
    mail_admins,
    send_mail,
)
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import Company, User
from common.mailing import MailRequest
from mail.backends import UnableToKeep
from mail.kinds import UnableToFindKind, kind_named
from mail.mails import SEALED
from mail.models import OutboxMessage, Sender
from mail.rendering import message_email, message_render
from mail.services.outbox import Draft, message_queue, messages_queue
from tests import world
from tests.mail.outboxes import queue
from tests.world import NOW


def test_a_mail_is_a_row_that_says_who_what_and_when(
    company: Company, ana: User
) -> None:
    Company.objects.update(base_url="https://keepwell.example/")
    customer = world.make_customer("Norden", owner=ana)
    contact = world.person(customer, email="mara@Müller.example", language="ro")
    row = queue(
        "trial",
        to_email=contact.email,
        contact=contact,
        author=ana,
        data={"contact_id": contact.pk},
        expires_at=NOW + dt.timedelta(days=1),
    )
    row.refresh_from_db()
    name, _, domain = row.message_id.partition("@")
    assert (len(name), domain) == (32, "keepwell.example")
    assert {
        field: getattr(row, field)
        for field in (
            "kind", "category", "kind_version", "data", "to_email", "to_name",
            "domain", "language", "customer", "contact", "user_id", "author",
            "state", "due_at", "created_at", "expires_at", "in_working_hours",
            "attempts", "claim", "lease_until", "sent_at", "finished_at",
        )
    } == {
        "kind": "mail.test",
        "category": "service",
        "kind_version": 1,
        "data": {"contact_id": contact.pk},
        "to_email": "mara@Müller.example",
        "to_name": "Mara Ionescu",
        "domain": "xn--mller-kva.example",
        "language": "ro",
        "customer": customer,
        "contact": contact,
        "user_id": None,
        "author": ana,
        "state": "pending",
        "due_at": NOW,
        "created_at": NOW,
        "expires_at": NOW + dt.timedelta(days=1),
        "in_working_hours": False,
        "attempts": 0,
        "claim": None,
        "lease_until": None,
        "sent_at": None,
        "finished_at": None,
    }  # fmt: skip


def test_the_same_effect_is_asked_for_once(company: Company) -> None:
    first = queue("digest:7:2026-06-30", to_email="first@example.org")
    again = message_queue(
        kind="mail.test",
        to_email="second@example.org",
        data={},
        effect_key="digest:7:2026-06-30",
        now=NOW,
    )
    assert again is None
    assert list(OutboxMessage.objects.values_list("pk", "to_email")) == [
        (first.pk, "first@example.org")
    ]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_row() -> None:
    Company.objects.create(id=1)

    def ask(number: int) -> bool:
        try:
            made = message_queue(
                kind="mail.test",
                to_email=f"p{number}@example.org",
                data={},
                effect_key="the one",
                now=NOW,
                due_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
            )
            return made is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        made = list(threads.map(ask, range(20)))
    assert sorted(made) == [False] * 19 + [True]
    assert OutboxMessage.objects.count() == 1


def test_many_are_asked_for_in_a_few_queries(
    company: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queue("n3")
    drafts = [
        Draft(
            kind="mail.test",
            to_email=f"n{number}@example.org",
            data={"n": number},
            effect_key=f"n{number}",
        )
        for number in range(40)
    ]
    # Company, sender, insert, what was inserted; two for the savepoint.
    with django_assert_num_queries(6):
        made = messages_queue(drafts, now=NOW)
    assert [row.data["n"] for row in made] == [n for n in range(40) if n != 3]
    assert messages_queue(drafts, now=NOW) == []
    assert messages_queue([], now=NOW) == []


@pytest.mark.parametrize(
    ("address", "sender", "domain"),
    [
        ("https://keepwell.example", "post@fleetlane.example", "keepwell.example"),
        ("", "post@fleetlane.example", "fleetlane.example"),
        ("http://localhost:8000", "", "keepwell.invalid"),
    ],
)
def test_the_message_id_ends_in_a_name_of_ours(
    company: Company, address: str, sender: str, domain: str
) -> None:
    Company.objects.update(base_url=address)
    if sender:
        Sender.objects.create(name="Post", email=sender, is_default=True)
    assert queue().message_id.partition("@")[2] == domain


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kim",
        "kim@",
        "@example.org",
        "kim example@example.org",
        "kim@example.org\r\nBcc: other@example.org",
        "kim@example.org, other@example.org",
        "Kim <kim@example.org>",
        "kim@exa\x00mple.org",
        "kim@a..b",
        "k" * 250 + "@example.org",
    ],
)
def test_an_address_that_cannot_be_one_fails_and_keeps_nobody_back(
    company: Company, address: str
) -> None:
    drafts = [
        Draft(kind="mail.test", to_email=to, data={}, effect_key=to or "nobody")
        for to in (address[:100], "good@example.org")
    ]
    drafts[0] = Draft(kind="mail.test", to_email=address, data={}, effect_key="bad")
    bad, good = messages_queue(drafts, now=NOW)
    assert (bad.state, bad.reason, bad.finished_at) == ("failed", "broken", NOW)
    assert bad.reply
    assert bad.to_email.isprintable()
    assert good.state == "pending"


def test_a_name_cannot_become_a_header(company: Company) -> None:
    row = queue(to_name="Kim\r\nBcc: other@example.org\t\x00 Berg")
    assert row.to_name == "Kim Bcc: other@example.org Berg"


def test_a_kind_nobody_knows_is_an_error(company: Company) -> None:
    with pytest.raises(UnableToFindKind, match=r"mail\.nonsense"):
        queue(kind="mail.nonsense")
    assert kind_named("mail.plain").key == "mail.plain"


def undone() -> None:
    """This will ask for a mail in a savepoint that is rolled back."""
    with transaction.atomic():
        queue("inside")
        transaction.set_rollback(True)


def test_a_worker_is_woken_once_after_the_commit(
    company: Company,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        for number in range(3):
            queue(f"n{number}")
        undone()
    assert len(bells) == 1


def test_nobody_is_woken_for_what_is_not_due(
    company: Company,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        queue("later", due_at=NOW + dt.timedelta(hours=1))
        undone()
    assert bells == []


def test_a_bell_that_was_undone_is_rung_again(
    company: Company,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        undone()
        queue("outside")
    assert len(bells) == 1


def test_a_request_of_an_app_below_becomes_a_row(company: Company, ana: User) -> None:
    request = MailRequest(
        kind="mail.test",
        data={"n": 1},
        effect_key="invitation:1:1",
        to="new@example.org",
        to_name="New Person",
        language="de",
        user_id=ana.pk,
    )
    assert request.send() == 1
    assert request.send() == 1
    row = OutboxMessage.objects.get()
    assert (row.kind, row.data, row.to_email, row.to_name, row.language, row.user) == (
        "mail.test", {"n": 1}, "new@example.org", "New Person", "de", ana,
    )  # fmt: skip


def test_other_mail_is_kept_sealed(company: Company) -> None:
    mail = EmailMultiAlternatives(
        "Sign in", "Your code is 445566.", to=["a@example.org"], cc=["b@example.org"]
    )
    mail.attach_alternative("<p>Your code is <b>445566</b>.</p>", "text/html")
    assert mail.send() == 1
    first, second = OutboxMessage.objects.order_by("id")
    assert (first.kind, first.to_email) == ("mail.plain", "a@example.org")
    assert second.to_email == "b@example.org"
    assert list(first.data) == [SEALED]
    assert "445566" not in str(first.data)
    rendered = message_render(first)
    assert rendered.subject == "Sign in"
    assert "Your code is 445566." in rendered.text
    assert "Your code is 445566." in rendered.html
    assert message_email(first).to == ["a@example.org"]


def test_mail_of_html_alone_loses_its_tags(company: Company) -> None:
    html = "<html><head><title>x</title></head><p>Dear&nbsp;Kim,</p>go <b>on</b><br>!"
    mail = EmailMessage("Hi", html, to=["a@example.org"])
    mail.content_subtype = "html"
    mail.send()
    text = message_render(OutboxMessage.objects.get()).text
    assert text.startswith("Dear Kim,\ngo on\n!")


def test_the_words_of_others_cannot_become_markup(company: Company) -> None:
    send_mail("<b>x</b>", "<script>alert(1)</script>", None, ["a@example.org"])
    html = message_render(OutboxMessage.objects.get()).html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_attachments_are_refused(company: Company) -> None:
    mail = EmailMessage("Hi", "text", to=["a@example.org"])
    mail.attach("file.txt", "content", "text/plain")
    with pytest.raises(UnableToKeep, match="no attachments"):
        mail.send()
    assert not OutboxMessage.objects.exists()


def test_nobody_to_write_to_writes_nothing(company: Company) -> None:
    mail_admins("Error", "text")
    assert not OutboxMessage.objects.exists()
