"""What happens after the end of a case, and what is said to have brought the money."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.actor import CONSOLE, Actor
from accounts.models import User
from billing.enums import AttemptCause, AttemptState, PaymentState, RefundKind
from billing.models import (
    DunningAction,
    DunningCase,
    Invoice,
    Payment,
    PaymentAttempt,
    PaymentMethod,
)
from billing.services.dunning.cases import case_touch
from billing.services.dunning.people import case_called, case_stop
from billing.services.dunning.working import case_work
from billing.services.payments import payment_record
from billing.services.refunds import refund_record
from billing.services.taking_out import document_take_out
from customers.models import Task
from mail.models import OutboxMessage
from tests import world
from tests.billing.dunning_world import (
    DAY,
    FAILED,
    card,
    charged,
    fresh,
    opened,
    steps,
)

pytestmark = pytest.mark.usefixtures("company")
PAID = FAILED + 2 * DAY


def pay(invoice: Invoice, at: dt.datetime = PAID, amount: int = 100) -> Payment:
    return payment_record(
        invoice=invoice,
        state=PaymentState.SUCCEEDED,
        amount=Decimal(amount),
        happened_at=at,
        by=CONSOLE,
        now=at,
    ).row


def tried(case: DunningCase, payment: Payment, **fields: object) -> PaymentAttempt:
    """This will save the try that brought a payment."""
    values = {
        "number": 9,
        "key": "11111111-1111-4111-8111-111111111111",
        "cause": AttemptCause.SCHEDULE,
        "state": AttemptState.SUCCEEDED,
        "method": case.method,
    }
    return PaymentAttempt.objects.create(
        invoice=case.invoice,
        case=case,
        customer_id=case.customer_id,
        account=case.invoice.gateway,
        amount=payment.amount,
        currency="EUR",
        planned_at=PAID,
        payment=payment,
        **{**values, **fields},  # type: ignore[arg-type]
    )


def recovered(case: DunningCase) -> str:
    assert case_work(case_id=case.pk, now=PAID + DAY / 24), fresh(case).trouble
    found = fresh(case)
    assert (found.state, found.recovered) == ("recovered", 100)
    return found.cause


def test_a_retry_brought_it() -> None:
    case = opened()
    tried(case, pay(case.invoice))
    assert recovered(case) == "retry"


def test_another_card_brought_it() -> None:
    case = opened()
    PaymentMethod.objects.update(is_default=False, removed_at=PAID)
    new = card(case.customer, case.invoice.gateway, since=PAID - DAY / 24)
    tried(case, pay(case.invoice), method=new)
    assert recovered(case) == "method"


def test_a_mail_brought_what_the_customer_paid_on_the_page() -> None:
    case = opened()
    case_work(case_id=case.pk, now=FAILED)
    OutboxMessage.objects.update(state="sent", sent_at=FAILED, finished_at=FAILED)
    # The gateway tells of it although it leaves trying again to us: it was the customer.
    tried(case, pay(case.invoice), key=None, cause=AttemptCause.GATEWAY)
    assert recovered(case) == "mail"
    assert OutboxMessage.objects.latest("id").kind == "billing.payment_recovered"


def test_without_a_mail_it_came_by_itself_and_nobody_is_thanked() -> None:
    case = opened()
    tried(case, pay(case.invoice), key=None, cause=AttemptCause.GATEWAY)
    assert recovered(case) == "itself"
    assert not OutboxMessage.objects.exists()


def test_a_call_within_a_week_brought_it(ana: User) -> None:
    case = opened()
    case_called(case=case, note="", by=Actor(user=ana), now=PAID - DAY)
    tried(case, pay(case.invoice), key=None, cause=AttemptCause.GATEWAY)
    assert recovered(case) == "person"


def test_money_that_comes_late_counts_and_somebody_is_told() -> None:
    case = opened()
    for day in (0, 21):
        case_work(case_id=case.pk, now=FAILED + day * DAY)
    PaymentAttempt.objects.filter(state="planned").update(state="declined")
    case_work(case_id=case.pk, now=FAILED + 22 * DAY)
    assert fresh(case).state == "lost"
    late = FAILED + 30 * DAY
    pay(case.invoice, at=late)
    case_touch(invoice_ids=[case.invoice_id], now=late)
    case_work(case_id=case.pk, now=late)
    found = fresh(case)
    assert (found.state, found.recovered, found.closed_at) == ("recovered", 100, late)
    assert steps(case)[-1] == "recovered:1"
    # The subscription is paused, and nobody takes that back by itself.
    titles = list(Task.objects.values_list("title", flat=True))
    assert titles == [
        f"Paid after all, the subscription has been stopped: {case.customer.name}"
    ]


def test_what_was_stopped_and_paid_is_recovered_and_what_was_credited_is_not() -> None:
    paid, credited = opened(), opened()
    for case in (paid, credited):
        case_stop(case=case, by=CONSOLE, now=FAILED + DAY)
    pay(paid.invoice)
    Invoice.objects.filter(pk=credited.invoice_id).update(total=0)
    for case in (paid, credited):
        case_touch(invoice_ids=[case.invoice_id], now=PAID)
        assert case_work(case_id=case.pk, now=PAID)
    assert (fresh(paid).state, fresh(credited).state) == ("recovered", "stopped")
    assert fresh(credited).next_at is None


def test_a_refund_of_ours_makes_it_less_and_opens_nothing() -> None:
    case = opened()
    payment = pay(case.invoice)
    recovered(case)
    back(payment, RefundKind.REFUND, 30)
    case_work(case_id=case.pk, now=PAID + DAY)
    assert (fresh(case).state, fresh(case).recovered) == ("recovered", 70)


def back(payment: Payment, kind: RefundKind, amount: int) -> None:
    refund_record(
        payment=payment,
        kind=kind,
        amount=Decimal(amount),
        happened_at=PAID + DAY / 2,
        by=CONSOLE,
        now=PAID + DAY,
    )


def test_a_chargeback_opens_it_for_a_person_and_charges_nothing(ana: User) -> None:
    customer = world.make_customer("Nord", owner=ana)
    case = opened(charged(customer))
    payment = pay(case.invoice)
    tried(case, payment)
    recovered(case)
    back(payment, RefundKind.CHARGEBACK, 100)
    at = PAID + 1.1 * DAY
    case_work(case_id=case.pk, now=at)
    found = fresh(case)
    assert (found.state, found.recovered, found.cause) == ("open", 0, "")
    assert found.waits_until == at + 7 * DAY
    task = Task.objects.get()
    assert (task.title, task.assignee) == ("The bank took €100.00 back: Nord", ana)
    for day in range(1, 20):
        case_work(case_id=case.pk, now=at + day * DAY)
    assert not PaymentAttempt.objects.filter(state="planned").exists()
    opened_again = DunningAction.objects.get(step="opened:1")
    assert opened_again.reason == "charged_back"


def test_a_payment_taken_out_again_opens_it() -> None:
    case = opened()
    payment = pay(case.invoice)
    recovered(case)
    at = PAID + DAY / 12
    document_take_out(row=payment, by=CONSOLE, now=at)
    case_work(case_id=case.pk, now=at)
    found = fresh(case)
    assert (found.state, found.recovered, found.waits_until) == ("open", 0, None)
    assert DunningAction.objects.get(step="opened:1").reason == "owed_again"
