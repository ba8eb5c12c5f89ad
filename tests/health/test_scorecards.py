"""Choosing a scorecard, and leaving out what a company does not have."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Company
from health.measures import MEASURES
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
    assert len(version.config["measures"]) == 39


def test_a_version_without_some_measures_is_the_next_number() -> None:
    version = scorecard_leave_out(keys={"nps", "pulse"}, now=NOW)
    assert (version.number, version.note) == (2, "Without nps, pulse.")
    assert scorecard_current(now=NOW) == version
    assert len(version.config["measures"]) == 37
    again = scorecard_leave_out(keys=set(), now=NOW)
    assert (again.number, len(again.config["measures"])) == (3, 39)
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
    assert "active_days          weight    4  Days in use" in out.getvalue()
    assert "100% have it" in out.getvalue()
    world.score()
    assert Standing.objects.get().coverage > before


def test_the_command_tells_of_a_misspelt_measure() -> None:
    with pytest.raises(CommandError, match="did you mean 'pulse'"):
        call_command("scorecard", "--leave-out", "pulze")


def test_the_command_shows_the_scorecard_before_any_run() -> None:
    out = io.StringIO()
    call_command("scorecard", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "Default scorecard, version 1"
    assert len(lines) == 1 + len(MEASURES) + 2
    assert lines[-2] == "Versions:"
    assert lines[-1].split()[0] == "1"


def test_the_command_writes_a_file_and_makes_a_draft_of_it(tmp_path: Path) -> None:
    scorecard_leave_out(keys={"nps"}, now=NOW)
    out = io.StringIO()
    call_command("scorecard", "--export", stdout=out)
    file = tmp_path / "card.yaml"
    file.write_text(out.getvalue().replace("name: Default scorecard", "name: Ours"))
    out = io.StringIO()
    call_command("scorecard", "--import", str(file), "--card", "default", stdout=out)
    assert out.getvalue().startswith("Default scorecard: draft of version 3.")
    call_command("scorecard", "--import", str(file), stdout=out)
    assert [(row.scorecard.name, row.number) for row in drafts()] == [
        ("Default scorecard", 3),
        ("Ours", 1),
    ]
    assert [row.config for row in drafts()] == [scorecard_current(now=NOW).config] * 2
    out = io.StringIO()
    call_command("scorecard", stdout=out)
    assert [
        line.split(maxsplit=2)[::2] for line in out.getvalue().splitlines()[-3:]
    ] == [
        ["3", "Without nps."],
        ["2", "Without nps."],
        ["1"],
    ]


def drafts() -> list[ScorecardVersion]:
    rows = ScorecardVersion.objects.filter(published_at__isnull=True)
    return list(rows.select_related("scorecard").order_by("id"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--card", "ours"], "There is no scorecard 'ours'; there are: default"),
        (["--import", "nowhere.yaml"], "nowhere.yaml cannot be read: No such file"),
        (["--import", "pyproject.toml"], "Line "),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("scorecard", *arguments)


def test_the_command_does_not_write_over_a_draft(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("scorecard", "--export", stdout=out)
    file = tmp_path / "card.yaml"
    file.write_text(out.getvalue())
    call_command("scorecard", "--import", str(file), "--card", "default")
    for arguments in (["--card", "default"], []):
        with pytest.raises(CommandError, match="already"):
            call_command("scorecard", "--import", str(file), *arguments)


def test_the_command_shows_only_what_was_published(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("scorecard", "--export", stdout=out)
    file = tmp_path / "card.yaml"
    file.write_text(out.getvalue().replace("name: Default scorecard", "name: Ours"))
    call_command("scorecard", "--import", str(file))
    with pytest.raises(CommandError, match="Nothing of 'ours' was published yet"):
        call_command("scorecard", "--card", "ours")
