"""A case is looked at: what is due is done once, and everything has its reason."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import CONSOLE
from billing.calculations.dunning.reasons import REASONS
from billing.enums import AttemptState, FinalAction
from billing.models import (
    DunningAction,
    DunningCase,
    DunningPolicy,
    DunningVersion,
    GatewayAccount,
    PaymentAttempt,
    PaymentMethod,
    Subscription,
)
from billing.services.credit_notes import credit_note_record
from billing.services.dunning.working import case_work, cases_work
from billing.services.payments import payment_record
from customers.models import Contact, Event, Task
from mail.models import OutboxMessage
from tests import world
from tests.billing.dunning_world import (
    DAY,
    FAILED,
    card,
    charged,
    fresh,
    opened,
    refused,
    steps,
)

pytestmark = pytest.mark.usefixtures("company")


def work(case: DunningCase, day: float) -> None:
    """This will look at a case so many days after the failure, and refuse what it tries."""
    at = FAILED + day * DAY
    assert case_work(case_id=case.pk, now=at), fresh(case).trouble
    for attempt in PaymentAttempt.objects.filter(state=AttemptState.PLANNED):
        refused(attempt.invoice, at=at)


def mails() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.order_by("id")
    return [(row.kind, ":".join(row.effect_key.split(":")[2:])) for row in rows]


def test_the_usual_policy_from_the_first_day_to_the_last(ana: object) -> None:
    customer = world.make_customer("Nord", owner=ana)  # type: ignore[arg-type]
    case = opened(charged(customer))
    for day in range(22):
        work(case, day)
        work(case, day)
    assert steps(case, skipped=False) == [
        "mail:0", "retry:1", "retry:3", "mail:3", "retry:5", "retry:7", "mail:7",
        "retry:10", "mail:12", "retry:14", "limit:14", "final:21", "lost",
    ]  # fmt: skip
    assert steps(case, skipped=True) == []
    assert mails() == [
        ("billing.payment_failed", "mail:0"),
        ("billing.payment_failed", "mail:3"),
        ("billing.payment_failed", "mail:7"),
        ("billing.payment_failed", "mail:12"),
        ("billing.access_limited", "limit:14"),
    ]
    found = fresh(case)
    assert (found.state, found.reason, found.recovered) == ("lost", "exhausted", 0)
    assert (found.next_at, found.limited_at) == (None, FAILED + 14 * DAY)
    sub = Subscription.objects.get()
    assert sub.changes.latest("id").state == "paused"
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "billing.payment_failed",
        "billing.access_limited",
        "billing.subscription_changed",
        "billing.payment_lost",
    ]
    # The gateway has yet to hear of the pause.
    final = DunningAction.objects.get(step="final:21")
    assert (final.waits, final.data["there"]) == (
        True,
        [{"id": sub.external_id, "account": sub.gateway_id}],
    )
    for row in DunningAction.objects.all():
        assert set(REASONS[row.reason]) <= row.data.keys()


def test_a_payment_closes_the_case_and_lifts_the_limit() -> None:
    case = opened()
    # On day 14 it is tried first, and what came of that is awaited.
    for day in (0, 1, 14, 14):
        work(case, day)
    assert fresh(case).limited_at == FAILED + 14 * DAY
    paid_at = FAILED + 15 * DAY
    payment_record(
        invoice=case.invoice,
        state="succeeded",  # type: ignore[arg-type]
        amount=Decimal(100),
        happened_at=paid_at,
        by=CONSOLE,
        now=paid_at,
    )
    work(case, 15.1)
    found = fresh(case)
    told = (found.state, found.reason, found.recovered, found.cause, found.limited_at)
    assert told == ("recovered", "paid", 100, "person", None)
    assert steps(case)[-1] == "recovered"
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["billing.access_restored", "billing.payment_recovered"]
    assert mails()[-1] == ("billing.payment_recovered", "")
    before = DunningAction.objects.count()
    work(case, 30)
    assert DunningAction.objects.count() == before


def test_a_part_paid_before_is_not_recovered() -> None:
    invoice = charged()
    payment_record(
        invoice=invoice,
        state="succeeded",  # type: ignore[arg-type]
        amount=Decimal(40),
        happened_at=FAILED - DAY,
        by=CONSOLE,
        now=FAILED - DAY,
    )
    case = opened(invoice)
    assert fresh(case).failed == 60
    payment_record(
        invoice=invoice,
        state="succeeded",  # type: ignore[arg-type]
        amount=Decimal(75),
        happened_at=FAILED + DAY,
        by=CONSOLE,
        now=FAILED + DAY,
    )
    work(case, 2)
    # Fifteen too much are not recovered either.
    assert (fresh(case).state, fresh(case).recovered) == ("recovered", 60)


@pytest.mark.parametrize(("part", "state"), [(100, "stopped"), (40, "open")])
def test_what_is_credited_is_not_collected(part: int, state: str) -> None:
    case = opened()
    credit_note_record(
        invoice=case.invoice,
        amount=Decimal(part),
        issued_on=FAILED.date(),
        by=CONSOLE,
        now=FAILED + DAY,
    )
    work(case, 1.5)
    found = fresh(case)
    assert (found.state, found.recovered) == (state, 0)
    assert found.reason == ("void" if state == "stopped" else "")


def test_the_rest_credited_after_a_part_was_paid_is_no_recovery() -> None:
    invoice = charged()
    payment_record(
        invoice=invoice,
        state="succeeded",  # type: ignore[arg-type]
        amount=Decimal(40),
        happened_at=FAILED - DAY,
        by=CONSOLE,
        now=FAILED - DAY,
    )
    case = opened(invoice)
    credit_note_record(
        invoice=invoice,
        amount=Decimal(60),
        issued_on=FAILED.date(),
        by=CONSOLE,
        now=FAILED + DAY,
    )
    work(case, 2)
    assert (fresh(case).state, fresh(case).reason) == ("stopped", "void")


def test_a_hard_decline_waits_for_another_card_and_tries_it_at_once() -> None:
    case = opened()
    refused(case.invoice, at=FAILED, code="stolen_card", group="hard")
    work(case, 1)
    skip = DunningAction.objects.get(step="retry:1")
    assert (skip.skipped, skip.reason, skip.data) == (
        True,
        "hard_decline",
        {"code": "stolen_card"},
    )
    old = case.invoice.customer
    PaymentMethod.objects.update(is_default=False, removed_at=FAILED + DAY)
    new = card(old, case.invoice.gateway, since=FAILED + 1.1 * DAY)
    assert case_work(case_id=case.pk, now=FAILED + 1.2 * DAY)
    attempt = PaymentAttempt.objects.get(state=AttemptState.PLANNED)
    assert (attempt.cause, attempt.method, attempt.amount) == (
        "method_changed",
        new,
        100,
    )


def test_one_left_alone_is_looked_at_and_left() -> None:
    case = opened()
    DunningCase.objects.update(held_out=True)
    for day in range(22):
        work(case, day)
    assert not OutboxMessage.objects.exists()
    assert PaymentAttempt.objects.count() == 1
    found = fresh(case)
    assert (found.state, found.limited_at) == ("lost", None)
    final = DunningAction.objects.get(kind="final")
    assert (final.reason, final.waits) == ("final_held_out", False)
    # A person takes it from there.
    assert Task.objects.get().type == "failed_payment"
    assert Subscription.objects.get().changes.latest("id").state == "active"


@pytest.mark.parametrize("how", ["policy", "account"])
def test_who_does_not_collect_looks_on(how: str) -> None:
    case = opened()
    if how == "policy":
        DunningPolicy.objects.update(is_on=False)
    else:
        GatewayAccount.objects.update(collects=False)
    for day in range(15):
        work(case, day)
    assert (OutboxMessage.objects.count(), PaymentAttempt.objects.count()) == (0, 1)
    assert fresh(case).limited_at is None
    assert {row.reason for row in DunningAction.objects.all()} == {"looked_on"}


def test_without_an_address_the_csm_is_told_once() -> None:
    case = opened()
    Contact.objects.update(email="")
    for day in (0, 3, 7):
        work(case, day)
    assert not OutboxMessage.objects.exists()
    assert Task.objects.count() == 1
    assert DunningAction.objects.get(step="task:nobody_to_write_to").skipped is False


def test_a_large_amount_is_a_task_at_once_in_the_owners_language() -> None:
    ana = world.make_user("ana2@example.org", language="de")
    case = opened(charged(world.make_customer("Nord", owner=ana), total="5000"))
    DunningVersion.objects.update(task_from=1000)
    work(case, 0)
    task = Task.objects.get()
    assert (task.assignee, task.reason, task.due_on) == (
        ana,
        f"case:{case.pk}",
        dt.date(2026, 7, 1),
    )
    assert "Nord" in task.title
    # It loses its point when the money is there.
    payment_record(
        invoice=case.invoice,
        state="succeeded",  # type: ignore[arg-type]
        amount=Decimal(5000),
        happened_at=FAILED + DAY,
        by=CONSOLE,
        now=FAILED + DAY,
    )
    work(case, 1.1)
    assert Task.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("action", "kind"), [(FinalAction.CANCEL, "end"), (FinalAction.KEEP, "start")]
)
def test_the_other_final_actions(action: FinalAction, kind: str) -> None:
    case = opened()
    DunningVersion.objects.update(final_action=action)
    for day in (0, 14, 21):
        work(case, day)
    sub = Subscription.objects.get()
    assert sub.changes.latest("id").kind == kind
    found = DunningAction.objects.get(step="final:21")
    assert (found.reason, found.waits) == (f"final_{action}", kind == "end")
    assert Task.objects.exists() is (action == FinalAction.KEEP)
    assert fresh(case).state == "lost"


def test_a_case_that_cannot_be_read_stops_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, good = opened(), opened()
    broken = DunningVersion.objects.get(pk=bad.version_id)
    copy = DunningVersion.objects.create(
        policy=broken.policy, number=9, created_at=FAILED
    )
    DunningCase.objects.filter(pk=bad.pk).update(version=copy)
    copy.steps.create(kind="strange", day=0)
    ids = [bad.pk, good.pk]
    assert cases_work(case_ids=ids, now=FAILED) == 1
    assert fresh(good).trouble == ""
    found = fresh(bad)
    assert (found.tries, found.next_at) == (1, FAILED + dt.timedelta(minutes=2))
    assert found.trouble
    assert "could not be looked at" in caplog.text
    assert cases_work(case_ids=ids, now=FAILED + dt.timedelta(minutes=2)) == 0
    assert fresh(bad).next_at == FAILED + dt.timedelta(minutes=6)
    # Mended, it goes on as if nothing had been.
    copy.steps.all().delete()
    assert cases_work(case_ids=ids, now=FAILED + dt.timedelta(minutes=6)) == 1
    assert (fresh(bad).tries, fresh(bad).trouble) == (0, "")


def test_looking_at_a_case_costs_what_it_costs_whoever_else_there_is() -> None:
    first = opened()
    work(first, 0)
    others = [opened() for _number in range(3)]
    for case in others:
        work(case, 0)
    with CaptureQueriesContext(connection) as quiet:
        case_work(case_id=first.pk, now=FAILED + DAY / 4)
    assert len(quiet) <= 30
