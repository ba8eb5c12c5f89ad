"""Whether the company looks like one, and whether the truth leaves its traces."""

import datetime as dt
from collections import Counter, defaultdict

import numpy as np
from scipy.stats import spearmanr

from demo.calculations.customers import SEAT_PRICE
from demo.calculations.grid import DAYS_A_MONTH, Grid
from demo.calculations.lives import history_of
from demo.calculations.tables import Demo, world_of
from demo.calculations.truth import truth_of
from demo.calculations.world import World
from demo.texts.sold import ADD_ON
from demo.texts.team import ANA
from tests.demo.calculations.conftest import TODAY


def here(demo: Demo) -> list[int]:
    return [i for i, life in enumerate(demo.world.history.lives) if life.left is None]


def monthly_churn(world: World) -> float:
    days = sum(
        end - one.start for end, one in zip(world.ends, world.customers, strict=True)
    )
    left = sum(life.left is not None for life in world.history.lives)
    return left / (days / DAYS_A_MONTH)


def test_size_and_churn(company: Demo) -> None:
    assert len(company.tables["customers"]) == 400
    assert 300 <= len(here(company)) <= 345
    assert 0.014 <= monthly_churn(company.world) <= 0.021


def test_churn_holds_for_other_seeds_on_average() -> None:
    shares = [monthly_churn(world_of(seed, TODAY, 30, 400)) for seed in range(1, 9)]
    assert 0.016 <= float(np.mean(shares)) <= 0.020


def test_a_tenth_to_a_quarter_is_in_trouble(company: Demo) -> None:
    z = company.world.history.engagement[-1][here(company)]
    assert 0.1 <= float((z < -1).mean()) <= 0.25


def test_money(company: Demo) -> None:
    plans = set(SEAT_PRICE)
    mrr = [
        float(row.list_mrr or row.mrr)
        for row in company.tables["subscriptions"]
        if row.plan in plans
    ]
    mrr += [
        float(row.list_mrr or row.mrr)
        for row in company.tables["subscription_changes"]
        if row.plan in plans
    ]
    assert min(mrr) >= 200
    assert 8_000 <= max(mrr) <= 12_000
    kinds = Counter(row.kind for row in company.tables["churn_events"])
    assert 0.08 <= kinds["involuntary"] / kinds.total() <= 0.3


def test_variety(company: Demo) -> None:
    customers = company.tables["customers"]
    for column, n in (("segment", 3), ("acquisition_source", 6), ("owner_email", 5)):
        counts = Counter(getattr(row, column) for row in customers)
        assert len(counts) == n
        assert min(counts.values()) >= 30
    plans = Counter(row.plan for row in company.tables["subscriptions"])
    assert set(plans) == {*SEAT_PRICE, ADD_ON}
    intervals = Counter(row.interval_months for row in company.tables["subscriptions"])
    assert set(intervals) == {1, 12}
    languages = Counter(row.language for row in company.tables["contacts"])
    assert min(languages[key] for key in ("en", "de", "ro")) >= 150
    assert len({r.country for r in customers if r.owner_email == ANA}) >= 3


def test_a_few_send_no_usage(company: Demo) -> None:
    seen = {row.customer_id for row in company.tables["usage"]}
    assert 4 <= len(company.tables["customers"]) - len(seen) <= 30


def test_loyalty_answers(company: Demo) -> None:
    scores = [r.score for r in company.tables["survey_responses"] if r.kind == "nps"]
    assert len(scores) >= 400
    groups = [np.mean([s >= 9 for s in scores]), np.mean([s <= 6 for s in scores])]
    assert 5 <= 100 * (groups[0] - groups[1]) <= 50


def test_yearly_customers_leave_mostly_when_they_renew(company: Demo) -> None:
    world = company.world
    gone = [
        (life.left, life.billed)
        for one, life in zip(world.customers, world.history.lives, strict=True)
        if one.yearly and life.left is not None
    ]
    at_renewal = sum(left in billed for left, billed in gone)
    assert len(gone) >= 10
    assert at_renewal / len(gone) >= 0.7


# Truth and traces: the sign of each relation, by rank correlation over customers.


def ranks(demo: Demo, values: dict[str, list[float]]) -> float:
    """This will correlate the mean of a trace with the mean engagement of its time."""
    keys = {one.id: i for i, one in enumerate(demo.world.customers)}
    history = demo.world.history
    pairs = []
    for key, own in values.items():
        i = keys[key]
        weeks = history.engagement[demo.world.customers[i].start // 7 :, i]
        pairs.append((weeks[: demo.world.ends[i] // 7].mean(), np.mean(own)))
    return float(spearmanr(*np.array(pairs).T)[0])


def gathered(rows: object, value) -> dict[str, list[float]]:
    made: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if (number := value(row)) is not None:
            made[row.customer_id].append(float(number))
    return made


def test_pulses_follow_the_truth(company: Demo) -> None:
    assert (
        ranks(company, gathered(company.tables["interactions"], lambda r: r.pulse))
        > 0.7
    )


def test_answers_follow_the_truth(company: Demo) -> None:
    nps = [r for r in company.tables["survey_responses"] if r.kind == "nps"]
    assert ranks(company, gathered(nps, lambda r: r.score)) > 0.5


def test_satisfaction_follows_the_truth(company: Demo) -> None:
    assert (
        ranks(company, gathered(company.tables["tickets"], lambda r: r.satisfaction))
        > 0.4
    )


def test_escalations_go_against_the_truth(company: Demo) -> None:
    rows = company.tables["tickets"]
    assert ranks(company, gathered(rows, lambda r: r.escalated_at is not None)) < -0.25


def test_breadth_of_use_follows_the_truth(company: Demo) -> None:
    assert ranks(company, gathered(company.tables["usage"], lambda r: r.features)) > 0.3


def test_late_payment_goes_against_the_truth(company: Demo) -> None:
    late = [
        r for r in company.tables["invoices"] if r.paid_on and r.due_on > r.issued_on
    ]
    assert ranks(company, gathered(late, lambda r: r.paid_on > r.due_on)) < -0.2


def test_leavers_used_the_product_less_before_they_left(company: Demo) -> None:
    """Against the same customers two quarters earlier, and against those who stayed."""
    world = company.world
    events: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(world.grid.days))
    for row in company.tables["usage"]:
        day = world.grid.day(dt.date.fromisoformat(row.day))
        events[row.customer_id][day] = row.events
    drops, left = [], []
    for one, end, life in zip(
        world.customers, world.ends, world.history.lives, strict=True
    ):
        if one.tracked and end - one.start > 270:
            before = events[one.id][end - 240 : end - 150].mean()
            drops.append(events[one.id][end - 30 : end].mean() / max(before, 0.1))
            left.append(life.left is not None and not life.unpaid)
    assert spearmanr(drops, left)[0] < -0.2


def test_the_truth_ranks_by_engagement(company: Demo) -> None:
    chance = {row.customer_id: row.p90 for row in company.tables["truth"]}
    world = company.world
    pairs = [
        (chance[one.id], world.history.engagement[-1, i])
        for i, one in enumerate(world.customers)
        if one.id in chance and not one.yearly
    ]
    assert spearmanr(*np.array(pairs).T)[0] < -0.8


def test_the_truth_is_the_rule_that_made_the_history() -> None:
    """The chances a quarter before the end add up to those who then left."""
    expected, happened = 0.0, 0
    for seed in range(20, 32):
        full = world_of(seed, TODAY, 24, 300)
        weeks = full.grid.weeks - 13
        cut = Grid(full.grid.date(weeks * 7), weeks)
        early = [one for one in full.customers if one.start < cut.days]
        history = history_of(seed, cut, early)
        chances = truth_of(seed, cut, history, paths=60)
        there = [i for i, life in enumerate(history.lives) if life.left is None]
        expected += float(chances[there].sum())
        # Another path of the same rule: the sums over many must come to the same.
        lives = full.history.lives
        happened += sum(
            life.left is not None and life.left >= weeks * 7 for life in lives
        )
    assert 0.75 <= happened / expected <= 1.35
