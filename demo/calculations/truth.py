"""The true chance of leaving within a quarter, by the rule that made the history."""

import numpy as np

from demo.calculations.billing_days import AHEAD_WEEKS
from demo.calculations.draws import Floats, stream
from demo.calculations.grid import Grid
from demo.calculations.hidden import dunning_moved, leaving_chance, week_passed
from demo.calculations.lives import History

PATHS = 400


def truth_of(seed: int, grid: Grid, history: History, paths: int = PATHS) -> Floats:
    """This will return for every customer the chance of leaving in the next 13 weeks.

    The mean over `paths` futures; within a future the chances themselves are multiplied
    (not dice thrown), which leaves a standard error of about 0.005. Those who have left
    get a number too; it means nothing.
    """
    rng = stream(seed, "truth")
    traits = history.traits.repeated(paths)
    state = history.state.repeated(paths)
    stays = np.ones(len(traits.fit))
    for week in range(grid.weeks, grid.weeks + AHEAD_WEEKS):
        age = week - traits.start_week
        week_passed(rng, state, traits, age)
        z = state.engagement(traits)
        billed = np.tile(history.billed[week], paths)
        dunning_moved(rng, z, state, traits, billed & (age > 3))
        chosen, unpaid = leaving_chance(z, state, traits, age, billed)
        stays *= 1 - np.minimum(1.0, chosen + unpaid)
    leaves: Floats = 1 - stays.reshape(paths, -1).mean(axis=0)
    return leaves
