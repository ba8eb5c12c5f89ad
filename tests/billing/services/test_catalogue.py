"""Plans, prices in versions, bundles, and moving everybody."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from billing.enums import PlanKind
from billing.models import Movement, Plan, PriceMove, PriceVersion, Subscription
from billing.selectors.catalogue import (
    MovePreview,
    move_preview,
    on_versions,
    plan_lines,
    price_on,
)
from billing.selectors.subscriptions import course_of
from billing.services.catalogue import (
    PlanValues,
    UnableToAddPlan,
    UnableToSetPrice,
    plan_add,
    plan_rename,
    plan_retire,
    plan_sell_again,
    price_add,
)
from billing.services.subscriptions import (
    StartValues,
    UnableToChangeSubscription,
    subscription_cancel,
    subscription_discount,
    subscription_start,
)
from billing.services.subscriptions.price_moves import (
    price_move_ask,
    price_move_slice,
    price_move_work,
)
from billing.services.subscriptions.ticking import subscriptions_tick
from customers.models import Event
from tests import world

NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture
def by(company: Company, admin: User) -> Actor:
    return Actor(user=admin)


def added(by: Actor, name: str, kind: str = PlanKind.BASE, **values: object) -> Plan:
    return plan_add(values=PlanValues(name, kind, **values), by=by, now=NOW)  # type: ignore[arg-type]


def priced(
    by: Actor,
    plan: Plan,
    amount: str,
    *,
    on: dt.date = TODAY,
    months: int | None = 1,
    currency: str = "EUR",
) -> PriceVersion:
    return price_add(
        plan=plan,
        amount=Decimal(amount),
        currency=currency,
        interval_months=months,
        valid_on=on,
        today=TODAY,
        by=by,
        now=NOW,
    )


def test_a_plan_gets_a_key_and_a_product_of_its_own(by: Actor) -> None:
    first = added(by, "Team", product="Fleet")
    second = added(by, "Team", product="fleet")
    assert (first.key, second.key) == ("team", "team-2")
    assert first.product == second.product
    plan_rename(plan=first, name="Crew", by=by, now=NOW)
    first.refresh_from_db()
    assert (first.key, first.name) == ("team", "Crew")
    told = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(told) == [
        "billing.plan_added",
        "billing.plan_added",
        "billing.plan_renamed",
    ]
    for name in ("", "  "):
        with pytest.raises(UnableToAddPlan, match="name"):
            plan_rename(plan=first, name=name, by=by, now=NOW)
        with pytest.raises(UnableToAddPlan, match="name"):
            added(by, name)


def test_a_retired_plan_is_sold_again(by: Actor) -> None:
    plan = added(by, "Team")
    assert plan_retire(plan=plan, on=TODAY, by=by, now=NOW).retired_on == TODAY
    assert plan_sell_again(plan=plan, by=by, now=NOW).retired_on is None


def test_the_newest_valid_price_counts(by: Actor) -> None:
    plan = added(by, "Team")
    old = priced(by, plan, "20", on=dt.date(2020, 1, 1))
    new = priced(by, plan, "25", on=dt.date(2026, 9, 1))
    assert (old.number, new.number) == (1, 2)
    found = [
        price_on(plan_id=plan.pk, currency="EUR", interval_months=1, day=day)
        for day in (dt.date(2019, 1, 1), TODAY, dt.date(2026, 9, 1))
    ]
    assert found == [None, old, new]


def test_prices_that_make_no_sense(by: Actor) -> None:
    plan, once = added(by, "Team"), added(by, "Setup", PlanKind.ONE_OFF)
    priced(by, plan, "20")
    priced(by, once, "500", months=None)
    with pytest.raises(UnableToSetPrice, match="already"):
        priced(by, plan, "20")
    with pytest.raises(UnableToSetPrice, match="from today at the earliest"):
        priced(by, plan, "21", on=TODAY - dt.timedelta(days=1))
    with pytest.raises(UnableToSetPrice, match="negative"):
        priced(by, plan, "-1")
    with pytest.raises(UnableToSetPrice, match="no exchange rate for USD"):
        priced(by, plan, "21", currency="USD")
    with pytest.raises(UnableToSetPrice, match="no interval"):
        priced(by, once, "21")
    with pytest.raises(UnableToSetPrice, match="no interval"):
        priced(by, plan, "21", months=None)


def test_a_bundle_is_cheaper_than_its_parts(by: Actor) -> None:
    team, reports = added(by, "Team"), added(by, "Reports", PlanKind.ADD_ON)
    suite = added(by, "Suite", PlanKind.BUNDLE, parts={team.pk: 2, reports.pk: 1})
    priced(by, team, "10")
    with pytest.raises(
        UnableToSetPrice, match="Reports, a part of Suite, has no price"
    ):
        priced(by, suite, "20")
    priced(by, reports, "9")
    with pytest.raises(
        UnableToSetPrice,
        match=r"would cost €29\.00 a month, and its parts bought alone €29\.00\. "
        r"It must be cheaper: €28\.99 at most",
    ):
        priced(by, suite, "29")
    priced(by, suite, "28.99")
    with pytest.raises(UnableToSetPrice, match=r"On 1 January 2027 Suite would cost"):
        priced(by, team, "9.99", on=dt.date(2027, 1, 1))
    priced(by, team, "10.01", on=dt.date(2027, 1, 1))
    # In another interval it has no price, so its parts may cost anything there.
    priced(by, team, "1", months=12)
    assert PriceVersion.objects.filter(plan=suite).count() == 1


def test_nothing_is_cheaper_than_what_is_free(by: Actor) -> None:
    team, more = added(by, "Team"), added(by, "More")
    suite = added(by, "Suite", PlanKind.BUNDLE, parts={team.pk: 1, more.pk: 1})
    priced(by, team, "0")
    priced(by, more, "0")
    with pytest.raises(UnableToSetPrice, match="nothing is cheaper"):
        priced(by, suite, "0")


def test_what_bundles_are_made_of(by: Actor) -> None:
    team = added(by, "Team")
    once = added(by, "Setup", PlanKind.ONE_OFF)
    with pytest.raises(UnableToAddPlan, match="two parts"):
        added(by, "Suite", PlanKind.BUNDLE, parts={team.pk: 1})
    with pytest.raises(UnableToAddPlan, match="bought alone"):
        added(by, "Suite", PlanKind.BUNDLE, parts={team.pk: 1, once.pk: 1})
    with pytest.raises(UnableToAddPlan, match="Only bundles"):
        added(by, "Other", parts={team.pk: 2})


@pytest.fixture
def sold(by: Actor, ana: User, charlie: User) -> tuple[PriceVersion, PriceVersion]:
    """Three subscriptions of two customers at 20.00, and a new price of 25.00."""
    plan = added(by, "Team")
    old = priced(by, plan, "20", on=dt.date(2020, 1, 1))
    for owner, seats in ((ana, 2), (ana, 3), (charlie, 10)):
        customer = world.make_customer(owner=owner)
        values = StartValues(
            plan=plan, currency="EUR", on=dt.date(2026, 1, 31), quantity=seats
        )
        subscription_start(customer=customer, values=values, by=by, now=NOW)
    return old, priced(by, plan, "25")


def test_everybody_is_moved_at_the_own_next_renewal(
    sold: tuple[PriceVersion, PriceVersion], by: Actor, ana: User, admin: User
) -> None:
    old, new = sold
    one, two, three = Subscription.objects.order_by("id")
    subscription_discount(subscription=one, discount=Decimal("0.5"), by=by, now=NOW)
    subscription_cancel(subscription=two, on=dt.date(2026, 7, 15), by=by, now=NOW)
    assert move_preview(source=old, target=new, today=TODAY) == MovePreview(
        3, 3, Decimal(280), Decimal(350)
    )
    counted = [
        [
            (on.price_id, on.customers, on.mrr)
            for on in on_versions(plan=old.plan, user=user, today=TODAY)
        ]
        for user in (ana, admin)
    ]
    assert counted == [[(old.pk, 2, 80)], [(old.pk, 3, 280)]]
    move = price_move_ask(source=old, target=new, on=None, by=by, now=NOW)
    assert price_move_work(move_id=move.pk, now=NOW)
    move.refresh_from_db()
    assert (move.waiting, move.moved, move.skipped) == (3, 2, 1)
    assert move.finished_at == NOW
    assert [
        course_of(sub).at(dt.date(2026, 7, 31)).mrr for sub in (one, two, three)
    ] == [
        25,
        0,
        250,
    ]
    assert Event.objects.filter(data__action="price_moved").count() == 2
    # Done twice it changes nothing.
    assert price_move_work(move_id=move.pk, now=NOW)
    assert three.changes.count() == 2
    assert Movement.objects.filter(day__gt=TODAY).count() == 0


def test_a_move_goes_on_where_it_stopped(
    sold: tuple[PriceVersion, PriceVersion], by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = sold
    monkeypatch.setattr("billing.services.subscriptions.price_moves.SLICE", 2)
    move = price_move_ask(source=old, target=new, on=TODAY, by=by, now=NOW)
    assert not price_move_slice(move_id=move.pk, now=NOW)
    move.refresh_from_db()
    assert (move.moved, move.finished_at) == (2, None)
    with pytest.raises(UnableToChangeSubscription, match="being moved already"):
        price_move_ask(source=old, target=new, on=None, by=by, now=NOW)
    subscriptions_tick(now=NOW)
    assert price_move_slice(move_id=move.pk, now=NOW)
    assert Subscription.objects.filter(price=new).count() == 3
    assert PriceMove.objects.get().moved == 3


def test_moves_that_make_no_sense(
    sold: tuple[PriceVersion, PriceVersion], by: Actor
) -> None:
    old, new = sold
    yearly = priced(by, old.plan, "200", months=12)
    later = priced(by, old.plan, "30", on=dt.date(2027, 1, 1))
    for target, on, words in (
        (yearly, None, "another plan, interval"),
        (old, None, "another version"),
        (new, TODAY - dt.timedelta(days=1), "a day to come"),
        (later, dt.date(2026, 12, 31), "a day to come"),
    ):
        with pytest.raises(UnableToChangeSubscription, match=words):
            price_move_ask(source=old, target=target, on=on, by=by, now=NOW)


def test_the_catalogue_counts_as_far_as_one_sees(
    sold: tuple[PriceVersion, PriceVersion], ana: User, admin: User
) -> None:
    found = [
        [
            (line.plan.name, line.amounts, line.customers)
            for line in plan_lines(user=user, today=TODAY)
        ]
        for user in (ana, admin)
    ]
    assert found == [
        [("Team", ["€25.00 a month"], 2)],
        [("Team", ["€25.00 a month"], 3)],
    ]
