"""recompute and scores, as people call them."""

import csv
import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Company
from health.enums import RunKind, ShardState
from health.models import Run, Standing
from health.selectors.standing import explanation, latest_run
from health.services.runs import run_start
from tests import world
from tests.world import TODAY, days_ago

pytestmark = pytest.mark.django_db


def table(**options: object) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("scores", "--csv", stdout=out, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_recompute_scores_a_past_day(company: Company) -> None:
    world.failing_customer("Bad")
    out = io.StringIO()
    call_command("recompute", as_of=TODAY, stdout=out)
    assert out.getvalue() == "Scored 1 customer as of 2026-06-30; 0 failed.\n"
    assert Standing.objects.count() == 1


def test_recompute_waits_for_what_another_worker_holds(company: Company) -> None:
    world.failing_customer("Bad")
    now = timezone.now()
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=now)
    lease = now + dt.timedelta(seconds=1.5)
    run.shards.update(state=ShardState.RUNNING, lease_until=lease)
    out = io.StringIO()
    call_command("recompute", as_of=TODAY, stdout=out)
    assert timezone.now() > lease
    assert out.getvalue() == "Scored 1 customer as of 2026-06-30; 0 failed.\n"


def test_recompute_with_history(company: Company) -> None:
    world.failing_customer("Bad")
    call_command("recompute", as_of=TODAY, history=True, stdout=io.StringIO())
    assert Run.objects.count() > 20


def test_recompute_refuses_the_future(company: Company) -> None:
    tomorrow = timezone.now().date() + dt.timedelta(days=2)
    with pytest.raises(CommandError, match="is in the future"):
        call_command("recompute", as_of=tomorrow)


def test_recompute_tells_of_a_run_under_way(company: Company) -> None:
    world.make_customer()
    world.score()
    Run.objects.update(state="running")
    with pytest.raises(CommandError, match="still under way"):
        call_command("recompute", as_of=days_ago(1))


def test_scores_are_those_of_the_run(company: Company) -> None:
    bad = world.failing_customer("Bad")
    world.healthy_customer("Good")
    poor = world.make_customer("No rate")
    world.subscribe(poor, currency="CHF")
    world.score()
    rows = {row["customer_id"]: row for row in table()}
    assert len(rows) == 3
    row, standing = rows[bad.external_id], Standing.objects.get(pk=bad.pk)
    assert float(row["score"]) == pytest.approx(standing.score, abs=1e-4)
    assert float(row["churn"]) == pytest.approx(standing.churn, abs=1e-6)
    assert row["value_at_risk"] == str(standing.value_at_risk)
    assert row["clv_p50"] == str(standing.clv_p50)
    assert (row["band"], row["basis"], row["scorecard"]) == (
        "at_risk", "prior", "default v1",
    )  # fmt: skip
    assert (row["as_of"], row["currency"]) == ("2026-06-30", "EUR")
    assert rows[poor.external_id]["clv_p50"] == ""


def test_scores_of_another_day_read_only_what_was_known(company: Company) -> None:
    customer = world.failing_customer("Bad")
    [then] = table(as_of=days_ago(70))
    assert then["customer_id"] == customer.external_id
    assert float(then["score"]) > 70


def test_scores_before_any_run_are_of_today(company: Company) -> None:
    assert table() == []


def test_an_explanation_adds_up(company: Company) -> None:
    customer = world.failing_customer("Bad")
    world.score()
    run = latest_run()
    assert run is not None
    told = explanation(customer_id=customer.pk, as_of=run.as_of)
    assert told is not None
    counted = [part.points for part in told.parts if part.points is not None]
    assert 50 + sum(counted) == round(told.score)
    assert counted == sorted(counted)
    assert sum(part.share for part in told.parts) == pytest.approx(1)
    missing = {p.key for p in told.parts if p.applies and p.subscore is None}
    # Tickets too: nobody of this company ever opened one.
    assert missing == {"pulse", "tickets", "open_tickets", "escalations"}


def test_there_is_no_explanation_without_a_score(company: Company) -> None:
    customer = world.make_customer()
    assert explanation(customer_id=customer.pk, as_of=TODAY) is None
