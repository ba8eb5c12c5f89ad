"""Measured with a training, and looked at again after every night."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Company
from customers.models import Customer
from health.calculations.accuracy.contenders import IN_USE
from health.calculations.accuracy.live import Checked
from health.calculations.accuracy.whole import Report
from health.calculations.churn.frozen_json import from_json
from health.enums import RunKind
from health.models import ForecastCheck, Run, Score
from health.selectors.accuracy import alarms_shown
from health.services.accuracy import checking
from health.services.accuracy.checking import forecast_check, forecast_check_wake
from health.services.accuracy.report import accuracy_report
from health.services.ticking import tick
from tests import accuracy, world
from tests.learnt import learnt_content
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db
EARLY = days_ago(120)


def kept(check: ForecastCheck | None) -> Checked:
    assert check
    assert check.finished_at
    return from_json(Checked, check.content)


def publish(run: Run, **chances: float) -> None:
    """This will let a run have published these chances, by the customer's name."""
    for name, chance in chances.items():
        customer = Customer.objects.get(name=name)
        Score.objects.filter(customer=customer, as_of=run.as_of).update(churn=chance)


def test_a_report_is_made_and_tries_versions_again(company: Company) -> None:
    first = world.forecast_version(learnt_content(), as_of=days_ago(300))
    bands = replace(learnt_content(), churn=None)
    world.forecast_version(bands, in_use=False, method="bands")
    made = accuracy_report(
        frames=accuracy.past(),
        content=learnt_content(),
        calls=10,
        seed=0,
        values=accuracy.values(),
        resamples=20,
    )
    found = Report.from_json(made)
    assert made["alarms"] == []
    assert found.reason == "enough_left"
    assert found.values == accuracy.values()
    [line] = found.versions
    assert line.number == first.number
    assert min(found.days) > 0


def test_alarms_are_those_of_the_newest_report(company: Company) -> None:
    assert alarms_shown() == []
    version = world.forecast_version(learnt_content())
    world.accuracy_report({"alarms": [IN_USE]}, version=version, as_of=days_ago(9))
    assert alarms_shown() == [IN_USE]
    world.accuracy_report({}, version=world.forecast_version(learnt_content()))
    assert alarms_shown() == []


class TestAfterANight:
    def test_what_has_moved(self, company: Company) -> None:
        version = world.forecast_version(learnt_content())
        world.healthy_customer("Stays")
        found = kept(forecast_check(run_id=world.score().pk))
        assert (found.version, found.drifted) == (version.number, 1)
        model = learnt_content().churn
        assert model
        assert [one.name for one in found.drifts] == [*model.design.names, ""]
        assert (found.live_on, found.live) == (TODAY.isoformat(), ())

    def test_without_a_model_nothing_can_move(self, company: Company) -> None:
        world.healthy_customer("Stays")
        run = world.score()
        found = kept(forecast_check(run_id=run.pk))
        assert (found.version, found.drifts) == (None, ())

    def test_a_model_of_other_features_is_left_alone(self, company: Company) -> None:
        world.healthy_customer("Stays")
        run = world.score()
        model = learnt_content().churn
        assert model
        fewer = replace(model.design, names=model.design.names[1:])
        other = replace(learnt_content(), churn=replace(model, design=fewer))
        version = world.forecast_version(other)
        found = kept(forecast_check(run_id=run.pk))
        assert (found.version, found.drifted) == (version.number, 0)

    def test_what_was_published_and_what_happened(self, company: Company) -> None:
        """One of two left in time; the third had no chance published, a fourth left late."""
        leaves, _ = world.healthy_customer("Leaves"), world.healthy_customer("Stays")
        world.healthy_customer("Unpublished")
        late = world.healthy_customer("Late")
        before = world.score(EARLY)
        Score.objects.filter(as_of=EARLY).update(churn=None)
        publish(before, Leaves=0.5, Stays=0.1, Late=0.3)
        world.leave(leaves, days=35)
        world.leave(late, days=20)
        # 100 days after the score: its window was over.
        found = kept(forecast_check(run_id=world.score().pk))
        [day] = found.live
        assert (day.day, day.customers, day.leavers) == (EARLY.isoformat(), 3, 1)
        assert day.level.expected == pytest.approx(0.3)
        assert day.chance.verdict == "few"

    def test_past_days_scored_later_were_never_published(
        self, company: Company
    ) -> None:
        world.healthy_customer("Stays")
        before = world.score(EARLY)
        publish(before, Stays=0.1)
        Run.objects.filter(pk=before.pk).update(kind=RunKind.BACKFILL)
        assert kept(forecast_check(run_id=world.score().pk)).live == ()

    def test_days_are_a_quarter_apart(self, company: Company) -> None:
        world.healthy_customer("Stays")
        for back in (95, 120, 190):
            publish(world.score(days_ago(back)), Stays=0.1)
        found = kept(forecast_check(run_id=world.score().pk))
        assert [one.day for one in found.live] == [
            days_ago(95).isoformat(),
            days_ago(190).isoformat(),
        ]

    def test_what_was_published_is_looked_at_weekly(self, company: Company) -> None:
        world.healthy_customer("Stays")
        publish(world.score(EARLY), Stays=0.1)
        first = kept(forecast_check(run_id=world.score(days_ago(8)).pk))
        assert len(first.live) == 1
        Score.objects.filter(as_of=EARLY).update(churn=None)
        soon = kept(forecast_check(run_id=world.score(days_ago(4)).pk))
        assert (soon.live_on, soon.live) == (first.live_on, first.live)
        later = kept(forecast_check(run_id=world.score().pk))
        assert (later.live_on, later.live) == (TODAY.isoformat(), ())


class TestOnce:
    def test_the_tick_wakes_a_worker_for_the_newest_run(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        woken: list[tuple[str, dict[str, int]]] = []
        monkeypatch.setattr(
            checking, "enqueue", lambda name, **keys: woken.append((name, keys))
        )
        forecast_check_wake()
        world.healthy_customer("Stays")
        world.score(days_ago(1))
        run = world.score()
        tick(now=NOW)
        assert woken == [("health.forecast_check", {"run_id": run.pk})]
        forecast_check(run_id=run.pk)
        forecast_check_wake()
        assert len(woken) == 1

    def test_one_worker_at_a_time_and_not_for_ever(self, company: Company) -> None:
        world.healthy_customer("Stays")
        run = world.score()
        hour = dt.timedelta(hours=1)
        check = ForecastCheck.objects.create(
            run=run, as_of=TODAY, lease_until=timezone.now() + hour
        )
        assert forecast_check(run_id=run.pk) is None
        held = ForecastCheck.objects.filter(pk=check.pk)
        # Its worker died, once too often.
        held.update(lease_until=timezone.now() - hour, attempts=checking.MAX_TRIES)
        assert forecast_check(run_id=run.pk) is None
        held.update(attempts=1)
        assert forecast_check(run_id=run.pk) == check
        assert forecast_check(run_id=run.pk) is None

    def test_ranges_are_spread(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checking, "RANGE", 1)
        monkeypatch.setattr(checking, "RANGES", 2)
        world.forecast_version(learnt_content())
        for name in "ABCDE":
            world.make_customer(name)
        found = kept(forecast_check(run_id=world.score().pk))
        assert found.drifted == 2
        assert np.isfinite([one.psi for one in found.drifts]).all()
