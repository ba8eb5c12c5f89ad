"""A simulated B2B company whose truth is known, of any seed and size.

Of the kind of the shared data `sim_saas_seed101`: satisfaction nobody sees drifts from month
to month and shows in usage, tickets, answers and payments; who is dissatisfied leaves
sooner, and so do customers that are restless by nature. Annual customers can leave at their
anniversaries only. What is true of a customer (its chance of leaving, its expected margin)
is computed from that process, not from what happened to it.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.company_tables import (
    GROSS_MARGIN,
    HERE,
    TICKET_COST,
    YEARLY_DISCOUNT,
    Company,
    read_columns,
)

Floats = NDArray[np.float64]
# How long the oracle looks ahead.
HORIZON = 60
# Chance in a month that a customer's revenue steps, and to what multiple.
PRICE_STEPS = ((0.0076, 1.15), (0.0030, 0.85))


@dataclass(frozen=True, slots=True)
class Process:
    """What the company is like. Tuples go by plan; rates are per month."""

    plans: tuple[float, ...] = (0.5, 0.35, 0.15)  # shares of customers
    annual: tuple[float, ...] = (0.15, 0.35, 0.6)  # shares billed by the year
    seats: tuple[float, ...] = (4.0, 18.0, 85.0)  # medians
    price: float = 22.0  # per seat
    leaving: tuple[float, ...] = (
        -3.42,
        -3.82,
        -4.22,
    )  # log-odds of the average customer
    anniversary: float = 1.85  # added for a whole year's decision
    newcomers: float = 0.7  # added in the first month, fading with `settling`
    settling: float = 8.0  # months
    restless: float = 0.5  # spread of what stays with a customer for good
    dissatisfaction: float = 0.65  # effect of one unit of satisfaction
    memory: float = 0.85  # of satisfaction, from month to month
    events: tuple[float, ...] = (14.0, 21.5, 33.0)
    tickets: tuple[float, ...] = (0.58, 0.79, 1.1)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is true of n customers and nobody sees."""

    process: Process
    satisfaction: Floats  # (n, months)
    restless: Floats  # (n,)


@dataclass(frozen=True, slots=True)
class Oracle:
    """The truth about the customers that are there at the end of a month."""

    account: NDArray[np.int64]  # rows of the company
    p3: Floats  # of leaving within 3 months
    p12: Floats
    margin12: Floats  # expected discounted margin after support, 12 months
    margin60: Floats


def simulated(
    seed: int,
    size: int,
    *,
    months: int = 36,
    behaviour: bool = True,
    process: Process | None = None,
) -> tuple[Company, Hidden]:
    """This will simulate a company of `size` customers over so many months.

    With `behaviour` False satisfaction has no effect on who leaves: usage, tickets and
    answers foretell nothing.
    """
    process = process or Process()
    if not behaviour:
        process = replace(process, dissatisfaction=0.0)
    lots = np.random.default_rng(seed)
    plan = lots.choice(len(process.plans), size=size, p=process.plans)
    annual = lots.random(size) < np.take(process.annual, plan)
    wanted = np.take(process.seats, plan) * np.exp(0.4 * lots.standard_normal(size))
    start = np.sort(lots.integers(0, months, size))
    hidden = Hidden(
        process,
        _drift(lots, process.memory, lots.standard_normal(size), months),
        process.restless * lots.standard_normal(size),
    )
    gone = _departures(lots, hidden, plan, annual, start)
    shown = _behaviour(lots, hidden, plan, np.maximum(2, np.round(wanted)))
    there = (np.arange(months) >= start[:, None]) & (np.arange(months) < gone[:, None])
    company = Company(
        start=start,
        plan=plan,
        annual=annual,
        seats=np.maximum(2, np.round(wanted)),
        gone=gone,
        mrr=_prices(lots, process.price * wanted, start, months),
        **shown,
    )
    return company.seen_only(there), hidden


def oracle(
    company: Company, hidden: Hidden, at: int, *, seed: int, paths: int = 100
) -> Oracle:
    """This will return the truth at the end of month `at`, from what is hidden.

    Satisfaction is drawn `paths` times, in pairs of opposites; who leaves is not drawn but
    reckoned along every path, so that 100 paths are as good as some thousand lives.
    """
    lots = np.random.default_rng(seed)
    rows = company.active_at(at)
    process, plan = hidden.process, company.plan[rows]
    satisfaction = np.repeat(hidden.satisfaction[rows, at][:, None], paths, axis=1)
    alive = np.ones_like(satisfaction)
    survival, tickets = np.ones((2, len(rows), HORIZON))
    for ahead in range(1, HORIZON + 1):
        age = at + ahead - company.start[rows]
        leaves = _hazard(
            process,
            plan,
            company.annual[rows],
            age,
            hidden.restless[rows],
            satisfaction,
        )
        alive = alive * (1.0 - leaves)
        half = lots.standard_normal((len(rows), paths // 2))
        satisfaction = _step(process.memory, satisfaction, np.hstack([half, -half]))
        survival[:, ahead - 1] = alive.mean(axis=1)
        tickets[:, ahead - 1] = (alive * _tickets(process, plan, satisfaction)).mean(1)
    margin = _margins(company.mrr[rows, at], survival, tickets)
    return Oracle(
        account=rows,
        p3=1.0 - survival[:, 2],
        p12=1.0 - survival[:, 11],
        margin12=margin[:, :12].sum(axis=1),
        margin60=margin.sum(axis=1),
    )


def _margins(mrr: Floats, survival: Floats, tickets: Floats) -> Floats:
    """This will return the expected discounted margin of every month ahead, (n, months)."""
    ahead = np.arange(1, survival.shape[1] + 1)
    growth = 1.0 + sum(chance * (step - 1.0) for chance, step in PRICE_STEPS)
    earned = GROSS_MARGIN * mrr[:, None] * growth**ahead * survival
    discount = (1.0 + YEARLY_DISCOUNT) ** (-ahead / 12.0)
    return np.asarray((earned - TICKET_COST * tickets) * discount)


def _drift(
    lots: np.random.Generator, memory: float, first: Floats, months: int
) -> Floats:
    path = np.empty((len(first), months))
    path[:, 0] = first
    for month in range(1, months):
        path[:, month] = _step(
            memory, path[:, month - 1], lots.standard_normal(len(first))
        )
    return path


def _step(memory: float, before: Floats, shock: Floats) -> Floats:
    """This will move satisfaction on by a month; its spread stays one."""
    return np.asarray(memory * before + np.sqrt(1.0 - memory**2) * shock)


def _hazard(
    process: Process,
    plan: NDArray[np.int64],
    annual: NDArray[np.bool_],
    age: NDArray[np.int64],
    restless: Floats,
    satisfaction: Floats,
) -> Floats:
    """This will return who leaves at an age of so many whole months, (n, paths)."""
    score = np.take(process.leaving, plan) + restless
    score = score + process.newcomers * np.exp(-age / process.settling)
    score = score + process.anniversary * annual
    leaves = 1.0 / (
        1.0 + np.exp(process.dissatisfaction * satisfaction - score[:, None])
    )
    able = (~annual | (age % 12 == 0)) & (age > 0)
    return np.asarray(leaves * able[:, None])


def _tickets(process: Process, plan: NDArray[np.int64], satisfaction: Floats) -> Floats:
    return np.asarray(
        np.take(process.tickets, plan)[:, None] * np.exp(-0.3 * satisfaction)
    )


def _departures(
    lots: np.random.Generator,
    hidden: Hidden,
    plan: NDArray[np.int64],
    annual: NDArray[np.bool_],
    start: NDArray[np.int64],
) -> NDArray[np.int64]:
    """This will draw the first month in which each is gone; HERE if it stays."""
    gone = np.full(len(plan), HERE)
    for month in range(1, hidden.satisfaction.shape[1] + 1):
        leaves = _hazard(
            hidden.process,
            plan,
            annual,
            month - start,
            hidden.restless,
            hidden.satisfaction[:, [month - 1]],
        )[:, 0]
        gone[(gone == HERE) & (lots.random(len(plan)) < leaves)] = month
    return gone


def _behaviour(
    lots: np.random.Generator, hidden: Hidden, plan: NDArray[np.int64], seats: Floats
) -> dict[str, Floats]:
    """This will draw what satisfaction lets be seen, (n, months) each."""
    mood, process = hidden.satisfaction, hidden.process
    busy = np.take(process.events, plan)[:, None] * np.exp(0.41 * mood)
    active = 1.0 / (1.0 + np.exp(-0.3 - 0.5 * mood))
    tickets = lots.poisson(_tickets(process, plan, mood)).astype(np.float64)
    answer = np.round(7.8 + 0.65 * mood + 1.6 * lots.standard_normal(mood.shape))
    late = 1.0 / (1.0 + np.exp(3.1 + 0.3 * mood))
    return {
        "events": lots.poisson(busy).astype(np.float64),
        "active": lots.binomial(seats.astype(int)[:, None], active).astype(np.float64),
        "features": lots.poisson(3.0 * np.exp(0.18 * mood)).astype(np.float64),
        "tickets": tickets,
        "escalated": lots.binomial(tickets.astype(int), 0.1).astype(np.float64),
        "nps": np.where(lots.random(mood.shape) < 0.1, answer.clip(0, 10), np.nan),
        "late": (lots.random(mood.shape) < late).astype(np.float64),
    }


def _prices(
    lots: np.random.Generator, first: Floats, start: NDArray[np.int64], months: int
) -> Floats:
    """This will draw every month's revenue: it steps up or down now and then."""
    draw = lots.random((len(first), months))
    (up, dearer), (down, cheaper) = PRICE_STEPS
    step = np.where(draw < up, dearer, np.where(draw < up + down, cheaper, 1.0))
    step[np.arange(months) <= start[:, None]] = 1.0
    return np.asarray(np.round(first[:, None] * np.cumprod(step, axis=1), 2))


def read_oracle(folder: Path, at: int) -> Oracle:
    """This will read the truth about `sim_saas_seed101` at the end of month 23 or 35."""
    read = read_columns(folder / f"oracle_T{at}.csv")
    return Oracle(
        account=read["account"].astype(np.int64),
        p3=read["p3"],
        p12=read["p12"],
        margin12=read["clv12"],
        margin60=read["clv"],
    )
