"""Choosing a scorecard, and leaving out what a company does not have."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Company
from health.models import ScorecardVersion, Standing
from health.selectors.presence import measure_presence
from health.services.scorecards import (
    UnableToLeaveOut,
    scorecard_current,
    scorecard_leave_out,
)
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
NEVER_ASKED = ["nps", "pulse", "last_contact", "sponsor", "tickets", "escalations"]


def test_the_first_use_publishes_the_default_once() -> None:
    version = scorecard_current(now=NOW)
    assert scorecard_current(now=NOW) == version
    assert len(version.config["measures"]) == 19


def test_a_version_without_some_measures_is_the_next_number() -> None:
    version = scorecard_leave_out(keys={"nps", "pulse"}, now=NOW)
    assert (version.number, version.note) == (2, "Without nps, pulse.")
    assert scorecard_current(now=NOW) == version
    assert len(version.config["measures"]) == 17
    again = scorecard_leave_out(keys=set(), now=NOW)
    assert (again.number, len(again.config["measures"])) == (3, 19)
    assert ScorecardVersion.objects.count() == 3


def test_a_misspelt_measure_is_told() -> None:
    with pytest.raises(UnableToLeaveOut, match="'npz'; did you mean 'nps'"):
        scorecard_leave_out(keys={"npz"}, now=NOW)


def test_a_scorecard_needs_a_measure() -> None:
    every = {line["key"] for line in scorecard_current(now=NOW).config["measures"]}
    with pytest.raises(UnableToLeaveOut, match="at least one"):
        scorecard_leave_out(keys=every, now=NOW)


def test_what_nobody_has_is_seen_and_left_out(company: Company) -> None:
    customer = world.make_customer()
    world.subscribe(customer)
    world.use(customer, first=150)
    run = world.score()
    presence = measure_presence(run)
    assert presence["active_days"] == 1.0
    assert [key for key in NEVER_ASKED if presence[key] != 0] == []
    assert presence["satisfaction"] is None  # nobody opened a ticket
    before = Standing.objects.get().coverage
    out = io.StringIO()
    call_command("scorecard", "--leave-out", *NEVER_ASKED, stdout=out)
    assert out.getvalue().startswith("Default scorecard, version 2\n")
    assert "active_days          weight    6  Days in use" in out.getvalue()
    assert "100% have it" in out.getvalue()
    world.score()
    assert Standing.objects.get().coverage > before


def test_the_command_tells_of_a_misspelt_measure() -> None:
    with pytest.raises(CommandError, match="did you mean 'pulse'"):
        call_command("scorecard", "--leave-out", "pulze")


def test_the_command_shows_the_scorecard_before_any_run() -> None:
    out = io.StringIO()
    call_command("scorecard", stdout=out)
    assert len(out.getvalue().splitlines()) == 20
