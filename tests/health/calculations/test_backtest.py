"""Two scorecards on the past: figures worked by hand, ranges against simulation."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from health.calculations import backtest
from health.calculations.backtest import Past, Range, compare, sample
from health.calculations.differences import Scored
from health.calculations.rates import shrunken_share

# Two days, 90 apart, four customers; customer 0 leaves 30 days after the second one,
# customer 1 leaves 60 days after the first one and is not there on the second.
#   day 0: customers 0 1 2 3      day 1: customers 0 2 3
PAST = Past(
    customer=np.array([0, 1, 2, 3, 0, 2, 3]),
    day=np.array([0, 0, 0, 0, 1, 1, 1]),
    left_in=np.array([-1, 60, -1, -1, 30, -1, -1]),
    weight=np.ones(4),
    days=np.array([700, 790]),
)
# Live: the leavers' scores are 60 (day 0, against 40 60 80) and 30 (day 1, against 20 90).
# Below are: of 40 60 80 → 80 above, 60 ties: 1½ of 3; of 20 90 → 1 of 2. Together 2½ of 5.
LIVE = Scored(np.array([40, 60, 60, 80, 30, 20, 90.0]), np.array([1, 2, 2, 3, 1, 1, 3]))
# Draft: 10 against 40 60 80 → 3 of 3; 30 against 20 90 → 1 of 2. Together 4 of 5.
DRAFT = Scored(
    np.array([40, 10, 60, 80, 30, 20, 90.0]), np.array([1, 1, 2, 3, 1, 1, 3])
)


def value(found: Range | None) -> float:
    """This will return a figure that must be there."""
    assert found is not None
    return found.value


def many(seed: int, size: int, *, blur: float) -> tuple[Past, Scored]:
    """This will make customers of whom those with low scores leave, seen through a blur."""
    lots = np.random.default_rng(seed)
    truth = lots.normal(60, 12, size)
    left = lots.random(size) < 1 / (1 + np.exp((truth - 40) / 5))
    score = truth + lots.normal(0, blur, size)
    past = Past(
        np.arange(size),
        np.zeros(size, dtype=np.int64),
        np.where(left, 10, -1),
        np.ones(size),
        np.array([700]),
    )
    return past, Scored(score, np.where(score < 50, 1, 2))


def test_how_often_the_leaver_had_the_lower_score_on_the_same_day() -> None:
    found = compare(PAST, LIVE, DRAFT, seed=1)
    assert value(found.live.auc) == 2.5 / 5
    assert value(found.draft.auc) == 4 / 5
    assert value(found.auc) == pytest.approx(1.5 / 5)
    assert (found.customers, found.leavers, found.compared_leavers) == (7, 2, 2)


def test_leavers_by_band_and_the_cost_of_an_alarm() -> None:
    found = compare(PAST, LIVE, DRAFT, seed=1)
    assert found.live.leavers == (0, 1, 1, 0)  # unknown, at risk, watch, healthy
    assert found.draft.leavers == (0, 2, 0, 0)
    assert (value(found.live.caught), value(found.draft.caught)) == (1 / 2, 1)
    assert (value(found.live.alarm), value(found.draft.alarm)) == (3 / 7, 4 / 7)
    assert value(found.caught) == 1 / 2
    assert value(found.alarm) == pytest.approx(1 / 7)
    # At risk before: three rows of which one left, pulled to the whole's 2 of 7.
    assert found.live.bands[1] == shrunken_share(1, 3, towards=2 / 7)


def test_days_from_the_first_red_day_to_leaving() -> None:
    found = compare(PAST, LIVE, DRAFT, seed=1)
    # Customer 0 was red on both days: 30 days after the second, 120 after the first.
    assert (found.live.lead, found.live.warned) == (120, 1)
    # By the draft customer 1 was red too, 60 days before: the median of 60 and 120.
    assert (found.draft.lead, found.draft.warned) == (90, 2)
    calm = Scored(LIVE.score, np.full(7, 3))
    assert compare(PAST, calm, LIVE, seed=1).live.lead is None
    # A customer that was red, then not, then red: only the last unbroken row counts.
    broken = replace(PAST, day=np.array([0, 0, 0, 0, 2, 1, 1]))
    broken = replace(
        broken,
        customer=np.array([0, 1, 2, 3, 0, 0, 3]),
        days=np.array([610, 700, 790]),
    )
    eased = Scored(LIVE.score, np.array([1, 2, 2, 3, 1, 2, 3]))
    assert compare(broken, eased, eased, seed=1).live.lead == 30


def test_customers_unknown_to_one_side_are_left_out_of_the_order() -> None:
    """Without customer 1 on day 0 only the second day has a leaver: 1 of 2 each."""
    dark = Scored(LIVE.score, np.array([1, 0, 2, 3, 1, 1, 3]))
    found = compare(PAST, dark, DRAFT, seed=1)
    assert (value(found.live.auc), value(found.draft.auc)) == (1 / 2, 1 / 2)
    assert (found.leavers, found.compared_leavers) == (2, 1)
    assert found.live.leavers == (1, 1, 0, 0)


def test_nobody_left_and_nothing_is_claimed() -> None:
    calm = replace(PAST, left_in=np.full(7, -1))
    found = compare(calm, LIVE, DRAFT, seed=1)
    assert found.verdict == "few"
    assert found.auc is found.live.auc is found.live.caught is found.caught is None
    assert found.live.bands == ()
    assert value(found.alarm) == pytest.approx(1 / 7)


def test_under_ten_leavers_there_is_no_verdict() -> None:
    assert compare(PAST, LIVE, DRAFT, seed=1).verdict == "few"


def test_the_verdict_follows_the_range_of_the_difference() -> None:
    past, sharp = many(3, 3_000, blur=0.1)
    _, dull = many(3, 3_000, blur=30)
    better, worse = (
        compare(past, dull, sharp, seed=1),
        compare(past, sharp, dull, seed=1),
    )
    assert (better.verdict, worse.verdict) == ("better", "worse")
    assert value(worse.auc) == pytest.approx(-value(better.auc))
    assert better.auc is not None
    assert better.auc.low > 0.1
    same = compare(past, sharp, sharp, seed=1)
    assert (same.verdict, same.auc) == ("same", Range(0, 0, 0))


def test_the_range_is_as_wide_as_chance_makes_it() -> None:
    """The draws of one sample spread like the figure over 200 fresh samples."""
    figures = []
    for seed in range(200):
        past, score = many(seed, 400, blur=8)
        found = compare(past, score, score, seed=1, resamples=1).live.auc
        assert found
        figures.append(found.value)
    past, score = many(0, 400, blur=8)
    one = compare(past, score, score, seed=1).live.auc
    assert one
    width = np.percentile(figures, 97.5) - np.percentile(figures, 2.5)
    assert one.high - one.low == pytest.approx(width, rel=0.25)


def test_the_same_customer_seen_four_times_is_one_witness() -> None:
    past, score = many(5, 500, blur=8)
    four = Past(
        np.tile(past.customer, 4),
        np.repeat(np.arange(4), 500),
        np.tile(past.left_in, 4),
        past.weight,
        np.array([400, 500, 600, 700]),
    )
    seen = Scored(np.tile(score.score, 4), np.tile(score.band, 4))
    once = compare(past, score, score, seed=1).live.auc
    often = compare(four, seen, seen, seed=1).live.auc
    assert once is not None
    assert often is not None
    assert often.value == pytest.approx(once.value)
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_the_size_of_the_blocks_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past, score = many(5, 500, blur=8)
    whole = compare(past, score, score, seed=1, resamples=40)
    monkeypatch.setattr(backtest, "BLOCK", 500 * 7)
    pieces = compare(past, score, score, seed=1, resamples=40)
    for one, other in (
        (pieces.live.auc, whole.live.auc),
        (pieces.live.caught, whole.live.caught),
    ):
        assert astuple(one) == pytest.approx(astuple(other))


def test_a_customer_that_stands_for_two_weighs_two() -> None:
    """With customer 3 doubled: 60 against 40 60 80 80 → 2½ of 4, 30 against 20 90 90 →
    2 of 3; together 4½ of 7. At risk are 3 of 9."""
    heavy = replace(PAST, weight=np.array([1.0, 1.0, 1.0, 2.0]))
    found = compare(heavy, LIVE, DRAFT, seed=1)
    assert value(found.live.auc) == pytest.approx(4.5 / 7)
    assert value(found.live.alarm) == pytest.approx(3 / 9)
    assert found.customers == 9


def test_all_leavers_and_as_many_others_by_lot() -> None:
    everybody, leavers = np.arange(100, 200), np.array([103, 150, 151])
    ids, weight = sample(everybody, leavers, most=10, seed=7)
    assert len(ids) == 13
    assert (np.diff(ids) > 0).all()
    stands = dict(zip(ids.tolist(), weight.tolist(), strict=True))
    assert {key: stands.pop(key) for key in (103, 150, 151)} == {
        103: 1,
        150: 1,
        151: 1,
    }
    assert set(stands.values()) == {97 / 10}
    again = sample(everybody, leavers, most=10, seed=7)
    assert (again[0] == ids).all()
    assert (again[1] == weight).all()
    few, alone = sample(everybody, leavers, most=2, seed=7)
    assert alone[np.isin(few, leavers)].tolist() == [1.5, 1.5]
    all_ids, ones = sample(everybody, leavers, most=1000, seed=7)
    assert (all_ids.tolist(), set(ones.tolist())) == (everybody.tolist(), {1.0})
    nobody, none = sample(everybody[:0], leavers[:0], most=5, seed=7)
    assert (len(nobody), len(none)) == (0, 0)
