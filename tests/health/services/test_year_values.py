"""The forecast that could have been made a year ago, and what came in since."""

import numpy as np

from health.calculations.conformal import coverage
from health.calculations.forecast import Economics
from health.calculations.landmarks import STAYED
from health.calculations.past_frames import PastFrames
from health.services.training.values import refitted, year_checked
from tests.health.calculations.frames import frames_of
from tests.health.calculations.lifetime_rows import rows
from tests.learnt import PRIOR, learnt_content, learnt_past

MONTH = 30
PRICES = Economics(0.8, 25.0, discount_rate=0.1, horizon_months=60)


def company(*, months: int, customers: int = 300) -> PastFrames:
    """This will make customers of whom 3 in 100 leave every month; a tenth pay nothing."""
    lots = np.random.default_rng(3)
    gone = lots.geometric(0.03, customers)
    who, month = np.nonzero(gone[:, None] > np.arange(months))
    ahead = gone[who] - month
    known = ahead <= months - month
    return frames_of(
        rows(
            customer=who,
            day=MONTH * month,
            tenure=MONTH * month + 15,
            mrr=np.where(who % 10 == 0, 0.0, 100.0),
            observed=MONTH * (months - month),
            left_after=np.where(known, MONTH * ahead - 5, STAYED),
        )
    )


def test_ranges_are_those_that_would_have_been_shown() -> None:
    frames = company(months=27)
    found = year_checked(frames, churn=None, prior=PRIOR, economics=PRICES)
    assert found is not None
    assert found.was_widened
    assert found.check.day == 14 * MONTH
    # Who pays nothing has nothing to be checked.
    assert not (found.check.customer % 10 == 0).any()
    raw = found.check.ranges
    assert (found.shown.mid == raw.mid).all()
    assert (found.shown.low != raw.low).any()
    held = coverage(found.shown, found.check.realised.margin, found.check.plan)
    assert 0.7 <= held.overall <= 0.95
    # Nothing but chance made them leave: the sum came out within what was told.
    off = found.spread.deviation
    assert 1.0 <= found.factor <= 1.5
    assert abs((found.check.realised.margin - found.check.expected).sum()) < 2.0 * off
    assert off < 0.15 * found.check.expected.sum()
    expected, came = found.check.expected.sum(), found.check.realised.margin.sum()
    assert 0.8 <= came / expected <= 1.25
    assert found.widening.groups == (1,)


def test_nothing_of_the_year_is_known_before_it() -> None:
    frames = company(months=27)
    late = frames.rows.day > 14 * MONTH
    # Everybody is gone right after the day: the forecast made on it cannot know.
    stopped = frames.chosen(~late)
    after = stopped.rows.day + stopped.rows.left_after.astype(np.int64)
    stopped.rows.left_after[after > 14 * MONTH] = STAYED
    then = year_checked(frames, churn=None, prior=PRIOR, economics=PRICES)
    assert then is not None
    more = PastFrames.joined(
        [stopped, frames.chosen(late & (frames.rows.customer % 10 == 1))]
    )
    other = year_checked(more, churn=None, prior=PRIOR, economics=PRICES)
    assert other is not None
    np.testing.assert_allclose(other.check.expected, then.check.expected)
    assert (other.check.realised.margin <= then.check.realised.margin).all()
    assert other.check.realised.margin.sum() < then.check.realised.margin.sum()


def test_one_year_of_history_is_not_adjusted() -> None:
    found = year_checked(company(months=20), churn=None, prior=PRIOR, economics=PRICES)
    assert found is not None
    assert not found.was_widened
    assert found.shown.low.tolist() == found.check.ranges.low.tolist()


def test_too_short_a_history_is_not_checked() -> None:
    short = company(months=12)
    assert year_checked(short, churn=None, prior=PRIOR, economics=PRICES) is None
    free = company(months=14)
    free.rows.mrr[:] = 0.0
    assert year_checked(free, churn=None, prior=PRIOR, economics=PRICES) is None


def test_few_leavers_teach_no_regression() -> None:
    model, past = learnt_content().churn, learnt_past()
    assert model is not None
    assert refitted(None, past) is None
    left = past.left_within(90)
    leavers = np.unique(past.customer[left & past.known_for(90)])
    few = past.chosen(~np.isin(past.customer, leavers[9:]))
    assert refitted(model, few) is None
    assert refitted(model, past.chosen(left)) is None
    again = refitted(model, past)
    assert again is not None
    assert again.design.names == model.design.names
    assert again.metrics == model.metrics
