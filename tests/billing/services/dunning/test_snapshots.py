"""How an invoice stands: everything the rules ask for, in a fixed number of queries."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import CONSOLE
from accounts.models import Company, ExchangeRate
from billing.calculations.dunning.situation import Attempt, Method
from billing.calculations.owing import Sums
from billing.enums import PaymentState
from billing.models import (
    DunningCase,
    DunningPolicy,
    GatewayAccount,
    InvoiceLine,
    PaymentMethod,
    Subscription,
)
from billing.selectors.dunning.snapshots import (
    invoice_state,
    snapshots_of,
    snapshots_of_invoices,
)
from billing.services.dunning.working import case_work
from billing.services.payments import payment_record
from customers.models import Contact
from tests import world
from tests.billing.dunning_world import FAILED, charged, opened, subscribed
from tests.world import NOW, TODAY

pytestmark = pytest.mark.usefixtures("company")


def test_a_case_is_read_as_it_stands() -> None:
    case = opened()
    case_work(case_id=case.pk, now=FAILED)
    [snapshot] = snapshots_of([case], NOW).values()
    method = PaymentMethod.objects.get()
    assert (snapshot.invoice, snapshot.collection) == ("open", "charge")
    assert (snapshot.owing, snapshot.owing_converted) == (100, 100)
    assert (snapshot.began_at, snapshot.zone) == (FAILED, ZoneInfo("UTC"))
    assert snapshot.attempts == (
        Attempt(
            number=1,
            state="declined",
            at=FAILED,
            method=str(method.pk),
            group="soft",
            code="insufficient_funds",
            cause="gateway",
        ),
    )
    assert snapshot.method == Method(
        id=str(method.pk),
        changed_at=method.changed_at,
        expires_on=dt.date(2028, 1, 31),
    )
    assert snapshot.first_method == str(method.pk)
    assert snapshot.done == (("mail:0", FAILED),)
    assert snapshot.skipped == frozenset()
    flags = (
        snapshot.subscription_ended, snapshot.held_out, snapshot.waits_until,
        snapshot.may_charge, snapshot.has_address, snapshot.has_subscription,
        snapshot.looks_on, snapshot.ended_unpaid,
    )  # fmt: skip
    assert flags == (False, False, None, True, True, True, False, False)


def test_the_zone_is_the_payers_else_the_companys() -> None:
    Company.objects.update(time_zone="Europe/Bucharest")
    case = opened()
    assert snapshots_of([case], NOW)[case.pk].zone.key == "Europe/Bucharest"
    Contact.objects.update(time_zone="America/New_York")
    assert snapshots_of([case], NOW)[case.pk].zone.key == "America/New_York"
    Contact.objects.update(time_zone="Mars/Olympus")
    assert snapshots_of([case], NOW)[case.pk].zone.key == "Europe/Bucharest"


def test_who_collects_and_what_has_ended() -> None:
    case = opened()
    DunningPolicy.objects.update(is_on=False)
    assert snapshots_of([case], NOW)[case.pk].looks_on
    DunningPolicy.objects.update(is_on=True)
    Subscription.objects.update(ended_on=TODAY)
    found = snapshots_of([case], NOW)[case.pk]
    assert (found.subscription_ended, found.ended_unpaid) == (True, False)
    # At a gateway that collects by itself it ended because nothing came.
    GatewayAccount.objects.update(collects=False)
    found = snapshots_of([case], NOW)[case.pk]
    told = (found.may_charge, found.looks_on, found.ended_unpaid)
    assert told == (False, True, True)


def test_an_invoice_for_several_ends_when_all_of_them_have() -> None:
    case = opened()
    other = subscribed(case.customer, None)
    InvoiceLine.objects.create(
        invoice=case.invoice,
        customer=case.customer,
        subscription=other,
        number=1,
        kind="recurring",
        amount=100,
    )
    Subscription.objects.exclude(pk=other.pk).update(ended_on=TODAY)
    assert not snapshots_of([case], NOW)[case.pk].subscription_ended
    Subscription.objects.update(ended_on=TODAY)
    assert snapshots_of([case], NOW)[case.pk].subscription_ended


def test_what_is_owed_is_converted_by_the_rate_of_its_day() -> None:
    case = opened(charged(currency="USD"))
    assert snapshots_of([case], NOW)[case.pk].owing_converted is None
    ExchangeRate.objects.create(
        currency="USD", valid_on=case.invoice.issued_on, rate=Decimal("0.9")
    )
    ExchangeRate.objects.create(currency="USD", valid_on=TODAY, rate=Decimal(2))
    payment_record(
        invoice=case.invoice,
        state=PaymentState.SUCCEEDED,
        amount=Decimal(20),
        happened_at=NOW,
        by=CONSOLE,
        now=NOW,
    )
    found = snapshots_of([case], NOW)[case.pk]
    assert (found.owing, found.owing_converted) == (80, 72)


def test_a_transfer_without_a_case_begins_at_the_end_of_its_day() -> None:
    customer = world.make_customer()
    world.person(customer, email="a@example.org", time_zone="Asia/Tokyo")
    invoice = world.invoice(customer, days=20, due_in=10, paid_after=None)
    [found] = snapshots_of_invoices({invoice.pk: None}, NOW).values()
    assert found.began_at == dt.datetime(2026, 6, 20, 14, 59, 59, tzinfo=dt.UTC)
    told = (found.collection, found.method, found.may_charge, found.has_subscription)
    assert told == ("transfer", None, False, False)


def test_many_cost_what_one_costs() -> None:
    cases = [opened(charged(currency="USD")) for _number in range(3)]
    for case in cases:
        case_work(case_id=case.pk, now=FAILED)
    counts = []
    for some in (cases[:1], cases):
        rows = list(DunningCase.objects.filter(pk__in=[one.pk for one in some]))
        with CaptureQueriesContext(connection) as asked:
            assert len(snapshots_of(rows, NOW)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize(
    ("sums", "state"),
    [
        ({}, "open"),
        ({"paid": 100}, "paid"),
        ({"settled": True}, "paid"),
        ({"credited": 100}, "void"),
        ({"credited": 60, "paid": 40}, "paid"),
        ({"paid": 100, "refunded": 100, "credited": 100}, "void"),
        ({"paid": 100, "charged_back": 100}, "open"),
        ({"paid": 100, "charged_back": 100, "settled": True}, "open"),
    ],
)
def test_what_an_invoice_is(sums: dict[str, object], state: str) -> None:
    told = {
        name: value if isinstance(value, bool) else Decimal(str(value))
        for name, value in sums.items()
    }
    assert invoice_state(Sums(total=Decimal(100), **told)) == state  # type: ignore[arg-type]
