"""The page of a subscription, and what one does there."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.models import Company, User
from billing.enums import PlanKind
from billing.models import Plan, PriceVersion, Subscription
from billing.selectors.subscriptions import course_of
from billing.services.subscriptions import (
    StartValues,
    subscription_cancel,
    subscription_change_quantity,
    subscription_discount,
    subscription_start,
)
from customers.models import Customer
from tests import world


@pytest.fixture
def today(company: Company) -> dt.date:
    del company
    return timezone.localdate()


@pytest.fixture
def team(today: dt.date) -> Plan:
    plan = Plan.objects.create(key="team", name="Team")
    for number, (months, amount) in enumerate(((1, 20), (12, 200)), start=1):
        PriceVersion.objects.create(
            plan=plan,
            number=number,
            amount=amount,
            currency="EUR",
            interval_months=months,
            valid_on=dt.date(2020, 1, 1),
        )
    return plan


@pytest.fixture
def by(ana: User) -> Actor:
    return Actor(user=ana)


@pytest.fixture
def customer(ana: User) -> Customer:
    return world.make_customer("Nordwind", owner=ana)


@pytest.fixture
def sub(customer: Customer, team: Plan, today: dt.date, by: Actor) -> Subscription:
    """Ten seats of Team for forty days."""
    on = today - dt.timedelta(days=40)
    values = StartValues(plan=team, currency="EUR", on=on, quantity=10, notice_days=30)
    return subscription_start(
        customer=customer, values=values, by=by, now=timezone.now()
    )


def url(sub: Subscription, action: str = "") -> str:
    return f"/subscriptions/{sub.pk}/" + (f"{action}/" if action else "")


def test_the_page_says_what_it_is_what_comes_and_what_was(
    sub: Subscription, today: dt.date, by: Actor, ana_client: Client
) -> None:
    subscription_discount(
        subscription=sub,
        discount=Decimal("0.5"),
        until=today + dt.timedelta(days=60),
        by=by,
        now=timezone.now(),
        note="After the outage",
    )
    response = ana_client.get(url(sub))
    content = response.context
    assert content["paid"] == "€100.00 a month"
    assert [(one.on, one.words, one.paid) for one in content["booked"]] == [
        (today + dt.timedelta(days=60), "no discount any more", "€200.00 a month")
    ]
    assert [line.words for line in content["log"]] == [
        "no discount any more",
        "a discount of 50%",
        "",
    ]
    assert content["notice"].startswith("Notice period of 30 days: to end on")
    text = response.content.decode()
    for words in ("After the outage", "Ana Popescu", "New", "Change the plan"):
        assert words in text
    # The customer's own page leads there.
    page = ana_client.get(f"/customers/{sub.customer_id}/").content.decode()
    assert url(sub) in page
    assert f"/customers/{sub.customer_id}/subscriptions/new/" in page


def test_somebody_elses_is_not_there(
    sub: Subscription, charlie_client: Client, viewer_client: Client
) -> None:
    assert charlie_client.get(url(sub)).status_code == 404
    assert charlie_client.post(url(sub, "cancel"), {"do": "take"}).status_code == 404
    seen = viewer_client.get(url(sub))
    assert seen.status_code == 200
    assert "Change it" not in seen.content.decode()
    assert viewer_client.post(url(sub, "cancel")).status_code == 403
    sub.refresh_from_db()
    assert sub.ended_on is None


def test_as_many_queries_for_three_changes_as_for_one(
    sub: Subscription,
    by: Actor,
    today: dt.date,
    ana_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ana_client.get(url(sub))
    with django_assert_num_queries(11):
        ana_client.get(url(sub))
    for days, seats in ((0, 11), (10, 12), (20, 13)):
        on = today + dt.timedelta(days=days)
        subscription_change_quantity(
            subscription=sub, quantity=seats, on=on, by=by, now=timezone.now()
        )
    with django_assert_num_queries(11):
        ana_client.get(url(sub))


def test_first_what_it_means_then_the_change(
    sub: Subscription, ana_client: Client, today: dt.date
) -> None:
    shown = ana_client.get(url(sub, "seats"))
    seen = shown.context["form"]["seen"].value()
    entered = {"quantity": "12", "on": "", "note": "More drivers", "seen": seen}
    looked = ana_client.post(url(sub, "seats"), entered)
    preview = looked.context["preview"]
    assert preview.headline.endswith(
        ": 12 seats instead of 10, €240.00 a month instead of €200.00 a month."
    )
    assert preview.year == (
        "In the twelve months from then on €2,880.00 instead of €2,400.00."
    )
    assert sub.changes.count() == 1
    done = ana_client.post(url(sub, "seats"), {**entered, "do": "take"}, follow=True)
    assert done.redirect_chain == [(url(sub), 302)]
    line = sub.changes.latest("id")
    assert (line.quantity, line.note, line.effective_on) == (12, "More drivers", today)
    # Who was slower reads again what it would mean.
    again = ana_client.post(
        url(sub, "seats"), {**entered, "quantity": "14", "do": "take"}
    )
    assert again.context["stale"]
    assert again.context["form"]["seen"].value() == str(line.pk)
    assert sub.changes.count() == 2


def test_what_is_amiss_is_said_in_the_form(
    sub: Subscription, ana_client: Client
) -> None:
    response = ana_client.post(url(sub, "discount"), {"discount": "101"})
    assert response.status_code == 422
    assert "discount" in response.context["form"].errors
    response = ana_client.post(
        url(sub, "discount"), {"discount": "10", "on": "2020-01-01"}
    )
    assert response.status_code == 422
    assert "Choose that day or a later one" in response.content.decode()
    assert ana_client.get(url(sub, "nonsense")).status_code == 404
    # Nothing to withdraw as it stands.
    assert ana_client.get(url(sub, "keep")).status_code == 302


def test_cancelled_told_and_withdrawn(
    sub: Subscription, customer: Customer, ana_client: Client
) -> None:
    looked = ana_client.post(url(sub, "cancel"), {})
    [warning] = looked.context["preview"].warnings
    assert warning.startswith("The notice period of 30 days is not kept")
    seen = looked.context["form"]["seen"].value()
    ana_client.post(url(sub, "cancel"), {"do": "take", "seen": seen})
    sub.refresh_from_db()
    assert sub.ended_on is not None
    page = ana_client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Subscription cancelled for" in page
    asked = ana_client.get(url(sub, "keep"))
    assert "it goes on" in asked.context["preview"].headline
    seen = asked.context["form"]["seen"].value()
    ana_client.post(url(sub, "keep"), {"do": "take", "seen": seen})
    sub.refresh_from_db()
    assert sub.ended_on is None
    page = ana_client.get(f"/customers/{customer.pk}/").content.decode()
    assert page.count("Cancellation withdrawn") == 1


def test_what_is_booked_is_taken_back(
    sub: Subscription, today: dt.date, by: Actor, ana_client: Client
) -> None:
    day = today + dt.timedelta(days=30)
    subscription_change_quantity(
        subscription=sub, quantity=12, on=day, by=by, now=timezone.now()
    )
    there = url(sub, "take-back")
    done = ana_client.post(there, {"day": day.isoformat()}, follow=True)
    assert done.context["booked"] == []
    again = ana_client.post(there, {"day": day.isoformat()}, follow=True)
    assert "Nothing is booked for that day any more" in again.content.decode()
    assert ana_client.post(there, {"day": "soon"}).status_code == 404


def test_it_runs_again_after_its_end(
    sub: Subscription, today: dt.date, by: Actor, ana_client: Client
) -> None:
    refused = ana_client.get(url(sub, "again"), follow=True)
    assert "It has not ended" in refused.content.decode()
    subscription_cancel(subscription=sub, on=today, by=by, now=timezone.now())
    asked = ana_client.get(url(sub, "again"))
    assert "Team, 10 seats, €200.00 a month" in asked.context["preview"].headline
    ana_client.post(url(sub, "again"))
    new = Subscription.objects.get(follows=sub)
    assert course_of(new).at(today).mrr == 200
    assert (
        "Another subscription has followed it"
        in ana_client.get(url(sub)).content.decode()
    )


@pytest.mark.parametrize(
    ("action", "entered"),
    [
        ("plan", {"plan": "scale"}),
        ("interval", {"interval_months": "12"}),
        ("price", {"price": "newer"}),
        ("while", {"quantity": "20", "until": "later"}),
        ("pause", {"until": "later"}),
    ],
)
def test_every_action_shows_what_it_means(
    action: str,
    entered: dict[str, str],
    sub: Subscription,
    team: Plan,
    today: dt.date,
    ana_client: Client,
) -> None:
    scale = Plan.objects.create(key="scale", name="Scale")
    newer = PriceVersion.objects.create(
        plan=team, number=3, amount=25, currency="EUR", valid_on=today
    )
    PriceVersion.objects.create(
        plan=scale, number=1, amount=50, currency="EUR", valid_on=today
    )
    real = {
        "scale": str(scale.pk),
        "newer": str(newer.pk),
        "later": (today + dt.timedelta(days=90)).isoformat(),
    }
    values = {name: real.get(value, value) for name, value in entered.items()}
    response = ana_client.post(url(sub, action), values)
    assert response.status_code == 200, response.context["form"].errors
    assert response.context["preview"].headline


def test_a_subscription_is_started(
    customer: Customer, team: Plan, today: dt.date, ana_client: Client
) -> None:
    there = f"/customers/{customer.pk}/subscriptions/new/"
    assert ana_client.get(there).status_code == 200
    add_on = Plan.objects.create(key="reports", name="Reports", kind=PlanKind.ADD_ON)
    entered = {
        "plan": str(team.pk),
        "currency": "EUR",
        "interval_months": "12",
        "quantity": "3",
        "on": today.isoformat(),
        "auto_renews": "on",
        "discount": "10",
    }
    looked = ana_client.post(there, entered)
    assert looked.context["preview"].year == "€540.00 in the first twelve months."
    assert not Subscription.objects.exists()
    refused = ana_client.post(there, {**entered, "plan": str(add_on.pk), "do": "take"})
    assert refused.status_code == 422
    assert "Say which subscription it belongs to" in refused.content.decode()
    done = ana_client.post(there, {**entered, "do": "take"})
    made = Subscription.objects.get()
    assert done["Location"] == url(made)
    assert course_of(made).at(today).mrr == Decimal("45.00")


def test_without_a_catalogue_it_says_where_to_begin(
    customer: Customer, today: dt.date, ana_client: Client
) -> None:
    response = ana_client.get(f"/customers/{customer.pk}/subscriptions/new/")
    assert "The catalogue is empty" in response.content.decode()
