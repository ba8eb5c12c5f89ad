"""Portfolios summed by a run's shards, and by SQL between two runs: the same."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.forms.models import model_to_dict

from accounts.models import Company, ExchangeRate, User
from health.models import Move, PortfolioDay, Run
from health.services.sums import owners_resum
from tests import world
from tests.world import days_ago

pytestmark = pytest.mark.django_db(transaction=True)


def rows(model: type[Model], *names: str) -> list[dict[str, Any]]:
    found = model._default_manager.order_by(*names)
    return [model_to_dict(row, exclude=["id"]) for row in found]


def summed() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return (
        rows(PortfolioDay, "as_of", "owner_id"),
        rows(Move, "as_of", "compared_on", "owner_id", "from_band", "to_band"),
    )


@pytest.fixture
def run(company: Company, ana: User, charlie: User) -> Run:
    """This will score a company in which much has happened in a year, and before."""
    ExchangeRate.objects.create(
        currency="CHF", rate=Decimal("1.0567"), valid_on=days_ago(900)
    )
    world.never_late()
    world.healthy_customer("Steady", owner=ana)
    world.failing_customer("Falling", owner=charlie)
    world.failing_customer("Nobody's")
    abroad = world.make_customer("Abroad", since=days_ago(950), owner=charlie)
    world.subscribe(abroad, mrr="333.33", currency="CHF", since=days_ago(800))
    left = world.healthy_customer("Left", owner=ana)
    left_long_ago = world.make_customer("Came back", since=days_ago(950), owner=charlie)
    world.subscribe(left_long_ago, mrr="100", since=days_ago(900))
    world.leave(left_long_ago, days=500)
    world.subscribe(left_long_ago, mrr="70", since=days_ago(200))
    returned = world.make_customer(
        "Came back in time", since=days_ago(950), owner=charlie
    )
    world.subscribe(returned, mrr="55", since=days_ago(900))
    world.leave(returned, days=600)
    world.subscribe(returned, mrr="44", since=days_ago(450))
    poor = world.make_customer("No rate", since=days_ago(950), owner=ana)
    world.subscribe(poor, mrr="10", currency="USD", since=days_ago(700))
    anna = world.person(abroad, "Anna")
    for score, days, contact in (
        (10, 20, anna),
        (3, 300, anna),
        (8, 30, None),
        (9, 364, None),
    ):
        world.answer(abroad, score=score, days=days, contact=contact)
    world.answer(abroad, score=2, days=366)
    for back in (90, 30, 7, 1):
        world.score(days_ago(back), now=world.noon(days_ago(back)))
    world.leave(left, days=2)
    return world.score()


def test_both_ways_give_the_same(run: Run, ana: User, charlie: User) -> None:
    before = summed()
    owners_resum(run=run, owner_ids=[ana.pk, charlie.pk])
    assert summed() == before
    whole = PortfolioDay.objects.get(as_of=run.as_of, owner_id=0)
    parts = PortfolioDay.objects.filter(as_of=run.as_of).exclude(owner_id=0)
    assert sum(row.mrr for row in parts) == whole.mrr
    assert sum(row.mrr_year_ago for row in parts) == whole.mrr_year_ago


def test_what_a_year_ago_counts(run: Run, charlie: User) -> None:
    """Subscriptions from before a departure were over; later ones count again."""
    his = PortfolioDay.objects.get(as_of=run.as_of, owner_id=charlie.pk)
    falling = Decimal(1000)
    francs = Decimal("352.23")  # 333.33 at 1.0567
    assert his.mrr_year_ago == falling + francs + 44
    assert (his.promoters, his.passives, his.detractors) == (2, 1, 1)


def test_moves_name_those_who_left_and_those_who_stay(run: Run, ana: User) -> None:
    hers = Move.objects.filter(as_of=run.as_of, owner_id=ana.pk)
    week = {
        (move.from_band, move.to_band): move.customers
        for move in hers.filter(compared_on=run.as_of - dt.timedelta(days=7))
    }
    assert week[3, -1] == 1
    assert week[3, 3] == 1
