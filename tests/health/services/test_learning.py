"""A training from its parts to a version: the job, its kills, what it leaves behind."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from django.db import OperationalError
from django.db.models import F

from accounts.models import AuditEntry, Company
from health.calculations.forecast_content import ForecastContent
from health.enums import PartState, TrainingState, Verdict
from health.models import AccuracyReport, ForecastVersion, Training, ValueCheck
from health.services.training import concluding, working
from health.services.training.calls import calls_a_day
from health.services.training.working import (
    MAX_TRIES,
    TOO_OFTEN,
    training_work,
    trainings_wake,
)
from tests import world
from tests.health.services.trainings import (
    few_leavers,
    learn_little,
    past,
    read_already,
)
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def little(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    learn_little(monkeypatch)


def worked(training: Training) -> Training:
    training_work(training_id=training.pk, now=NOW, seconds=None)
    training.refresh_from_db()
    return training


def test_a_version_is_learnt_and_put_in_use() -> None:
    frames = past()
    there = frames.rows.day == np.unique(frames.rows.day)[-13]
    ids = set(frames.rows.customer[there][:3].tolist())
    for pk in ids:
        world.make_customer(pk=pk)
    training = worked(read_already())
    assert (training.state, training.reason) == (TrainingState.DONE, "")
    assert training.lease_until is None
    assert training.finished_at is not None
    version = ForecastVersion.objects.get()
    assert (version.number, version.method) == (1, "logistic")
    assert (version.reason, version.verdict) == ("enough_left", Verdict.FIRST)
    assert (version.in_use, version.published_at) == (True, NOW)
    assert version.published_by is None
    assert (version.as_of, version.training) == (training.as_of, training)
    content = ForecastContent.from_json(version.content)
    assert content.as_json() == version.content
    assert content.churn is not None
    assert content.widening.groups == (0,)
    assert content.sums is not None
    assert content.sums.groups == (0,)
    assert 1.0 <= content.sums.factor <= 3.0
    summary = version.summary
    assert summary["rows"] == len(frames)
    assert summary["customers"] == len(np.unique(frames.rows.customer))
    assert summary["compared"]["why"] == "no_version"
    assert summary["values"]["was_widened"] is False
    # Of the customers that were checked, those that are still known.
    assert summary["values"]["customers"] == there.sum() > 3
    assert 0.0 < summary["values"]["shared"] < 1.0
    assert set(ValueCheck.objects.values_list("customer_id", flat=True)) == ids
    assert not ValueCheck.objects.filter(spread__isnull=True).exists()
    assert AccuracyReport.objects.get().content == {"made": True}
    assert {bytes(rows) for rows in training.parts.values_list("rows", flat=True)} == {
        b""
    }
    assert AuditEntry.objects.filter(action="health.forecast_published").count() == 1


def test_the_same_past_gives_the_same_content() -> None:
    first = worked(read_already()).version
    second = worked(read_already()).version
    assert (first.number, second.number) == (1, 2)
    assert first.content == second.content


def test_with_few_leavers_it_is_the_band() -> None:
    version = worked(read_already(few_leavers())).version
    assert (version.method, version.reason) == ("bands", "few_left")
    assert version.content["churn"] is None
    assert version.summary["figures"] is None
    assert version.summary["leavers"] < 50
    rates = [band["rate"] for band in version.content["bands"]["rates"]]
    # At risk (1) leave more often than healthy (3).
    assert rates[1] > rates[3]


def test_a_short_history_has_no_year_to_check() -> None:
    frames = past()
    days = np.unique(frames.rows.day)
    version = worked(read_already(frames.chosen(frames.rows.day >= days[-12]))).version
    assert version.summary["values"] is None
    assert not ValueCheck.objects.exists()
    assert version.content["widening"] == {"groups": [], "shares": [], "rest": 0.0}


def test_with_nothing_to_read_it_says_so() -> None:
    frames = past()
    training = worked(read_already(frames.chosen(frames.rows.day < 0)))
    assert training.state == TrainingState.FAILED
    assert training.words.startswith("There is no past to learn from yet.")
    assert not ForecastVersion.objects.exists()


def test_the_past_is_read_first_and_learnt_from_by_another_job() -> None:
    world.healthy_customer("Stays")
    training = read_already()
    training.parts.update(state=PartState.PENDING)
    training_work(training_id=training.pk, now=NOW)
    training.refresh_from_db()
    assert (training.state, training.lease_until) == (TrainingState.LEARNING, None)
    assert not training.parts.exclude(state=PartState.DONE).exists()
    training_work(training_id=training.pk, now=NOW)
    training.refresh_from_db()
    assert training.state == TrainingState.DONE


def test_a_slice_that_ends_early_leaves_the_rest() -> None:
    world.healthy_customer("Stays")
    training = read_already()
    training.parts.update(state=PartState.PENDING)
    training_work(training_id=training.pk, now=NOW, seconds=0)
    training.refresh_from_db()
    assert (training.state, training.lease_until) == (TrainingState.COLLECTING, None)
    assert training.parameters["since"] == 1
    assert trainings_wake() == 1


def test_what_another_worker_holds_is_left_alone() -> None:
    training = read_already()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    Training.objects.update(lease_until=later)
    assert worked(training).state == TrainingState.COLLECTING
    assert trainings_wake() == 0
    Training.objects.update(lease_until=NOW - dt.timedelta(days=9_000))
    assert trainings_wake() == 1
    assert worked(training).state == TrainingState.DONE
    assert trainings_wake() == 0


def test_a_training_that_kills_its_workers_ends() -> None:
    training = read_already()
    Training.objects.update(attempts=MAX_TRIES)
    assert worked(training).state == TrainingState.FAILED
    assert training.reason == TOO_OFTEN
    assert {len(rows) for rows in training.parts.values_list("rows", flat=True)} == {0}


def test_whoever_was_taken_over_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    training = read_already()
    real = concluding.learned

    def slow(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        Training.objects.update(attempts=F("attempts") + 1)
        return found

    monkeypatch.setattr(concluding, "learned", slow)
    assert worked(training).state == TrainingState.LEARNING
    assert not ForecastVersion.objects.exists()
    monkeypatch.setattr(concluding, "learned", real)
    Training.objects.update(lease_until=None)
    assert worked(training).state == TrainingState.DONE
    assert ForecastVersion.objects.count() == 1


def failing(error: Exception) -> Any:
    def raising(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return raising


def test_a_database_that_is_away_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    training = read_already()
    monkeypatch.setattr(working, "concluded", failing(OperationalError("gone")))
    worked(training)
    assert (training.state, training.lease_until) == (TrainingState.LEARNING, None)
    monkeypatch.setattr(working, "concluded", concluding.concluded)
    assert worked(training).state == TrainingState.DONE


def test_an_error_ends_it_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    training = read_already()
    monkeypatch.setattr(working, "concluded", failing(ValueError("odd rows")))
    assert worked(training).state == TrainingState.FAILED
    assert training.words == "ValueError: odd rows"
    assert training.finished_at is not None


def test_a_version_outlives_a_report_that_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(concluding, "accuracy_report", failing(ValueError("odd")))
    assert worked(read_already()).state == TrainingState.DONE
    assert ForecastVersion.objects.count() == 1
    assert not AccuracyReport.objects.exists()


def test_how_many_can_be_called() -> None:
    assert calls_a_day(customers=100) == 5
    assert calls_a_day(customers=5_000) == 100
    world.make_user("one@example.org")
    world.make_user("two@example.org")
    world.make_user("gone@example.org", is_active=False)
    world.make_user("boss@example.org", role="manager")
    assert calls_a_day(customers=5_000) == 20
