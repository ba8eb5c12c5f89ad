"""What the presets say of a range of customers, beside the conventions in force."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.calculations.ledger import Movements
from billing.calculations.revenue.cells import Cells
from billing.calculations.revenue.lines import KINDS, Lines
from billing.calculations.revenue.months import month_of
from billing.calculations.revenue.part import Words


@dataclass(frozen=True, slots=True)
class Differences:
    """By customer, month and currency: a preset's flows less those in force, in cents.

    Only months whose movements differ; `closing` then holds until the next one.
    """

    customer: NDArray[np.int64]
    month: NDArray[np.int64]
    currency: NDArray[np.int64]
    flows: NDArray[np.int64]  # (n, 5), in the order of the kinds
    closing: NDArray[np.int64]


def preset_cells(number: int, lines: Lines, words: Words) -> tuple[Cells, Cells]:
    """This will return a preset's months: what moved, and by how much closings differ."""
    moves, month = lines.moves, month_of(lines.moves.day)
    preset = np.full(len(lines), number)
    new, _back, lost = lines.counts(lines.firsts)
    moved = Cells.of([preset, month], [*lines.by_kind(lines.converted), new, lost])
    codes = words(lines.currencies)[moves.currency]
    return moved, Cells.of([preset, codes, month], [moves.amount])


def differences(preset: Lines, in_force: Lines) -> Differences:
    """This will say of whom a preset tells another thing than the conventions in force."""
    theirs, ours = (_by_month(lines.moves) for lines in (preset, in_force))
    both = Cells.joined([theirs, Cells(ours.keys, -ours.sums)])
    customer, currency, month = both.keys.T
    moved = both.sums.sum(axis=1)
    # The running sum of each customer and currency.
    whole = np.cumsum(moved)
    first = np.append(True, (both.keys[1:, :2] != both.keys[:-1, :2]).any(axis=1))
    starts = np.flatnonzero(first[: len(both)])
    group = np.cumsum(first[: len(both)]) - 1
    before = (whole - moved)[starts]
    return Differences(
        customer=customer,
        month=month,
        currency=currency,
        flows=both.sums,
        closing=whole - before[group],
    )


def _by_month(moves: Movements) -> Cells:
    columns = [np.where(moves.kind == kind, moves.amount, 0) for kind in KINDS]
    return Cells.of([moves.customer, moves.currency, month_of(moves.day)], columns)
