"""Publishing, going back, and versions that stay for good."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.actor import Actor
from accounts.models import AuditEntry
from health.default_scorecard import default_config
from health.models import Scorecard, ScorecardVersion
from health.selectors.scorecards import draft_of, version_live
from health.services.scorecards import scorecard_current, scorecard_leave_out
from health.services.scorecards.drafts import (
    UnableToSaveDraft,
    draft_save,
    draft_seen,
    draft_start,
)
from health.services.scorecards.locking import UnableToChangeScorecard
from health.services.scorecards.publishing import (
    UnableToPublish,
    UnableToPublishUnseen,
    draft_publish,
    publish_seen,
    scorecard_rollback,
)
from health.services.scorecards.setup import scorecard_retire
from tests.health.scorecards.test_drafts import heavier
from tests.world import NOW

pytestmark = pytest.mark.django_db


def live_of(card: Scorecard) -> ScorecardVersion:
    live = version_live(card)
    assert live is not None
    return live


def edit(card: Scorecard, by: Actor, weight: float) -> ScorecardVersion:
    draft = draft_start(scorecard=card, by=by, now=NOW)
    draft_save(
        scorecard=card, config=heavier(weight), seen=draft_seen(draft), by=by, now=NOW
    )
    draft.refresh_from_db()
    return draft


def publish(card: Scorecard, by: Actor, note: str = "Better") -> ScorecardVersion:
    seen = publish_seen(draft_of(card), version_live(card))
    return draft_publish(scorecard=card, note=note, seen=seen, by=by, now=NOW)


def back(version: ScorecardVersion, by: Actor, note: str = "Back") -> ScorecardVersion:
    seen = publish_seen(None, live_of(version.scorecard))
    return scorecard_rollback(version=version, note=note, seen=seen, by=by, now=NOW)


def test_publishing_puts_the_draft_in_use(card: Scorecard, by: Actor) -> None:
    edit(card, by, 20)
    version = publish(card, by, "  More weight on answers ")
    assert (version.number, version.note) == (2, "More weight on answers")
    assert (version.author, version.published_at) == (by.user, NOW)
    assert live_of(card) == version == scorecard_current(now=NOW)
    assert draft_of(card) is None
    entry = AuditEntry.objects.get(action="health.scorecard_published")
    assert (entry.before, entry.after) == (
        {"version": 1},
        {"version": 2, "note": "More weight on answers"},
    )


def test_a_note_is_needed(card: Scorecard, by: Actor) -> None:
    edit(card, by, 20)
    with pytest.raises(UnableToPublish, match="Write a note"):
        publish(card, by, "  ")
    assert live_of(card).number == 1


def test_without_a_draft_there_is_nothing_to_publish(
    card: Scorecard, by: Actor
) -> None:
    with pytest.raises(UnableToPublish, match="no draft"):
        publish(card, by)


def test_what_was_not_seen_is_not_published(card: Scorecard, by: Actor) -> None:
    seen = publish_seen(edit(card, by, 20), live_of(card))
    edit(card, by, 30)
    with pytest.raises(UnableToPublishUnseen):
        draft_publish(scorecard=card, note="x", seen=seen, by=by, now=NOW)
    # Nor beside another version than the one that was shown.
    seen = publish_seen(draft_of(card), live_of(card))
    scorecard_leave_out(keys={"nps"}, now=NOW)
    with pytest.raises(UnableToPublishUnseen):
        draft_publish(scorecard=card, note="x", seen=seen, by=by, now=NOW)
    assert live_of(card).number == 2


def test_a_draft_of_measures_that_are_gone_is_not_published(
    card: Scorecard, by: Actor
) -> None:
    draft = edit(card, by, 20)
    config = heavier(20)
    config["measures"][0]["key"] = "gone"
    ScorecardVersion.objects.filter(pk=draft.pk).update(config=config)
    with pytest.raises(UnableToSaveDraft) as caught:
        publish(card, by)
    assert [one.code for one in caught.value.problems] == ["measure"]


def test_a_retired_scorecard_publishes_nothing(second: Scorecard, by: Actor) -> None:
    scorecard_retire(scorecard=second, by=by, now=NOW)
    with pytest.raises(UnableToChangeScorecard):
        publish(second, by)


def test_going_back_publishes_a_copy(card: Scorecard, by: Actor) -> None:
    first = live_of(card)
    edit(card, by, 20)
    publish(card, by)
    made = back(first, by)
    assert (made.number, made.config, made.based_on) == (3, first.config, first)
    assert live_of(card) == made
    first.refresh_from_db()
    assert (first.number, first.config) == (1, default_config())


def test_a_draft_stays_when_somebody_goes_back(card: Scorecard, by: Actor) -> None:
    first = live_of(card)
    edit(card, by, 20)
    second = publish(card, by)
    draft = edit(card, by, 30)
    assert draft.number == 3
    assert back(first, by).number == 3
    draft.refresh_from_db()
    assert (draft.number, draft.config, draft.based_on) == (4, heavier(30), second)
    assert publish(card, by).number == 4


def test_who_goes_back_must_have_seen_what_is_in_use(
    card: Scorecard, by: Actor
) -> None:
    first = live_of(card)
    edit(card, by, 20)
    second = publish(card, by)
    seen = publish_seen(None, second)
    scorecard_leave_out(keys={"nps"}, now=NOW)
    with pytest.raises(UnableToPublishUnseen):
        scorecard_rollback(version=first, note="x", seen=seen, by=by, now=NOW)


def test_nobody_goes_back_to_a_draft_or_to_what_is_in_use(
    card: Scorecard, by: Actor
) -> None:
    for version in (live_of(card), edit(card, by, 20)):
        with pytest.raises(UnableToPublish, match="in use before"):
            back(version, by)
    edit(card, by, 30)
    publish(card, by)
    with pytest.raises(UnableToPublish, match="Write a note"):
        back(card.versions.get(number=1), by, "")


def test_leaving_out_goes_past_a_draft(card: Scorecard, by: Actor) -> None:
    draft = edit(card, by, 20)
    assert scorecard_leave_out(keys={"nps"}, now=NOW).number == 2
    draft.refresh_from_db()
    assert (draft.number, draft.config) == (3, heavier(20))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE health_scorecardversion SET config = '{}' WHERE id = %s",
        "UPDATE health_scorecardversion SET number = 9 WHERE id = %s",
        "UPDATE health_scorecardversion SET published_at = NULL WHERE id = %s",
        "UPDATE health_scorecardversion SET published_at = now() WHERE id = %s",
        "UPDATE health_scorecardversion SET scorecard_id = 0 WHERE id = %s",
        "DELETE FROM health_scorecardversion WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_what_was_published(
    card: Scorecard, statement: str
) -> None:
    live = live_of(card)
    with (
        pytest.raises(DatabaseError, match="A published version of a scorecard cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [live.pk])
    found = live_of(card)
    assert (found.pk, found.number, found.config, found.published_at) == (
        live.pk, 1, default_config(), NOW,
    )  # fmt: skip


def test_a_draft_and_an_author_may_go(card: Scorecard, by: Actor) -> None:
    edit(card, by, 20)
    publish(card, by)
    ScorecardVersion.objects.filter(number=2).update(author=None)
    draft = edit(card, by, 30)
    draft.delete()
    assert [version.number for version in card.versions.order_by("number")] == [1, 2]
