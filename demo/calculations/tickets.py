"""Requests for support."""

import numpy as np

from demo.calculations.draws import Floats, pick_weighted, sigmoid, stream
from demo.calculations.people import Person, speaker
from demo.calculations.phrases import Phrases
from demo.calculations.rows import TicketRow
from demo.calculations.world import World

WEEKLY = 0.085
TROUBLE_WEEKS = 6
# What people write about, by mood.
ABOUT = {
    "good": {"howto": 0.47, "wish": 0.27, "bug": 0.2, "billing": 0.06},
    "ok": {"howto": 0.36, "wish": 0.16, "bug": 0.41, "billing": 0.07},
    "bad": {"howto": 0.14, "bug": 0.46, "trouble": 0.33, "billing": 0.07},
    "trouble": {"bug": 0.35, "trouble": 0.65},
}
CHANNELS = {"email": 0.45, "web": 0.25, "chat": 0.17, "phone": 0.13}
PRIORITIES = {
    "howto": {"low": 0.5, "medium": 0.5},
    "wish": {"low": 0.9, "medium": 0.1},
    "bug": {"low": 0.1, "medium": 0.6, "high": 0.3},
    "trouble": {"medium": 0.1, "high": 0.55, "urgent": 0.35},
    "billing": {"low": 0.4, "medium": 0.6},
}
# Median hours until the first answer and the solution.
ANSWERED = {"low": 9.0, "medium": 5.0, "high": 2.5, "urgent": 0.7}
SOLVED = {"howto": 14.0, "wish": 60.0, "bug": 60.0, "trouble": 75.0, "billing": 24.0}
ESCALATED = {"bug": -2.4, "trouble": -0.6}
# Log odds that the first solution does not hold, and hours until that is noticed.
REOPENED = {"bug": -2.6, "trouble": -1.8}
NOTICED = 40.0
RATED = 0.4
WRITERS = ("champion", "planner", "it", "finance")


def weekly_rates(world: World) -> Floats:
    """This will return how many tickets to expect: one row a week, a column a customer.

    Large and new customers ask more, troubled ones too; who is about to give up asks less
    than the trouble would suggest, because nobody works with the product any more.
    """
    z = world.history.engagement
    weeks = np.arange(len(z))[:, None]
    seats = np.array([one.seats for one in world.customers])
    starts = np.array([one.start / 7 for one in world.customers])
    age = weeks - starts
    rates = WEEKLY * np.sqrt(seats / 15) * np.exp(-0.45 * np.clip(z, -2, 2))
    rates = rates * np.where(age < 9, 2.2, 1.0)
    for index, life in enumerate(world.history.lives):
        for shock in life.shocks:
            if shock.kind == "product_trouble":
                week = shock.day // 7
                rates[week : week + TROUBLE_WEEKS, index] *= 3.5
    return np.asarray(rates, dtype=np.float64)


def ticket_rows(world: World, people: list[list[Person]]) -> list[TicketRow]:
    """This will draw all tickets, in the order of their opening days."""
    rng = stream(world.seed, "tickets")
    phrases = Phrases(rng)
    counts = rng.poisson(weekly_rates(world))
    rows: list[TicketRow] = []
    for week, index in np.argwhere(counts > 0):
        for _ in range(counts[week, index]):
            workday = int(rng.choice(7, p=(0.22, 0.2, 0.19, 0.18, 0.16, 0.04, 0.01)))
            # Weeks begin on any weekday; the share above is by weekday.
            offset = (workday - world.grid.date(int(week) * 7).weekday()) % 7
            day = int(week) * 7 + offset
            if world.customers[index].start < day < world.ends[index]:
                rows.append(_ticket(world, rng, phrases, people[index], index, day))
    rows.sort(key=lambda row: row.opened_at[:10])
    return [row._replace(ticket_id=f"T-{10001 + i}") for i, row in enumerate(rows)]


def _ticket(
    world: World,
    rng: np.random.Generator,
    phrases: Phrases,
    team: list[Person],
    index: int,
    day: int,
) -> TicketRow:
    customer, z = world.customers[index], world.history.z(index, day)
    recent = [
        shock
        for shock in world.history.lives[index].shocks
        if shock.kind == "product_trouble" and 0 <= day - shock.day < TROUBLE_WEEKS * 7
    ]
    about = pick_weighted(rng, ABOUT["trouble" if recent else world.mood(index, day)])
    priority = pick_weighted(rng, PRIORITIES[about])
    person = speaker(rng, team, day, ("finance",) if about == "billing" else WRITERS)
    opened = day * 1440 + int(rng.integers(390, 1050))
    slower = (1.0 + 0.8 * bool(recent)) * float(np.exp(-0.3 * z))
    answer = opened + 3 + 60 * ANSWERED[priority] * rng.lognormal(0, 0.7) * slower
    solution = answer + 10 + 60 * SOLVED[about] * rng.lognormal(0, 0.9) * slower
    escalated = _escalated(rng, about, z, opened, solution)
    first_solved_at = world.moment(index, solution)
    reopened, at_last = _reopened(world, index, about, z, (opened, solution))
    opened_at = world.moment(index, opened)
    solved_at = world.moment(index, at_last)
    ticket = TicketRow(
        ticket_id="",
        customer_id=customer.id,
        opened_at=str(opened_at),
        contact_id=person.id if person else None,
        subject=phrases.line(
            customer.language, "subjects", about, world.month_before(day)
        ),
        channel=pick_weighted(rng, CHANNELS),
        priority=priority,
        first_response_at=world.moment(index, answer),
        resolved_at=solved_at,
        escalated_at=world.moment(index, escalated) if escalated else None,
        reopened_at=world.moment(index, reopened) if reopened else None,
        satisfaction=_rating(rng, z, about) if first_solved_at and person else None,
    )
    # Nobody rates what is open again.
    return ticket if solved_at else ticket._replace(satisfaction=None)


def _escalated(
    rng: np.random.Generator, about: str, z: float, opened: int, solution: float
) -> float | None:
    """This will return when a ticket was escalated, between its opening and its end."""
    if about not in ESCALATED:
        return None
    chance = float(sigmoid(np.array(ESCALATED[about] - 0.85 * z)))
    return opened + (solution - opened) * 0.6 if rng.random() < chance else None


def _reopened(
    world: World, index: int, about: str, z: float, span: tuple[int, float]
) -> tuple[float | None, float]:
    """This will return when a solution turned out not to hold, and when one did at last."""
    opened, solution = span
    if about not in REOPENED:
        return None, solution
    rng = stream(world.seed, f"reopened {index} {opened}")
    if rng.random() > sigmoid(np.array(REOPENED[about] - 0.7 * z)):
        return None, solution
    reopened = solution + 60 * NOTICED * rng.lognormal(0, 0.8)
    return reopened, reopened + 60 * SOLVED[about] * rng.lognormal(0, 0.7)


def _rating(rng: np.random.Generator, z: float, about: str) -> int | None:
    if rng.random() > RATED:
        return None
    mean = 4.1 + 0.75 * z - 0.7 * (about == "trouble")
    return int(np.clip(round(rng.normal(mean, 0.8)), 1, 5))
