"""The past read for the forecasts, part by part, safe to be killed."""

import datetime as dt

import numpy as np
import pytest

from accounts.models import Company
from customers.models import Customer
from health.calculations.landmarks import STAYED, Landmarks
from health.calculations.past_frames import PastFrames
from health.enums import PartState, TrainingCause, TrainingState
from health.models import Training, TrainingPart
from health.services.training import planning
from health.services.training.collecting import (
    MAX_TRIES,
    UnableToReadThePast,
    training_collect,
)
from health.services.training.planning import training_days, training_start
from tests import world
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db


def started() -> Training:
    return training_start(cause=TrainingCause.ASKED, as_of=TODAY, now=NOW)


def rows_of(training: Training) -> Landmarks:
    parts = training.parts.order_by("day", "first_id")
    return PastFrames.joined([PastFrames.from_bytes(part.rows) for part in parts]).rows


def test_the_days_are_months_back_to_the_first_customer(company: Company) -> None:
    assert training_days(as_of=TODAY) == []
    world.make_customer(since=days_ago(100))
    days = training_days(as_of=TODAY)
    assert [(TODAY - day).days for day in days] == [61, 30]


def test_customers_are_read_as_they_stood(company: Company) -> None:
    stays = world.healthy_customer("Stays")
    leaves = world.healthy_customer("Leaves")
    world.leave(leaves, days=45)
    training = started()
    assert training_collect(training=training)
    rows = rows_of(training)
    assert len(np.unique(rows.day)) == training.parameters["days"]
    last = rows.chosen(rows.customer == leaves.pk)
    # On the last day of the grid it had left.
    assert last.left_after.max() < STAYED
    assert last.left_after.min() == 61 - 45
    here = rows.chosen(rows.customer == stays.pk)
    assert set(here.left_after.tolist()) == {STAYED}
    assert here.observed.min() == 30
    assert training.parts.get(day=days_ago(30)).customers == 1


def test_one_at_a_time(company: Company) -> None:
    world.make_customer()
    first = started()
    assert started() == first
    Training.objects.update(state=TrainingState.DONE)
    assert started() != first


def test_a_few_ranges_stand_for_very_many_customers(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        world.make_customer(since=days_ago(100))
    monkeypatch.setattr(planning, "PART", 2)
    monkeypatch.setattr(planning, "MOST_ROWS", 12)
    training = started()
    counted = ("days", "ranges", "kept")
    assert [training.parameters[name] for name in counted] == [2, 6, 3]
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    day = training.parts.filter(day=days_ago(30)).order_by("first_id")
    assert [part.first_id for part in day] == [ids[0], ids[4], ids[8]]


def test_a_part_left_behind_is_read_again(company: Company) -> None:
    world.healthy_customer("Stays")
    training = started()
    TrainingPart.objects.update(state=PartState.RUNNING, lease_until=NOW)
    held = training.parts.order_by("id").first()
    assert held is not None
    TrainingPart.objects.filter(pk=held.pk).update(
        lease_until=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    )
    assert not training_collect(training=training)
    states = dict(training.parts.values_list("pk", "state"))
    assert states.pop(held.pk) == PartState.RUNNING
    assert set(states.values()) == {PartState.DONE}


def test_a_part_that_kills_its_workers_ends_the_training(company: Company) -> None:
    world.healthy_customer("Stays")
    training = started()
    TrainingPart.objects.update(attempts=MAX_TRIES)
    with pytest.raises(UnableToReadThePast, match="could not be read"):
        training_collect(training=training)


def test_time_is_kept(company: Company) -> None:
    world.healthy_customer("Stays")
    training = started()
    assert not training_collect(training=training, seconds=0)
    assert not training.parts.exclude(state=PartState.PENDING).exists()
