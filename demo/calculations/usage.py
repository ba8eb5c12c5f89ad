"""How much the product is used: a row a customer and day."""

import datetime as dt

import numpy as np

from demo.calculations.draws import Floats, Ints, sigmoid, stream
from demo.calculations.grid import Grid
from demo.calculations.rows import UsageRow
from demo.calculations.world import World
from demo.texts.companies import INDUSTRIES

WORKING_WEEK = (1.0, 1.03, 1.02, 1.0, 0.9, 0.1, 0.04)
# Who delivers bread or visits patients also works at weekends.
SEVEN_DAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.72, 0.5)
WEEKEND_WORKERS = {"Food", "Healthcare"}
HOLIDAYS = {(1, 1): 0.1, (5, 1): 0.3, (12, 24): 0.35, (12, 25): 0.06, (12, 26): 0.1}
SCHOOL_SUMMER = 0.35
FEATURES = 14
ACTION_WORDS = 9.0
# The most that planning a tour, our key feature, takes of what people do.
KEY_SHARE = 0.22


def season(date: dt.date) -> float:
    """This will return how busy a day of the year is for everybody."""
    factor = HOLIDAYS.get((date.month, date.day), 1.0)
    if date.month == 8:
        factor *= 0.88
    if (date.month, date.day) > (12, 26):
        factor *= 0.55
    return factor


def rhythm(grid: Grid, industry: str) -> Floats:
    """This will return how busy an industry is on each day, 1 on a normal one."""
    week = SEVEN_DAYS if industry in WEEKEND_WORKERS else WORKING_WEEK
    dates = [grid.date(day) for day in range(grid.days)]
    busy = np.array([week[date.weekday()] * season(date) for date in dates])
    if industry == "Education":
        summer = np.array([date.month in (7, 8) for date in dates])
        busy = np.where(summer, busy * SCHOOL_SUMMER, busy)
    return busy


def daily_engagement(weekly: Floats) -> Floats:
    """This will spread a customer's weeks over days without steps between them."""
    weeks = len(weekly)
    return np.interp(np.arange(weeks * 7), np.arange(weeks) * 7 + 3, weekly)


def usage_rows(world: World, seats: list[Ints]) -> list[UsageRow]:
    """This will draw who used the product; days without any use leave no row.

    `seats` holds a customer's seats on every day.
    """
    rng, keys = stream(world.seed, "usage"), stream(world.seed, "keys")
    grid = world.grid
    dates = [grid.date(day).isoformat() for day in range(grid.days)]
    rhythms = {name: rhythm(grid, name) for name in INDUSTRIES}
    rows: list[UsageRow] = []
    for index, customer in enumerate(world.customers):
        busy = rhythms[customer.industry]
        days = slice(customer.start, world.ends[index])
        z = daily_engagement(world.history.engagement[:, index])[days]
        age = np.arange(len(z))
        ramp = np.minimum(1.0, 0.15 + age / 70)
        share = sigmoid(0.6 + 1.9 * z + customer.habit) * ramp * busy[days]
        # Where things go badly, whole days pass without anybody signing in.
        opened = rng.random(len(z)) < sigmoid(2.5 + 3.2 * z)
        share = share * opened
        active = rng.binomial(seats[index][days], np.minimum(share, 0.98))
        events = rng.poisson(active * ACTION_WORDS * np.exp(0.35 * z + customer.habit))
        wanted = FEATURES * sigmoid(-0.2 + 1.6 * z) * np.minimum(1.0, 0.4 + active / 6)
        features = np.clip(wanted + rng.normal(0, 1, len(z)), 1, FEATURES).astype(int)
        # Who loses heart gives up planning before looking things up.
        planned = keys.binomial(events, KEY_SHARE * sigmoid(1.2 + 2.4 * z))
        if not customer.tracked:
            continue
        for day in np.flatnonzero(events):
            rows.append(  # noqa: PERF401 - a comprehension over six arrays reads worse
                UsageRow(
                    customer.id,
                    dates[customer.start + int(day)],
                    int(active[day]),
                    int(events[day]),
                    int(features[day]),
                    int(planned[day]),
                )
            )
    return rows
