"""The whole of the accuracy page: what it measures, and what it must not take for more."""

import json
from dataclasses import replace

import numpy as np
import pytest

from common.dates import POSTGRES_EPOCH
from health.calculations.accuracy.contenders import IN_USE, MODEL, MRR, RENEWAL
from health.calculations.accuracy.earlier import Learnt, version_line
from health.calculations.accuracy.looked_at import looked_at
from health.calculations.accuracy.report import Verdict, ranked
from health.calculations.accuracy.whole import DRIFTED, Report, _newest, report_of
from health.calculations.churn.training import train
from health.calculations.landmarks import STAYED, Landmarks
from health.calculations.past_frames import PastFrames
from tests import accuracy
from tests.accuracy import CALLS, RESAMPLES, SEED
from tests.learnt import learnt_content, learnt_past
from tests.world import TODAY

HORIZON = 90


def test_a_report_survives_being_stored() -> None:
    found = accuracy.report()
    stored = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert stored["alarms"] == []
    assert Report.from_json(stored) == found


def test_the_model_is_tried_as_it_was_when_it_was_trained() -> None:
    model = learnt_content().churn
    assert model
    looked = looked_at(accuracy.past(), model, horizon=HORIZON, seed=SEED)
    counted = looked.chosen(looked.counted)
    again = ranked(counted.cases, counted.p, calls=20, seed=0, resamples=20)
    assert again == model.metrics.ranked


def test_everybody_is_measured_on_the_same_cases() -> None:
    found = accuracy.report()
    keys = [one.key for one in found.contenders]
    assert keys == [IN_USE, MODEL, RENEWAL, MRR]
    score = found.contender(IN_USE)
    assert score
    assert score.unknown > 0
    assert score.ranked.cases + score.unknown == found.cases
    assert {one.ranked.cases for one in found.contenders[1:]} == {found.cases}
    assert found.contender("9") is None
    assert found.verdict_of("9") is None
    # Nobody is measured against itself.
    assert [one.apart is None for one in found.contenders] == [
        False,
        True,
        False,
        False,
    ]
    revenue = found.contender(MRR)
    assert revenue
    assert revenue.apart
    assert revenue.apart.low > 0
    assert (found.signal, found.alarms) == (True, ())


def test_days_do_not_overlap_and_are_over() -> None:
    found = accuracy.report()
    today = (TODAY - POSTGRES_EPOCH).days
    assert len(found.days) > 1
    assert min(np.diff(found.days)) >= HORIZON
    assert found.days[-1] + HORIZON <= today


def test_leads_and_segments() -> None:
    found = accuracy.report()
    assert found.score_lead
    assert found.model_lead
    assert 0 < found.score_lead.warned <= found.score_lead.leavers
    assert found.score_lead.leavers == found.model_lead.leavers
    [group] = found.segments
    assert (group.key, group.cases, group.leavers) == (0, found.cases, found.leavers)
    assert group.model
    assert group.model.auc
    whole = found.contender(MODEL)
    assert whole
    assert whole.ranked.auc
    assert group.model.auc.value == pytest.approx(whole.ranked.auc.value)


def test_small_groups_are_too_few() -> None:
    frames = accuracy.past()
    rows = replace(frames.rows, segment=np.where(frames.rows.customer < 8, 2, 1))
    found = report_of(
        replace(frames, rows=rows),
        accuracy.without_model(),
        reason="few_left",
        calls=CALLS,
        seed=SEED,
        resamples=4,
    )
    large, small = found.segments
    assert (large.key, small.key) == (1, 2)
    assert large.score.verdict == Verdict.SIGNAL
    assert (small.score.verdict, small.score.auc) == (Verdict.FEW, None)
    assert small.model is None


def test_without_a_model_the_score_is_measured_still() -> None:
    found = report_of(
        accuracy.past(),
        accuracy.without_model(),
        reason="few_left",
        calls=CALLS,
        seed=SEED,
        resamples=RESAMPLES,
    )
    assert [one.key for one in found.contenders] == [IN_USE, RENEWAL, MRR]
    assert {one.apart for one in found.contenders} == {None}
    assert (found.calibrated, found.model_lead, found.signal) == (None, None, None)
    assert found.verdict_of(IN_USE) == Verdict.SIGNAL
    assert Report.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_without_a_past_there_is_nothing() -> None:
    frames = accuracy.past()
    young = frames.chosen(~frames.rows.known_for(HORIZON))
    assert len(young)
    for nobody in (young, frames.chosen(frames.rows.day < 0)):
        found = report_of(
            nobody,
            accuracy.without_model(),
            reason="no_history",
            calls=CALLS,
            seed=SEED,
        )
        assert (found.cases, found.days, found.contenders) == (0, (), ())
        assert found.alarms == ()


def test_scores_that_say_the_same_stand_once() -> None:
    frames = accuracy.past()
    same = frames.scores[IN_USE]
    scores = {"5": same, "6": 100 - same, "7": np.full(len(same), np.nan), IN_USE: same}
    found = report_of(
        replace(frames, scores=scores),
        accuracy.without_model(),
        reason="few_left",
        calls=CALLS,
        seed=SEED,
        resamples=RESAMPLES,
    )
    assert [one.key for one in found.contenders] == [IN_USE, "6", RENEWAL, MRR]
    assert found.verdict_of("6") == Verdict.REVERSED
    assert found.alarms == ()  # of a version that is not in use nobody needs be warned


def test_a_score_that_knows_nothing_is_called_so() -> None:
    frames = accuracy.past()
    lots = np.random.default_rng(4)
    score = lots.uniform(0, 100, len(frames))
    found = report_of(
        accuracy.scored(frames.rows, score),
        accuracy.without_model(),
        reason="few_left",
        calls=CALLS,
        seed=SEED,
        resamples=RESAMPLES,
    )
    assert found.verdict_of(IN_USE) == Verdict.CHANCE
    assert found.alarms == (IN_USE,)
    turned = report_of(
        accuracy.scored(frames.rows, 100 - frames.scores[IN_USE]),
        accuracy.without_model(),
        reason="few_left",
        calls=CALLS,
        seed=SEED,
        resamples=RESAMPLES,
    )
    assert turned.alarms == (IN_USE,)
    assert turned.verdict_of(IN_USE) == Verdict.REVERSED


def shuffled(rows: Landmarks, seed: int) -> Landmarks:
    """This will give each customer's end to another one of the same start."""
    lots = np.random.default_rng(seed)
    found = rows.left_after.copy()
    for day in np.unique(rows.day):
        there = np.flatnonzero(rows.day == day)
        found[there] = rows.left_after[lots.permutation(there)]
    return replace(rows, left_after=found, involuntary=found != STAYED)


def test_shuffled_labels_foretell_nothing() -> None:
    """Neither the score nor a model may see a signal where there can be none."""
    frames = accuracy.past()
    rows = shuffled(frames.rows, 5)
    model = train(rows, calls=CALLS, seed=SEED, resamples=RESAMPLES, strengths=(0.03,))
    found = report_of(
        replace(frames, rows=rows),
        replace(learnt_content(), churn=model),
        reason="enough_left",
        calls=CALLS,
        seed=SEED,
        resamples=RESAMPLES,
    )
    for key in (IN_USE, MODEL):
        side = found.contender(key)
        assert side
        assert side.ranked.auc
        assert side.ranked.auc.low <= 0.5 <= side.ranked.auc.high
        assert side.ranked.verdict == Verdict.CHANCE
    assert found.signal is False
    assert found.alarms == (IN_USE, MODEL)


def test_what_a_version_learnt_earlier_says_of_later_days() -> None:
    rows, model = learnt_past(), learnt_content().churn
    assert model
    day = int(rows.day.min()) + 240
    line = version_line(
        rows, Learnt(3, day, model), horizon=HORIZON, seed=1, resamples=20
    )
    assert line
    assert (line.number, line.day) == (3, day)
    later = rows.chosen((rows.day >= day) & rows.known_for(HORIZON))
    assert 0 < line.cases < len(later)
    assert line.ranked.verdict == Verdict.SIGNAL
    assert line.level
    # One day, the last whose window is over; each customer once.
    last = later.chosen(later.day == later.day.max())
    assert line.level.cases == len(last)
    assert line.level.share == last.left_within(HORIZON).mean()


def test_no_later_day_and_nothing_is_said() -> None:
    rows, model = learnt_past(), learnt_content().churn
    assert model
    today = (TODAY - POSTGRES_EPOCH).days
    young = Learnt(3, today - 60, model)
    assert version_line(rows, young, horizon=HORIZON, seed=1, resamples=2) is None
    others = replace(rows, names=tuple(reversed(rows.names)))
    old = Learnt(3, 0, model)
    assert version_line(others, old, horizon=HORIZON, seed=1, resamples=2) is None
    found = report_of(
        accuracy.past(),
        accuracy.without_model(),
        reason="few_left",
        calls=CALLS,
        seed=SEED,
        earlier=[young, old],
        resamples=4,
    )
    assert [one.number for one in found.versions] == [3]


def many(size: int) -> PastFrames:
    rows = learnt_past()
    places = np.arange(size) % len(rows)
    return accuracy.scored(
        replace(
            rows.chosen(places),
            customer=np.arange(size),
            day=np.full(size, 9_000, dtype=np.int32),
        ),
        np.full(size, 50.0),
    )


def test_very_many_are_drawn_by_lot() -> None:
    assert len(_newest(many(DRIFTED + 10), 1)) == DRIFTED
    looked = looked_at(many(50_000), None, horizon=HORIZON, seed=1)
    assert 35_000 < len(looked.p) < 45_000
    model = learnt_content().churn
    assert model
    line = version_line(
        many(30_000).rows, Learnt(1, 0, model), horizon=HORIZON, seed=1, resamples=2
    )
    assert line
    assert line.cases == 20_000
