"""What a subscription brings in the months to come, as things stand."""

import datetime as dt
from decimal import Decimal

from billing.calculations.booking import Course
from billing.calculations.renewal import months_after

MONTHS = 12


def year_total(course: Course, first: dt.date) -> Decimal:
    """This will add up twelve months of recurring revenue from a day on.

    Each month counts with what is in force on its first day.
    """
    days = (months_after(first, month) for month in range(MONTHS))
    return sum((course.at(day).mrr for day in days), Decimal(0))
