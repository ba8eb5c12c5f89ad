"""What a draft would change: the same as scoring everybody both ways."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db.models import F

from accounts.models import Company
from customers.models import Customer
from health.calculations.differences import Scored, difference, difference_from
from health.calculations.scorecard import rules_from_config
from health.default_scorecard import default_config
from health.enums import PreviewState
from health.models import (
    Override,
    Preview,
    Run,
    Score,
    Scorecard,
    ScorecardVersion,
    Standing,
)
from health.readings import unpack
from health.scoring import score_readings
from health.services import comparing, previewing
from health.services.previewing import preview_work
from health.services.previews import preview_again, preview_ensure, previews_wake
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


def without(*keys: str, **changes: Any) -> dict[str, Any]:
    """This will return the default content without some measures."""
    config = default_config() | changes
    config["measures"] = [
        line for line in config["measures"] if line["key"] not in keys
    ]
    return config


def make_draft(
    config: dict[str, Any], card: Scorecard | None = None
) -> ScorecardVersion:
    card = card or Scorecard.objects.get(is_default=True)
    return ScorecardVersion.objects.create(scorecard=card, number=9, config=config)


@pytest.fixture
def run(company: Company) -> Run:
    """Six customers of two segments, one scored by hand, one with no revenue known."""
    for number in range(2):
        world.failing_customer(f"Failing {number}")
        world.healthy_customer(f"Healthy {number}")
    small = world.healthy_customer("Small")
    Customer.objects.filter(pk=small.pk).update(segment=other_segment())
    fixed = world.failing_customer("Fixed by hand")
    Override.objects.create(
        customer=fixed,
        score=72,
        reason="They told us.",
        created_at=NOW - dt.timedelta(days=1),
        expires_on=world.TODAY + dt.timedelta(days=30),
    )
    return world.score()


def other_segment() -> Any:
    from customers.models import Segment

    return Segment.objects.get_or_create(key="small", defaults={"name": "Small"})[0]


def expected(run: Run, choose: Callable[[Score], dict[str, Any] | None]) -> Any:
    """This will score every kept row both ways, one by one, with health.scoring."""
    ids, cents, sides, falls = [], [], ([], []), []
    for score in Score.objects.filter(run=run).order_by("customer_id"):
        readings = unpack(
            run.parameters["measures"],
            [bytes(score.values)], [bytes(score.before)], [bytes(score.ages)],
            [score.tenure],
        )  # fmt: skip
        live = score.scorecard_version.config
        drafted = choose(score)
        for side, config in zip(sides, (live, drafted or live), strict=True):
            rules = rules_from_config(config)
            frame = score_readings(readings, rules, late=run.parameters["late"])
            pair = float(frame.score[0]), int(frame.band[0])
            if score.basis == 1:
                cuts = rules.at_risk, rules.watch
                pair = score.score, 1 + sum(score.score >= cut for cut in cuts)
            side.append(pair)
        mrr = Standing.objects.filter(pk=score.customer_id).values_list(
            "mrr", flat=True
        )
        ids.append(score.customer_id)
        cents.append(int(sum(mrr) * 100))
        falls.append(drafted is not None)
    columns = [
        Scored(np.array([s for s, _ in side]), np.array([b for _, b in side]))
        for side in sides
    ]
    return difference(np.array(ids), np.array(cents), *columns, np.array(falls))


def same(found: Preview, wanted: Any) -> None:
    got = difference_from(found.result["difference"])
    assert got.customers == wanted.customers
    assert got.cents == wanted.cents
    assert (got.fallen, got.fallen_cents) == (wanted.fallen, wanted.fallen_cents)
    assert (got.bins_before, got.bins_after) == (wanted.bins_before, wanted.bins_after)
    assert got.change == pytest.approx(wanted.change, abs=1e-9)
    for mine, theirs in ((got.up, wanted.up), (got.down, wanted.down)):
        assert [one.customer_id for one in mine] == [one.customer_id for one in theirs]
        assert [one.after for one in mine] == pytest.approx([t.after for t in theirs])


def test_the_difference_is_that_of_scoring_everybody_both_ways(run: Run) -> None:
    config = without("seat_use", bands={"at_risk": 45, "watch": 80})
    draft = make_draft(config)
    found = preview_ensure(version=draft, now=NOW)
    assert found is not None
    assert (found.state, found.done, found.total) == ("done", 6, 6)
    wanted = expected(run, lambda score: config)
    same(found, wanted)
    assert wanted.changed >= 1
    assert found.result["summary"]["changed"] == wanted.changed
    assert found.result["summary"]["mrr"] == round(wanted.changed_cents / 100)
    # The score set by hand stays, but 72 is no longer healthy.
    fixed = Override.objects.get().customer_id
    assert fixed not in [one.customer_id for one in (*wanted.up, *wanted.down)]
    assert wanted.customers[3][2] >= 1


def test_a_draft_of_a_new_scorecard_takes_its_segments_only(run: Run) -> None:
    card = Scorecard.objects.create(key="small", name="Small customers", priority=1)
    card.segments.add(other_segment())
    config = without("seat_use", floor=1.0)
    draft = make_draft(config, card)
    found = preview_ensure(version=draft, now=NOW)
    assert found is not None
    small = other_segment().pk
    wanted = expected(
        run, lambda score: config if score.customer.segment_id == small else None
    )
    same(found, wanted)
    assert wanted.fallen == 1
    assert wanted.customers[3][0] == wanted.changed == 1  # healthy → unknown


@pytest.mark.parametrize("chunk", [2, 10_000])
def test_parents_take_what_the_draft_gives_their_children(
    company: Company, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """By the draft the worst child counts; a parent set by hand stays."""
    monkeypatch.setattr(previewing, "CHUNK", chunk)
    monkeypatch.setattr(comparing, "CHUNK", chunk)
    parent, fixed = world.healthy_customer("Mother"), world.healthy_customer("Fixed")
    children = [world.healthy_customer("Good"), world.failing_customer("Bad")]
    Customer.objects.filter(pk__in=[one.pk for one in children]).update(parent=parent)
    lone = world.failing_customer("Under the fixed one")
    Customer.objects.filter(pk=lone.pk).update(parent=fixed)
    Override.objects.create(
        customer=fixed,
        score=80,
        reason="They told us.",
        created_at=NOW - dt.timedelta(days=1),
        expires_on=world.TODAY,
    )
    world.healthy_customer("Nobody's")
    world.score()
    found = preview_ensure(version=make_draft(without(rollup="worst")), now=NOW)
    assert found is not None
    got = difference_from(found.result["difference"])
    assert (found.done, got.total, got.fallen) == (6, 6, 6)
    bad = Score.objects.get(customer=children[1])
    assert [(one.customer_id, one.after) for one in got.down] == [
        (parent.pk, bad.score)
    ]
    assert got.up == []
    assert (got.changed, got.changed_cents) == (1, 100_000)


def test_slices_come_to_the_same_whoever_is_killed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(without("seat_use"))
    whole = preview_ensure(version=draft, now=NOW)
    assert whole is not None
    wanted = whole.result
    monkeypatch.setattr("health.services.previews.AT_ONCE", 0)
    monkeypatch.setattr(previewing, "CHUNK", 2)
    Preview.objects.all().delete()
    waiting = preview_ensure(version=draft, now=NOW)
    assert waiting is not None
    assert waiting.state == PreviewState.PENDING
    # One part, then the worker is gone without a word: its lease runs out.
    keep = previewing._keep
    calls = []

    def killed(*args: Any) -> bool:
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit
        return keep(*args)

    monkeypatch.setattr(previewing, "_keep", killed)
    with pytest.raises(SystemExit):
        preview_work(preview_id=waiting.pk, now=NOW)
    left = Preview.objects.get()
    assert (left.state, left.done) == (PreviewState.RUNNING, 2)
    preview_work(preview_id=waiting.pk, now=NOW)  # Not ours while the lease runs.
    assert Preview.objects.get().done == 2
    Preview.objects.update(lease_until=F("lease_until") - dt.timedelta(minutes=5))
    assert previews_wake() == 1
    monkeypatch.setattr(previewing, "_keep", keep)
    # No time at all: it hands on at once, and loses nothing.
    preview_work(preview_id=waiting.pk, now=NOW, seconds=0)
    assert Preview.objects.get().state == PreviewState.PENDING
    preview_work(preview_id=waiting.pk, now=NOW)
    left = Preview.objects.get()
    assert (left.state, left.done) == (PreviewState.PENDING, 6)  # the past is next
    preview_work(preview_id=waiting.pk, now=NOW)
    done = Preview.objects.get()
    assert done.state == PreviewState.DONE
    same(done, difference_from(wanted["difference"]))
    assert done.result["past"] == wanted["past"]
    assert previews_wake() == 0


def test_a_worker_that_was_taken_over_writes_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("health.services.previews.AT_ONCE", 0)
    waiting = preview_ensure(version=make_draft(without("seat_use")), now=NOW)
    assert waiting is not None
    read = previewing.portfolio_part

    def overtaken(*args: Any, **options: Any) -> Any:
        Preview.objects.update(attempts=F("attempts") + 1)
        return read(*args, **options)

    monkeypatch.setattr(previewing, "portfolio_part", overtaken)
    preview_work(preview_id=waiting.pk, now=NOW)
    left = Preview.objects.get()
    assert (left.done, "difference" in left.result) == (0, False)


def test_an_edited_draft_is_compared_anew(run: Run) -> None:
    draft = make_draft(without("seat_use"))
    first = preview_ensure(version=draft, now=NOW)
    assert preview_ensure(version=draft, now=NOW) == first
    draft.config, draft.revision = without("seat_use", "events_trend"), 1
    draft.save()
    second = preview_ensure(version=draft, now=NOW)
    assert first is not None
    assert second is not None
    assert second.pk != first.pk
    assert Preview.objects.get() == second
    same(second, expected(run, lambda score: draft.config))


def test_an_edit_in_the_middle_ends_the_old_comparison(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("health.services.previews.AT_ONCE", 0)
    draft = make_draft(without("seat_use"))
    waiting = preview_ensure(version=draft, now=NOW)
    assert waiting is not None
    ScorecardVersion.objects.filter(pk=draft.pk).update(revision=1)
    preview_work(preview_id=waiting.pk, now=NOW)
    assert not Preview.objects.exists()


def test_what_is_in_use_may_change_too(run: Run) -> None:
    draft = make_draft(without("seat_use"))
    first = preview_ensure(version=draft, now=NOW)
    live = ScorecardVersion.objects.get(number=1)
    ScorecardVersion.objects.create(
        scorecard=live.scorecard,
        number=2,
        config=copy.deepcopy(draft.config),
        published_at=NOW,
    )
    second = preview_ensure(version=draft, now=NOW)
    assert first is not None
    assert second is not None
    assert second.pk != first.pk
    found = difference_from(second.result["difference"])
    assert (found.changed, found.change, found.compared > 0) == (0, 0.0, True)


def test_trouble_is_told_and_may_be_tried_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(without("seat_use"))
    with monkeypatch.context() as patch:
        patch.setattr(previewing, "backtest_run", lambda **_: 1 / 0)
        failed = preview_ensure(version=draft, now=NOW)
    assert failed is not None
    assert (failed.state, failed.reason) == (
        PreviewState.FAILED,
        "ZeroDivisionError: division by zero",
    )
    assert preview_ensure(version=draft, now=NOW) == failed
    again = preview_again(preview=failed, now=NOW)
    assert (again.state, again.done, again.reason) == (PreviewState.DONE, 6, "")
    assert preview_again(preview=again, now=NOW).finished_at == again.finished_at


def test_a_comparison_that_kills_its_workers_ends(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("health.services.previews.AT_ONCE", 0)
    waiting = preview_ensure(version=make_draft(without("seat_use")), now=NOW)
    assert waiting is not None
    Preview.objects.update(attempts=previewing.MAX_TRIES)
    preview_work(preview_id=waiting.pk, now=NOW)
    left = Preview.objects.get()
    assert (left.state, left.reason) == (PreviewState.FAILED, previewing.TOO_OFTEN)


def test_a_database_that_went_away_costs_a_turn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    monkeypatch.setattr("health.services.previews.AT_ONCE", 0)
    waiting = preview_ensure(version=make_draft(without("seat_use")), now=NOW)
    assert waiting is not None

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr(previewing, "portfolio_part", away)
    preview_work(preview_id=waiting.pk, now=NOW)
    assert Preview.objects.get().state == PreviewState.PENDING


def test_without_a_run_there_is_nothing_to_compare(company: Company) -> None:
    card = Scorecard.objects.create(key="x", name="X", is_default=True)
    assert preview_ensure(version=make_draft(default_config(), card), now=NOW) is None
