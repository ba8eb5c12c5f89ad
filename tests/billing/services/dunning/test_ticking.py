"""The minute finds what is due, wakes workers, and begins with transfers once wanted."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company
from billing.enums import Collection
from billing.models import DunningCase, DunningPolicy, DunningVersion, Invoice
from billing.services.dunning import ticking
from billing.services.dunning.policies import policies_ensure
from billing.services.dunning.ticking import (
    cases_wake,
    dunning_tick,
    paid_touch,
    transfers_open,
)
from billing.services.dunning.working import case_work
from customers.models import Segment
from mail.models import OutboxMessage
from tests import world
from tests.billing.dunning_world import DAY, FAILED, charged, fresh, opened
from tests.world import NOW, TODAY, make_customer

pytestmark = pytest.mark.usefixtures("company")


def switch_on(since: dt.datetime = NOW) -> None:
    policies_ensure(NOW)
    rows = DunningPolicy.objects.filter(collection=Collection.TRANSFER)
    rows.update(is_on=True, on_since=since)


def overdue(days: int, **fields: object) -> Invoice:
    """This will save a transfer that was due so many days ago."""
    customer = make_customer()
    world.person(customer, email=f"a{customer.pk}@example.org")
    values = {"days": days + 10, "due_in": 10, "paid_after": None, **fields}
    return world.invoice(customer, **values)  # type: ignore[arg-type]


def cases() -> set[int]:
    return set(DunningCase.objects.values_list("invoice_id", flat=True))


def test_transfers_are_left_alone_until_somebody_wants_it() -> None:
    overdue(3)
    assert dunning_tick(now=NOW) == 0
    assert cases() == set()


def test_what_is_overdue_is_begun_once_and_nothing_else() -> None:
    switch_on()
    wanted = [overdue(1), overdue(30), overdue(3, currency="USD")]
    overdue(0)
    overdue(31)
    overdue(3, paid_after=12)
    overdue(3, total="0")
    charged(days=5)
    credited = overdue(4)
    credited.credit_notes.create(
        customer=credited.customer,
        issued_on=TODAY,
        amount=credited.total,
        currency="EUR",
        recorded_at=NOW,
    )
    assert transfers_open(today=TODAY, now=NOW) == 3
    assert cases() == {one.pk for one in wanted}
    assert transfers_open(today=TODAY, now=NOW) == 0
    case = DunningCase.objects.get(invoice=wanted[0])
    assert (case.began_on, case.collection, case.method) == (
        TODAY - DAY,
        "transfer",
        None,
    )
    # The end of the due day where the customer sits.
    assert case.began_at == dt.datetime(2026, 6, 29, 23, 59, 59, tzinfo=dt.UTC)
    # On the first day after it the first reminder goes out.
    assert case_work(case_id=case.pk, now=NOW)
    [mail] = OutboxMessage.objects.all()
    assert (mail.kind, mail.data["step"]) == ("billing.payment_letter", "letter:1")


def test_a_long_list_is_begun_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on()
    monkeypatch.setattr(ticking, "CHUNK", 2)
    monkeypatch.setattr(ticking, "OPENED_AT_ONCE", 2)
    for days in (2, 2, 3, 4, 5):
        overdue(days)
    told = [transfers_open(today=TODAY, now=NOW) for _minute in range(4)]
    assert told == [2, 2, 1, 0]


def test_one_that_cannot_be_begun_keeps_nobody_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    switch_on()
    bad, good = overdue(3), overdue(2)
    # More is owed than a case can hold.
    Invoice.objects.filter(pk=bad.pk).update(total="999999999999", tax="999999999999")
    assert transfers_open(today=TODAY, now=NOW) == 1
    assert cases() == {good.pk}
    assert "could not be taken up" in caplog.text


def test_only_the_policies_that_are_on_begin() -> None:
    policies_ensure(NOW)
    segment = Segment.objects.create(key="small", name="Small")
    policy = DunningPolicy.objects.create(
        name="Small and large",
        collection=Collection.TRANSFER,
        segment=segment,
        from_amount=Decimal(500),
        is_on=True,
        on_since=NOW,
    )
    DunningVersion.objects.create(policy=policy, number=1, created_at=NOW)
    theirs, little, other = overdue(3), overdue(3, total="400"), overdue(3)
    for one in (theirs, little):
        one.customer.segment = segment
        one.customer.save()
    assert transfers_open(today=TODAY, now=NOW) == 1
    assert cases() == {theirs.pk}
    assert other.pk not in cases()


def test_the_day_is_the_companys() -> None:
    switch_on()
    Company.objects.update(time_zone="Asia/Tokyo")
    due = overdue(0)
    dunning_tick(now=dt.datetime(2026, 6, 30, 14, tzinfo=dt.UTC))
    assert cases() == set()
    dunning_tick(now=dt.datetime(2026, 6, 30, 16, tzinfo=dt.UTC))
    assert dunning_tick(now=dt.datetime(2026, 6, 30, 16, 1, tzinfo=dt.UTC)) == 1
    assert cases() == {due.pk}
    assert DunningCase.objects.get().began_at == dt.datetime(
        2026, 6, 30, 14, 59, 59, tzinfo=dt.UTC
    )


def test_an_open_case_hears_of_money_however_it_came() -> None:
    paid, failed, other = opened(), opened(), opened()
    DunningCase.objects.update(next_at=FAILED + 5 * DAY)
    DunningCase.objects.filter(pk=failed.pk).update(tries=3)
    Invoice.objects.exclude(pk=other.invoice_id).update(
        paid_on=FAILED.date(), paid_recorded_at=FAILED
    )
    assert paid_touch(now=NOW) == 1
    assert fresh(paid).next_at == NOW
    assert fresh(failed).next_at == fresh(other).next_at == FAILED + 5 * DAY
    case_work(case_id=paid.pk, now=NOW)
    assert fresh(paid).state == "recovered"
    assert paid_touch(now=NOW) == 0


def test_workers_are_woken_in_parts(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    monkeypatch.setattr(ticking, "BATCH", 2)
    monkeypatch.setattr(ticking, "MOST_BATCHES", 2)
    for _number in range(5):
        opened()
    DunningCase.objects.update(next_at=NOW)
    with django_capture_on_commit_callbacks() as bells:  # type: ignore[operator]
        assert cases_wake(now=NOW) == 4
    assert len(bells) == 2
    DunningCase.objects.update(next_at=NOW + DAY)
    assert cases_wake(now=NOW) == 0


def test_a_quiet_minute_costs_little_however_many_wait() -> None:
    counts = []
    policies_ensure(NOW)
    for _number in range(3):
        opened()
        DunningCase.objects.update(next_at=NOW + DAY)
        with CaptureQueriesContext(connection) as asked:
            dunning_tick(now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[2] <= 28
