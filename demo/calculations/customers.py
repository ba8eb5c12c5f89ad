"""Who the customers are: all that does not change while they stay."""

from dataclasses import dataclass, replace

import numpy as np

from demo.calculations.draws import pick, pick_weighted, stream
from demo.calculations.grid import Grid
from demo.calculations.naming import Namer, domain_of
from demo.texts.companies import INDUSTRIES, INTERESTS, NEEDS, PERSONAS, TAGS
from demo.texts.places import COUNTRIES

SEGMENTS = {"Small business": 0.55, "Mid-market": 0.32, "Enterprise": 0.13}
# Smallest and largest seats, the share that pays by the year,
# and the share of the others that pays by card.
SEATS = {"Small business": (7, 22), "Mid-market": (22, 80), "Enterprise": (75, 230)}
YEARLY = {"Small business": 0.35, "Mid-market": 0.6, "Enterprise": 0.9}
CARD = {"Small business": 0.9, "Mid-market": 0.6, "Enterprise": 0.1}
PLANS = {
    "Small business": {"Start": 0.65, "Team": 0.35},
    "Mid-market": {"Team": 0.55, "Business": 0.45},
    "Enterprise": {"Business": 0.35, "Enterprise": 0.65},
}
SEAT_PRICE = {"Start": 34.0, "Team": 39.0, "Business": 45.0, "Enterprise": 52.0}
YEARLY_DISCOUNT = 0.1
SOURCES = {
    "Referral": 0.2,
    "Search": 0.28,
    "Partner": 0.16,
    "Events": 0.14,
    "Paid ads": 0.22,
}
# What winning one small customer costs, and how well its customers fit.
SOURCE_COST = {
    "Referral": 240,
    "Search": 460,
    "Partner": 780,
    "Events": 1350,
    "Paid ads": 940,
}
SOURCE_FIT = {
    "Referral": 0.3,
    "Search": 0.0,
    "Partner": 0.1,
    "Events": 0.05,
    "Paid ads": -0.3,
}
COST_FACTOR = {"Small business": 1.0, "Mid-market": 2.4, "Enterprise": 6.0}
UNTRACKED = 0.03
GROUPS = 9


@dataclass(frozen=True)
class Customer:
    """A customer. `fit` is the level its hidden engagement returns to.

    The owner is found later, when it is known who is in trouble.
    """

    id: str
    name: str
    domain: str
    country: str
    city: str
    language: str
    time_zone: str
    industry: str
    segment: str
    plan: str
    seats: int
    seat_price: float
    yearly: bool
    card: bool
    start: int
    source: str
    cost: int
    fit: float
    price_sensitivity: float
    habit: float
    tracked: bool
    persona: str
    interests: tuple[str, ...]
    needs: str
    tags: tuple[str, ...]
    parent: str = ""
    owner: str = ""
    notes_in: str = "en"


def starts_drawn(rng: np.random.Generator, grid: Grid, count: int) -> list[int]:
    """This will draw the first days: a few pilots at once, then more every month."""
    share = np.array([0.0, 0.05, 0.22, 0.49, 0.8, 1.0])
    moment = np.array([0.0, 0.02, 0.3, 0.6, 0.86, 0.99])
    spread = (np.arange(count) + rng.random(count)) / count
    days = np.interp(spread, share, moment) * grid.days
    return [_billable(grid, int(day)) for day in days]


def _billable(grid: Grid, day: int) -> int:
    # Invoices fall on the same day every month, so nobody starts after a 28th.
    return max(0, day - max(0, grid.date(day).day - 28))


def customers_drawn(seed: int, grid: Grid, count: int) -> list[Customer]:
    """This will draw the customers in the order in which they came."""
    rng = stream(seed, "customers")
    namer = Namer(rng)
    days = starts_drawn(rng, grid, count)
    first = _billable(grid, 28)
    made = [
        _customer(rng, namer, number, first if grid.date(day).day > 28 else day)
        for number, day in enumerate(days)
    ]
    return _grouped(rng, made)


def _customer(
    rng: np.random.Generator, namer: Namer, number: int, start: int
) -> Customer:
    code = pick_weighted(rng, {key: place.share for key, place in COUNTRIES.items()})
    place = COUNTRIES[code]
    industry = pick_weighted(rng, INDUSTRIES)
    segment = pick_weighted(rng, SEGMENTS)
    plan = pick_weighted(rng, PLANS[segment])
    source = pick_weighted(rng, SOURCES)
    low, high = SEATS[segment]
    yearly = bool(rng.random() < YEARLY[segment])
    city = pick(rng, place.cities)
    name = namer.company(place.naming, industry, city)
    cost = SOURCE_COST[source] * COST_FACTOR[segment] * rng.uniform(0.5, 1.7)
    return Customer(
        id=f"C-{1001 + number}",
        name=name,
        domain=domain_of(name),
        country=code,
        city=city,
        language=place.language,
        time_zone=place.time_zone,
        industry=industry,
        segment=segment,
        plan=plan,
        # More small ones than large ones within each segment.
        seats=round(low * (high / low) ** rng.beta(1.2, 1.9)),
        seat_price=SEAT_PRICE[plan] * (1 - YEARLY_DISCOUNT * yearly),
        yearly=yearly,
        card=bool(not yearly and rng.random() < CARD[segment]),
        start=start,
        source=source,
        cost=int(cost / 10) * 10,
        fit=float(0.06 + SOURCE_FIT[source] + rng.normal(0, 0.75)),
        price_sensitivity=float(min(2.5, rng.exponential())),
        habit=float(rng.normal(0, 0.35)),
        tracked=bool(rng.random() >= UNTRACKED),
        persona=pick(rng, PERSONAS),
        interests=tuple(sorted({pick(rng, INTERESTS), pick(rng, INTERESTS)})),
        needs=pick(rng, NEEDS[industry]),
        tags=(pick(rng, TAGS),) if rng.random() < 0.35 else (),
    )


def _grouped(rng: np.random.Generator, customers: list[Customer]) -> list[Customer]:
    """This will give a few large customers one or two branches of their own."""
    made = list(customers)
    large = [i for i, one in enumerate(made) if one.segment == "Enterprise"]
    for parent in rng.permutation(large)[:GROUPS]:
        head = made[int(parent)]
        later = [
            i
            for i, one in enumerate(made)
            if i > parent and one.segment == "Small business" and not one.parent
            and one.country == head.country and one.city != head.city
        ]  # fmt: skip
        taken: set[str] = set()
        for index in later[:2]:
            branch = made[index]
            if branch.city in taken:
                continue
            taken.add(branch.city)
            name = f"{head.name} {branch.city}"
            made[index] = replace(
                branch,
                name=name,
                domain=domain_of(name),
                industry=head.industry,
                needs=head.needs,
                parent=head.id,
            )
    return made
