"""What happens to messages whose worker is gone, and what people may do about them."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from config.schedule import SCHEDULE
from mail.mails import PlainMail, plain_data
from mail.models import MailServer, OutboxMessage
from mail.services.claiming import Batch, batch_claim, message_mark_sending
from mail.services.messages import (
    UnableToCancel,
    UnableToResend,
    message_cancel,
    message_resend,
)
from mail.services.outcomes import outcome_keep
from mail.services.sifting import message_confirm
from mail.services.suppressions import suppression_add
from mail.services.sweeping import outbox_sweep
from mail.services.trouble import trouble_note
from mail.services.working import outbox_work
from mail.tasks import outbox_sweep_task
from mail.transport.base import Receipt, RefusedForNow, Unclear
from tests.mail.outboxes import leave_by, queue
from tests.mail.smtp_server import SAY_NOTHING, Server
from tests.mail.test_outbox_claim import MINUTE, set_to
from tests.processes import ROOT

BY = Actor(agent="test")


def begun(row: OutboxMessage) -> Batch:
    """This will claim a message and mark it as being sent, as a worker does."""
    batch = batch_claim()
    assert batch is not None
    assert message_mark_sending(batch, row)
    return batch


def abandoned(row: OutboxMessage) -> Batch:
    """This will do the same and let the lease run out."""
    batch = begun(row)
    set_to(row, lease_until=timezone.now() - MINUTE)
    return batch


@pytest.mark.usefixtures("company")
def test_what_was_under_way_when_its_worker_died_is_unknown() -> None:
    row, other = queue(), queue("other", due_at=timezone.now() + MINUTE)
    abandoned(row)
    assert outbox_sweep(now=timezone.now()) == 1
    assert outbox_sweep(now=timezone.now()) == 0
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.attempts, row.lease_until) == ("unknown", 1, None)
    assert row.finished_at is not None
    assert other.state == "pending"
    assert batch_claim() is None


@pytest.mark.usefixtures("company")
def test_what_is_under_way_is_left_alone() -> None:
    row = queue()
    begun(row)
    assert outbox_sweep(now=timezone.now()) == 0
    row.refresh_from_db()
    assert row.state == "sending"


@pytest.mark.usefixtures("company")
def test_the_tick_sweeps() -> None:
    row = queue()
    abandoned(row)
    assert SCHEDULE["mail.outbox_sweep"]["task"] == outbox_sweep_task.name
    outbox_sweep_task()
    row.refresh_from_db()
    assert row.state == "unknown"


@pytest.mark.usefixtures("company")
def test_two_workers_are_woken_for_what_is_due_and_none_without_need(
    django_capture_on_commit_callbacks: object,
) -> None:
    def bells() -> int:
        before = len(connection.run_on_commit)
        outbox_sweep(now=timezone.now())
        return len(connection.run_on_commit) - before

    assert bells() == 0
    queue("later", due_at=timezone.now() + MINUTE)
    assert bells() == 0
    queue("now")
    assert bells() == 2
    # One is at work already.
    busy = queue("busy")
    set_to(busy, claim=uuid.uuid4(), lease_until=timezone.now() + MINUTE)
    assert bells() == 1
    MailServer.objects.get_or_create(id=1)
    trouble_note(words="no")
    assert bells() == 0


@pytest.mark.usefixtures("company")
def test_a_late_answer_is_better_than_none() -> None:
    arrived, refused = queue("arrived"), queue("refused")
    batch = abandoned(arrived)
    assert message_mark_sending(batch, refused)
    set_to(refused, lease_until=timezone.now() - MINUTE)
    assert outbox_sweep(now=timezone.now()) == 2
    outcome_keep(batch, arrived, Receipt("250 taken"))
    outcome_keep(batch, refused, RefusedForNow("451 later"))
    arrived.refresh_from_db()
    refused.refresh_from_db()
    assert (arrived.state, arrived.reply) == ("sent", "250 taken")
    assert (refused.state, refused.reason) == ("pending", "retry")
    assert refused.finished_at is None


@pytest.mark.usefixtures("company")
def test_an_answer_that_comes_after_a_person_decided_changes_nothing(
    admin: User,
) -> None:
    row = queue()
    batch = abandoned(row)
    outbox_sweep(now=timezone.now())
    message_resend(message=row, by=Actor(user=admin), now=timezone.now())
    outcome_keep(batch, row, Unclear("no answer"))
    row.refresh_from_db()
    assert (row.state, row.reply) == ("pending", "")


@pytest.mark.usefixtures("company")
def test_an_outcome_is_noted_once() -> None:
    row = queue()
    batch = begun(row)
    for _ in range(2):
        outcome_keep(batch, row, Receipt("250 taken"))
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1)


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("state", ["unknown", "failed"])
def test_a_person_sends_it_again_under_the_same_name(admin: User, state: str) -> None:
    row = queue(expires_at=timezone.now() - MINUTE)
    name = row.message_id
    set_to(row, state=state, reason="gave_up" if state == "failed" else "",
           attempts=30, reply="451 later", finished_at=timezone.now())  # fmt: skip
    now = timezone.now()
    message_resend(message=row, by=Actor(user=admin), now=now)
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts, row.reply) == ("pending", "", 0, "")
    assert (row.due_at, row.expires_at, row.finished_at) == (now, None, None)
    assert row.message_id == name
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "mail.message_resent", admin.pk, str(row.pk),
    )  # fmt: skip
    assert entry.before["state"] == state
    with Server() as server:
        leave_by(server)
        outbox_work()
    assert f"Message-ID: <{name}>".encode() in server.taken[0]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("state", ["pending", "sending", "sent", "dropped"])
def test_nothing_else_is_sent_again(state: str) -> None:
    row = queue()
    now = timezone.now()
    set_to(row, state=state, sent_at=now, claim=uuid.uuid4(), lease_until=now)
    with pytest.raises(UnableToResend, match="Only a mail that failed"):
        message_resend(message=row, by=BY, now=now)
    row.refresh_from_db()
    assert row.state == state
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("company")
def test_what_was_erased_or_is_no_longer_kept_is_not_sent_again() -> None:
    erased, wordless = queue("erased"), queue("wordless", kind=PlainMail.key)
    for row in (erased, wordless):
        set_to(row, state="failed")
    set_to(erased, to_email="", to_name="", contact=None)
    with pytest.raises(UnableToResend, match="erased"):
        message_resend(message=erased, by=BY, now=timezone.now())
    with pytest.raises(UnableToResend, match="no longer kept"):
        message_resend(message=wordless, by=BY, now=timezone.now())


@pytest.mark.usefixtures("company")
def test_a_person_stops_what_still_waits(admin: User) -> None:
    row = queue(kind=PlainMail.key, data=plain_data(subject="s", text="secret words"))
    now = timezone.now()
    message_cancel(message=row, by=Actor(user=admin), now=now)
    row.refresh_from_db()
    assert (row.state, row.reason, row.finished_at) == ("dropped", "cancelled", now)
    assert row.data == {}
    assert AuditEntry.objects.get().action == "mail.message_cancelled"
    with pytest.raises(UnableToCancel):
        message_cancel(message=row, by=BY, now=now)


@pytest.mark.usefixtures("company")
def test_what_is_claimed_cannot_be_stopped_until_the_claim_is_over() -> None:
    row = queue()
    now = timezone.now()
    set_to(row, claim=uuid.uuid4(), lease_until=now + MINUTE)
    with pytest.raises(UnableToCancel, match="going at this moment"):
        message_cancel(message=row, by=BY, now=now)
    set_to(row, lease_until=now - MINUTE)
    assert message_cancel(message=row, by=BY, now=now).state == "dropped"


@pytest.mark.usefixtures("company")
def test_whoever_unsubscribes_between_claim_and_sending_gets_nothing() -> None:
    row = queue()
    batch = batch_claim()
    assert batch is not None
    suppression_add(
        email=row.to_email, scope="dead", reason="by_hand", source="",
        by=BY, now=timezone.now(),
    )  # fmt: skip
    assert message_mark_sending(batch, row)
    assert message_confirm(batch, row) is False
    row.refresh_from_db()
    assert (row.state, row.reason, row.claim) == ("dropped", "suppressed", None)


@pytest.mark.usefixtures("company")
def test_a_corrected_address_is_written_anew() -> None:
    row = queue(to_email="wrong@example.org")
    batch = batch_claim()
    assert batch is not None
    set_to(row, to_email="right@example.org")
    assert message_mark_sending(batch, row)
    assert message_confirm(batch, batch.messages[0]) is False
    row.refresh_from_db()
    assert (row.state, row.claim) == ("pending", None)
    with Server() as server:
        leave_by(server)
        outbox_work()
    assert "rcpt TO:<right@example.org>" in server.lines


@pytest.mark.usefixtures("company")
def test_a_process_that_stood_still_begins_nothing(settings: object) -> None:
    settings.MAIL_LEASE_SECONDS = 0  # type: ignore[attr-defined]
    settings.MAIL_SLICE_SECONDS = 1  # type: ignore[attr-defined]
    row = queue()
    with Server() as server:
        leave_by(server)
        assert outbox_work() == 0
    row.refresh_from_db()
    assert (row.state, server.taken) == ("pending", [])


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_acceptance_and_record_leaves_one_unknown() -> None:
    Company.objects.create(id=1)
    row = queue()
    with Server() as server:
        leave_by(server)
        server.answers["body"] = [SAY_NOTHING]
        worker = own_worker()
        deadline = time.monotonic() + 240
        while not server.taken and time.monotonic() < deadline:
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        # Taken by the server, and nobody was left to write that down.
        assert len(server.taken) == 1
        assert OutboxMessage.objects.get().state == "sending"
        assert outbox_sweep(now=timezone.now()) == 0
        set_to(row, lease_until=timezone.now() - dt.timedelta(seconds=1))
        assert outbox_sweep(now=timezone.now()) == 1
        assert outbox_work() == 0
        assert len(server.taken) == 1
    assert OutboxMessage.objects.get().state == "unknown"


def own_worker() -> "subprocess.Popen[bytes]":
    """This will send what is due in a process of its own, on the test's database."""
    split = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    code = (
        "import django; django.setup();"
        "from mail.services.working import outbox_work; outbox_work()"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(split._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
