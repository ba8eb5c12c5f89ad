"""What webhooks did not bring is found at night."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Company
from billing.models import (
    GatewayAccount,
    GatewayEvent,
    GatewayObject,
    Invoice,
    Reconciliation,
)
from billing.selectors.gateways.accounts import many_missed, standing_of
from billing.services.gateways import reconciling
from billing.services.gateways.hearing import hint_take
from billing.services.gateways.reading import objects_read
from billing.services.gateways.reconciling import (
    reconciliation_work,
    reconciliations_tick,
)
from tests.gateway import Fake
from tests.gateway import fake as fake
from tests.gateway import fake_server as fake_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(fake: Fake, company: Company) -> GatewayAccount:
    company.time_zone = "UTC"
    company.save()
    return fake.account()


def night(days: int = 0) -> dt.datetime:
    """Four in the morning, a day on: all that happened so far is old enough."""
    tomorrow = timezone.now() + dt.timedelta(days=1 + days)
    return tomorrow.astimezone(ZoneInfo("UTC")).replace(hour=4, minute=0)


def compared(now: dt.datetime) -> Reconciliation:
    reconciliations_tick(now=now)
    row = Reconciliation.objects.order_by("-day")[0]
    reconciliation_work(reconciliation_id=row.pk, now=now)
    row.refresh_from_db()
    return row


def test_missed_events_are_stored_and_what_they_are_about_is_read(
    fake: Fake, account: GatewayAccount
) -> None:
    customer = fake.customer()
    fake.invoice(customer, amount=4900)
    row = compared(night())
    assert row.finished_at is not None
    assert (row.events > 0, row.missed) == (True, row.events)
    assert GatewayEvent.objects.filter(missed=True).count() == row.missed
    assert row.objects_differed == GatewayObject.objects.count() > 0
    account.refresh_from_db()
    assert account.reconciled_on == row.day
    for _ in range(5):
        objects_read(now=timezone.now())
    assert Invoice.objects.count() == 1


def test_what_came_is_not_missed(fake: Fake, account: GatewayAccount) -> None:
    fake.invoice(fake.customer(), amount=4900)
    gateway = reconciling.gateway_of(account)
    since = timezone.now() - dt.timedelta(days=3)
    for hint in gateway.events(since=since).rows:
        hint_take(account=account, hint=hint, now=timezone.now())
    row = compared(night())
    assert (row.events > 0, row.missed, row.objects_differed) == (True, 0, 0)


def test_object_that_is_as_it_was_read_does_not_differ(
    fake: Fake, account: GatewayAccount
) -> None:
    fake.invoice(fake.customer(), amount=4900)
    compared(night())
    for _ in range(5):
        objects_read(now=timezone.now())
    GatewayEvent.objects.all().delete()
    row = compared(night(1))
    assert (row.missed > 0, row.objects_differed) == (True, 0)


def test_once_a_night_and_goes_on_by_its_cursor(
    fake: Fake, account: GatewayAccount
) -> None:
    now = night()
    for number in range(40):
        fake.customer(f"Customer {number}", fates=())
    for _ in range(70):
        fake.product()
    reconciliations_tick(now=now)
    reconciliations_tick(now=now)
    row = Reconciliation.objects.get()
    # A page a worker: the next one goes on behind it.
    for _ in range(2):
        assert row.finished_at is None
        reconciliation_work(reconciliation_id=row.pk, now=now, seconds=0)
        row.refresh_from_db()
    assert row.missed == GatewayEvent.objects.count() == row.events == 110
    reconciliations_tick(now=now)
    assert Reconciliation.objects.count() == 1


def test_nothing_before_three_nor_of_accounts_that_are_off(
    fake: Fake, account: GatewayAccount
) -> None:
    assert reconciliations_tick(now=night().replace(hour=2)) == 0
    GatewayAccount.objects.update(is_on=False)
    assert reconciliations_tick(now=night()) == 0
    assert not Reconciliation.objects.exists()


def test_trouble_is_said_and_tried_again(fake: Fake, account: GatewayAccount) -> None:
    fake.faults(rates={"unavailable": 1}, where="^GET ")
    row = compared(night())
    assert row.finished_at is None
    assert row.trouble
    fake.faults()
    Reconciliation.objects.update(lease_until=None)
    row = compared(night())
    assert (row.finished_at is not None, row.trouble) == (True, "")


def test_many_missed_events_are_an_alarm(fake: Fake, account: GatewayAccount) -> None:
    row = Reconciliation.objects.create(
        account=account,
        day=dt.date(2026, 6, 30),
        started_at=timezone.now(),
        finished_at=timezone.now(),
        events=100,
        missed=4,
    )
    assert not many_missed(row)
    Reconciliation.objects.update(missed=19)
    assert standing_of(account).state == "silent"
    Reconciliation.objects.update(missed=20)
    assert standing_of(account).state == "unheard"
