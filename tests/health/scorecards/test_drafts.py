"""Drafts: begun, edited by two at once, discarded and brought back."""

import copy
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry
from health.default_scorecard import default_config
from health.models import Scorecard, ScorecardVersion
from health.selectors.scorecards import draft_of, version_live
from health.services.scorecards.drafts import (
    UnableToRestoreDraft,
    UnableToSaveDraft,
    UnableToSaveUnseenDraft,
    draft_discard,
    draft_restore,
    draft_save,
    draft_seen,
    draft_start,
)
from health.services.scorecards.locking import UnableToChangeScorecard
from health.services.scorecards.setup import scorecard_retire
from tests.world import NOW

pytestmark = pytest.mark.django_db


def heavier(weight: float = 77) -> dict[str, Any]:
    """This will return the default content with another weight for NPS."""
    config = copy.deepcopy(default_config())
    [line] = [line for line in config["measures"] if line["key"] == "nps"]
    line["weight"] = weight
    return config


def save(card: Scorecard, config: dict[str, Any], seen: str, by: Actor) -> bool:
    return draft_save(scorecard=card, config=config, seen=seen, by=by, now=NOW)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def test_a_draft_begins_as_what_is_in_use(card: Scorecard, by: Actor) -> None:
    live = version_live(card)
    assert live is not None
    draft = draft_start(scorecard=card, by=by, now=NOW)
    assert (draft.number, draft.config, draft.based_on) == (2, live.config, live)
    assert (draft.author, draft.updated_at, draft.published_at) == (by.user, NOW, None)
    # One per scorecard: beginning again finds it.
    assert draft_start(scorecard=card, by=by, now=NOW) == draft
    assert ScorecardVersion.objects.count() == 2
    assert actions() == ["health.draft_started"]


def test_saving_keeps_the_content_and_tells_what_changed(
    card: Scorecard, by: Actor
) -> None:
    draft = draft_start(scorecard=card, by=by, now=NOW)
    assert save(card, heavier(), draft_seen(draft), by)
    draft.refresh_from_db()
    assert (draft.config, draft.revision) == (heavier(), 1)
    entry = AuditEntry.objects.get(action="health.draft_changed")
    assert entry.after == {"nps weight": 77}
    assert list(entry.before) == ["nps weight"]
    assert not save(card, heavier(), draft_seen(draft), by)
    draft.refresh_from_db()
    assert draft.revision == 1


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(
    card: Scorecard, by: Actor
) -> None:
    seen = draft_seen(draft_start(scorecard=card, by=by, now=NOW))
    save(card, heavier(20), seen, by)
    with pytest.raises(UnableToSaveUnseenDraft):
        save(card, heavier(30), seen, by)
    draft = draft_of(card)
    assert draft is not None
    assert draft.config == heavier(20)
    # Having seen it, the second one decides; then the first one is told.
    seen_by_first = draft_seen(draft)
    save(card, heavier(30), seen_by_first, by)
    with pytest.raises(UnableToSaveUnseenDraft):
        save(card, heavier(40), seen_by_first, by)


def test_what_was_typed_survives_a_draft_that_was_discarded(
    card: Scorecard, by: Actor
) -> None:
    seen = draft_seen(draft_start(scorecard=card, by=by, now=NOW))
    draft_discard(scorecard=card, by=by, now=NOW)
    with pytest.raises(UnableToSaveUnseenDraft):
        save(card, heavier(), seen, by)
    assert draft_of(card) is None
    assert save(card, heavier(), "", by)
    draft = draft_of(card)
    assert draft is not None
    assert draft.config == heavier()


def test_an_unsound_content_is_refused_whole(card: Scorecard, by: Actor) -> None:
    draft = draft_start(scorecard=card, by=by, now=NOW)
    config = heavier(-1)
    config["floor"] = 2
    with pytest.raises(UnableToSaveDraft) as caught:
        save(card, config, draft_seen(draft), by)
    assert [one.code for one in caught.value.problems] == ["negative", "share"]
    draft.refresh_from_db()
    assert (draft.config, draft.revision) == (default_config(), 0)


def test_a_discarded_draft_comes_back(card: Scorecard, by: Actor) -> None:
    draft = draft_start(scorecard=card, by=by, now=NOW)
    save(card, heavier(), draft_seen(draft), by)
    kept = draft_discard(scorecard=card, by=by, now=NOW)
    assert kept is not None
    assert draft_of(card) is None
    assert draft_discard(scorecard=card, by=by, now=NOW) is None
    restored = draft_restore(kept=kept, by=by, now=NOW)
    assert (restored.config, restored.based_on) == (heavier(), version_live(card))
    with pytest.raises(UnableToRestoreDraft):
        draft_restore(kept=kept, by=by, now=NOW)
    assert actions()[-2:] == ["health.draft_discarded", "health.draft_started"]


def test_a_retired_scorecard_is_not_edited(second: Scorecard, by: Actor) -> None:
    draft = draft_of(second)
    assert draft is not None
    scorecard_retire(scorecard=second, by=by, now=NOW)
    for edit in (
        lambda: draft_start(scorecard=second, by=by, now=NOW),
        lambda: save(second, heavier(), draft_seen(draft), by),
        lambda: draft_discard(scorecard=second, by=by, now=NOW),
    ):
        with pytest.raises(UnableToChangeScorecard):
            edit()
    draft.refresh_from_db()
    assert draft.config == default_config()


def test_the_draft_of_one_is_not_another_ones(
    second: Scorecard, card: Scorecard
) -> None:
    assert draft_of(card) is None
    draft = draft_of(second)
    assert draft is not None
    assert draft.scorecard == second
