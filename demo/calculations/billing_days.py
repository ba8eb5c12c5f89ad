"""When customers are billed, which is also when they may go."""

import numpy as np

from demo.calculations.customers import Customer
from demo.calculations.draws import Bools
from demo.calculations.grid import Grid, months_later

AHEAD_WEEKS = 13


def billing_days(customer: Customer, grid: Grid) -> list[int]:
    """This will return the days of all invoices, up to a quarter after today."""
    step = 12 if customer.yearly else 1
    first = grid.date(customer.start)
    days: list[int] = []
    day = customer.start
    while day < grid.days + AHEAD_WEEKS * 7:
        days.append(day)
        day = grid.day(months_later(first, step * len(days)))
    return days


def billed_weeks(days: list[list[int]], grid: Grid) -> Bools:
    """This will mark the weeks with an invoice; one row a week, one column a customer."""
    marks = np.zeros((grid.weeks + AHEAD_WEEKS, len(days)), dtype=np.bool_)
    for column, own in enumerate(days):
        marks[np.array(own) // 7, column] = True
    return marks


def billing_day_in(days: list[int], week: int) -> int:
    """This will return the last invoice's day in or before a week."""
    return max((day for day in days if day // 7 <= week), default=days[0])
