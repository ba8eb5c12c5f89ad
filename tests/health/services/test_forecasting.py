"""What a run forecasts with, what it writes of it, and that nothing depends on luck."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company
from customers.models import Customer, ProfileChange
from health.calculations.churn.choosing import Method
from health.calculations.forecast_content import ForecastContent
from health.enums import Band, RunKind
from health.features import feature_codes
from health.models import (
    Score,
    Shard,
    Standing,
    ValuePath,
)
from health.selectors.forecasts import content_of
from health.selectors.frame import SourceAges, facts_of
from health.selectors.landmarks import rows_of
from health.services.history import run_work
from health.services.rescoring import customer_rescore
from health.services.runs import moment_of, run_start
from health.services.shards import shard_work
from tests import world
from tests.health.calculations.purchases import published
from tests.health.services.test_nights import on_time, override, use_roll_up
from tests.learnt import learnt_content
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db

# What a run says of a customer, but for which run it was.
SAID = [
    field.attname
    for field in Standing._meta.concrete_fields
    if field.attname not in {"run_id", "weekly"}
]


def company_of_few() -> list[Customer]:
    world.never_late()
    few = [world.healthy_customer(f"Good {number}") for number in range(3)]
    few += [world.failing_customer(f"Bad {number}") for number in range(3)]
    for customer in few:
        on_time(customer)
    return few


def said() -> list[tuple[Any, ...]]:
    return list(Standing.objects.order_by("pk").values_list(*SAID))


def by_bands(**parts: Any) -> ForecastContent:
    return replace(learnt_content(), method=Method.BANDS, churn=None, **parts)


def same(first: list[tuple[Any, ...]], second: list[tuple[Any, ...]]) -> None:
    assert len(first) == len(second) > 0
    for one, other in zip(first, second, strict=True):
        for name, was, now in zip(SAID, one, other, strict=True):
            if isinstance(was, (float, list)):
                np.testing.assert_allclose(
                    np.array(now, float), np.array(was, float), rtol=1e-9, err_msg=name
                )
            else:
                assert now == was, name


def test_a_run_forecasts_by_the_version_in_use(company: Company) -> None:
    """Each figure is the model's own, of the rows that training would read."""
    few = company_of_few()
    version = world.forecast_version(learnt_content())
    run = world.score()
    assert run.parameters["forecast"] == {
        "version": version.pk,
        "number": version.number,
        "method": "logistic",
        "reason": "enough_left",
    }
    assert run.parameters["basis"] == "history"
    moment = moment_of(company, run.as_of, run.known_before)
    ages = SourceAges(**run.parameters["ages"])
    facts = facts_of(moment, ages, first=few[0].pk, last=few[-1].pk)
    model = learnt_content().churn
    assert model is not None
    scores = model.score(rows_of(facts, TODAY))
    standing = list(Standing.objects.order_by("pk"))
    assert [row.pk for row in standing] == facts["customer_id"].tolist()
    for place, row in enumerate(standing):
        assert row.churn == pytest.approx(scores.p[place], rel=1e-6)
        assert row.churn_low == pytest.approx(scores.low[place], rel=1e-6)
        assert row.churn_high == pytest.approx(scores.high[place], rel=1e-6)
        assert row.churn_involuntary == pytest.approx(scores.involuntary[place])
        assert row.comparable == model.comparables.places(scores.p)[place]
        assert row.churn_reasons is not None
        assert row.churn_points is not None
        assert set(row.churn_reasons) <= {*feature_codes().values(), -1}
        assert len(row.churn_points) == 2
        assert row.alive is None
        assert row.clv_p10 <= row.clv_p50 <= row.clv_p90
        assert row.clv_p10 > row.earned
    assert len({row.churn for row in standing}) > 1
    kept = dict(Score.objects.values_list("customer_id", "churn"))
    assert kept == {row.pk: row.churn for row in standing}


def test_without_a_version_the_scorecard_s_assumption_holds(company: Company) -> None:
    bad = company_of_few()[-1]
    run = world.score()
    kept = run.parameters["forecast"]
    assert (kept["version"], kept["method"], kept["reason"]) == (
        None,
        "prior",
        "no_history",
    )
    assert run.parameters["basis"] == "prior"
    row = Standing.objects.get(pk=bad.pk)
    assert row.band == Band.AT_RISK
    prior = run.scorecard_version.config["prior"]["at_risk"]
    assert row.churn == pytest.approx(prior)
    assert row.churn == pytest.approx(run.parameters["bands"]["1"]["rate"])
    assert row.churn_reasons == [-1, -1]
    assert row.churn_points == [0.0, 0.0]
    assert row.comparable == -1
    assert row.clv_p10 < row.clv_p90


def test_no_past_day_is_forecast_by_what_was_learnt_later(company: Company) -> None:
    company_of_few()
    world.forecast_version(learnt_content(), as_of=days_ago(10))
    past = run_start(kind=RunKind.BACKFILL, as_of=days_ago(30), now=NOW)
    assert past.parameters["forecast"]["version"] is None


def test_one_version_for_the_whole_run_though_another_is_published(
    company: Company, settings: Settings
) -> None:
    """Between two shards of the run; and the next run takes the new one."""
    settings.HEALTH_SHARD_CUSTOMERS = 3
    company_of_few()
    old = world.forecast_version(by_bands())
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    first, second = Shard.objects.filter(run=run).order_by("first_id")
    shard_work(shard_id=first.pk)
    new = world.forecast_version(learnt_content())
    shard_work(shard_id=second.pk)
    run_work(run=run)
    rates = {row["rate"] for row in run.parameters["bands"].values()}
    shown = Standing.objects.values_list("churn", flat=True)
    assert len(shown) == 6
    for churn in shown:
        assert min(abs(churn - rate) for rate in rates) < 1e-6
    assert run.parameters["forecast"]["version"] == old.pk
    assert world.score().parameters["forecast"]["version"] == new.pk


def test_two_runs_of_a_day_are_identical(company: Company) -> None:
    company_of_few()
    world.forecast_version(learnt_content())
    world.score()
    before, paths = said(), list(ValuePath.objects.values_list("alive", "revenue"))
    world.score()
    # As text, in which what is not known is like itself.
    assert str(said()) == str(before)
    assert list(ValuePath.objects.values_list("alive", "revenue")) == paths


@pytest.mark.parametrize("content", [learnt_content, by_bands])
def test_borders_of_shards_change_nothing(
    company: Company, settings: Settings, content: Any
) -> None:
    company_of_few()
    world.forecast_version(content())
    runs = []
    for size in (25_000, 1, 4):
        settings.HEALTH_SHARD_CUSTOMERS = size
        world.score()
        [path] = ValuePath.objects.all()
        runs.append((said(), path))
    for other, path in runs[1:]:
        same(runs[0][0], other)
        for name in ("alive", "revenue", "tickets"):
            np.testing.assert_allclose(
                getattr(path, name), getattr(runs[0][1], name), rtol=0, atol=2e-6
            )


def test_paths_hold_what_the_customers_will_bring(company: Company) -> None:
    """Margin · revenue − cost · tickets, discounted: the values of the standing."""
    company_of_few()
    world.forecast_version(learnt_content())
    run = world.score()
    [path] = ValuePath.objects.all()
    standing = list(Standing.objects.all())
    assert (path.as_of, path.customers) == (TODAY, 6)
    assert path.mrr == sum(row.mrr for row in standing)
    assert path.churn == pytest.approx(sum(row.churn for row in standing), rel=1e-6)
    assert float(path.at_risk) == pytest.approx(
        float(sum(row.value_at_risk for row in standing)), abs=0.05
    )
    economics = run.parameters["economics"]
    assert len(path.alive) == economics["horizon_months"] == 60
    month = np.arange(1, 61)
    discount = (1 + economics["discount_rate"]) ** (-month / 12)
    margin = economics["margin"] * np.array(path.revenue)
    margin -= economics["support_cost"] * np.array(path.tickets)
    expected = float(sum(row.clv - row.earned for row in standing))
    assert margin @ discount == pytest.approx(expected, abs=0.1)
    assert path.expected == pytest.approx(expected, abs=0.1)
    # A sum of six is less sure than each would be alone.
    apart = [(row.clv_p90 - row.clv_p10) / 2 for row in standing]
    assert 0 < path.own < 6 * float(max(apart)) ** 2
    assert 0 < path.doubt < path.expected
    assert path.alive[2] == pytest.approx(6 - path.churn, abs=1e-5)
    assert not Shard.objects.filter(paths__isnull=False).exists()


def test_a_past_day_leaves_no_paths(company: Company) -> None:
    company_of_few()
    run = run_work(run=run_start(kind=RunKind.BACKFILL, as_of=days_ago(7), now=NOW))
    assert Score.objects.filter(as_of=run.as_of).count() == 6
    assert not ValuePath.objects.exists()


def test_paths_of_a_day_take_the_place_of_earlier_ones(company: Company) -> None:
    few = company_of_few()
    world.score()
    Customer.objects.filter(pk=few[0].pk).delete()
    world.score()
    assert ValuePath.objects.get().customers == 5


@pytest.mark.parametrize("content", [learnt_content, by_bands])
def test_a_parent_follows_the_same_rules(company: Company, content: Any) -> None:
    """As if the band it takes from its children had been its own."""
    few = company_of_few()
    parent, bad = few[0], few[-1]
    Customer.objects.filter(pk=bad.pk).update(parent=parent)
    ProfileChange.objects.filter(customer=bad).update(parent=parent)
    world.forecast_version(content())
    world.score()
    alone = Standing.objects.get(pk=parent.pk)
    use_roll_up("worst")
    run = world.score()
    row = Standing.objects.get(pk=parent.pk)
    assert (alone.band, row.band) == (Band.HEALTHY, Band.AT_RISK)
    assert (alone.at_risk, row.at_risk) == (False, True)
    if content_of(run.parameters).churn is None:
        rate = run.parameters["bands"]["1"]["rate"]
        assert row.churn == pytest.approx(rate)
        assert row.clv < alone.clv
        # Rescored between two runs it is the same.
        assert customer_rescore(customer_id=parent.pk, now=timezone.now())
        assert Standing.objects.get(pk=parent.pk).clv == row.clv
    else:
        assert (row.churn, row.clv) == (alone.churn, alone.clv)
    kept = Score.objects.get(customer=parent, as_of=TODAY)
    assert kept.churn == row.churn
    [path] = ValuePath.objects.filter(as_of=TODAY)
    total = sum(Standing.objects.values_list("churn", flat=True))
    assert path.churn == pytest.approx(total, rel=1e-6)
    assert path.customers == 6


def test_one_customer_scored_at_once_is_forecast_alike(company: Company) -> None:
    """By band, its chance follows the score set by hand; by the model it does not."""
    good = company_of_few()[0]
    world.forecast_version(learnt_content())
    world.score()
    before = Standing.objects.get(pk=good.pk)
    override(good, 20)
    assert customer_rescore(customer_id=good.pk, now=timezone.now())
    row = Standing.objects.get(pk=good.pk)
    assert row.churn == before.churn
    assert row.churn_points == before.churn_points
    assert (row.band, row.at_risk) == (Band.AT_RISK, True)


def test_a_run_from_before_there_were_versions_still_rescores(
    company: Company,
) -> None:
    """Its parameters hold rates by band, which it measured itself, and nothing else."""
    good = company_of_few()[0]
    run = world.score()
    del run.parameters["forecast"]
    run.parameters["economics"] |= {"base_rate": 0.1}
    del run.parameters["economics"]["gone_below"]
    run.parameters["bands"]["1"]["rate"] = 0.4
    run.save()
    override(good, 20)
    assert customer_rescore(customer_id=good.pk, now=timezone.now())
    assert Standing.objects.get(pk=good.pk).churn == pytest.approx(0.4)


def test_who_buys_without_a_subscription_is_forecast_by_purchases(
    company: Company,
) -> None:
    world.never_late()
    subscriber = world.healthy_customer("Subscriber")
    buyer, silent = world.make_customer("Buyer"), world.make_customer("Silent")
    for days in (400, 300, 200, 100, 20):
        world.invoice(buyer, days=days, total="200")
    for days in (700, 690, 680, 670):
        world.invoice(silent, days=days, total="200")
    world.forecast_version(replace(learnt_content(), buyers=published()))
    world.score()
    rows = {row.pk: row for row in Standing.objects.all()}
    assert rows[subscriber.pk].alive is None
    assert rows[subscriber.pk].churn_reasons != [-1, -1]
    alive, gone = rows[buyer.pk], rows[silent.pk]
    assert alive.alive is not None
    assert gone.alive is not None
    assert alive.alive > 0.5 > gone.alive
    assert alive.clv - alive.earned > 10 * (gone.clv - gone.earned)
    assert alive.earned == Decimal("800.00")
    assert alive.churn_reasons == [-1, -1]
    [path] = ValuePath.objects.filter(plan_id=0)
    assert path.customers == 2
    assert path.mrr == 0


def test_nothing_is_learnt_of_buyers_they_are_forecast_as_everybody(
    company: Company,
) -> None:
    buyer = world.make_customer("Buyer")
    world.invoice(buyer, days=20, total="200")
    world.forecast_version(learnt_content())
    world.score()
    row = Standing.objects.get(pk=buyer.pk)
    assert row.alive is None
    assert row.value_at_risk == 0


def table() -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("scores", as_of=TODAY, csv=True, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_the_table_says_by_what_and_both_kinds_of_leaving(company: Company) -> None:
    few = company_of_few()
    version = world.forecast_version(learnt_content())
    world.score()
    rows = {row["customer_id"]: row for row in table()}
    for customer in few:
        row, standing = rows[customer.external_id], Standing.objects.get(pk=customer.pk)
        assert (row["method"], row["forecast"]) == ("logistic", f"v{version.number}")
        assert row["basis"] == "history"
        parts = Decimal(row["churn_voluntary"]) + Decimal(row["churn_involuntary"])
        assert parts == Decimal(row["churn"])
        assert float(row["churn"]) == pytest.approx(standing.churn, abs=1e-6)
        assert float(row["churn_low"]) == pytest.approx(standing.churn_low, abs=1e-6)
        assert row["clv_p10"] == str(standing.clv_p10)
        assert row["clv_p90"] == str(standing.clv_p90)


def test_the_table_names_no_version_where_nothing_was_learnt(company: Company) -> None:
    company_of_few()
    assert {(row["method"], row["forecast"]) for row in table()} == {("prior", "")}


def test_a_version_is_read_once_in_a_process(
    company: Company, django_assert_num_queries: Any
) -> None:
    version = world.forecast_version(learnt_content())
    parameters = {"forecast": {"version": version.pk}}
    first = content_of(parameters)
    with django_assert_num_queries(1):
        assert content_of(parameters) is first
    other = world.forecast_version(by_bands())
    assert content_of({"forecast": {"version": other.pk}}).churn is None
    assert content_of(parameters) is first
