"""The catalogue: everybody reads, administrators and managers change."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.models import Company, User
from billing.enums import PlanKind
from billing.models import BundlePart, Plan, PriceMove, PriceVersion, Subscription
from billing.services.subscriptions import StartValues, subscription_start
from tests import world

LONG_AGO = dt.date(2020, 1, 1)


def make_plan(name: str, amount: int, kind: str = PlanKind.BASE) -> Plan:
    plan = Plan.objects.create(key=name.lower(), name=name, kind=kind)
    PriceVersion.objects.create(
        plan=plan, number=1, amount=amount, currency="EUR", valid_on=LONG_AGO
    )
    return plan


@pytest.fixture
def team(company: Company) -> Plan:
    del company
    return make_plan("Team", 20)


def test_the_catalogue_lists_what_is_sold_and_what_was(
    team: Plan, ana_client: Client, admin_client: Client
) -> None:
    old = make_plan("Basic", 9)
    Plan.objects.filter(pk=old.pk).update(retired_on=LONG_AGO)
    response = ana_client.get("/catalogue/")
    names = [
        [line.plan.name for line in response.context[part]]
        for part in ("sold", "retired")
    ]
    assert names == [["Team"], ["Basic"]]
    assert "/catalogue/plans/new/" not in response.content.decode()
    assert "/catalogue/plans/new/" in admin_client.get("/catalogue/").content.decode()


def test_an_empty_catalogue_says_so(company: Company, ana_client: Client) -> None:
    del company
    assert "Nothing is sold yet" in ana_client.get("/catalogue/").content.decode()


def test_as_many_queries_for_three_plans_as_for_one(
    team: Plan,
    ana_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ana_client.get("/catalogue/")
    with django_assert_num_queries(8):
        ana_client.get("/catalogue/")
    make_plan("Scale", 50)
    suite = make_plan("Suite", 60, PlanKind.BUNDLE)
    BundlePart.objects.create(bundle=suite, part=team, quantity=4)
    with django_assert_num_queries(8):
        ana_client.get("/catalogue/")


def test_who_only_reads_changes_nothing(team: Plan, ana_client: Client) -> None:
    for path in ("plans/new/", f"plans/{team.pk}/price/", "prices/1/move/"):
        assert ana_client.post(f"/catalogue/{path}", {"name": "X"}).status_code == 403
    for path in ("name", "retire", "sell-again"):
        there = f"/catalogue/plans/{team.pk}/{path}/"
        assert ana_client.post(there, {"name": "X"}).status_code == 403
    team.refresh_from_db()
    assert (team.name, team.retired_on) == ("Team", None)


def test_a_plan_is_added_with_its_price(team: Plan, admin_client: Client) -> None:
    more = make_plan("More", 10, PlanKind.ADD_ON)
    response = admin_client.post(
        "/catalogue/plans/new/",
        {
            "name": "Suite",
            "kind": "bundle",
            "product": "Fleet",
            "part_1": team.pk,
            "quantity_1": 2,
            "part_2": more.pk,
        },
    )
    suite = Plan.objects.get(name="Suite")
    there = f"/catalogue/plans/{suite.pk}/price/"
    assert response["Location"] == there
    parts = suite.parts.order_by("id").values_list("part__name", "quantity")
    assert list(parts) == [("Team", 2), ("More", 1)]
    today = timezone.localdate().isoformat()
    entered = {"currency": "EUR", "interval_months": "1", "valid_on": today}
    refused = admin_client.post(there, {**entered, "amount": "50"})
    assert refused.status_code == 422
    assert "€49.99 at most" in refused.content.decode()
    admin_client.post(there, {**entered, "amount": "45"})
    page = admin_client.get(f"/catalogue/plans/{suite.pk}/")
    [line] = page.context["versions"]
    assert (line.amount, line.state) == ("€45.00 a month", "sold now")
    nothing = admin_client.post("/catalogue/plans/new/", {"name": "", "kind": "base"})
    assert nothing.status_code == 422


def test_a_plan_is_renamed_retired_and_sold_again(
    team: Plan, admin_client: Client
) -> None:
    there = f"/catalogue/plans/{team.pk}/"
    admin_client.post(f"{there}name/", {"name": "Crew"})
    assert admin_client.post(f"{there}name/", {"name": ""}).status_code == 422
    done = admin_client.post(f"{there}retire/", follow=True)
    assert "Undo" in done.content.decode()
    team.refresh_from_db()
    assert (team.name, team.retired_on) == ("Crew", timezone.localdate())
    admin_client.post(f"{there}sell-again/")
    team.refresh_from_db()
    assert team.retired_on is None


def test_everybody_on_a_price_is_moved_after_a_look(
    team: Plan, ana: User, admin_client: Client
) -> None:
    today, now = timezone.localdate(), timezone.now()
    old = team.prices.get()
    new = PriceVersion.objects.create(
        plan=team, number=2, amount=25, currency="EUR", valid_on=today
    )
    values = StartValues(plan=team, currency="EUR", on=today, quantity=2)
    sub = subscription_start(
        customer=world.make_customer(owner=ana),
        values=values,
        by=Actor(user=ana),
        now=now,
    )
    Subscription.objects.filter(pk=sub.pk).update(price=old)
    there = f"/catalogue/prices/{old.pk}/move/"
    assert admin_client.get(there).status_code == 200
    looked = admin_client.post(there, {"target": new.pk, "on": ""})
    assert looked.context["preview"].customers == 1
    assert not PriceMove.objects.exists()
    done = admin_client.post(
        there, {"target": new.pk, "on": "", "do": "take"}, follow=True
    )
    assert "0 of 1 moved so far" in done.content.decode()
    assert PriceMove.objects.get().target == new
    again = admin_client.post(there, {"target": new.pk, "do": "take"})
    assert again.status_code == 422
