"""A model from rows to JSON: what it must know, and what it must notice."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from health.calculations.accuracy.report import Verdict
from health.calculations.churn import boosting, challenger
from health.calculations.churn.choosing import Method
from health.calculations.churn.drifting import SCORE, drifts
from health.calculations.churn.explaining import pushes
from health.calculations.churn.metrics import Caution
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.training import (
    Slope,
    UnableToLearn,
    fitted,
    train,
)
from health.calculations.landmarks import STAYED, Landmarks
from tests.health.calculations.churn.made import company, once, rows_of

STRENGTHS = (0.003, 0.03)
OTHER = {"effect": 1.5, "monthly": -4.2, "crossed": True}


def model_of(rows: Landmarks, **options) -> ChurnModel:
    return train(rows, calls=10, seed=1, resamples=100, strengths=STRENGTHS, **options)


@cache
def example() -> tuple[ChurnModel, Landmarks]:
    """This will return a model of a company, and rows it has not seen."""
    return model_of(company(seed=1, customers=500)), company(seed=2, customers=300)


def test_it_foretells_a_company_of_the_same_kind() -> None:
    model, fresh = example()
    known = fresh.chosen(fresh.known_for(90))
    scores, left = model.score(known), known.left_within(90)
    assert scores.p.mean() == pytest.approx(left.mean(), rel=0.2)
    assert scores.p[left].mean() > 1.5 * scores.p[~left].mean()
    assert (scores.low < scores.p).all()
    assert (scores.p < scores.high).all()
    assert model.metrics.out_of_time
    assert model.metrics.ranked.verdict == Verdict.SIGNAL
    assert model.metrics.signal
    assert model.metrics.cautions == ()
    assert model.strength in STRENGTHS
    gains = {one.name: one for one in model.metrics.gains}
    assert (gains["usage"].nothing, gains["noise"].nothing) == (False, True)


def test_what_it_learnt_from_is_written_down() -> None:
    model, _ = example()
    rows = company(seed=1, customers=500)
    known = rows.chosen(rows.known_for(90))
    assert model.window.rows == len(known)
    assert (model.window.first_day, model.window.last_day) == (7_000, known.day.max())
    assert model.window.customers == len(np.unique(known.customer))
    left = known.left_within(90)
    assert model.window.leavers == len(np.unique(known.customer[left]))
    assert model.window.rate == left.mean()
    assert model.causes.voluntary + model.causes.involuntary == model.window.leavers
    assert len(model.references) == len(model.design.names)


def test_rows_whose_window_is_not_over_teach_nothing() -> None:
    rows = company(seed=1, customers=500)
    # Leavers of windows still open would be known, stayers would not.
    assert model_of(rows.chosen(rows.known_for(90))) == example()[0]


def test_storing_loses_nothing() -> None:
    model, fresh = example()
    stored = json.dumps(model.as_json(), allow_nan=False)
    again = ChurnModel.from_json(json.loads(stored))
    assert again == model
    assert (again.score(fresh).p == model.score(fresh).p).all()


@pytest.mark.parametrize("trees", [False, True])
def test_scoring_needs_no_scikit_learn(tmp_path: Path, trees: bool) -> None:
    model, fresh = with_trees() if trees else example()
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model.as_json()))
    code = (
        "import json, sys; from pathlib import Path;"
        "from health.calculations.churn.model import ChurnModel;"
        "from tests.health.calculations.churn.made import company;"
        f"model = ChurnModel.from_json(json.loads(Path({str(path)!r}).read_text()));"
        f"p = model.score(company(seed=2, customers=300, **{OTHER if trees else {}})).p;"
        "print(repr(float(p.sum())), 'sklearn' in sys.modules)"
    )
    root = Path(__file__).parents[4]
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [repr(float(model.score(fresh).p.sum())), "False"]


def test_the_parts_add_up_to_the_last_bit() -> None:
    model, fresh = example()
    scores = model.score(fresh)
    assert (scores.voluntary + scores.involuntary == scores.p).all()
    assert (scores.involuntary > 0).all()
    assert model.causes.beta != ()
    few = model_of(company(seed=1, customers=500, failing=0.02))
    assert few.causes.beta == ()
    scores = few.score(fresh)
    assert (scores.voluntary + scores.involuntary == scores.p).all()
    assert scores.involuntary / scores.p == pytest.approx(few.causes.share)


def test_other_features_are_refused() -> None:
    model, fresh = example()
    other = replace(fresh, names=("usage", "noise", "tickets"))
    with pytest.raises(ValueError, match="not the features"):
        model.score(other)


def test_a_customer_is_scored_alone_as_among_others() -> None:
    model, fresh = example()
    alone = model.score(fresh.chosen([17]))
    among = model.score(fresh)
    for name in ("p", "low", "high", "voluntary", "involuntary"):
        assert getattr(alone, name)[0] == pytest.approx(getattr(among, name)[17])


def test_the_interval_holds_the_truth_in_80_of_100() -> None:
    """Where the regression is right, of customers it has not seen; without calibration."""
    held = []
    for seed in range(30):
        rows, _ = once(seed, 1_500)
        found = fitted(rows, strength=1.0, slope=Slope())
        fresh, truth = once(1_000 + seed, 400)
        base = example()[0]
        model = replace(
            base,
            design=found.design,
            causes=found.causes,
            beta=tuple(found.beta.tolist()),
            covariance=tuple(map(tuple, found.covariance.tolist())),
            calibration=replace(
                found.calibration, slope_variance=0.0, level_variance=0.0
            ),
        )
        scores = model.score(fresh)
        held.append(((scores.low <= truth) & (truth <= scores.high)).mean())
    assert 0.72 <= np.mean(held) <= 0.86


def test_the_doubt_of_the_calibration_widens_the_interval() -> None:
    model, fresh = example()
    sure = replace(
        model,
        calibration=replace(model.calibration, slope_variance=0.0, level_variance=0.0),
    )
    wide, narrow = model.score(fresh), sure.score(fresh)
    assert (wide.p == narrow.p).all()
    assert (wide.high - wide.low > narrow.high - narrow.low).all()


def test_shuffled_labels_are_no_better_than_chance() -> None:
    rows = company(seed=3, customers=300)
    lots = np.random.default_rng(1)
    # Whole customers' fates are exchanged on each day, so that nothing foretells them.
    order = np.arange(len(rows))
    for day in np.unique(rows.day):
        here = np.flatnonzero(rows.day == day)
        order[here] = lots.permutation(here)
    shuffled = replace(rows, left_after=rows.left_after[order])
    model = model_of(shuffled)
    found = model.metrics.ranked
    assert found.auc is not None
    assert found.auc.low < 0.5 < found.auc.high
    assert found.verdict == Verdict.CHANCE
    assert not model.metrics.signal


def test_without_an_effect_of_behaviour_there_is_no_signal() -> None:
    model = model_of(company(seed=4, customers=400, effect=0.0))
    assert not model.metrics.signal
    gains = {one.name: one.nothing for one in model.metrics.gains}
    assert gains["usage"]


def test_what_features_of_the_contract_foretell_is_not_behaviour() -> None:
    rows = company(seed=3, customers=300)
    plain, told = model_of(rows), model_of(rows, contract=rows.names)
    assert plain.beta == told.beta
    assert plain.metrics.ranked == told.metrics.ranked
    assert plain.metrics.signal
    assert not told.metrics.signal
    # The same regression twice: nothing is added to the contract.
    behaviour = told.metrics.behaviour
    assert behaviour is not None
    assert (behaviour.low, behaviour.value, behaviour.high) == (0.0, 0.0, 0.0)


def test_a_column_that_is_the_label_raises_an_alarm() -> None:
    rows = company(seed=5, customers=300)
    features = rows.features.copy()
    features[:, 2] = rows.left_within(90)
    model = model_of(replace(rows, features=features))
    assert model.metrics.cautions == (
        Caution("too_good"),
        Caution("too_good", "noise"),
    )


def test_a_short_history_is_said_to_be_untested_in_time() -> None:
    rows, _ = once(6, 600)
    model = model_of(rows)
    assert not model.metrics.out_of_time
    assert model.metrics.cautions == (Caution("not_out_of_time"),)


def test_where_nobody_left_nothing_is_learnt() -> None:
    calm = rows_of(customer=np.arange(9), left_after=np.full(9, STAYED, dtype=np.int32))
    with pytest.raises(UnableToLearn):
        model_of(calm)


def test_pushes_add_up_and_follow_the_straight_path() -> None:
    model, fresh = example()
    found = pushes(model, fresh)
    scores = model.score(fresh)
    np.testing.assert_allclose(
        found.points.sum(axis=1), scores.p - found.average, atol=1e-12
    )
    names = found.names
    assert names == ("tenure", "renewal", "mrr", "plan", "usage", "tickets", "noise")
    columns = model.design.matrix(fresh)
    parts = columns * np.array(model.beta[1:])
    usage = parts[:, np.array(model.design.groups) == "usage"].sum(axis=1)
    expected = (scores.p - found.average) * usage / parts.sum(axis=1)
    np.testing.assert_allclose(found.points[:, names.index("usage")], expected)


def test_pushes_that_cancel_have_their_limit() -> None:
    model, fresh = example()
    columns = model.design.matrix(fresh.chosen([0]))
    beta = np.array(model.beta)
    # Two coefficients whose pushes are opposite for this customer, all others nothing.
    one, other = (model.design.groups.index(name) for name in ("usage", "tickets"))
    only = np.zeros_like(beta)
    only[0], only[1 + one] = beta[0], 0.3
    only[1 + other] = -0.3 * columns[0, one] / columns[0, other]
    flat = replace(model, beta=tuple(only.tolist()))
    found = pushes(flat, fresh.chosen([0]))
    push = found.points[0, found.names.index("usage")]
    slope = found.average * (1 - found.average) * model.calibration.slope
    assert push == pytest.approx(slope * 0.3 * columns[0, one])
    assert found.points.sum() == pytest.approx(0, abs=1e-12)


def test_reasons_point_to_the_side_of_the_customer() -> None:
    model, fresh = example()
    found = pushes(model, fresh.chosen([0, 1, 2]))
    points = np.zeros_like(found.points)
    points[0, [1, 4, 5]] = 0.02, 0.10, -0.05
    points[1, [1, 4, 5]] = 0.02, -0.10, -0.05
    points[2, 3] = 0.01
    assert replace(found, points=points).strongest().tolist() == [
        [4, 1],
        [4, 5],
        [3, -1],
    ]


def test_comparables_are_of_forecasts_out_of_time() -> None:
    model, fresh = example()
    groups = model.comparables.groups
    assert sum(one.cases for one in groups) == model.metrics.ranked.cases
    assert sum(one.leavers for one in groups) == model.metrics.ranked.leavers
    places = model.comparables.places(model.score(fresh).p)
    assert set(places) == set(range(len(groups)))


def test_trees_are_measured_from_so_many_departures_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert example()[0].metrics.challenger is None
    monkeypatch.setattr(challenger, "ENOUGH", example()[0].window.leavers)
    monkeypatch.setattr(boosting, "ROUNDS", (4, 8))
    model = model_of(company(seed=1, customers=500))
    found = model.metrics.challenger
    assert found is not None
    assert not found.better
    assert found.auc.value < 0.02
    # The regression is right here: it stays what it would have been.
    assert (model.method, model.boosted) == (Method.LOGISTIC, None)
    assert model.beta == example()[0].beta


@cache
def with_trees() -> tuple[ChurnModel, Landmarks]:
    """This will return a model of a company that no regression sees through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boosting, "ROUNDS", (10, 20))
        patch.setitem(boosting.SETTINGS, "learning_rate", 0.2)
        patch.setattr(boosting, "REFITS", 3)
        patch.setattr(challenger, "ENOUGH", 200)
        model = model_of(company(seed=1, customers=600, **OTHER))
        return model, company(seed=2, customers=300, **OTHER)


def test_trees_are_used_where_only_they_see() -> None:
    model, fresh = with_trees()
    found = model.metrics.challenger
    assert found is not None
    assert found.better
    assert model.method == Method.TREES
    assert (model.beta, model.covariance) == ((), ())
    known = fresh.chosen(fresh.known_for(90))
    scores, left = model.score(known), known.left_within(90)
    assert scores.p.mean() == pytest.approx(left.mean(), rel=0.2)
    assert scores.p[left].mean() > 1.3 * scores.p[~left].mean()
    assert (scores.low < scores.p).all()
    assert (scores.p < scores.high).all()
    assert (scores.voluntary + scores.involuntary == scores.p).all()
    # What is measured of the model is measured of the trees.
    order = model.metrics.ranked.auc
    assert order is not None
    assert order.value > 0.5 + found.auc.value
    gains = {one.name: one for one in model.metrics.gains}
    assert not gains["usage"].nothing
    assert model.metrics.signal


def test_pushes_of_trees_add_up() -> None:
    model, fresh = with_trees()
    found = pushes(model, fresh)
    scores = model.score(fresh)
    np.testing.assert_allclose(
        found.points.sum(axis=1), scores.p - found.average, atol=1e-9
    )
    usage = np.abs(found.points[:, found.names.index("usage")])
    noise = np.abs(found.points[:, found.names.index("noise")])
    assert usage.mean() > 2 * noise.mean()


def test_a_model_of_trees_is_stored_without_loss() -> None:
    model, fresh = with_trees()
    stored = json.dumps(model.as_json(), allow_nan=False)
    assert len(stored) < 400_000
    again = ChurnModel.from_json(json.loads(stored))
    assert again == model
    assert (again.score(fresh).p == model.score(fresh).p).all()
    # What was stored before there were trees is read as before.
    older = example()[0].as_json()
    del older["boosted"]
    assert ChurnModel.from_json(older) == example()[0]


def test_what_has_moved_since_training() -> None:
    model, _ = example()
    rows = company(seed=1, customers=500)
    today = rows.chosen(rows.day == model.window.last_day)
    calm = {one.name: one for one in drifts(model, today)}
    assert tuple(calm) == ("usage", "tickets", "noise", SCORE)
    assert not any(one.moved for one in calm.values())
    features = today.features.copy()
    features[:, 0] -= 1.5
    moved = drifts(model, replace(today, features=features))
    assert [one.name for one in moved if one.moved] == ["usage", SCORE]
