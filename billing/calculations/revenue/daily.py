"""Days: what moved, from the ledger, and what was in force, from the states."""

import numpy as np

from billing.calculations.ledger import Closings
from billing.calculations.revenue.cells import Cells
from billing.calculations.revenue.lines import Lines
from billing.calculations.revenue.part import Words


def day_cells(lines: Lines, words: Words) -> Cells:
    """This will sum lines by currency and day; under "" all, converted."""
    moves, codes = lines.moves, words(lines.currencies)
    every = np.ones(len(lines), dtype=np.bool_)
    own = Cells.of(
        [codes[moves.currency], moves.day],
        [*lines.by_kind(moves.amount), *lines.counts(every)],
    )
    all_in = np.full(len(lines), words([""])[0])
    converted = Cells.of(
        [all_in, moves.day],
        [*lines.by_kind(lines.converted), *lines.counts(lines.firsts)],
    )
    return Cells.joined([own, converted])


def closing_cells(found: Closings, currencies: tuple[str, ...], words: Words) -> Cells:
    """This will return by how much each day's end differs from the day before."""
    codes = words(currencies)
    days = len(found.days)
    amounts = np.diff(found.amounts, axis=0, prepend=0)
    paying = np.diff(found.customers, axis=0, prepend=0)
    own = Cells.of(
        [np.tile(codes, days), np.repeat(found.days, len(codes))],
        [amounts.ravel(), paying.ravel()],
    )
    everybody = np.diff(found.everybody, prepend=0)
    every = Cells.of(
        [np.full(days, words([""])[0]), found.days],
        [np.zeros_like(everybody), everybody],
    )
    return Cells.joined([own, every])
