"""Invoices of a gateway with what was paid on them, credited and given back."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEntry, Company
from billing.enums import (
    AttemptCause,
    AttemptState,
    CaseState,
    Collection,
    GatewayKind,
    LineKind,
    ObjectKind,
    PaymentState,
    RefundKind,
)
from billing.gateways.objects import (
    RemoteInvoice,
    RemoteLine,
    RemotePayment,
    RemoteRefund,
)
from billing.models import (
    CreditNote,
    DunningCase,
    GatewayAccount,
    GatewayObject,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentAttempt,
    Plan,
    Refund,
    Subscription,
)
from billing.selectors.invoices import invoice_sums_of
from billing.services.dunning.policies import policies_ensure
from billing.services.gateways.applying import (
    MissingObject,
    UnableToApply,
    remote_apply,
)
from customers.models import Customer, Event
from mail.models import OutboxMessage
from tests.world import NOW, TODAY, days_ago, make_customer, noon, subscribe

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def account(company: Company) -> GatewayAccount:
    policies_ensure(now=NOW)
    return GatewayAccount.objects.create(
        kind=GatewayKind.STRIPE,
        name="Stripe",
        hook_key="k",
        created_at=NOW,
        collects=True,
    )


@pytest.fixture
def customer(account: GatewayAccount) -> Customer:
    ours = make_customer("Nordwind", external_id="cus_1")
    GatewayObject.objects.create(
        account=account,
        kind=ObjectKind.CUSTOMER,
        external_id="cus_1",
        customer=ours,
        wanted=1,
        read=1,
        read_at=NOW,
    )
    return ours


@pytest.fixture
def subscription(customer: Customer) -> Subscription:
    return subscribe(customer, mrr="50", months=1, since=days_ago(30))


def told(account: GatewayAccount, remote: Any, **more: Any) -> bool:
    """Applied twice: the second time never changes anything."""
    changed = remote_apply(account=account, remote=remote, now=NOW, **more)
    assert remote_apply(account=account, remote=remote, now=NOW, **more) is False
    return changed


def a_line(subscription: Subscription | None = None, **more: Any) -> RemoteLine:
    values: dict[str, Any] = {
        "description": "Team",
        "quantity": D(1),
        "amount": D(50),
        "tax": D("9.50"),
        "recurring": subscription is not None,
        "subscription": subscription.external_id if subscription else "",
        "begins_on": days_ago(10),
        "ends_on": TODAY + dt.timedelta(days=20),
    }
    return RemoteLine(**values | more)


def an_invoice(**more: Any) -> RemoteInvoice:
    """50 and 9.50 of tax, issued ten days ago."""
    values: dict[str, Any] = {
        "external_id": "in_1",
        "number": "NW-0001",
        "customer": "cus_1",
        "subscription": "",
        "currency": "EUR",
        "total": D(50),
        "tax": D("9.50"),
        "owing": D("59.50"),
        "state": "open",
        "collection": Collection.CHARGE,
        "issued_at": noon(days_ago(10)),
        "due_at": None,
        "hosted_url": "https://pay.example/in_1",
    }
    return RemoteInvoice(**values | more)


def a_payment(state: str = "succeeded", **more: Any) -> RemotePayment:
    values: dict[str, Any] = {
        "external_id": "pi_1",
        "invoice": "in_1",
        "state": state,
        "amount": D("59.50"),
        "currency": "EUR",
        "happened_at": noon(days_ago(9)),
        "decline_code": "insufficient_funds" if state == "failed" else "",
    }
    return RemotePayment(**values | more)


def a_refund(**more: Any) -> RemoteRefund:
    values: dict[str, Any] = {
        "external_id": "re_1",
        "payment": "pi_1",
        "amount": D(20),
        "currency": "EUR",
        "happened_at": noon(days_ago(5)),
        "reason": "requested_by_customer",
    }
    return RemoteRefund(**values | more)


def paid(**more: Any) -> RemoteInvoice:
    values: dict[str, Any] = {
        "state": "paid",
        "owing": D(0),
        "settled_at": noon(days_ago(9)),
        "payments": (a_payment(),),
    }
    return an_invoice(**values | more)


def test_open_invoice_with_its_lines(
    account: GatewayAccount, subscription: Subscription
) -> None:
    lines = (a_line(subscription),)
    whole = an_invoice(subscription=subscription.external_id, lines=lines)
    assert told(account, whole)
    row = Invoice.objects.get()
    assert (row.external_id, row.number, row.gateway) == ("in_1", "NW-0001", account)
    assert (row.subscription, row.collection) == (subscription, Collection.CHARGE)
    assert (row.issued_on, row.due_on) == (days_ago(10), days_ago(10))
    assert (row.hosted_url, row.paid_on) == ("https://pay.example/in_1", None)
    line = InvoiceLine.objects.get()
    assert (line.kind, line.amount, line.tax) == (
        LineKind.RECURRING,
        D(50),
        D("9.50"),
    )
    assert invoice_sums_of(row).owing == D("59.50")


def test_draft_is_nothing_yet(account: GatewayAccount, customer: Customer) -> None:
    assert told(account, an_invoice(state="draft")) is False
    assert not Invoice.objects.exists()


def test_due_day_and_page_may_change_and_amounts_never(
    account: GatewayAccount, customer: Customer
) -> None:
    told(account, an_invoice(collection=Collection.TRANSFER))
    due = noon(TODAY + dt.timedelta(days=7))
    assert told(account, an_invoice(due_at=due, hosted_url="https://pay.example/new"))
    row = Invoice.objects.get()
    assert (row.due_on, row.hosted_url) == (due.date(), "https://pay.example/new")
    assert row.collection == Collection.CHARGE
    with pytest.raises(UnableToApply, match="here already over 50"):
        told(account, an_invoice(total=D(60)))


def test_payment_settles_and_is_one_row_and_one_try(
    account: GatewayAccount, customer: Customer
) -> None:
    assert told(account, paid())
    row = Invoice.objects.get()
    assert row.paid_on == days_ago(9)
    payment = Payment.objects.get()
    assert (payment.external_id, payment.state) == ("pi_1", PaymentState.SUCCEEDED)
    attempt = PaymentAttempt.objects.get()
    assert (attempt.payment, attempt.cause) == (payment, AttemptCause.GATEWAY)
    assert not DunningCase.objects.exists()


def test_failure_opens_a_case_and_the_payment_is_told_to_it(
    account: GatewayAccount, customer: Customer
) -> None:
    assert told(account, an_invoice(payments=(a_payment("failed"),)))
    case = DunningCase.objects.get()
    assert (case.state, case.failed) == (CaseState.OPEN, D("59.50"))
    assert PaymentAttempt.objects.get().state == AttemptState.DECLINED
    again = a_payment(external_id="pi_2", happened_at=noon(days_ago(8)))
    assert told(account, paid(payments=(a_payment("failed"), again)))
    assert Invoice.objects.get().paid_on == days_ago(8)
    case.refresh_from_db()
    assert case.next_at == NOW


def test_paid_beside_the_gateway(account: GatewayAccount, customer: Customer) -> None:
    told(account, an_invoice())
    assert told(account, paid(payments=()))
    payment = Payment.objects.get()
    assert (payment.external_id, payment.amount) == ("outside:in_1", D("59.50"))
    assert Invoice.objects.get().paid_on == days_ago(9)


def test_void_invoice_is_credited_in_full(
    account: GatewayAccount, subscription: Subscription
) -> None:
    lines = (a_line(subscription),)
    told(account, an_invoice(lines=lines))
    void = an_invoice(lines=lines, state="void", settled_at=noon(days_ago(3)))
    assert told(account, void)
    note = CreditNote.objects.get()
    assert (note.external_id, note.amount, note.issued_on) == (
        "void:in_1",
        D(50),
        days_ago(3),
    )
    assert Invoice.objects.get().paid_on == days_ago(3)
    assert InvoiceLine.objects.get().withdrawn


def test_void_and_credited_in_part_is_credited_by_the_rest(
    account: GatewayAccount, customer: Customer
) -> None:
    notes_there = (("cn_1", D(20), noon(days_ago(6))),)
    told(account, an_invoice(credits=notes_there))
    assert invoice_sums_of(Invoice.objects.get()).credited == D(20)
    told(account, an_invoice(credits=notes_there, state="void", settled_at=NOW))
    notes = CreditNote.objects.order_by("id").values_list("external_id", "amount")
    assert list(notes) == [("cn_1", D(20)), ("void:in_1", D(30))]


def test_invoice_over_nothing_is_settled(
    account: GatewayAccount, customer: Customer
) -> None:
    free = paid(total=D(0), tax=D(0), payments=())
    assert told(account, free)
    assert Invoice.objects.get().paid_on == days_ago(9)
    assert not Payment.objects.exists()


def test_written_off_is_collected_no_more(
    account: GatewayAccount, customer: Customer
) -> None:
    failed = an_invoice(payments=(a_payment("failed"),))
    told(account, failed)
    assert told(account, replace(failed, state="written_off"))
    case = DunningCase.objects.get()
    assert (case.state, case.reason) == (CaseState.STOPPED, "written_off")
    assert invoice_sums_of(Invoice.objects.get()).owing == D("59.50")


def test_refund_and_chargeback(account: GatewayAccount, customer: Customer) -> None:
    dispute = a_refund(external_id="dp_1", amount=D("39.50"), chargeback=True)
    back = a_payment(refunds=(a_refund(), dispute))
    told(account, paid(payments=(back,)))
    rows = Refund.objects.order_by("amount").values_list("external_id", "kind")
    assert list(rows) == [
        ("re_1", RefundKind.REFUND),
        ("dp_1", RefundKind.CHARGEBACK),
    ]


def test_refund_told_by_itself_waits_for_its_payment(
    account: GatewayAccount, customer: Customer
) -> None:
    with pytest.raises(MissingObject) as missing:
        told(account, a_refund())
    assert (missing.value.kind, missing.value.external_id) == ("payment", "pi_1")
    with pytest.raises(MissingObject) as missing:
        told(account, a_payment())
    assert (missing.value.kind, missing.value.external_id) == ("invoice", "in_1")
    told(account, an_invoice())
    assert told(account, a_payment())
    assert told(account, a_refund())
    assert Refund.objects.get().payment == Payment.objects.get()


def test_payment_of_no_invoice_is_none_here_nor_is_its_refund(
    account: GatewayAccount, customer: Customer
) -> None:
    assert told(account, a_payment(invoice="")) is False
    GatewayObject.objects.create(
        account=account, kind=ObjectKind.PAYMENT, external_id="pi_1", read_at=NOW
    )
    assert told(account, a_refund()) is False


@pytest.mark.parametrize(
    ("more", "kind", "number"),
    [
        ({"customer": "cus_9"}, "customer", "cus_9"),
        ({"subscription": "sub_9"}, "subscription", "sub_9"),
        ({"lines": (a_line(price="price_9"),)}, "price", "price_9"),
    ],
)
def test_what_it_refers_to_is_read_first(
    account: GatewayAccount,
    customer: Customer,
    more: dict[str, Any],
    kind: str,
    number: str,
) -> None:
    with pytest.raises(MissingObject) as missing:
        told(account, an_invoice(**more))
    assert (missing.value.kind, missing.value.external_id) == (kind, number)
    assert not Invoice.objects.exists()


def test_items_for_the_same_days_are_one_line(
    account: GatewayAccount, subscription: Subscription
) -> None:
    Plan.objects.create(key="price_s", name="Seats")
    lines = (
        a_line(subscription, amount=D(40), tax=D(0)),
        a_line(subscription, amount=D(10), tax=D("9.50"), description="Extra"),
    )
    told(account, an_invoice(lines=lines))
    line = InvoiceLine.objects.get()
    assert (line.amount, line.tax) == (D(50), D("9.50"))
    assert line.description == "Team, Extra"


def test_change_in_between_is_a_one_off(
    account: GatewayAccount, subscription: Subscription
) -> None:
    told(account, an_invoice(lines=(a_line(subscription),)))
    later = a_line(subscription, begins_on=days_ago(2), amount=D(8), tax=D(0))
    minus = a_line(subscription, recurring=False, amount=D(-3), tax=D(0))
    told(
        account,
        an_invoice(external_id="in_2", total=D(5), tax=D(0), lines=(later, minus)),
    )
    rows = InvoiceLine.objects.filter(invoice__external_id="in_2").order_by("number")
    assert [(row.kind, row.amount) for row in rows] == [
        (LineKind.ONE_OFF, D(8)),
        (LineKind.ONE_OFF, D(-3)),
    ]


def test_lines_that_do_not_sum_up_get_one_more(
    account: GatewayAccount, subscription: Subscription
) -> None:
    told(account, an_invoice(lines=(a_line(subscription, amount=D(60)),)))
    rows = InvoiceLine.objects.order_by("number")
    assert [(row.kind, row.amount) for row in rows] == [
        (LineKind.RECURRING, D(60)),
        (LineKind.ONE_OFF, D(-10)),
    ]


def test_invoice_of_another_customer_stays_theirs(
    account: GatewayAccount, customer: Customer
) -> None:
    other = make_customer("Other", external_id="C-2")
    Invoice.objects.create(
        customer=other,
        external_id="in_1",
        issued_on=days_ago(10),
        due_on=days_ago(10),
        total=50,
        tax=D("9.50"),
        currency="EUR",
        recorded_at=NOW,
    )
    with pytest.raises(UnableToApply, match="another customer"):
        told(account, an_invoice())


# -- history


def test_history_is_known_since_then_and_nobody_is_told(
    account: GatewayAccount, customer: Customer
) -> None:
    failed = a_payment("failed", external_id="pi_0", happened_at=noon(days_ago(10)))
    back = a_payment(refunds=(a_refund(),))
    assert told(account, paid(payments=(failed, back)), history=True)
    row = Invoice.objects.get()
    assert (row.recorded_at, row.recorded_assumed) == (noon(days_ago(10)), True)
    assert (row.paid_on, row.paid_recorded_at) == (days_ago(9), noon(days_ago(9)))
    rows = Payment.objects.order_by("happened_at")
    assert [(one.state, one.recorded_at) for one in rows] == [
        (PaymentState.FAILED, noon(days_ago(10))),
        (PaymentState.SUCCEEDED, noon(days_ago(9))),
    ]
    assert Refund.objects.get().recorded_at == noon(days_ago(5))
    for model in (AuditEntry, Event, DunningCase, PaymentAttempt, OutboxMessage):
        assert not model.objects.exists()


def test_history_of_void_and_of_payments_that_come_later(
    account: GatewayAccount, customer: Customer
) -> None:
    told(account, paid(payments=()), history=True)
    assert not Payment.objects.exists()
    told(account, a_payment(), history=True)
    void = an_invoice(external_id="in_2", state="void", settled_at=noon(days_ago(3)))
    told(account, void, history=True)
    rows = Invoice.objects.order_by("external_id").values_list("paid_on", flat=True)
    assert list(rows) == [days_ago(9), days_ago(3)]
    assert CreditNote.objects.get().recorded_at == noon(days_ago(3))
    assert Payment.objects.get().external_id == "pi_1"
    assert not PaymentAttempt.objects.exists()


@pytest.mark.parametrize(
    ("collects", "days", "failures"), [(True, 9, 0), (True, 60, 1), (False, 9, 1)]
)
def test_failures_that_are_collected_from_now_on_are_left_to_the_reading(
    account: GatewayAccount,
    customer: Customer,
    collects: bool,
    days: int,
    failures: int,
) -> None:
    account.collects = collects
    told(account, an_invoice(), history=True)
    failed = a_payment("failed", happened_at=noon(days_ago(days)))
    assert told(account, failed, history=True) is bool(failures)
    assert Payment.objects.count() == failures
    assert not DunningCase.objects.exists()
