"""Part of `clv_papers` and `clv_peers`: the published data, and lines with goals."""

import csv
import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# The first 39 weeks of CDNOW teach, the other 39 are forecast.
LEARNT = dt.date(1997, 9, 30)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured and, where there is a goal, whether it is met."""

    name: str
    value: str
    goal: str = ""
    fine: bool = True


def printed(figures: Iterable[Figure]) -> int:
    """This will print the figures as they come; 1 when one falls short."""
    short = 0
    for figure in figures:
        word = "ok" if figure.fine else "short"
        end = f" {figure.goal} {word}" if figure.goal else ""
        print(f"{figure.name} {figure.value}{end}", flush=True)
        short |= not figure.fine
    return int(short)


def data() -> Path:
    return Path(os.environ["KEEPWELL_DATA"])


def survivors() -> dict[str, Floats]:
    """This will return 1,000 customers of each segment by year (Fader & Hardie 2007)."""
    path = data() / "sbg" / "2-segment-retention.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {
        name: np.array([float(row[name]) for row in rows])
        for name in ("Regular", "High-end")
    }


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
    for line in (data() / "cdnow" / "CDNOW_sample.txt").read_text().splitlines():
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
