"""Sums of what customers will bring, against sums written out by hand."""

import json

import numpy as np

from health.calculations.value_paths import PathSums


def path(segment: int, plan: int, amount: float) -> PathSums:
    """One customer that pays `amount` and is there for certain in two months."""
    return PathSums(
        segment=np.array([segment]),
        plan=np.array([plan]),
        customers=np.array([1]),
        mrr=np.array([amount]),
        churn=np.array([0.25]),
        at_risk=np.array([amount / 2]),
        expected=np.array([amount * 1.5]),
        own=np.array([amount**2]),
        doubt=np.array([amount / 10]),
        alive=np.array([[1.0, 0.5]]),
        revenue=np.array([[amount, amount / 2]]),
        tickets=np.array([[0.2, 0.1]]),
    )


def test_customers_are_summed_by_segment_and_plan() -> None:
    got = PathSums.summed([path(2, 1, 10), path(1, 9, 20), path(2, 1, 30)])
    assert len(got) == 2
    assert (got.segment.tolist(), got.plan.tolist()) == ([1, 2], [9, 1])
    assert got.customers.tolist() == [1, 2]
    assert got.mrr.tolist() == [20, 40]
    assert got.churn.tolist() == [0.25, 0.5]
    assert got.at_risk.tolist() == [10, 20]
    assert got.expected.tolist() == [30, 60]
    assert got.own.tolist() == [400, 1_000]
    assert got.doubt.tolist() == [2, 4]
    assert got.alive.tolist() == [[1.0, 0.5], [2.0, 1.0]]
    assert got.revenue.tolist() == [[20, 10], [40, 20]]
    assert got.tickets.tolist() == [[0.2, 0.1], [0.4, 0.2]]


def test_two_plans_of_a_segment_are_two_sums() -> None:
    got = PathSums.summed([path(1, 2, 10), path(1, 1, 20)])
    assert (got.segment.tolist(), got.plan.tolist()) == ([1, 1], [1, 2])


def test_what_is_taken_out_again_leaves_nothing() -> None:
    both = PathSums.summed([path(1, 1, 10), path(1, 1, 20)])
    got = PathSums.summed([both, path(1, 1, 20).without()])
    assert got.customers.tolist() == [1]
    np.testing.assert_allclose(got.revenue, [[10, 5]])


def test_nobody_sums_to_nothing() -> None:
    whole = path(1, 1, 10)
    nobody = PathSums(*(getattr(whole, name)[:0] for name in PathSums.__slots__))
    assert len(PathSums.summed([nobody])) == 0


def test_sums_are_kept_to_the_last_bit() -> None:
    whole = PathSums.summed([path(1, 1, 0.1), path(1, 1, 0.2)])
    again = PathSums.from_json(json.loads(json.dumps(whole.as_json())))
    for name in PathSums.__slots__:
        was, now = getattr(whole, name), getattr(again, name)
        assert was.tolist() == now.tolist()
        assert was.dtype == now.dtype
