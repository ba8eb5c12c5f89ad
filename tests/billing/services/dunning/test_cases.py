"""A case is opened once, by the policy of the day, and drawn once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Company
from billing.enums import Collection
from billing.models import DunningCase, DunningPolicy, DunningVersion, Invoice
from billing.services.dunning.cases import (
    UnableToChangeCase,
    case_move,
    case_open,
    case_touch,
    left_alone,
)
from billing.services.dunning.policies import policies_ensure
from billing.services.settling import invoice_locked
from customers.models import Event
from tests import world
from tests.billing.dunning_world import DAY, FAILED, charged, fresh, opened
from tests.world import NOW

pytestmark = pytest.mark.usefixtures("company")


def test_a_failure_opens_one_case_of_what_is_owed() -> None:
    invoice = charged(total="119")
    case = opened(invoice)
    found = fresh(case)
    assert (found.failed, found.currency, found.recovered) == (119, "EUR", 0)
    assert (found.began_at, found.began_on) == (FAILED, dt.date(2026, 6, 29))
    assert (found.state, found.collection, found.next_at) == ("open", "charge", FAILED)
    assert found.version.policy.collection == Collection.CHARGE
    assert found.method is not None
    # Another failure is of the same case.
    with transaction.atomic():
        same = case_open(
            invoice=invoice_locked(invoice),
            failed_at=FAILED + DAY,
            method=None,
            now=FAILED + DAY,
        )
    assert same == case
    assert fresh(case).began_at == FAILED
    [event] = Event.objects.all()
    assert (event.kind, event.subject_id) == ("billing.payment_failed", str(case.pk))
    assert event.data == {
        "invoice": invoice.external_id,
        "invoice_id": invoice.pk,
        "amount": "119.00",
        "currency": "EUR",
    }


def test_nothing_is_opened_where_nothing_is_owed() -> None:
    invoice = charged(paid_after=1)
    with transaction.atomic():
        found = case_open(
            invoice=invoice_locked(invoice), failed_at=NOW, method=None, now=NOW
        )
    assert found is None
    assert not DunningCase.objects.exists()


def test_a_transfer_begins_on_the_day_it_was_due() -> None:
    invoice = world.invoice(world.make_customer(), days=20, due_in=10, paid_after=None)
    case = opened(invoice, failed_at=NOW - 9 * DAY)
    assert case.began_on == invoice.due_on
    assert Event.objects.get().kind == "billing.payment_overdue"


def test_the_day_of_a_failure_is_the_companys() -> None:
    case = opened(failed_at=dt.datetime(2026, 6, 29, 23, tzinfo=dt.UTC))
    assert case.began_on == dt.date(2026, 6, 29)
    DunningCase.objects.all().delete()
    Company.objects.update(time_zone="Europe/Bucharest")
    case = opened(
        Invoice.objects.get(), failed_at=dt.datetime(2026, 6, 29, 23, tzinfo=dt.UTC)
    )
    assert case.began_on == dt.date(2026, 6, 30)


def test_who_is_left_alone_is_drawn_by_the_numbers_and_never_again() -> None:
    policies_ensure(NOW)
    DunningVersion.objects.update(hold_out="0.5")
    version = DunningVersion.objects.get(policy__collection=Collection.CHARGE)
    found = []
    for _number in range(12):
        case = opened(charged())
        found.append(case.held_out)
        drawn = case.held_out
        invoice = case.invoice
        case.delete()
        again = opened(invoice)
        assert again.held_out is drawn
        assert drawn is left_alone(invoice.pk, version.pk, Decimal("0.5"))
    assert set(found) == {True, False}


@pytest.mark.parametrize(("share", "least", "most"), [("0", 0, 0), ("0.2", 1700, 2300)])
def test_the_share_that_is_left_alone(share: str, least: int, most: int) -> None:
    drawn = sum(left_alone(number, 7, Decimal(share)) for number in range(10_000))
    assert least <= drawn <= most


def test_a_version_is_fixed_when_the_case_opens() -> None:
    case = opened()
    policy = DunningPolicy.objects.get(collection=Collection.CHARGE)
    DunningVersion.objects.create(policy=policy, number=2, created_at=NOW)
    assert fresh(case).version.number == 1
    assert opened(charged()).version.number == 2


def test_a_touch_has_cases_looked_at_now_also_those_that_are_over() -> None:
    case, other, untouched = opened(), opened(), opened()
    DunningCase.objects.update(next_at=None)
    DunningCase.objects.filter(pk=other.pk).update(state="stopped", closed_at=NOW)
    assert case_touch(invoice_ids=[case.invoice_id, other.invoice_id], now=NOW) == 2
    assert [fresh(one).next_at for one in (case, other, untouched)] == [NOW, NOW, None]
    assert case_touch(invoice_ids=[], now=NOW) == 0


def test_a_case_goes_only_where_it_may() -> None:
    case = opened()
    DunningCase.objects.update(state="recovered", closed_at=NOW)
    with pytest.raises(UnableToChangeCase):
        case_move(fresh(case), "lost", now=NOW)  # type: ignore[arg-type]
