"""The history of all customers: their hidden engagement, what hit them, who left."""

from dataclasses import dataclass, field

import numpy as np

from demo.calculations.billing_days import (
    billed_weeks,
    billing_day_in,
    billing_days,
)
from demo.calculations.customers import Customer
from demo.calculations.draws import Bools, Floats, Ints, stream
from demo.calculations.grid import Grid
from demo.calculations.hidden import (
    State,
    Traits,
    dunning_moved,
    leaving_chance,
    shock_felt,
    state_at_start,
    week_passed,
)
from demo.calculations.rates import (
    OUTAGE_SHARE,
    OUTAGE_SIZE,
    OUTAGE_WEEKS_AGO,
    PRICE_SIZE,
    PRICE_WEEKS_AGO,
)

CAUSE_WEEKS = 30


@dataclass(frozen=True)
class Shocked:
    """A shock that hit a customer on a day."""

    kind: str
    day: int


@dataclass
class Life:
    """What happened to one customer. `left` is None for those who are still here."""

    billed: list[int]
    shocks: list[Shocked] = field(default_factory=list)
    dunnings: list[int] = field(default_factory=list)
    left: int | None = None
    unpaid: bool = False

    def cause(self, day: int) -> str:
        """This will return the latest bad thing of the months before a day, or none."""
        recent = [
            shock.kind
            for shock in self.shocks
            if shock.kind != "rollout" and day - CAUSE_WEEKS * 7 <= shock.day <= day
        ]
        return recent[-1] if recent else "none"


@dataclass(frozen=True)
class History:
    """All lives, the engagement by week and customer, and where everybody stands now."""

    lives: list[Life]
    engagement: Floats
    traits: Traits
    state: State
    billed: Bools

    def z(self, customer: int, day: int) -> float:
        """This will return a customer's hidden engagement on a day."""
        week = min(day // 7, len(self.engagement) - 1)
        return float(self.engagement[week, customer])


def traits_of(customers: list[Customer]) -> Traits:
    """This will gather what the rule of leaving needs."""
    return Traits(
        np.array([one.fit for one in customers]),
        np.array([one.start // 7 for one in customers]),
        np.array([one.yearly for one in customers]),
        np.array([one.card for one in customers]),
    )


def history_of(seed: int, grid: Grid, customers: list[Customer]) -> History:
    """This will live through all weeks. Costs one pass of vectors a week."""
    rng = stream(seed, "lives")
    count = len(customers)
    traits = traits_of(customers)
    lives = [Life(billing_days(one, grid)) for one in customers]
    billed = billed_weeks([life.billed for life in lives], grid)
    state = state_at_start(rng, count)
    engagement = np.zeros((grid.weeks, count))
    present = np.ones(count, dtype=np.bool_)
    sensitivity = np.array([one.price_sensitivity for one in customers])
    priced = np.zeros(count, dtype=np.bool_)
    for week in range(grid.weeks):
        age = week - traits.start_week
        for kind, hit in week_passed(rng, state, traits, age).items():
            _noted(rng, lives, kind, hit & present, week)
        outage = (rng.random(count) < OUTAGE_SHARE) & (age > 4)
        if week == grid.weeks - OUTAGE_WEEKS_AGO:
            shock_felt(state, outage, np.full(count, OUTAGE_SIZE), lasting=False)
            _noted(rng, lives, "product_trouble", outage & present, week)
        if week >= grid.weeks - PRICE_WEEKS_AGO:
            raised = _price_raised(grid, traits, billed[week], priced, week)
            priced |= raised
            shock_felt(state, raised, PRICE_SIZE * sensitivity, lasting=True)
            _noted(rng, lives, "price_change", raised & present, week)
        z = state.engagement(traits)
        engagement[week] = z
        begins = dunning_moved(rng, z, state, traits, billed[week] & (age > 3))
        for index in np.flatnonzero(begins & present):
            lives[index].dunnings.append(billing_day_in(lives[index].billed, week))
        _leavers(rng, lives, present, week, z, state, traits, age, billed[week])
    return History(lives, engagement, traits, state, billed)


def _noted(
    rng: np.random.Generator, lives: list[Life], kind: str, hit: Bools, week: int
) -> None:
    for index in np.flatnonzero(hit):
        lives[index].shocks.append(Shocked(kind, week * 7 + int(rng.integers(5))))


def _price_raised(
    grid: Grid, traits: Traits, billed: Bools, priced: Bools, week: int
) -> Bools:
    """This will mark whose price goes up: at the first invoice after the change."""
    first = grid.weeks - PRICE_WEEKS_AGO
    known = traits.start_week < first - 8
    return np.asarray(known & billed & ~priced & (week >= first), dtype=np.bool_)


def _leavers(
    rng: np.random.Generator,
    lives: list[Life],
    present: Bools,
    week: int,
    z: Floats,
    state: State,
    traits: Traits,
    age: Ints,
    billed: Bools,
) -> None:
    """This will let some go, in place. Whoever left never comes back."""
    chosen, unpaid = leaving_chance(z, state, traits, age, billed)
    dice = rng.random(len(z))
    for index in np.flatnonzero(present & (dice < chosen + unpaid)):
        life = lives[index]
        present[index] = False
        life.unpaid = bool(dice[index] < unpaid[index])
        if life.unpaid:
            life.left = life.dunnings[-1] + 28
        elif billed[index]:
            life.left = billing_day_in(life.billed, week)
        else:
            life.left = week * 7 + 4
        life.shocks = [shock for shock in life.shocks if shock.day < life.left]
