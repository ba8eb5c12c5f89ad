"""Two ways of scoring beside each other, worked by hand."""

import numpy as np

from health.calculations.differences import (
    MOVERS,
    Difference,
    Mover,
    Scored,
    difference,
    difference_from,
)

# Five customers, ids 1 to 5, with 100.50, 200, 300, 400 and 500 a month:
#   1 healthy 80 → watch 60    −20
#   2 at risk 40 → watch 55    +15
#   3 watch 60 → watch 64       +4
#   4 unknown → healthy 90      (nothing to compare)
#   5 healthy 75 → unknown      (nothing to compare)
IDS = np.array([1, 2, 3, 4, 5])
CENTS = np.array([10_050, 20_000, 30_000, 40_000, 50_000])
BEFORE = Scored(np.array([80, 40, 60, np.nan, 75.0]), np.array([3, 1, 2, 0, 3]))
AFTER = Scored(np.array([60, 55, 64, 90, 30.0]), np.array([2, 2, 2, 3, 0]))
FALLS = np.array([True, True, True, True, False])


def part(rows: slice) -> Difference:
    return difference(
        IDS[rows],
        CENTS[rows],
        Scored(BEFORE.score[rows], BEFORE.band[rows]),
        Scored(AFTER.score[rows], AFTER.band[rows]),
        FALLS[rows],
    )


def test_bands_before_and_after_with_their_revenue() -> None:
    found = part(slice(None))
    # Rows: unknown, at risk, watch, healthy before.
    assert found.customers == ((0, 0, 0, 1), (0, 0, 1, 0), (0, 0, 1, 0), (1, 0, 1, 0))
    assert found.cents == (
        (0, 0, 0, 40_000),
        (0, 0, 20_000, 0),
        (0, 0, 30_000, 0),
        (50_000, 0, 10_050, 0),
    )
    assert (found.total, found.changed, found.changed_cents) == (5, 4, 120_050)
    assert (found.fallen, found.fallen_cents) == (4, 100_050)


def test_scores_count_where_they_are_known_on_both_sides() -> None:
    found = part(slice(None))
    assert (found.compared, found.change) == (3, -1.0)  # −20 + 15 + 4
    assert found.mean == -1 / 3
    assert Difference().mean is None
    assert found.down == [Mover(1, 80, 60, 3, 2, 10_050)]
    assert found.up == [Mover(2, 40, 55, 1, 2, 20_000), Mover(3, 60, 64, 2, 2, 30_000)]
    assert [mover.change for mover in found.up] == [15, 4]


def test_the_distribution_in_steps_of_five_points() -> None:
    found = part(slice(None))
    before = {place: n for place, n in enumerate(found.bins_before) if n}
    after = {place: n for place, n in enumerate(found.bins_after) if n}
    assert before == {8: 1, 12: 1, 15: 1, 16: 1}  # 40, 60, 75, 80
    assert after == {11: 1, 12: 2, 18: 1}  # 55, 60 and 64, 90
    ends = Scored(np.array([0.0, 100.0]), np.array([1, 3]))
    edges = difference(IDS[:2], CENTS[:2], ends, ends, FALLS[:2])
    assert edges.bins_after == (1, *[0] * 18, 1)


def test_parts_add_up_to_the_whole_also_through_json() -> None:
    whole = part(slice(None))
    pieces = Difference()
    for rows in (slice(0, 2), slice(2, 3), slice(3, 3), slice(3, 5)):
        pieces = difference_from(pieces.plus(part(rows)).as_json())
    assert pieces == whole


def test_only_the_biggest_movers_are_kept_and_equals_go_by_id() -> None:
    many = MOVERS + 7
    ids, cents = np.arange(many, 0, -1), np.zeros(many, dtype=np.int64)
    band, flat = np.full(many, 2), np.full(many, 60.0)
    found = difference(
        ids, cents, Scored(flat, band), Scored(flat + 1, band), band == 2
    )
    assert [mover.customer_id for mover in found.up] == list(range(1, MOVERS + 1))
    assert found.down == []
    twice = found.plus(found)
    assert len(twice.up) == MOVERS
    assert twice.up[0].customer_id == twice.up[1].customer_id == 1
