"""What the measures read of customers on a day, and how that is kept.

Readings do not depend on any scorecard: they are kept for every measure there is, so that
a draft, another scorecard or the explanation of an old score needs nothing else. Values
are rounded to what is kept before they are scored: a score is a pure function of its kept
readings and its scorecard version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.facts import Facts
from health.calculations.scoring import Floats
from health.measures import MEASURES

# Ages in days; what has none either is not there though asked for, or is not asked for.
MISSING = -1
NOT_APPLICABLE = -2
OLDEST = 32_767
VALUE, AGE = np.dtype("<f4"), np.dtype("<i2")


@dataclass(frozen=True, slots=True)
class Readings:
    """n customers by m measures, in the order of `layout`.

    `value` and `before` are NaN where there is none; `age` is in days, MISSING or
    NOT_APPLICABLE. `tenure` is in days.
    """

    layout: tuple[str, ...]
    value: Floats  # (n, m)
    before: Floats  # (n, m)
    age: NDArray[np.int16]  # (n, m)
    tenure: NDArray[np.int32]  # (n,)

    def __len__(self) -> int:
        return len(self.tenure)

    def of(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Readings":
        """This will keep some of the customers."""
        return Readings(
            self.layout,
            self.value[rows],
            self.before[rows],
            self.age[rows],
            self.tenure[rows],
        )


def layout_now() -> tuple[str, ...]:
    """This will return the measures there are, in the order they are kept in."""
    return tuple(MEASURES)


def read_measures(facts: Facts) -> Readings:
    """This will read every measure of every customer. No loop over customers."""
    layout = layout_now()
    shape = (len(layout), len(facts["customer_id"]))
    value, before = np.full(shape, np.nan), np.full(shape, np.nan)
    age = np.full(shape, MISSING, dtype=np.int16)
    for index, key in enumerate(layout):
        reading = MEASURES[key].read(facts)
        known = ~(np.isnan(reading.value) | np.isnan(reading.age))
        days = np.clip(np.where(known, reading.age, 0.0), 0, OLDEST)
        age[index] = np.where(known, days, MISSING)
        value[index] = np.where(known, reading.value, np.nan).astype(VALUE)
        if reading.before is not None:
            before[index] = reading.before.astype(VALUE)
        if reading.applies is not None:
            age[index][~reading.applies] = NOT_APPLICABLE
            value[index][~reading.applies] = np.nan
    return Readings(layout, value.T, before.T, age.T, facts["tenure"].astype(np.int32))


def pack(readings: Readings) -> dict[str, NDArray[np.void]]:
    """This will return the columns `values`, `before` and `ages` as bytes, (n,) each."""
    return {
        "values": _bytes(readings.value.astype(VALUE)),
        "before": _bytes(readings.before.astype(VALUE)),
        "ages": _bytes(readings.age.astype(AGE)),
    }


def unpack(
    layout: Sequence[str],
    values: Sequence[bytes],
    before: Sequence[bytes],
    ages: Sequence[bytes],
    tenure: Sequence[int],
) -> Readings:
    """This will read back what `pack` kept, in the layout of the run that kept it."""
    size, width = len(tenure), len(layout)

    def table(rows: Sequence[bytes], kind: np.dtype[Any]) -> NDArray[Any]:
        return np.frombuffer(b"".join(rows), dtype=kind).reshape(size, width)

    return Readings(
        tuple(layout),
        table(values, VALUE).astype(np.float64),
        table(before, VALUE).astype(np.float64),
        table(ages, AGE).astype(np.int16),
        np.asarray(tenure, dtype=np.int32),
    )


def unpack_columns(
    layout: Sequence[str],
    *,
    values: NDArray[np.void],
    ages: NDArray[np.void],
    tenure: NDArray[np.int32],
    before: NDArray[np.void] | None = None,
) -> Readings:
    """This will read whole columns of what `pack` kept, as `common.copy` reads them.

    Without `before`, which no score depends on, it is NaN. No loop over customers.
    """
    shape = (len(tenure), len(layout))

    def table(rows: NDArray[np.void], kind: np.dtype[Any]) -> NDArray[Any]:
        return np.frombuffer(rows.tobytes(), dtype=kind).reshape(shape)

    none = np.broadcast_to(np.float64(np.nan), shape)
    return Readings(
        tuple(layout),
        table(values, VALUE).astype(np.float64),
        none if before is None else table(before, VALUE).astype(np.float64),
        table(ages, AGE).astype(np.int16),
        tenure,
    )


def _bytes(table: NDArray[np.generic]) -> NDArray[np.void]:
    rows = np.ascontiguousarray(table)
    if not rows.shape[1]:
        return np.zeros(len(rows), dtype="V0")
    return rows.view(f"V{rows.shape[1] * rows.itemsize}").reshape(len(rows))
