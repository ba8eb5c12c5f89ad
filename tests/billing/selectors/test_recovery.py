"""What failed and what became of it, counted in the database."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import ExchangeRate, User
from billing.calculations.dunning.recovery import Amounts
from billing.enums import CaseState, Collection
from billing.models import DunningAction, DunningCase, DunningPolicy, DunningVersion
from billing.selectors.dunning.recovery import (
    Arms,
    arms_of,
    by_code,
    by_cohort,
    cases_begun,
    customers_lost,
    durations,
    groups_of,
    rated,
    whole_of,
)
from tests import world
from tests.billing.recovered_world import attempt, failed
from tests.world import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

OPEN, LOST = CaseState.OPEN, CaseState.LOST
RECOVERED, STOPPED = CaseState.RECOVERED, CaseState.STOPPED


def test_the_whole(ana: User) -> None:
    acme = world.make_customer(owner=ana)
    failed(acme, amount="100", state=RECOVERED)
    failed(acme, amount="50", state=OPEN, recovered="10")
    failed(acme, amount="30", state=LOST)
    failed(acme, amount="70", state=STOPPED)
    found = whole_of(rated(cases_begun(ana, None, TODAY), own="EUR"))
    assert (found.cases, found.counted) == (4, 3)
    assert (found.open, found.recovered, found.lost, found.stopped) == (1, 1, 1, 1)
    assert (found.failed, found.back) == (Decimal("180.00"), Decimal("110.00"))
    assert (found.open_amount, found.lost_amount) == (
        Decimal("50.00"),
        Decimal("30.00"),
    )
    assert found.amounts == Amounts(3, 180, 110, 13400, 10100, 10500)


def test_amounts_by_the_rate_of_the_day_and_none_without_one(ana: User) -> None:
    for days, rate in ((60, "0.5"), (30, "0.8")):
        ExchangeRate.objects.create(
            currency="USD", valid_on=world.days_ago(days), rate=rate
        )
    acme = world.make_customer(owner=ana)
    failed(acme, days=40, currency="USD", state=RECOVERED)
    failed(acme, days=20, currency="USD")
    failed(acme, days=70, currency="USD")
    failed(acme, days=40, currency="CHF", state=RECOVERED)
    failed(acme, days=40, currency="CHF", state=STOPPED)
    found = whole_of(rated(cases_begun(ana, None, TODAY), own="EUR"))
    assert (found.failed, found.back) == (Decimal("130.00"), Decimal("50.00"))
    assert (found.counted, found.unrated, found.amounts.cases) == (4, 2, 2)


def test_nothing_failed(ana: User) -> None:
    found = whole_of(rated(cases_begun(ana, None, TODAY), own="EUR"))
    assert (found.cases, found.failed, found.amounts.cases) == (0, Decimal("0.00"), 0)


def test_only_what_began_in_the_time_and_only_what_one_sees(
    ana: User, charlie: User, mara: User
) -> None:
    theirs = failed(world.make_customer(owner=charlie), days=3)
    old = failed(world.make_customer(owner=ana), days=200)
    new = failed(world.make_customer(owner=ana), days=3)
    first = world.days_ago(10)
    assert list(cases_begun(ana, first, TODAY)) == [new]
    assert set(cases_begun(ana, None, TODAY)) == {old, new}
    assert set(cases_begun(ana, None, world.days_ago(4))) == {old}
    assert set(cases_begun(mara, first, TODAY)) == {new, theirs}


def test_by_cohort_cause_and_reason(ana: User) -> None:
    acme = world.make_customer(owner=ana)
    failed(acme, days=40, state=RECOVERED, cause="mail")  # in May
    failed(acme, days=10, state=RECOVERED, cause="retry", code="stolen_card")
    case = failed(acme, days=9)
    # The last refusal counts, and not what was paid in the end.
    attempt(case, code="expired_card")
    attempt(case, code="", state="succeeded")
    failed(acme, days=8, code="")
    rows = rated(cases_begun(ana, None, TODAY), own="EUR")
    assert [(one.key, one.cases) for one in by_cohort(rows)] == [
        (dt.date(2026, 5, 1), 1),
        (dt.date(2026, 6, 1), 3),
    ]
    assert [(one.key, one.recovered) for one in groups_of(rows, "cause")] == [
        ("", 0),
        ("mail", 1),
        ("retry", 1),
    ]
    assert [(one.key, one.cases) for one in by_code(rows)] == [
        ("expired_card", 1),
        ("insufficient_funds", 1),
        ("stolen_card", 1),
        (None, 1),
    ]


def test_how_long_it_took(ana: User) -> None:
    """Given up or open they are waited for until now, stopped ones until then."""
    acme = world.make_customer(owner=ana)
    failed(acme, days=40, state=RECOVERED, after=2.5)
    failed(acme, days=40, state=RECOVERED, after=2)
    failed(acme, days=40, state=STOPPED, after=7)
    failed(acme, days=40, state=LOST, after=21)
    failed(acme, days=3.2)
    # The gateway's clock is ahead of ours.
    failed(acme, days=1, state=RECOVERED, after=-0.001)
    paid, waiting = durations(cases_begun(ana, None, TODAY), NOW)
    assert {day: n for day, n in paid.items() if n} == {0: 1, 2: 2}
    assert {day: n for day, n in waiting.items() if n} == {3: 1, 7: 1, 40: 1}


def test_the_arms_of_a_comparison(ana: User) -> None:
    policy = DunningPolicy.objects.create(
        name="Compared", collection=Collection.CHARGE, from_amount=1
    )
    version = DunningVersion.objects.create(
        policy=policy, number=1, created_at=NOW, hold_out=Decimal("0.2")
    )
    acme = world.make_customer(owner=ana)
    failed(acme, state=RECOVERED, version=version)
    failed(acme, state=LOST, version=version)
    failed(acme, state=OPEN, version=version)
    failed(acme, state=RECOVERED, version=version, held_out=True)
    failed(acme, state=OPEN, version=version, held_out=True)
    # Stopped, too young, of a policy that leaves none alone: in neither.
    failed(acme, state=STOPPED, version=version)
    failed(acme, days=29, state=RECOVERED, version=version, held_out=True)
    failed(acme, state=RECOVERED)
    assert arms_of(cases_begun(ana, None, TODAY), today=TODAY) == Arms(3, 1, 2, 1)


def given_up(case: DunningCase, reason: str, **data: bool) -> None:
    DunningAction.objects.create(
        case=case,
        customer_id=case.customer_id,
        kind="final",
        step="final:21",
        due_at=NOW,
        done_at=NOW,
        reason=reason,
        data=data,
    )


def test_customers_lost(ana: User) -> None:
    gone, kept, dropped, back = (world.make_customer(owner=ana) for _one in range(4))
    given_up(failed(gone, state=LOST), "final_pause")
    given_up(failed(gone, state=LOST), "final_cancel")
    given_up(failed(kept, state=LOST), "final_keep")
    given_up(failed(dropped, state=LOST), "final_pause", dropped=True)
    given_up(failed(back, state=RECOVERED), "final_pause")
    failed(world.make_customer(owner=ana), state=LOST, reason="ended_unpaid")
    failed(world.make_customer(owner=ana), state=LOST, reason="exhausted")
    assert customers_lost(cases_begun(ana, None, TODAY)) == 2
