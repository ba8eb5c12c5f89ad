"""The published data that the models of lifetimes are compared on."""

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.shared import data_folder

Floats = NDArray[np.float64]
# The first 39 weeks of CDNOW teach, the other 39 are forecast.
LEARNT = dt.date(1997, 9, 30)


def survivors(column: str) -> Floats:
    """This will return the survivors of 1,000 "Regular" or "High-end" customers.

    Fader & Hardie 2007, table 1: years 0 to 12.
    """
    path = data_folder("sbg") / "2-segment-retention.csv"
    with path.open(encoding="utf-8-sig") as file:
        return np.array([float(row[column]) for row in csv.DictReader(file)])


@dataclass(frozen=True, slots=True)
class Purchases:
    """2,357 customers of CDNOW, in weeks; `value` is the mean repeat purchase."""

    x: Floats
    t_x: Floats
    age: Floats
    value: Floats
    later: Floats  # repeat purchases in the 39 weeks after


def cdnow() -> Purchases:
    """This will count each customer's days with a purchase, as the paper does."""
    days: dict[str, dict[dt.date, float]] = defaultdict(lambda: defaultdict(float))
    for line in (data_folder("cdnow") / "CDNOW_sample.txt").read_text().splitlines():
        _, customer, day, _, value = line.split()
        days[customer][dt.date.fromisoformat(day)] += float(value)
    return Purchases(*np.array([_row(spent) for spent in days.values()]).T)


def _row(spent: dict[dt.date, float]) -> tuple[float, ...]:
    first, *others = sorted(spent)
    again = [day for day in others if day <= LEARNT]
    return (
        len(again),
        (again[-1] - first).days / 7 if again else 0.0,
        (LEARNT - first).days / 7,
        float(np.mean([spent[day] for day in again])) if again else 0.0,
        len(others) - len(again),
    )
