"""The hidden engagement of customers: how it moves by the week, and who leaves.

History and truth use the same functions: the history draws one path, the truth averages
over many, so the published probability is that of the very rule that made the history.
"""

from dataclasses import dataclass

import numpy as np

from demo.calculations.draws import Bools, Floats, Ints
from demo.calculations.rates import (
    CLOSING,
    DUNNING_WEEKS,
    HAZARD_CAP,
    HAZARD_LEVEL,
    HAZARD_SLOPE,
    LOST_BY_DUNNING,
    MOOD_MEMORY,
    MOOD_NOISE,
    NOTICE_WEEKS,
    SETTLE,
    SHOCKS,
    YEAR_IN_MONTHS,
    card_failure,
)


@dataclass(frozen=True)
class Traits:
    """What the rule needs to know of each customer, one entry each."""

    fit: Floats
    start_week: Ints
    yearly: Bools
    card: Bools

    def repeated(self, times: int) -> "Traits":
        """This will repeat every customer, for many paths at once."""
        return Traits(
            np.tile(self.fit, times),
            np.tile(self.start_week, times),
            np.tile(self.yearly, times),
            np.tile(self.card, times),
        )


@dataclass
class State:
    """Where every customer stands in a week.

    `mood` wanders around 0, `slow` and `fast` are what shocks left behind, `felt` follows
    their sum within weeks; `dunning` counts the weeks since a payment was lost.
    """

    mood: Floats
    slow: Floats
    fast: Floats
    felt: Floats
    dunning: Ints

    def engagement(self, traits: Traits) -> Floats:
        """This will return z, the hidden engagement."""
        return traits.fit + self.mood + self.felt

    def repeated(self, times: int) -> "State":
        """This will repeat every customer, for many paths at once."""
        return State(
            np.tile(self.mood, times),
            np.tile(self.slow, times),
            np.tile(self.fast, times),
            np.tile(self.felt, times),
            np.tile(self.dunning, times),
        )


def state_at_start(rng: np.random.Generator, count: int) -> State:
    """This will draw the state in which customers begin."""
    spread = MOOD_NOISE / np.sqrt(1 - MOOD_MEMORY**2)
    zeros = np.zeros(count)
    return State(
        rng.normal(0, spread, count),
        zeros,
        zeros.copy(),
        zeros.copy(),
        np.zeros(count, np.int64),
    )


def week_passed(
    rng: np.random.Generator, state: State, traits: Traits, age: Ints
) -> dict[str, Bools]:
    """This will move the state on by a week, in place, and return who met which shock."""
    count = len(traits.fit)
    state.mood = MOOD_MEMORY * state.mood + rng.normal(0, MOOD_NOISE, count)
    state.slow = 0.985 * state.slow
    state.fast = 0.94 * state.fast
    hits: dict[str, Bools] = {}
    for kind, shock in SHOCKS.items():
        rate = np.where(
            (age >= shock.from_week) & (age <= shock.to_week), shock.rate, 0.0
        )
        hit = (rng.random(count) < rate) & (age >= 0)
        size = rng.normal(shock.size, abs(shock.size) * 0.3, count)
        shock_felt(state, hit, size, lasting=shock.lasting)
        hits[kind] = hit
    state.felt = state.felt + SETTLE * (state.slow + state.fast - state.felt)
    return hits


def shock_felt(state: State, hit: Bools, size: Floats, *, lasting: bool) -> None:
    """This will add a shock to those it hits."""
    if lasting:
        state.slow = state.slow + np.where(hit, size, 0.0)
    else:
        state.fast = state.fast + np.where(hit, size, 0.0)


def monthly_hazard(z: Floats) -> Floats:
    """This will return the chance of leaving in a month, for customers free to go."""
    return np.minimum(HAZARD_CAP, np.exp(HAZARD_LEVEL - HAZARD_SLOPE * z))


def leaving_chance(
    z: Floats, state: State, traits: Traits, age: Ints, may_go: Bools
) -> tuple[Floats, Floats]:
    """This will return the chances of leaving this week: by choice, and unpaid.

    By choice people go when the next invoice would come: every month, or at the yearly
    renewal with the patience of many months. A few close down at any time.
    """
    hazard = monthly_hazard(z)
    at_invoice = np.where(traits.yearly, 1 - (1 - hazard) ** YEAR_IN_MONTHS, hazard)
    free = may_go & (age >= NOTICE_WEEKS) & (state.dunning == 0)
    chosen = np.where(free, at_invoice, 0.0) + np.where(
        age >= NOTICE_WEEKS, CLOSING * hazard, 0
    )
    unpaid = np.where(state.dunning == DUNNING_WEEKS, LOST_BY_DUNNING, 0.0)
    return np.minimum(chosen, 0.95), unpaid


def dunning_moved(
    rng: np.random.Generator, z: Floats, state: State, traits: Traits, billed: Bools
) -> Bools:
    """This will move payment trouble on by a week and return where it began."""
    running = state.dunning > 0
    begins = (rng.random(len(z)) < card_failure(z)) & traits.card & billed & ~running
    state.dunning = np.where(running, (state.dunning + 1) % (DUNNING_WEEKS + 1), 0)
    state.dunning = np.where(begins, 1, state.dunning)
    return begins
