"""Cohorts laid out as a table: what is left of each, month by month."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.calculations.rates import FEW_IN_COHORT
from billing.selectors.revenue_rows import CohortRow

# Every month of the first year, then longer steps.
AGES = (*range(1, 13), 18, 24, 36, 48, 60)
# A shade begins with each of these shares: most cohorts keep much, and differ there.
SHADES = (0.25, 0.5, 0.7, 0.8, 0.9)
KEPT = ("customers", "revenue")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is left: as it is, as a share of the beginning, and how dark it stands."""

    left: Decimal | int
    share: float | None  # None for a cohort that is too small for shares
    shade: int


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort: how many began (and with what), and a cell per age; None is to come."""

    cohort: dt.date
    customers: int
    revenue: Decimal
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The table, oldest cohort first, and the mean over cohorts old enough."""

    ages: list[int]
    lines: list[CohortLine]
    mean: list[float | None]


def cohorts_of(rows: Sequence[CohortRow], kept: str) -> Cohorts:
    """This will lay out what is left of the customers, or of their revenue.

    The mean of an age is Σ left / Σ at the beginning of the cohorts that are that old.
    """
    found: dict[dt.date, dict[int, CohortRow]] = {}
    for row in rows:
        found.setdefault(row.cohort, {})[row.age] = row
    begun = {cohort: ages[0] for cohort, ages in found.items() if 0 in ages}
    oldest = max((row.age for row in rows), default=0)
    ages = [age for age in AGES if age <= oldest]
    lines = [
        CohortLine(
            cohort,
            start.customers,
            start.revenue,
            [_cell(found[cohort].get(age), start, kept) for age in ages],
        )
        for cohort, start in sorted(begun.items())
    ]
    return Cohorts(ages, lines, [_mean(found, begun, age, kept) for age in ages])


def _cell(row: CohortRow | None, start: CohortRow, kept: str) -> Cell | None:
    if row is None:
        return None
    left, of = getattr(row, kept), getattr(start, kept)
    if start.customers < FEW_IN_COHORT or not of:
        return Cell(left, None, 0)
    share = float(left) / float(of)
    return Cell(left, share, 1 + bisect_right(SHADES, share) if share else 0)


def _mean(
    found: dict[dt.date, dict[int, CohortRow]],
    begun: dict[dt.date, CohortRow],
    age: int,
    kept: str,
) -> float | None:
    old = [cohort for cohort in begun if age in found[cohort]]
    of = sum(getattr(begun[cohort], kept) for cohort in old)
    if sum(begun[cohort].customers for cohort in old) < FEW_IN_COHORT or not of:
        return None
    return float(sum(getattr(found[cohort][age], kept) for cohort in old)) / float(of)
