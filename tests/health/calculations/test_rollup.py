"""A parent's score from its children's, worked by hand."""

import numpy as np
import pytest

from health.calculations.rollup import Family, of_children, roll_up


def family(*rows: tuple[int, int, float, int, float, bool, str]) -> Family:
    """This will put rows of (id, parent, score, band, revenue, fixed, how) in columns."""
    ids, parents, scores, bands, revenue, fixed, how = zip(*rows, strict=True)
    return Family(
        ids=np.array(ids),
        parents=np.array(parents),
        scores=np.array(scores, dtype=float),
        bands=np.array(bands, dtype=np.int16),
        revenue=np.array(revenue, dtype=float),
        fixed=np.array(fixed),
        how=np.array(how),
        red=np.full(len(ids), 50.0),
        amber=np.full(len(ids), 70.0),
    )


CHILDREN = [
    (2, 1, 80.0, 3, 100.0, False, "own"),
    (3, 1, 40.0, 1, 300.0, False, "own"),
    (4, 1, np.nan, 0, 900.0, False, "own"),  # unknown: does not count
]


@pytest.mark.parametrize(
    ("how", "score", "band"),
    [
        ("mean", 60.0, 2),  # (80 + 40) / 2
        ("revenue", 50.0, 2),  # (100·80 + 300·40) / 400
        ("worst", 40.0, 1),
        ("own", 90.0, 3),
    ],
)
def test_each_way(how: str, score: float, band: int) -> None:
    scores, bands, rolled = roll_up(
        family((1, 0, 90.0, 3, 50.0, False, how), *CHILDREN)
    )
    assert (scores[0], bands[0], rolled[0]) == (score, band, how != "own")
    assert rolled[1:].tolist() == [False] * 3


def test_without_revenue_it_is_the_mean() -> None:
    free = [
        (pk, 1, score, 3, 0.0, False, "own") for pk, score in ((2, 80.0), (3, 90.0))
    ]
    scores, _, _ = roll_up(family((1, 0, 10.0, 1, 0.0, False, "revenue"), *free))
    assert scores[0] == 85.0


def test_a_parent_without_children_that_count_keeps_its_own() -> None:
    scores, bands, rolled = roll_up(
        family((1, 0, 33.0, 1, 0.0, False, "mean"), CHILDREN[2])
    )
    assert (scores[0], bands[0], rolled[0]) == (33.0, 1, False)


def test_what_was_set_by_hand_stays_and_counts_above() -> None:
    scores, _, rolled = roll_up(
        family(
            (1, 0, 90.0, 3, 1.0, False, "worst"),
            (2, 1, 20.0, 1, 1.0, True, "worst"),
            (3, 2, 75.0, 3, 1.0, False, "own"),
        )
    )
    assert scores.tolist() == [20.0, 20.0, 75.0]
    assert rolled.tolist() == [True, False, False]


def test_the_deepest_come_first() -> None:
    """The grandparent sees its child's rolled-up score, not the one of its own."""
    scores, bands, _ = roll_up(
        family(
            (1, 0, 99.0, 3, 1.0, False, "mean"),
            (2, 1, np.nan, 0, 1.0, False, "mean"),
            (3, 2, 30.0, 1, 1.0, False, "own"),
            (4, 2, 50.0, 2, 1.0, False, "own"),
            (5, 1, 60.0, 2, 1.0, False, "own"),
        )
    )
    assert scores[1] == 40.0
    assert (scores[0], bands[0]) == (50.0, 2)


def test_who_is_its_own_ancestor_keeps_its_score() -> None:
    scores, _, rolled = roll_up(
        family((1, 2, 10.0, 1, 1.0, False, "mean"), (2, 1, 90.0, 3, 1.0, False, "mean"))
    )
    assert (scores.tolist(), rolled.any()) == ([10.0, 90.0], False)


def test_nobody_and_a_parent_who_is_not_there() -> None:
    empty = family((1, 7, 10.0, 1, 1.0, False, "mean"))
    assert roll_up(empty)[2].tolist() == [False]
    none = Family(
        *(column[:0] for column in (getattr(empty, n) for n in Family.__slots__))
    )
    assert len(roll_up(none)[0]) == 0


@pytest.mark.parametrize(
    ("how", "paid", "score"),
    [
        ("mean", [1.0, 3.0], 60.0),
        ("revenue", [1.0, 3.0], 50.0),
        ("revenue", [0.0, 0.0], 60.0),
        ("worst", [1.0, 3.0], 40.0),
    ],
)
def test_one_family_alone(how: str, paid: list[float], score: float) -> None:
    assert of_children(how, np.array([80.0, 40.0]), np.array(paid)) == score
