"""Customer lifetime models beside the packages people use, in one run.

    script/bench clv_peers          5 fits by lifetimes, 3 by pymc-marketing
    script/bench clv_peers --full   25 fits by lifetimes, 7 by pymc-marketing

BG/NBD on CDNOW (2,357 customers) and the shifted-beta-geometric model on the published
survivors, fitted here, by `lifetimes` and by `pymc-marketing` (posterior mode). The latter
has default priors, so it is given flat ones; its sBG is compared with its own priors too,
which are the weak prior here. Times are medians, of
five fits here before each of theirs. The first
fit of pymc-marketing, which compiles C code, is told apart.

Neither package supports every Python: they are locked for 3.11.
"""

import argparse
import contextlib
import io
import logging
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from benchmarks.clv_data import Figure, cdnow, printed, survivors
from health.calculations.bgnbd import BGNBD
from health.calculations.gamma_gamma import GammaGamma
from health.calculations.life_table import life_table_from_survivors
from health.calculations.posterior import FLAT
from health.calculations.sbg import SBG

Parameters = Mapping[str, float]
Fit = Callable[[], Parameters]
# Half a unit of the third digit.
SAME = 5e-4
# Of the fit here before each of the other's: a few milliseconds are easily disturbed.
SHORT_RUNS = 5
LIFETIMES_GOAL, BGNBD_GOAL, SBG_GOAL = 2.5, 50.0, 100.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTENSOR_FLAGS"] = f"base_compiledir={folder}"
        try:
            import lifetimes  # noqa: F401 - only whether it is there
            import pymc_marketing  # noqa: F401 - only whether it is there
        except ImportError as error:
            print(f"The packages to compare with are missing: {error}")
            return 1
        return printed(figures(25 if full else 5, 7 if full else 3))


def figures(runs: int, slow_runs: int) -> Iterator[Figure]:
    """This will measure one model after the other."""
    ours, peer = bgnbd_here(), bgnbd_lifetimes()
    yield from compared("bgnbd", "lifetimes", ours, peer, runs, LIFETIMES_GOAL)
    peer = bgnbd_pymc()
    yield from compared("bgnbd", "pymc-marketing", ours, peer, slow_runs, BGNBD_GOAL)
    ours, peer = spend_here(), spend_lifetimes()
    yield from compared("gamma-gamma", "lifetimes", ours, peer, runs, 0.0)
    for segment, known in survivors().items():
        for flat in (True, False):
            name = f"sbg.{segment.lower()}.{'flat' if flat else 'weak'}"
            pair = sbg_here(known[:8], flat=flat), sbg_pymc(known[:8], flat=flat)
            yield from compared(name, "pymc-marketing", *pair, slow_runs, SBG_GOAL)


def compared(
    model: str, peer: str, ours: Fit, theirs: Fit, runs: int, goal: float
) -> Iterator[Figure]:
    """This will fit in turn and compare times and parameters, once both are warm."""
    _, cold = timed(theirs)
    found, wanted = timed(ours)[0], timed(theirs)[0]
    quick, slow = [], []
    for _ in range(runs):
        quick += [timed(ours)[1] for _ in range(SHORT_RUNS)]
        slow.append(timed(theirs)[1])
    here, there = statistics.median(quick), statistics.median(slow)
    apart = max(abs(found[name] / wanted[name] - 1.0) for name in found)
    model = f"{model}.{peer}"
    yield Figure(f"{model}.here", f"{1000 * here:.2f} ms")
    yield Figure(f"{model}.there", f"{1000 * there:.1f} ms")
    yield Figure(f"{model}.there.first", f"{1000 * cold:.0f} ms")
    name = f"{model}.times-faster"
    wish = f">={goal:g}" if goal else ""
    yield Figure(name, f"{there / here:.1f}", wish, there / here >= goal)
    name = f"{model}.parameters-apart"
    yield Figure(name, f"{apart:.1e}", f"<={SAME:g}", apart <= SAME)


def timed(fit: Fit) -> tuple[Parameters, float]:
    """This will return parameters and seconds; what a package prints is swallowed."""
    with contextlib.redirect_stdout(io.StringIO()):
        began = time.perf_counter()
        found = fit()
        return found, time.perf_counter() - began


def bgnbd_here() -> Fit:
    people = cdnow()

    def fit() -> Parameters:
        model = BGNBD().fit(people.x, people.t_x, people.age)
        return {"r": model.r_, "alpha": model.alpha_, "a": model.a_, "b": model.b_}

    return fit


def bgnbd_lifetimes() -> Fit:
    from lifetimes import BetaGeoFitter

    people = cdnow()
    return lambda: dict(BetaGeoFitter().fit(people.x, people.t_x, people.age).params_)


def bgnbd_pymc() -> Fit:
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel

    people = cdnow()
    customers = np.arange(len(people.x))
    table = pd.DataFrame(
        {
            "customer_id": customers,
            "frequency": people.x,
            "recency": people.t_x,
            "T": people.age,
        }
    )

    def fit() -> Parameters:
        priors = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}
        return mode_of(BetaGeoModel(model_config=priors), table, list(priors))

    return fit


def spend_here() -> Fit:
    people = cdnow()

    def fit() -> Parameters:
        model = GammaGamma().fit(people.x, people.value)
        return {"p": model.p_, "q": model.q_, "v": model.gamma_}

    return fit


def spend_lifetimes() -> Fit:
    from lifetimes import GammaGammaFitter

    people = cdnow()
    again = people.x > 0
    return lambda: dict(
        GammaGammaFitter().fit(people.x[again], people.value[again]).params_
    )


def sbg_here(known: np.ndarray[Any, Any], *, flat: bool) -> Fit:
    settings: dict[str, Any] = {"prior": FLAT} if flat else {}

    def fit() -> Parameters:
        model = SBG(**settings).fit(life_table_from_survivors(known))
        return {"alpha": model.alpha_, "beta": model.beta_}

    return fit


def sbg_pymc(known: np.ndarray[Any, Any], *, flat: bool) -> Fit:
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import ShiftedBetaGeoModel

    lost = (known[:-1] - known[1:]).astype(int)
    periods = len(known)
    last = np.repeat(np.arange(1, periods + 1), [*lost, int(known[-1])])
    table = pd.DataFrame(
        {
            "customer_id": np.arange(len(last)),
            "recency": last,
            "T": periods,
            "cohort": "all",
        }
    )

    def fit() -> Parameters:
        names = ["alpha", "beta"]
        priors = {name: Prior("HalfFlat", dims="cohort") for name in names}
        model = ShiftedBetaGeoModel(model_config=priors if flat else None)
        return mode_of(model, table, names)

    return fit


def mode_of(model: Any, table: Any, names: list[str]) -> Parameters:
    """This will fit one of pymc-marketing's models by its posterior mode."""
    model.fit(data=table, method="map", progressbar=False)
    found = model.idata.posterior
    return {name: float(found[name].to_numpy().ravel()[0]) for name in names}


if __name__ == "__main__":
    sys.exit(main())
