"""Which version is in use, and how a new one is judged."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from common.dates import POSTGRES_EPOCH
from health.calculations.churn.bands import BandRates
from health.calculations.churn.choosing import Method
from health.calculations.forecast import Economics
from health.calculations.forecast_content import ForecastContent
from health.enums import Verdict
from health.models import ForecastVersion
from health.services.training.comparing import compared
from health.services.training.learning import learned
from health.services.training.publishing import (
    UnableToPublishForecast,
    version_adopt,
    version_before,
    version_publish,
)
from health.services.training.working import training_work
from tests.health.services.trainings import LITTLE, learn_little, past, read_already
from tests.learnt import PRIOR, learnt_content
from tests.world import NOW, TODAY, days_ago, forecast_version

pytestmark = pytest.mark.django_db
TOLD = "health.forecast_published"


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(user=admin)


def as_day(day: dt.date) -> int:
    return (day - POSTGRES_EPOCH).days


def turned(content: ForecastContent) -> ForecastContent:
    """This will make a version that takes leavers for stayers."""
    assert content.churn is not None
    first, *rest = content.churn.beta
    beta = (first, *(-one for one in rest))
    return replace(content, churn=replace(content.churn, beta=beta))


def learnt_before(day: dt.date) -> ForecastContent:
    """This will learn what could have been learnt on a day."""
    frames = past().seen_until(as_day(day))
    return learned(
        frames,
        prior=PRIOR,
        economics=Economics(0.8, 25.0, 0.1, 60),
        calls=10,
        effort=LITTLE,
    ).content


def test_it_is_compared_on_customers_neither_has_learnt_from() -> None:
    new, day = learnt_content(), days_ago(240)
    before = learnt_before(day)
    found = compared(new, before, frames=past(), number=4, day=as_day(day), prior=PRIOR)
    assert (found.verdict, found.why, found.number) == (Verdict.LIKE, "", 4)
    frames = past().rows
    tried = frames.known_for(90) & (frames.day + 90 > as_day(day))
    assert 0 < found.cases < tried.sum()
    assert found.leavers >= 10
    assert found.loss is not None
    assert abs(found.loss.value) < 0.005
    assert found.auc is not None

    better = compared(
        new, turned(before), frames=past(), number=4, day=as_day(day), prior=PRIOR
    )
    assert better.verdict == Verdict.BETTER
    assert better.auc is not None
    assert better.auc.low > 0.0


def test_a_worse_one_is_told_apart() -> None:
    day = days_ago(240)
    blind = replace(
        learnt_content(),
        churn=None,
        method=Method.BANDS,
    )
    frames = past()
    same = replace(frames, band=np.full(len(frames), 3, dtype=np.int16))
    found = compared(
        blind, learnt_before(day), frames=same, number=1, day=as_day(day), prior=PRIOR
    )
    assert found.verdict == Verdict.WORSE
    assert found.auc is not None
    assert found.auc.high < 0.0
    assert found.as_json()["auc"]["high"] < 0.0


def test_without_new_leavers_nothing_is_said() -> None:
    found = compared(
        learnt_content(), learnt_content(), frames=past(), number=1,
        day=as_day(TODAY), prior=PRIOR,
    )  # fmt: skip
    assert (found.verdict, found.why) == (Verdict.LIKE, "too_few")
    assert (found.loss, found.leavers) == (None, 0)


def test_one_of_other_features_is_replaced() -> None:
    before = learnt_content()
    assert before.churn is not None
    other = replace(before.churn.design, names=("long_gone",))
    before = replace(before, churn=replace(before.churn, design=other))
    found = compared(
        learnt_content(), before, frames=past(), number=1, day=as_day(TODAY),
        prior=PRIOR,
    )  # fmt: skip
    assert (found.verdict, found.why) == (Verdict.BETTER, "other_features")


def test_bands_are_compared_as_well() -> None:
    day, rates = days_ago(240), learnt_content().bands.rates
    swapped = BandRates((rates[0], rates[3], rates[2], rates[1]), 0.1)
    upside_down = replace(
        learnt_content(), churn=None, method=Method.BANDS, bands=swapped
    )
    bands = replace(learnt_content(), churn=None, method=Method.BANDS)
    found = compared(
        bands, upside_down, frames=past(), number=1, day=as_day(day), prior=PRIOR
    )
    assert found.verdict == Verdict.BETTER


def test_a_worse_version_waits_for_somebody(company: Company, by: Actor) -> None:
    current = forecast_version(learnt_content(), as_of=days_ago(30))
    worse = forecast_version(learnt_content(), in_use=False, verdict=Verdict.WORSE)
    assert not version_adopt(version=worse, now=NOW)
    current.refresh_from_db()
    assert current.in_use
    version_publish(version=worse, note="  We know why.  ", by=by, now=NOW)
    worse.refresh_from_db()
    current.refresh_from_db()
    assert (worse.in_use, current.in_use) == (True, False)
    assert (worse.note, worse.published_by) == ("We know why.", by.user)
    assert worse.published_at == NOW
    entry = AuditEntry.objects.get(action=TOLD)
    assert (entry.before, entry.after["version"]) == ({"version": 1}, 2)


def test_a_note_is_asked_for(company: Company, by: Actor) -> None:
    version = forecast_version(learnt_content(), in_use=False)
    with pytest.raises(UnableToPublishForecast, match="note"):
        version_publish(version=version, note=" ", by=by, now=NOW)
    version_publish(version=version, note="Why not", by=by, now=NOW)
    with pytest.raises(UnableToPublishForecast, match="already"):
        version_publish(version=version, note="Again", by=by, now=NOW)
    assert AuditEntry.objects.filter(action=TOLD).count() == 1


def test_the_past_never_takes_the_place_of_the_present(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_little(monkeypatch)
    current = forecast_version(learnt_content())
    training = read_already(
        past().seen_until(as_day(days_ago(100))), as_of=days_ago(100)
    )
    training_work(training_id=training.pk, now=NOW, seconds=None)
    training.refresh_from_db()
    assert (training.state, training.version.in_use) == ("done", False)
    # It is the first of its time.
    assert training.version.verdict == Verdict.FIRST
    current.refresh_from_db()
    assert current.in_use


def test_a_version_is_measured_by_the_one_before_it(company: Company) -> None:
    assert version_before(TODAY) is None
    old = forecast_version(learnt_content(), as_of=days_ago(90))
    bad = forecast_version(
        learnt_content(), as_of=days_ago(60), in_use=False, verdict=Verdict.WORSE
    )
    current = forecast_version(learnt_content(), as_of=days_ago(30))
    assert version_before(TODAY) == current
    assert version_before(days_ago(31)) == old
    assert version_before(days_ago(91)) is None
    # Put in use on purpose, the worse one is what counts.
    ForecastVersion.objects.filter(pk=current.pk).update(in_use=False)
    ForecastVersion.objects.filter(pk=bad.pk).update(in_use=True)
    assert version_before(TODAY) == bad


@pytest.mark.parametrize(
    "change",
    ["content = '{}'", "number = 9", "training_id = 999999", "as_of = '2020-01-01'",
     "verdict = 'better'", "summary = '{\"rows\": 1}'"],
)  # fmt: skip
def test_what_was_learnt_stays(company: Company, change: str) -> None:
    version = forecast_version(learnt_content())
    with (
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE health_forecastversion SET {change}")
    with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic():
        version.delete()
    ForecastVersion.objects.update(in_use=False, note="Something else")
    version.refresh_from_db()
    assert (version.in_use, version.note) == (False, "Something else")
