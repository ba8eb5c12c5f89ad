"""Scorecards: made, named, given segments, retired, imported."""

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry
from customers.models import Segment
from health.default_scorecard import default_config
from health.models import Scorecard
from health.scorecard_file import ScorecardFile
from health.selectors.scorecards import draft_of, version_live
from health.services.scorecards.drafts import UnableToSaveDraft, draft_start
from health.services.scorecards.importing import (
    UnableToImportScorecard,
    scorecard_import,
)
from health.services.scorecards.locking import UnableToChangeScorecard
from health.services.scorecards.setup import (
    SetupValues,
    UnableToRetireScorecard,
    UnableToSaveUnseenSetup,
    scorecard_create,
    scorecard_retire,
    scorecard_return,
    scorecard_setup,
    setup_seen,
    setup_values,
)
from tests.health.scorecards.test_drafts import heavier
from tests.world import NOW

pytestmark = pytest.mark.django_db


def setup(card: Scorecard, values: SetupValues, by: Actor, seen: str = "") -> list[str]:
    card = Scorecard.objects.get(pk=card.pk)
    seen = seen or setup_seen(setup_values(card))
    return scorecard_setup(scorecard=card, values=values, seen=seen, by=by, now=NOW)


def test_a_new_one_begins_as_a_draft_of_the_default(
    second: Scorecard, card: Scorecard, enterprise: Segment
) -> None:
    draft = draft_of(second)
    assert draft is not None
    assert (draft.number, draft.config) == (1, default_config())
    assert draft.based_on == version_live(card)
    assert version_live(second) is None
    assert (second.key, second.name, second.priority) == ("big-ones", "Big ones", 5)
    assert list(second.segments.all()) == [enterprise]
    entry = AuditEntry.objects.get(action="health.scorecard_created")
    assert entry.after == {
        "name": "Big ones", "priority": 5, "segments": [enterprise.pk],
    }  # fmt: skip


def test_the_first_one_made_by_hand_brings_the_default(by: Actor) -> None:
    scorecard_create(values=SetupValues("Ours"), by=by, now=NOW)
    assert [card.name for card in Scorecard.objects.order_by("id")] == [
        "Default scorecard", "Ours",
    ]  # fmt: skip


def test_names_are_told_apart(second: Scorecard, by: Actor) -> None:
    with pytest.raises(UnableToChangeScorecard, match="already"):
        scorecard_create(values=SetupValues("BIG ones"), by=by, now=NOW)
    with pytest.raises(UnableToChangeScorecard, match="already"):
        setup(second, SetupValues("Default Scorecard", 5), by)
    # Keys that would be the same are numbered, and letters may be any.
    keys = [
        scorecard_create(values=SetupValues(name), by=by, now=NOW).key
        for name in ("Big: ones", "顧客", "客")
    ]
    assert keys == ["big-ones-2", "scorecard", "scorecard-2"]


def test_the_setup_is_saved_and_told(
    second: Scorecard, by: Actor, enterprise: Segment
) -> None:
    other = Segment.objects.create(key="other", name="Other")
    values = SetupValues("Bigger ones", 7, [enterprise.pk, other.pk, 999_999])
    assert setup(second, values, by) == ["name", "priority", "segments"]
    row = Scorecard.objects.get(pk=second.pk)
    assert setup_values(row) == SetupValues("Bigger ones", 7, [enterprise.pk, other.pk])
    entry = AuditEntry.objects.get(action="health.scorecard_changed")
    assert entry.before == {
        "name": "Big ones", "priority": 5, "segments": [enterprise.pk],
    }  # fmt: skip
    assert setup(second, setup_values(row), by) == []


def test_who_saves_second_is_told(second: Scorecard, by: Actor) -> None:
    seen = setup_seen(setup_values(second))
    setup(second, SetupValues("First", 5), by, seen)
    with pytest.raises(UnableToSaveUnseenSetup):
        setup(second, SetupValues("Second", 5), by, seen)
    assert Scorecard.objects.get(pk=second.pk).name == "First"


def test_the_default_takes_everybody_else(
    card: Scorecard, by: Actor, enterprise: Segment
) -> None:
    assert setup(card, SetupValues("Ours", 3, [enterprise.pk]), by) == ["name"]
    row = Scorecard.objects.get(pk=card.pk)
    assert setup_values(row) == SetupValues("Ours", 10, [])
    with pytest.raises(UnableToRetireScorecard):
        scorecard_retire(scorecard=card, by=by, now=NOW)


def test_retired_and_brought_back(second: Scorecard, by: Actor) -> None:
    scorecard_retire(scorecard=second, by=by, now=NOW)
    scorecard_retire(scorecard=second, by=by, now=NOW)
    second.refresh_from_db()
    assert second.retired_at == NOW
    with pytest.raises(UnableToChangeScorecard, match="retired"):
        setup(second, SetupValues("Other"), by)
    scorecard_return(scorecard=second, by=by, now=NOW)
    second.refresh_from_db()
    assert second.retired_at is None
    told = AuditEntry.objects.filter(subject_id=str(second.pk)).order_by("number")
    assert [entry.action for entry in told][2:] == [
        "health.scorecard_retired", "health.scorecard_returned",
    ]  # fmt: skip


def test_a_name_that_was_taken_meanwhile_keeps_it_away(
    second: Scorecard, by: Actor
) -> None:
    scorecard_retire(scorecard=second, by=by, now=NOW)
    scorecard_create(values=SetupValues("Big ones"), by=by, now=NOW)
    with pytest.raises(UnableToChangeScorecard, match="already"):
        scorecard_return(scorecard=second, by=by, now=NOW)


FILE = ScorecardFile("From a file", "Its note", heavier(33))


def test_a_file_becomes_a_draft_and_no_more(card: Scorecard, by: Actor) -> None:
    draft = scorecard_import(file=FILE, into=card, by=by, now=NOW)
    assert (draft.config, draft.note, draft.published_at) == (
        heavier(33),
        "Its note",
        None,
    )
    live = version_live(card)
    assert live is not None
    assert (live.config, draft.based_on) == (default_config(), live)


def test_a_file_becomes_a_new_scorecard(by: Actor) -> None:
    draft = scorecard_import(file=FILE, into=None, by=by, now=NOW)
    assert (draft.scorecard.name, draft.number) == ("From a file", 1)
    assert list(draft.scorecard.segments.all()) == []
    assert Scorecard.objects.get(is_default=True).versions.count() == 1
    with pytest.raises(UnableToChangeScorecard, match="already"):
        scorecard_import(file=FILE, into=None, by=by, now=NOW)


def test_a_file_never_takes_the_place_of_a_draft(card: Scorecard, by: Actor) -> None:
    draft = draft_start(scorecard=card, by=by, now=NOW)
    with pytest.raises(
        UnableToImportScorecard, match="“Default scorecard” has a draft"
    ):
        scorecard_import(file=FILE, into=card, by=by, now=NOW)
    draft.refresh_from_db()
    assert draft.config == default_config()


def test_an_unsound_file_makes_nothing(by: Actor) -> None:
    with pytest.raises(UnableToSaveDraft):
        scorecard_import(
            file=ScorecardFile("Bad", "", heavier(-1)), into=None, by=by, now=NOW
        )
    assert Scorecard.objects.filter(name="Bad").count() == 0
