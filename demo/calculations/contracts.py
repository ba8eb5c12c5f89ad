"""What customers subscribed to: seats and prices over time."""

import math
from dataclasses import dataclass

import numpy as np

from demo.calculations.customers import Customer
from demo.calculations.draws import Ints, stream
from demo.calculations.grid import Grid, months_later
from demo.calculations.lives import Life
from demo.calculations.rates import PRICE_FACTOR
from demo.calculations.world import World

HIGHEST, LOWEST = 12_000, 200
GROWS, SHRINKS = 0.012, 0.012
LEAST_SEATS = 4


@dataclass(frozen=True)
class Terms:
    """What holds from a day on."""

    day: int
    seats: int
    mrr: int
    renews: str | None


def mrr_of(seats: int, price: float) -> int:
    """This will return whole euros a month, within what the price list allows."""
    return max(LOWEST, min(HIGHEST, round(seats * price)))


def renewal_after(customer: Customer, grid: Grid, day: int) -> str | None:
    """This will return the next renewal of a yearly customer after a day."""
    if not customer.yearly:
        return None
    first, today = grid.date(customer.start), grid.date(day)
    years = 1
    while months_later(first, 12 * years) <= today:
        years += 1
    return months_later(first, 12 * years).isoformat()


def terms_of(world: World, index: int, rng: np.random.Generator) -> list[Terms]:
    """This will return how a customer's contract went, the start first.

    Seats grow where people are content and shrink where they are not (yearly customers
    can shrink only when they renew), with a leap after a roll-out or a budget cut.
    """
    customer, life, grid = (
        world.customers[index],
        world.history.lives[index],
        world.grid,
    )
    seats, price = customer.seats, customer.seat_price
    made = [_terms(customer, grid, customer.start, seats, price)]
    wanted = 1.0
    raises = {shock.day // 7 for shock in life.shocks if shock.kind == "price_change"}
    for week in world.weeks_of(index):
        wanted *= _leap(rng, life, week)
        z = world.history.z(index, week * 7)
        if rng.random() < GROWS / (1 + math.exp(-2 * z)):
            wanted *= rng.uniform(1.06, 1.18)
        if z < -0.5 and rng.random() < SHRINKS:
            wanted *= rng.uniform(0.75, 0.92)
        billed = [
            day for day in life.billed if day // 7 == week and day < world.ends[index]
        ]
        renewed = bool(billed) and customer.yearly
        if week in raises:
            price *= PRICE_FACTOR
        day = billed[0] if billed else week * 7 + int(rng.integers(5))
        after = max(LEAST_SEATS, round(customer.seats * wanted))
        may_shrink = renewed if customer.yearly else bool(billed)
        if after > seats or may_shrink:
            seats = after
        terms = _terms(customer, grid, day, seats, price)
        if renewed or (terms.mrr, terms.seats) != (made[-1].mrr, made[-1].seats):
            made.append(terms)
    return made


def _leap(rng: np.random.Generator, life: Life, week: int) -> float:
    kinds = [shock.kind for shock in life.shocks if shock.day // 7 == week]
    factor = 1.0
    if "rollout" in kinds:
        factor *= rng.uniform(1.12, 1.45)
    if "budget_cut" in kinds:
        factor *= rng.uniform(0.6, 0.8)
    return factor


def _terms(customer: Customer, grid: Grid, day: int, seats: int, price: float) -> Terms:
    return Terms(day, seats, mrr_of(seats, price), renewal_after(customer, grid, day))


def contracts_of(world: World) -> list[list[Terms]]:
    """This will return all customers' contracts."""
    rng = stream(world.seed, "contracts")
    return [terms_of(world, index, rng) for index in range(len(world.customers))]


def seats_by_day(terms: list[Terms], days: int) -> Ints:
    """This will spread a contract over all days."""
    seats = np.zeros(days, dtype=np.int64)
    for one in terms:
        seats[one.day :] = one.seats
    return seats


def terms_on(terms: list[Terms], day: int) -> Terms:
    """This will return what held on a day."""
    return [one for one in terms if one.day <= day][-1]


def subscription_id(customer: Customer) -> str:
    """This will return the only subscription's id."""
    return customer.id.replace("C-", "S-")
