"""Writing what was reckoned of a range of customers."""

import numpy as np

from billing.calculations.conventions import PRESETS
from billing.calculations.revenue.beside import Differences
from billing.calculations.revenue.lines import Lines
from billing.calculations.revenue.months import first_day
from billing.selectors.ledger_parts import Reckoned
from billing.selectors.ledger_reading import Scope
from billing.services.ledger.rows_sql import (
    EMPTY,
    MOVEMENTS,
    Rows,
    differences_of,
    rows_write,
    text_numbers,
)


def movements_write(scope: Scope, lines: Lines) -> int:
    """This will make the ledger of some customers say what was reckoned.

    Returns how many lines were written: those of customers whose lines differ.
    """
    moves = lines.moves
    columns = [
        moves.customer,
        moves.day,
        _currencies(lines.currencies)[moves.currency],
        moves.kind,
        moves.amount,
        moves.before,
        moves.after,
        np.where(lines.lacking, EMPTY, lines.converted),
    ]
    return rows_write(MOVEMENTS, scope, _table(columns))


def reckoned_write(scope: Scope, made: Reckoned) -> None:
    """This will write the ledger of a range of customers, and where presets differ."""
    movements_write(scope, made.lines)
    for preset, found in zip(PRESETS, made.differences, strict=True):
        rows = _differences(found, made.lines.currencies)
        rows_write(differences_of(preset), scope, rows)


def _differences(found: Differences, currencies: tuple[str, ...]) -> Rows:
    return _table(
        [
            found.customer,
            first_day(found.month),
            _currencies(currencies)[found.currency],
            *found.flows.T,
            found.closing,
        ]
    )


def _currencies(names: tuple[str, ...]) -> Rows:
    return text_numbers(np.array([name.encode() for name in names], dtype="S3"))


def _table(columns: "list[Rows]") -> Rows:
    return np.stack([column.astype(np.int64) for column in columns], axis=1)
