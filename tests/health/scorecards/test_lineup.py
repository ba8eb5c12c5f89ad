"""Which scorecards are in use, in which order, and who falls to which."""

import numpy as np
import pytest

from accounts.actor import Actor
from accounts.models import Company
from customers.models import Customer, Segment
from health.models import Run, Scorecard, ScorecardVersion, Standing
from health.selectors.lineup import lineup_in_use, lineup_of
from health.selectors.scorecards import version_live
from health.services.scorecards import scorecard_current, scorecard_leave_out
from health.services.scorecards.setup import (
    SetupValues,
    scorecard_create,
    scorecard_retire,
)
from tests import world
from tests.health.scorecards.test_publishing import edit, publish
from tests.world import NOW

pytestmark = pytest.mark.django_db


def made(
    name: str, priority: int, segments: list[Segment], by: Actor, *, used: bool = True
) -> Scorecard:
    values = SetupValues(name, priority, [segment.pk for segment in segments])
    card = scorecard_create(values=values, by=by, now=NOW)
    if used:
        publish(card, by)
    return card


def live(*cards: Scorecard) -> list[int]:
    found = [version_live(card) for card in cards]
    return [version.pk for version in found if version]


def test_the_order_is_priority_then_age_and_the_default_last(
    card: Scorecard, by: Actor, enterprise: Segment
) -> None:
    late = made("Late", 9, [enterprise], by)
    older = made("Older", 5, [enterprise], by)
    newer = made("Newer", 5, [enterprise], by)
    lineup = lineup_in_use()
    assert lineup.version_ids == live(older, newer, late, card)
    assert list(lineup.segments) == [[enterprise.pk]] * 3 + [[]]
    places = lineup.which(np.array([enterprise.pk, enterprise.pk + 1, 0]))
    assert places.tolist() == [0, 3, 3]


def test_drafts_and_the_retired_score_nobody(
    card: Scorecard, by: Actor, enterprise: Segment
) -> None:
    made("Draft only", 1, [enterprise], by, used=False)
    gone = made("Gone", 2, [enterprise], by)
    kept = made("Kept", 3, [enterprise], by)
    edit(kept, by, 99)
    scorecard_retire(scorecard=gone, by=by, now=NOW)
    lineup = lineup_in_use()
    assert lineup.version_ids == live(kept, card)
    assert [rules.line("nps").weight for rules in lineup.rules] == (  # type: ignore[union-attr]
        [pytest.approx(0.1)] * 2
    )


def test_the_newest_published_number_is_in_use_whatever_the_clock_said(
    card: Scorecard, by: Actor
) -> None:
    newest = scorecard_leave_out(keys={"nps"}, now=world.noon(world.days_ago(100)))
    assert lineup_in_use().version_ids == [newest.pk]
    assert scorecard_current(now=NOW) == newest
    assert live(card) == [newest.pk]


def test_a_deleted_segment_is_named_by_nobody(
    card: Scorecard, by: Actor, enterprise: Segment
) -> None:
    other = Segment.objects.create(key="other", name="Other")
    both = made("Both", 5, [enterprise, other], by)
    other.delete()
    assert list(lineup_in_use().segments) == [[enterprise.pk], []]
    enterprise.delete()
    lineup = lineup_in_use()
    assert lineup.version_ids == live(both, card)
    assert list(lineup.segments) == [[], []]
    assert lineup.which(np.array([1, 2, 0])).tolist() == [1, 1, 1]


def test_a_run_keeps_the_lineup_it_began_with(
    company: Company, card: Scorecard, by: Actor, enterprise: Segment
) -> None:
    big = made("Big", 5, [enterprise], by)
    first = world.make_customer(segment="enterprise")
    second = world.make_customer()
    run = world.score()
    began = live(big, card)
    scorecard_retire(scorecard=big, by=by, now=NOW)
    scorecard_leave_out(keys={"nps"}, now=NOW)
    enterprise_id = enterprise.pk
    Customer.objects.filter(pk=first.pk).update(segment=None)
    enterprise.delete()
    lineup = lineup_of(Run.objects.get(pk=run.pk))
    assert lineup.version_ids == began
    assert list(lineup.segments) == [[enterprise_id], []]
    scored = dict(Standing.objects.values_list("customer", "scorecard_version"))
    assert scored == {first.pk: began[0], second.pk: began[1]}


def test_a_run_of_before_there_were_lineups_has_one_version(
    company: Company, card: Scorecard
) -> None:
    run = world.score()
    Run.objects.filter(pk=run.pk).update(parameters={})
    lineup = lineup_of(Run.objects.get(pk=run.pk))
    assert lineup.version_ids == live(card)
    assert ScorecardVersion.objects.count() == 1
