"""An import reads everything, once, whoever is killed on the way."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import AuditEntry, Company
from billing.enums import ChurnKind, ObjectKind
from billing.gateways.base import UnableToReachGateway, UnableToUseGateway
from billing.gateways.stripe import StripeGateway
from billing.models import (
    ChurnEvent,
    DunningCase,
    GatewayAccount,
    GatewayEvent,
    GatewayImport,
    GatewayObject,
    Invoice,
    LedgerState,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    Plan,
    Refund,
    Subscription,
    SubscriptionChange,
)
from billing.services.dunning.policies import policies_ensure
from billing.services.gateways import importing, page_writing
from billing.services.gateways.departed import departures_conclude
from billing.services.gateways.importing import import_work, imports_waiting
from billing.services.gateways.imports import (
    UnableToImport,
    import_go_on,
    import_start,
    import_stop,
)
from billing.services.gateways.reading import objects_read
from customers.models import Contact, Customer, Event
from mail.models import OutboxMessage
from tests.gateway import Fake
from tests.gateway import fake as fake
from tests.gateway import fake_server as fake_server
from tests.world import invoice, make_customer, subscribe

pytestmark = pytest.mark.django_db(transaction=False)
MODELS = (
    Customer,
    Contact,
    Plan,
    PaymentMethod,
    Subscription,
    SubscriptionChange,
    Invoice,
    Payment,
    Refund,
)


@pytest.fixture
def account(fake: Fake, company: Company) -> GatewayAccount:
    policies_ensure(now=timezone.now())
    return fake.account()


def filled(fake: Fake, customers: int = 2) -> None:
    """Customers with a subscription each, a paid invoice, and one that failed long ago."""
    price = fake.price(amount=4900)
    long_ago = timezone.now() - dt.timedelta(days=200)
    for number in range(customers):
        customer = fake.customer(f"Customer {number}")
        subscription = fake.subscription(customer, price)
        fake.invoice(
            customer,
            amount=4900,
            subscription=subscription,
            tries=("succeeds",),
        )
        fake.invoice(customer, amount=700, tries=("insufficient_funds",), at=long_ago)


def started(account: GatewayAccount) -> GatewayImport:
    return import_start(account=account, by=Actor(), now=timezone.now())


def worked(
    row: GatewayImport, *, seconds: float = 20, most: int = 200
) -> GatewayImport:
    """Slice after slice, as the workers would; 0 seconds are one page each."""
    for _ in range(most):
        import_work(import_id=row.pk, now=timezone.now(), seconds=seconds)
        row.refresh_from_db()
        if row.finished_at or row.stopped:
            break
    return row


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


def test_everything_is_read_and_nobody_is_told(
    fake: Fake, account: GatewayAccount
) -> None:
    filled(fake)
    row = worked(started(account))
    assert (row.finished_at is not None, row.trouble) == (True, "")
    assert row.counts["customer"] == {"read": 2, "changed": 2, "failed": 0}
    assert row.counts["invoice"] == {"read": 4, "changed": 4, "failed": 0}
    assert counted() == {
        "Customer": 2,
        "Contact": 2,
        "Plan": 1,
        "PaymentMethod": 2,
        "Subscription": 2,
        "SubscriptionChange": 2,
        "Invoice": 4,
        "Payment": 4,
        "Refund": 0,
    }
    for model in (DunningCase, PaymentAttempt, OutboxMessage, Event):
        assert not model.objects.exists()
    assert not GatewayObject.objects.filter(trouble__gt="").exists()
    # Somebody started it: that is what the log tells, and not of every row.
    assert [entry.action for entry in AuditEntry.objects.order_by("number")] == [
        "billing.gateway_import_started"
    ]


def test_twice_changes_nothing(fake: Fake, account: GatewayAccount) -> None:
    filled(fake)
    worked(started(account))
    before = counted()
    # Long enough ago that nobody else can have read them since.
    GatewayObject.objects.update(read_at=timezone.now() - dt.timedelta(hours=1))
    row = worked(started(account))
    assert counted() == before
    assert {
        kind: told["changed"] for kind, told in row.counts.items()
    } == dict.fromkeys(ObjectKind.values, 0)


def test_one_under_way_is_enough(fake: Fake, account: GatewayAccount) -> None:
    assert started(account) == started(account)
    assert GatewayImport.objects.count() == 1


def test_killed_after_any_page_it_goes_on(
    fake: Fake, account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(fake)
    row = started(account)
    wrote = page_writing.page_write
    kills = iter([True, False] * 50)

    class Killed(BaseException):
        """Nothing that anybody could catch by accident."""

    def write(**told: Any) -> dict[str, int]:
        done = wrote(**told)
        if next(kills):
            raise Killed
        return done

    monkeypatch.setattr(importing, "page_write", write)
    for _ in range(30):
        try:
            import_work(import_id=row.pk, now=timezone.now(), seconds=0)
        except Killed:
            # The lease of a process that is dead runs out.
            GatewayImport.objects.update(lease_until=None)
        row.refresh_from_db()
        if row.finished_at:
            break
    assert row.finished_at is not None
    assert row.counts["invoice"] == {"read": 4, "changed": 4, "failed": 0}
    assert counted()["Invoice"] == 4
    assert counted()["Payment"] == 4


def test_stop_and_go_on(fake: Fake, account: GatewayAccount) -> None:
    filled(fake)
    row = started(account)
    worked(row, seconds=0, most=1)
    assert row.kind == ObjectKind.PRODUCT
    now = timezone.now()
    assert import_stop(account=account, by=Actor(), now=now)
    assert not import_stop(account=account, by=Actor(), now=now)
    assert import_work(import_id=row.pk, now=now) == 0
    assert not imports_waiting().exists()
    assert import_go_on(account=account, by=Actor(), now=now)
    assert worked(row).finished_at is not None
    assert counted()["Subscription"] == 2


def test_two_workers_do_not_meet(fake: Fake, account: GatewayAccount) -> None:
    row = started(account)
    GatewayImport.objects.update(lease_until=timezone.now() + dt.timedelta(hours=1))
    assert import_work(import_id=row.pk, now=timezone.now()) == 0
    row.refresh_from_db()
    assert row.counts == {}


def test_one_that_cannot_be_written_does_not_stop_the_rest(
    fake: Fake, account: GatewayAccount
) -> None:
    filled(fake, customers=1)
    customer = fake.customer("Yen")
    fake.invoice(customer, amount=500, currency="jpy")
    row = worked(started(account))
    assert row.counts["invoice"] == {"read": 3, "changed": 2, "failed": 1}
    failed = GatewayObject.objects.get(kind=ObjectKind.INVOICE, trouble__gt="")
    assert "exchange rate" in failed.trouble
    # It is tried again by itself.
    assert failed.wanted > failed.read


def test_what_failed_of_late_is_collected_by_the_reading_that_follows(
    fake: Fake, account: GatewayAccount
) -> None:
    customer = fake.customer(fates=("insufficient_funds",))
    fake.invoice(customer, amount=4900, tries=("insufficient_funds",))
    worked(started(account))
    assert Invoice.objects.count() == 1
    assert not DunningCase.objects.exists()
    objects_read(now=timezone.now())
    case = DunningCase.objects.get()
    assert (case.failed, case.state) == (Decimal("49.00"), "open")


def test_ledger_is_made_anew_and_not_by_the_row(
    fake: Fake, account: GatewayAccount
) -> None:
    filled(fake)
    LedgerState.objects.outdate()
    before = LedgerState.objects.get(pk=1).changed
    worked(started(account))
    # Once after the subscriptions and once at the end.
    assert LedgerState.objects.get(pk=1).changed == before + 2


def test_who_had_left_is_noted_and_of_late_is_left_to_the_usual_look(
    fake: Fake, account: GatewayAccount
) -> None:
    today = timezone.now().date()
    for name, owes, days in (
        ("Paid", False, 100),
        ("Owes", True, 200),
        ("Of late", False, 10),
    ):
        customer = make_customer(name, since=today - dt.timedelta(days=900))
        row = subscribe(customer, since=today - dt.timedelta(days=800))
        row.gateway, row.ended_on = account, today - dt.timedelta(days=days)
        row.save()
        invoice(customer, days=300, paid_after=None if owes else 10)
    stays = subscribe(make_customer("Stays"))
    stays.gateway = account
    stays.save()
    worked(started(account))
    rows = ChurnEvent.objects.order_by("left_on")
    told = [(row.customer.name, row.left_on, row.kind) for row in rows]
    assert told == [
        ("Owes", today - dt.timedelta(days=200), ChurnKind.INVOLUNTARY),
        ("Paid", today - dt.timedelta(days=100), ChurnKind.VOLUNTARY),
    ]
    assert rows[0].recorded_assumed
    assert departures_conclude(account=account, now=timezone.now()) == 0


def test_gateway_that_is_away_is_asked_again(
    fake: Fake, account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = started(account)

    def away(*_: Any, **__: Any) -> None:
        msg = "Nobody answers."
        raise UnableToReachGateway(msg, after=40)

    with monkeypatch.context() as patched:
        patched.setattr(StripeGateway, "listed", away)
        import_work(import_id=row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.trouble, row.stopped, row.claim) == ("Nobody answers.", False, None)
    assert not imports_waiting().exists()
    GatewayImport.objects.update(lease_until=None)
    assert worked(row).trouble == ""


def test_gateway_that_refuses_us_stops_it(
    fake: Fake, account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = started(account)

    def refused(*_: Any, **__: Any) -> None:
        msg = "The key may not read customers."
        raise UnableToUseGateway(msg)

    with monkeypatch.context() as patched:
        patched.setattr(StripeGateway, "listed", refused)
        import_work(import_id=row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.stopped, row.finished_at) == (True, None)
    assert row.trouble == "The key may not read customers."


def test_newer_reading_is_not_overwritten(fake: Fake, account: GatewayAccount) -> None:
    customer = fake.customer("Nordwind")
    read_at = timezone.now()
    GatewayObject.objects.create(
        account=account,
        kind=ObjectKind.CUSTOMER,
        external_id=customer,
        wanted=1,
        read=1,
        read_at=read_at,
    )
    worked(started(account))
    row = GatewayObject.objects.get(external_id=customer)
    # Left to a reader, who asks for it as it is then.
    assert (row.wanted, row.read, row.customer) == (2, 1, None)


def test_others_and_those_that_are_off_are_not_imported(
    company: Company, settings: Settings
) -> None:
    now = timezone.now()
    paddle = GatewayAccount.objects.create(
        kind="paddle", name="Paddle", hook_key="p", created_at=now
    )
    with pytest.raises(UnableToImport, match="from files"):
        import_start(account=paddle, by=Actor(), now=now)
    off = GatewayAccount.objects.create(
        kind="stripe", name="Off", hook_key="o", created_at=now, is_on=False
    )
    with pytest.raises(UnableToImport, match="Turn it on"):
        import_start(account=off, by=Actor(), now=now)
    assert not GatewayEvent.objects.exists()
