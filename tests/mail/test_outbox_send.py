"""A slice of work against a mail server that answers what it is told to."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Company, Holiday, User
from customers.models import Contact, Event
from mail.enums import SuppressionScope
from mail.mails import PlainMail, plain_data
from mail.models import MailboxMessage, MailServer, OutboxMessage, Suppression
from mail.services.working import outbox_work
from mail.transport import smtp
from tests import world
from tests.mail.outboxes import leave_by, queue
from tests.mail.smtp_server import HANG_UP, SAY_NOTHING, Server
from tests.mail.test_outbox_claim import set_to

pytestmark = pytest.mark.usefixtures("company")
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.5)


@pytest.fixture
def server(company: Company) -> Iterator[Server]:
    with Server() as made:
        leave_by(made)
        yield made


@pytest.fixture
def contact(ana: User) -> Contact:
    customer = world.make_customer("Norden", owner=ana)
    return world.person(customer, email="kim@example.org", name="Kim Berg")


def wait_of(row: OutboxMessage) -> float:
    """This will return in how many minutes it is tried again."""
    return round((row.due_at - timezone.now()).total_seconds() / 60, 1)


def test_a_mail_goes_out_and_the_row_says_so(server: Server) -> None:
    row = queue()
    assert outbox_work() == 1
    row.refresh_from_db()
    assert (row.state, row.reply, row.attempts) == ("sent", "250 taken as 77", 1)
    assert row.sent_at == row.finished_at
    assert row.sent_at is not None
    assert (row.lease_until, row.reason) == (None, "")
    assert f"Message-ID: <{row.message_id}>".encode() in server.taken[0]
    assert outbox_work() == 0


def test_many_mails_share_a_connection(server: Server) -> None:
    for number in range(7):
        queue(f"n{number}")
    assert outbox_work() == 7
    assert (server.connections, len(server.taken)) == (1, 7)


def test_a_mail_to_a_contact_stands_on_the_customers_timeline(
    server: Server, contact: Contact, ana: User
) -> None:
    row = queue(contact=contact, author=ana)
    queue("to a person", user_id=ana.pk)
    outbox_work()
    event = Event.objects.get()
    assert (event.customer, event.kind, event.actor, event.subject_id) == (
        contact.customer, "mail.message_sent", ana, str(row.pk),
    )  # fmt: skip
    assert event.data == {
        "message": row.pk,
        "contact": contact.pk,
        "category": "service",
    }


def test_for_now_means_later_and_later_again(server: Server) -> None:
    row = queue()
    waits = []
    for _ in range(4):
        server.answers["RCPT"] = ["450 4.2.0 greylisted"]
        assert outbox_work() == 1
        row.refresh_from_db()
        assert (row.state, row.reason) == ("pending", "retry")
        assert row.reply == "450 4.2.0 greylisted"
        assert (row.claim, row.lease_until) == (None, None)
        waits.append(wait_of(row))
        assert outbox_work() == 0
        set_to(row, due_at=timezone.now())
    assert waits == [1, 2, 4, 8]
    assert outbox_work() == 1
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts) == ("sent", "", 5)
    assert len(server.taken) == 1


def test_after_a_day_of_later_it_is_given_up(server: Server) -> None:
    row = queue()
    set_to(row, attempts=29)
    server.answers["RCPT"] = ["450 greylisted"]
    outbox_work()
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts) == ("failed", "gave_up", 30)
    assert row.finished_at is not None
    assert not Suppression.objects.exists()


def test_a_refusal_for_good_fails_and_says_why(server: Server) -> None:
    row = queue()
    server.answers["body"] = ["554 5.7.1 looks like spam"]
    outbox_work()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "refused")
    assert row.reply == "554 5.7.1 looks like spam"
    assert not Suppression.objects.exists()


def test_a_dead_address_gets_nothing_any_more(server: Server) -> None:
    row = queue(to_email="Gone@Example.org")
    server.answers["RCPT"] = ["550 5.1.1 no such user"]
    outbox_work()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "refused")
    dead = Suppression.objects.get()
    assert (dead.email, dead.scope, dead.reason, dead.source) == (
        "gone@example.org", SuppressionScope.DEAD, "hard_bounce",
        "550 5.1.1 no such user",
    )  # fmt: skip
    assert dead.created_by is None
    assert AuditEntry.objects.filter(action="mail.suppression_added").count() == 1
    again = queue("again", to_email="gone@example.org")
    outbox_work()
    again.refresh_from_db()
    assert (again.state, again.reason) == ("dropped", "suppressed")
    assert server.taken == []


@pytest.mark.parametrize("answer", [HANG_UP, SAY_NOTHING, "what?"])
def test_no_answer_is_unknown_and_never_sent_again_by_itself(
    server: Server, answer: str
) -> None:
    row = queue()
    server.answers["body"] = [answer]
    outbox_work()
    row.refresh_from_db()
    assert (row.state, row.sent_at) == ("unknown", None)
    assert row.finished_at is not None
    set_to(row, due_at=timezone.now() - HOUR)
    assert outbox_work() == 0
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("connect", HANG_UP), ("MAIL", "550 5.7.1 not your address")],
)
def test_trouble_of_our_own_counts_against_no_message_and_everything_waits(
    server: Server, stage: str, answer: str
) -> None:
    first, second = queue("first"), queue("second")
    server.answers[stage] = [answer]
    assert outbox_work() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    settings = MailServer.objects.get(id=1)
    for row in (first, second):
        assert (row.state, row.attempts, row.claim) == ("pending", 0, None)
    assert settings.trouble
    assert settings.resumes_at == first.due_at
    assert wait_of(first) == 0.5
    assert outbox_work() == 0
    # The pause is over: the others go first, and the first success ends the trouble.
    MailServer.objects.update(resumes_at=timezone.now())
    assert outbox_work() == 1
    second.refresh_from_db()
    settings.refresh_from_db()
    assert second.state == "sent"
    assert (settings.trouble, settings.resumes_at) == ("", None)
    set_to(first, due_at=timezone.now())
    assert outbox_work() == 1
    assert len(server.taken) == 2


def test_a_server_that_wants_nothing_now_is_left_alone(server: Server) -> None:
    for number in range(25):
        queue(f"n{number}")
    server.usual["RCPT"] = "450 4.3.2 not now"
    assert outbox_work() == 20
    settings = MailServer.objects.get(id=1)
    assert settings.trouble == "450 4.3.2 not now"
    assert outbox_work() == 0


def test_what_cannot_be_written_fails_with_the_reason(server: Server) -> None:
    broken, fine = queue("broken"), queue("fine")
    set_to(broken, kind="mail.gone")
    assert outbox_work() == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, broken.reason, fine.state) == ("failed", "broken", "sent")
    assert "mail.gone" in broken.reply
    assert broken.claim is None


def test_what_has_become_pointless_is_dropped_with_the_reason(server: Server) -> None:
    row = queue(kind="mail.plain")
    outbox_work()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("dropped", "pointless")
    assert row.reply == "The words of this mail are no longer kept."
    assert server.connections == 0


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("250 ok", False),
        ("554 no", False),
        ("451 later", True),
        (HANG_UP, True),
    ],
)
def test_words_of_others_are_kept_only_until_the_mail_is_finished(
    server: Server, answer: str, kept: bool
) -> None:
    data = plain_data(subject="Sign in", text="Your code is 445566.")
    row = queue(kind=PlainMail.key, data=data)
    server.answers["body"] = [answer]
    outbox_work()
    row.refresh_from_db()
    assert row.data == (data if kept else {})
    assert b"445566" in server.taken[0]


def test_what_comes_too_late_is_dropped(server: Server) -> None:
    late = queue("late", expires_at=timezone.now() - HOUR)
    soon = queue("soon", expires_at=timezone.now() + HOUR)
    outbox_work()
    late.refresh_from_db()
    soon.refresh_from_db()
    assert (late.state, late.reason, soon.state) == ("dropped", "expired", "sent")


def test_whoever_left_or_unsubscribed_since_gets_nothing(
    server: Server, contact: Contact
) -> None:
    row = queue(contact=contact, to_email=contact.email)
    Contact.objects.update(left_on=world.TODAY, left_recorded_at=world.NOW)
    outbox_work()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("dropped", "left")
    assert server.connections == 0


def test_mail_for_working_hours_waits_for_them(server: Server) -> None:
    now = timezone.now()
    Company.objects.update(working_days=[1, 2, 3, 4, 5, 6, 7])
    Holiday.objects.create(day=now.date(), name="Today")
    opening = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(9))
    row, free = queue("hours", in_working_hours=True), queue("free")
    outbox_work()
    row.refresh_from_db()
    free.refresh_from_db()
    assert (row.state, row.reason, free.state) == ("pending", "hours", "sent")
    assert row.due_at == opening.replace(tzinfo=dt.UTC)
    assert (row.claim, row.attempts) == (None, 0)


def test_the_recipients_zone_decides_what_working_hours_are(
    server: Server, contact: Contact
) -> None:
    # A day of which half an hour is left everywhere and somewhere begins.
    Company.objects.update(
        working_days=[1, 2, 3, 4, 5, 6, 7], opens_at="00:00", closes_at="12:00"
    )
    now = timezone.now()
    early = "Etc/GMT+12" if now.hour >= 12 else "UTC"
    late = "UTC" if now.hour >= 12 else "Etc/GMT-12"
    rows = {}
    for zone in (early, late):
        Contact.objects.update(time_zone=zone)
        contact.refresh_from_db()
        rows[zone] = queue(zone, contact=contact, in_working_hours=True)
        outbox_work()
        rows[zone].refresh_from_db()
    assert [rows[zone].state for zone in (early, late)] == ["sent", "pending"]


def test_without_a_server_mail_lands_in_the_local_mailbox(company: Company) -> None:
    row = queue()
    assert outbox_work() == 1
    row.refresh_from_db()
    assert row.state == "sent"
    assert MailboxMessage.objects.get().message == row


def test_a_changed_server_is_used_at_once(server: Server) -> None:
    queue("first")
    outbox_work()
    with Server() as other:
        leave_by(other)
        queue("second")
        outbox_work()
        assert len(other.taken) == 1
    assert len(server.taken) == 1


def test_a_password_that_cannot_be_read_is_trouble_and_not_unknown(
    server: Server,
) -> None:
    MailServer.objects.update(username="post", secrets="sealed under another key")
    server.usual["EHLO"] = "250-mail.example\r\n250 AUTH PLAIN"
    row = queue()
    outbox_work()
    row.refresh_from_db()
    assert row.state == "pending"
    assert "secret key has changed" in MailServer.objects.get(id=1).trouble


def test_a_slice_ends_and_gives_back_what_it_did_not_begin(
    server: Server, settings: object, django_capture_on_commit_callbacks: object
) -> None:
    settings.MAIL_SLICE_SECONDS = 0  # type: ignore[attr-defined]
    row = queue()
    assert outbox_work() == 0
    row.refresh_from_db()
    assert (row.state, row.claim) == ("pending", None)
