"""Learning by hand: what the command prints."""

import datetime as dt
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from health.calculations.churn.choosing import Method
from health.enums import Verdict
from health.models import ForecastVersion
from health.version_lines import version_lines
from tests import world
from tests.health.services.trainings import learn_little, read_already
from tests.learnt import learnt_content
from tests.pages import at_noon
from tests.world import TODAY, days_ago

__all__ = ["at_noon"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon", "company")]


def learn(*words: str) -> list[str]:
    out = StringIO()
    call_command("learn", *words, stdout=out)
    return out.getvalue().splitlines()


def test_it_says_what_was_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    learn_little(monkeypatch)
    read_already()
    lines = learn()
    assert lines[0] == (
        "Version 1, learnt until 2026-06-30: a regression on this company's past."
    )
    assert lines[1].startswith("From 18 days, ")
    assert "left." in lines[2]
    assert "Area under the curve, out of time: " in lines[3]
    assert "ranges held (80% are promised)." in lines[4]
    assert lines[5:] == ["Verdict: the first.", "It is in use."]


def test_a_day_of_the_past_takes_nobodys_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learn_little(monkeypatch)
    world.healthy_customer("Old")
    current = world.forecast_version(learnt_content())
    lines = learn("--as-of", days_ago(10).isoformat())
    assert lines[0].startswith("Version 2, learnt until 2026-06-20: the rate of")
    assert lines[-1] == "It is not in use."
    current.refresh_from_db()
    assert current.in_use


def test_one_that_is_under_way_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    learn_little(monkeypatch)
    read_already(as_of=days_ago(1))
    assert learn()[0] == "One as of 2026-06-29 was under way already."


def test_it_says_why_not() -> None:
    with pytest.raises(CommandError, match="is in the future"):
        learn("--as-of", (TODAY + dt.timedelta(days=1)).isoformat())
    with pytest.raises(CommandError, match="no past to learn from yet"):
        learn()
    assert not ForecastVersion.objects.exists()


def test_a_worse_one_is_called_so() -> None:
    world.forecast_version(learnt_content())
    bands = replace(learnt_content(), churn=None, method=Method.BANDS)
    summary = world.forecast_summary(TODAY)
    figures = {"auc": None, "signal": False, "out_of_time": False}
    version = world.forecast_version(
        bands,
        verdict=Verdict.WORSE,
        in_use=False,
        summary=summary | {"compared": {"number": 1}, "figures": figures},
    )
    lines = version_lines(version)
    assert lines[0].endswith("the rate of the score's band.")
    assert lines[-3:] == [
        "The history is too short to check a year's values.",
        "Verdict: worse than version 1: not put in use by itself.",
        "It is not in use.",
    ]
