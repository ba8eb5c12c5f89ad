"""Which messages are taken, in which order, and how many."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Company
from mail.models import MailServer, OutboxMessage
from mail.services import claiming
from mail.services.claiming import batch_claim, batch_release, message_mark_sending
from mail.services.trouble import trouble_clear, trouble_note
from tests.mail.outboxes import queue

pytestmark = pytest.mark.usefixtures("company")
MINUTE = dt.timedelta(minutes=1)


def set_to(message: OutboxMessage, **fields: Any) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(**fields)


def claimed(limit: int = 50) -> list[str]:
    batch = batch_claim(limit=limit)
    return [] if batch is None else [row.effect_key for row in batch.messages]


def test_a_claim_takes_what_is_due_the_oldest_first() -> None:
    now = timezone.now()
    queue("second", due_at=now - MINUTE)
    queue("first", due_at=now - 2 * MINUTE)
    queue("future", due_at=now + MINUTE)
    for state in ("sending", "failed", "unknown", "dropped", "sent"):
        row = queue(state)
        set_to(row, state=state, sent_at=now - 90 * MINUTE, claim=uuid.uuid4(),
               lease_until=now - MINUTE)  # fmt: skip
    assert claimed() == ["first", "second"]
    assert claimed() == []


def test_a_claim_lasts_until_its_lease_is_over() -> None:
    row = queue()
    batch = batch_claim()
    assert batch is not None
    row.refresh_from_db()
    assert row.claim == batch.claim
    assert row.lease_until is not None
    left = row.lease_until - batch.claimed_at
    assert dt.timedelta(seconds=40) < left < dt.timedelta(seconds=100)
    assert claimed() == []
    set_to(row, lease_until=timezone.now() - MINUTE)
    assert claimed() == ["one"]
    # The first one comes too late.
    assert message_mark_sending(batch, row) is False
    row.refresh_from_db()
    assert row.state == "pending"


def test_a_message_is_begun_only_while_the_lease_lasts() -> None:
    row = queue()
    batch = batch_claim()
    assert batch is not None
    set_to(row, lease_until=timezone.now() - MINUTE)
    assert message_mark_sending(batch, row) is False
    set_to(row, lease_until=timezone.now() + MINUTE)
    assert message_mark_sending(batch, row) is True
    row.refresh_from_db()
    assert row.lease_until is not None
    # From now on the longer lease counts: nobody else may think it over before.
    assert row.lease_until > timezone.now() + 2 * MINUTE
    assert message_mark_sending(batch, row) is False


def test_what_was_not_begun_is_given_back() -> None:
    first, second = queue("first"), queue("second")
    batch = batch_claim()
    assert batch is not None
    assert message_mark_sending(batch, first)
    batch_release(batch)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.claim) == ("sending", batch.claim)
    assert (second.state, second.claim, second.lease_until) == ("pending", None, None)
    assert claimed() == ["second"]


def test_service_mail_goes_first() -> None:
    now = timezone.now()
    for number in range(3):
        row = queue(f"news{number}", due_at=now - 9 * MINUTE)
        set_to(row, category="news")
    queue("password", due_at=now - MINUTE)
    assert claimed(limit=2) == ["password", "news0"]


def test_the_pace_of_an_hour_is_kept_and_service_mail_does_not_wait_for_it() -> None:
    now = timezone.now()
    MailServer.objects.create(id=1, per_hour=5)
    for number, ago in enumerate((10, 50, 70)):
        row = queue(f"gone{number}")
        set_to(row, state="sent", sent_at=now - ago * MINUTE, category="news")
    going = queue("going")
    set_to(going, state="sending", claim=uuid.uuid4(), lease_until=now + MINUTE)
    for number in range(5):
        set_to(queue(f"news{number}"), category="news")
    # Two within the hour and one on its way leave two.
    assert claimed() == ["news0", "news1"]
    assert claimed() == []
    queue("password")
    assert claimed() == ["password"]


def test_the_pace_of_a_domain_is_kept_while_others_go_on() -> None:
    now = timezone.now()
    MailServer.objects.create(id=1, domain_per_hour=2)
    gone = queue("gone", to_email="x@big.example")
    set_to(gone, state="sent", sent_at=now - MINUTE)
    for number in range(4):
        row = queue(f"big{number}", to_email=f"n{number}@big.example")
        set_to(row, category="news")
    for number in range(3):
        row = queue(f"small{number}", to_email=f"n{number}@small.example")
        set_to(row, category="news")
    assert claimed() == ["big0", "small0", "small1"]
    assert claimed() == []


def test_nothing_is_taken_during_the_pause_after_trouble() -> None:
    MailServer.objects.create(id=1)
    queue()
    trouble_note(words="535 wrong password")
    assert claimed() == []
    trouble_clear()
    server = MailServer.objects.get(id=1)
    assert (server.trouble, server.trouble_at, server.trouble_since) == ("", None, None)
    assert claimed() == ["one"]


def test_the_pause_grows_as_long_as_the_trouble_lasts() -> None:
    MailServer.objects.create(id=1)
    first = trouble_note(words="421 too many")
    server = MailServer.objects.get(id=1)
    assert server.trouble_at is not None
    assert first - server.trouble_at == dt.timedelta(seconds=30)
    MailServer.objects.update(trouble_since=Now() - 3 * MINUTE)
    again = trouble_note(words="421 still too many")
    server.refresh_from_db()
    assert server.trouble == "421 still too many"
    assert server.trouble_at is not None
    pause = again - server.trouble_at
    assert dt.timedelta(minutes=3) <= pause < dt.timedelta(minutes=4)


def test_more_than_four_workers_leave_at_once() -> None:
    now = timezone.now()
    for number in range(claiming.MOST_HANDS):
        row = queue(f"taken{number}")
        set_to(row, claim=uuid.uuid4(), lease_until=now + MINUTE)
    waiting = queue("waiting")
    assert claimed() == []
    # What the dead had claimed does not count.
    OutboxMessage.objects.exclude(pk=waiting.pk).update(
        state="sending", lease_until=now - MINUTE
    )
    assert claimed() == ["waiting"]


def test_a_worker_alone_with_plenty_to_do_knows_it() -> None:
    for number in range(3):
        queue(f"n{number}")
    first = batch_claim(limit=2)
    assert first is not None
    assert first.alone
    last = batch_claim(limit=2)
    assert last is not None
    assert not last.alone


def test_without_a_company_row_nothing_breaks() -> None:
    queue()
    Company.objects.all().delete()
    assert claimed() == ["one"]
