"""What is learnt of customers who buy without a subscription."""

import json
from dataclasses import replace

import numpy as np
import pytest

from health.calculations.bgnbd_ahead import Ahead
from health.calculations.buyers import Bought, Buyers, learn_buyers, who_buys
from health.calculations.contribution import NO_TICKETS
from tests.health.calculations.published import cdnow
from tests.health.calculations.purchases import published


@pytest.fixture(scope="module")
def bought() -> Bought:
    lots = np.random.default_rng(3)
    age = lots.integers(30, 400, 150).astype(float)
    x = np.where(np.arange(150) % 3 == 0, lots.integers(1, 9, 150), 0).astype(float)
    recency = np.where(x > 0, np.maximum(1, np.floor(age * lots.random(150))), 0.0)
    mean = np.where(x > 0, lots.gamma(4.0, 9.0, 150), 0.0)
    return Bought(x, recency, age, mean, np.arange(150) % 4 * 1.0)


@pytest.fixture(scope="module")
def learnt(bought: Bought) -> Buyers:
    found = learn_buyers(bought)
    assert found is not None
    return found


def test_both_models_and_tickets_are_learnt(bought: Bought, learnt: Buyers) -> None:
    assert learnt.purchases.customers_ == 150
    assert learnt.purchases.repeaters_ == 50
    assert learnt.spend is not None
    assert learnt.spend.customers_ == 50
    assert learnt.tickets.rest == pytest.approx(
        bought.tickets.sum() / (bought.x + 1).sum()
    )
    assert learnt.correlation == pytest.approx(
        np.corrcoef(bought.x[::3], bought.mean[::3])[0, 1]
    )


def test_too_few_teach_nothing(bought: Bought) -> None:
    assert learn_buyers(bought.chosen(np.arange(99))) is None
    once = bought.x == 0
    few = np.flatnonzero(~once)[:29].tolist() + np.flatnonzero(once).tolist()
    assert len(few) >= 100
    assert learn_buyers(bought.chosen(np.array(few))) is None
    enough = np.flatnonzero(~once)[:30].tolist() + np.flatnonzero(once).tolist()
    assert learn_buyers(bought.chosen(np.array(enough))) is not None


def test_the_same_rows_in_any_order_teach_the_same(bought: Bought) -> None:
    again = learn_buyers(bought)
    turned = learn_buyers(bought.chosen(np.arange(150)[::-1]))
    assert again is not None
    assert turned is not None
    assert again.as_json() == learn_buyers(bought).as_json()  # type: ignore[union-attr]
    assert turned.purchases.r_ == pytest.approx(again.purchases.r_, rel=1e-4)


def test_purchases_of_nothing_have_no_amount(bought: Bought) -> None:
    found = learn_buyers(replace(bought, mean=np.zeros(150)))
    assert found is not None
    assert (found.spend, found.correlation) == (None, None)


def test_kept_as_json_to_the_last_bit(learnt: Buyers) -> None:
    for one in (learnt, published(), published(spend=False)):
        again = Buyers.from_json(json.loads(json.dumps(one.as_json())))
        assert again.as_json() == one.as_json()
        assert vars(again.purchases) == vars(one.purchases)
        assert (again.doubt, again.tickets) == (one.doubt, one.tickets)
    assert published().tickets == NO_TICKETS


def test_doubt_shrinks_with_the_number_of_customers(
    bought: Bought, learnt: Buyers
) -> None:
    """Four times the same customers: half the standard deviation, but for the prior."""
    more = learn_buyers(bought.chosen(np.tile(np.arange(150), 4)))
    assert more is not None
    once, four = (np.sqrt(np.diag(one.doubt)) for one in (learnt, more))
    assert four[0] / once[0] == pytest.approx(0.5, abs=0.02)
    assert np.all(four < once)
    assert np.all(np.linalg.eigvalsh(np.array(learnt.doubt)) > 0)


@pytest.mark.shared_data
def test_the_published_parameters_from_days() -> None:
    people = cdnow()
    rows = Bought(
        people.x, 7 * people.t_x, 7 * people.age, people.value, np.zeros(2357)
    )
    found = learn_buyers(rows)
    assert found is not None
    got = found.purchases
    assert (got.r_, got.alpha_ / 7, got.a_, got.b_) == pytest.approx(
        (0.2426, 4.4136, 0.7929, 2.4259), rel=1e-4
    )
    # r and α are known to 5 and 9 %, a and b to 23 and 29 %.
    assert np.sqrt(np.diag(found.doubt)).round(2).tolist() == [0.05, 0.09, 0.23, 0.29]


def test_buyers_are_found_in_the_facts() -> None:
    facts = {
        "purchases": np.array([0, 3, 1], dtype=np.int32),
        "first_purchase_days": np.array([-1, 90, 4], dtype=np.int32),
        "last_purchase_days": np.array([-1, 20, 4], dtype=np.int32),
        "purchase_mean": np.array([0.0, 12.5, 0.0]),
        "tickets_total": np.array([9, 2, 0], dtype=np.int32),
    }
    which = who_buys(facts)
    assert which.tolist() == [False, True, True]
    rows = Bought.of(facts, which)
    assert rows.x.tolist() == [2, 0]
    assert rows.recency.tolist() == [70, 0]
    assert rows.age.tolist() == [90, 4]
    assert (rows.mean.tolist(), rows.tickets.tolist()) == ([12.5, 0.0], [2.0, 0.0])


class TestAhead:
    """Against draws of the model itself: rates, chances to leave, and what follows."""

    def test_moments(self) -> None:
        lots, n = np.random.default_rng(5), 400_000
        a, b, shape, reach = 0.8, 4.4, 2.2, 3.0
        ahead = Ahead.prepared(a, np.array([b]), np.array([shape]), reach, digits=18.0)
        rate, p = lots.gamma(shape, size=n), lots.beta(a, b, n)
        life = lots.exponential(size=n) / (rate * p)
        seen = np.minimum(life, reach)
        count = lots.poisson(rate * (1 - p) * seen) + (life < reach)
        stays, bought, leaving, buying = ahead.steps(np.array([reach]))
        assert stays[0] == pytest.approx((life > reach).mean(), abs=0.003)
        assert bought[0] == pytest.approx(count.mean(), rel=0.01)
        assert bought[0] == pytest.approx(ahead.purchases(np.array([reach]))[0])
        pairs = ahead.pairs(np.array([reach]))[0]
        assert pairs == pytest.approx((count * (count - 1)).mean(), rel=0.03)
        more, less = (ahead.steps(np.array([reach + h])) for h in (1e-5, -1e-5))
        assert leaving[0] == pytest.approx((more[0] - less[0])[0] / 2e-5, rel=1e-5)
        assert buying[0] == pytest.approx((more[1] - less[1])[0] / 2e-5, rel=1e-5)

    def test_who_never_leaves_buys_at_random(self) -> None:
        """With a near 0 no purchase is the last one: pairs are s(s+1)·reach²."""
        ahead = Ahead.prepared(1e-9, np.array([3.0]), np.array([2.0]), 0.5, digits=18.0)
        assert ahead.pairs(np.array([0.5]))[0] == pytest.approx(6.0 * 0.25, rel=1e-6)
        stays, bought, *_ = ahead.steps(np.array([0.5]))
        assert (stays[0], bought[0]) == pytest.approx((1.0, 1.0), rel=1e-6)
