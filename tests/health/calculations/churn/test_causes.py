"""Who leaves because a payment failed."""

import numpy as np
import pytest

from health.calculations.churn.causes import learn_causes


def leavers(voluntary: int, involuntary: int):
    """This will make leavers; the column is 1 for most whose payment failed."""
    size = voluntary + involuntary
    failed = np.arange(size) < involuntary
    noise = np.random.default_rng(1).normal(size=size)
    return failed, (failed + 0.5 * noise)[:, None]


def test_few_of_a_cause_give_one_share() -> None:
    failed, columns = leavers(70, 9)
    found = learn_causes(columns, np.ones(79, dtype=bool), failed, np.arange(79))
    assert (found.voluntary, found.involuntary, found.beta) == (70, 9, ())
    assert found.shares(columns) == pytest.approx(np.full(79, 9.5 / 80))


def test_enough_of_both_are_told_apart() -> None:
    failed, columns = leavers(200, 60)
    found = learn_causes(columns, np.ones(260, dtype=bool), failed, np.arange(260))
    shares = found.shares(columns)
    assert shares.mean() == pytest.approx(60 / 260, abs=1e-3)
    assert shares[failed].mean() > 1.5 * shares[~failed].mean()


def test_customers_are_counted_and_those_who_stayed_are_not() -> None:
    failed, columns = leavers(200, 60)
    left = np.arange(260) < 200
    found = learn_causes(columns, left, failed, np.arange(260) // 2)
    assert (found.voluntary, found.involuntary, found.beta) == (70, 30, ())
