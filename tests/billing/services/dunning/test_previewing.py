"""What a policy would do to today's invoices, without doing any of it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import CONSOLE
from billing.calculations.dunning.situation import Step
from billing.enums import Collection
from billing.models import (
    DunningAction,
    DunningCase,
    DunningPolicy,
    Invoice,
    PaymentAttempt,
)
from billing.services.dunning import previewing
from billing.services.dunning.policies import (
    PolicyValues,
    policies_ensure,
    policy_preview,
    policy_save,
    usual_steps,
    values_of,
)
from billing.services.dunning.previewing import PolicyPreview
from billing.services.dunning.working import case_work
from mail.models import OutboxMessage
from tests import world
from tests.billing.dunning_world import FAILED, charged, opened, refused
from tests.world import NOW, TODAY, make_customer

pytestmark = pytest.mark.usefixtures("company")
CARDS = PolicyValues(
    name="Cards", collection=Collection.CHARGE, steps=usual_steps(Collection.CHARGE)
)
TRANSFERS = PolicyValues(
    name="Transfers",
    collection=Collection.TRANSFER,
    steps=usual_steps(Collection.TRANSFER),
)


def preview(draft: PolicyValues, **more: object) -> PolicyPreview:
    return policy_preview(draft=draft, today=TODAY, now=NOW, **more)  # type: ignore[arg-type]


def overdue(days: int, total: str = "100") -> Invoice:
    customer = make_customer()
    world.person(customer, email=f"a{customer.pk}@example.org")
    return world.invoice(
        customer, days=days + 10, due_in=10, paid_after=None, total=total
    )


def test_a_preview_is_what_then_happens() -> None:
    """The case is really worked on day by day, with every try refused."""
    case = opened()
    case_work(case_id=case.pk, now=FAILED)
    policies_ensure(NOW)
    found = preview(values_of(DunningPolicy.objects.get(collection="charge")))
    for hour in range(24 * 30):
        at = NOW + dt.timedelta(hours=hour)
        if not DunningCase.objects.filter(next_at__lte=at).exists():
            continue
        case_work(case_id=case.pk, now=at)
        for attempt in PaymentAttempt.objects.filter(state="planned"):
            refused(attempt.invoice, at=at)
            DunningCase.objects.update(next_at=at)
            case_work(case_id=case.pk, now=at)
    really = DunningAction.objects.exclude(step="mail:0").order_by("id")
    expected = [
        (row.kind, row.done_at.date(), row.reason, row.skipped) for row in really
    ]
    [biggest] = found.biggest
    told = [(one.kind, one.at.date(), one.reason, one.skipped) for one in biggest.steps]
    assert sorted(told) == sorted(expected)
    assert len(told) > 10


def test_transfers_of_today_by_kind_and_by_day() -> None:
    small, large = overdue(1), overdue(4, total="900")
    overdue(0, total="50")
    overdue(31)
    found = preview(TRANSFERS)
    # What is due today is not late yet, and begins tomorrow.
    assert (found.invoices, found.owing, found.cut) == (3, 1050, False)
    assert found.kinds == {"letter": 12, "final": 3, "task": 3}
    assert sum(day.total for day in found.days) == 18
    assert found.days[0].counts == {"letter": 2}
    assert [one.invoice for one in found.biggest][:2] == [large, small]
    assert len(found.days) == 31
    assert found.days[0].day == TODAY
    assert not DunningCase.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_only_those_count_that_would_fall_to_it() -> None:
    policies_ensure(NOW)
    small = make_customer(segment="small")
    opened(charged(total="5000"))
    opened(charged(small, total="5000"))
    opened(charged(total="50"))
    large = replace(CARDS, name="Large", from_amount=Decimal(1000), position=5)
    assert preview(large).invoices == 2
    theirs = replace(CARDS, name="Small", segment=small.segment, position=1)
    saved = policy_save(policy=None, values=theirs, by=CONSOLE, now=NOW)
    assert preview(large).invoices == 1
    # In its own place it is not before itself.
    assert preview(theirs, policy=saved).invoices == 1
    assert preview(CARDS).invoices == 2
    assert preview(replace(large, position=0)).invoices == 2


def test_cases_of_a_gateway_that_collects_are_only_looked_on() -> None:
    case = opened()
    type(case.invoice.gateway).objects.update(collects=False)  # type: ignore[union-attr]
    found = preview(CARDS)
    assert "retry" not in found.kinds
    assert "looked_on" in found.skipped


def test_there_is_a_limit_and_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "MOST", 2)
    for days in (1, 2, 3):
        overdue(days)
    found = preview(TRANSFERS)
    assert (found.invoices, found.cut) == (2, True)


def test_like_ones_are_reckoned_once_and_read_together() -> None:
    counts = []
    for number in (1, 2):
        for _more in range(number):
            overdue(2)
        with CaptureQueriesContext(connection) as asked:
            preview(TRANSFERS)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 34
    steps = [one.steps for one in preview(TRANSFERS).biggest]
    assert steps[0] is steps[1]


def test_a_policy_without_steps_does_little() -> None:
    overdue(2)
    found = preview(replace(TRANSFERS, steps=[Step("letter", 5)]))
    assert found.kinds["letter"] == 1
