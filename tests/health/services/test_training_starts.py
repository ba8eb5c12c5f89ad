"""When the forecasts learn by themselves, and learning in one's own process."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Company
from customers.models import Customer
from health.enums import TrainingCause, TrainingState
from health.models import ForecastVersion, Training
from health.services.training import starting
from health.services.training.starting import (
    history_learned,
    quickly_learnt,
    training_due,
)
from tests import world
from tests.health.services.trainings import learn_little, read_already
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db


def old_customer() -> Customer:
    """This will make a customer with tickets, invoices and usage up to today."""
    return world.healthy_customer("Old")


def test_once_a_month(company: Company) -> None:
    assert training_due(now=NOW) is None
    old_customer()
    training = training_due(now=NOW)
    assert training is not None
    assert (training.cause, training.month) == ("monthly", dt.date(2026, 6, 1))
    assert (training.as_of, training.asked_by) == (TODAY, None)
    assert training_due(now=NOW) is None
    Training.objects.update(state=TrainingState.DONE)
    assert training_due(now=NOW) is None
    # In July it is July's turn, in the company's own time.
    company.time_zone = "Europe/Bucharest"
    company.save()
    evening = dt.datetime(2026, 6, 30, 20, 59, tzinfo=dt.UTC)
    assert training_due(now=evening) is None
    july = training_due(now=evening + dt.timedelta(minutes=1))
    assert july is not None
    assert (july.month, july.as_of) == (dt.date(2026, 7, 1), dt.date(2026, 7, 1))


def test_a_failed_month_is_not_tried_every_minute(company: Company) -> None:
    old_customer()
    assert training_due(now=NOW) is not None
    Training.objects.update(state=TrainingState.FAILED)
    assert training_due(now=NOW) is None


def test_what_somebody_asked_for_is_enough_for_the_month(company: Company) -> None:
    old_customer()
    asked = read_already()
    Training.objects.update(state=TrainingState.FAILED)
    monthly = training_due(now=NOW)
    assert monthly is not None
    monthly.delete()
    Training.objects.filter(pk=asked.pk).update(state=TrainingState.DONE)
    assert training_due(now=NOW) is None


def test_not_before_somebody_could_be_seen_leaving(company: Company) -> None:
    young = old_customer()
    Customer.objects.update(customer_since=days_ago(119))
    assert training_due(now=NOW) is None
    Customer.objects.filter(pk=young.pk).update(customer_since=days_ago(120))
    assert training_due(now=NOW) is not None


def test_data_that_ended_long_ago_has_nothing_new_to_teach(company: Company) -> None:
    old_customer()
    assert training_due(now=NOW + dt.timedelta(days=40)) is None


def test_learning_in_ones_own_process(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_little(monkeypatch)
    old_customer()
    seen: list[tuple[int, int]] = []
    training = history_learned(
        now=NOW, as_of=TODAY, progress=lambda *far: seen.append(far)
    )
    assert (training.state, training.cause) == (TrainingState.DONE, TrainingCause.ASKED)
    parts = training.parts.count()
    assert seen[-1] == (parts, parts)
    assert ForecastVersion.objects.get().method == "bands"


def test_somebody_elses_training_is_waited_for(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_little(monkeypatch)
    training = read_already()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=9)
    Training.objects.update(lease_until=later)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            Training.objects.update(lease_until=None)

    monkeypatch.setattr(starting.time, "sleep", pause)
    found: Any = history_learned(now=NOW, as_of=days_ago(3))
    assert (found.pk, found.state) == (training.pk, TrainingState.DONE)
    assert pauses == [starting.PAUSE] * 3


def test_how_much_is_quick(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not quickly_learnt(as_of=TODAY)
    world.make_customer(since=days_ago(100))
    assert quickly_learnt(as_of=TODAY)
    monkeypatch.setattr(starting, "QUICK_ROWS", 1)
    assert not quickly_learnt(as_of=TODAY)
