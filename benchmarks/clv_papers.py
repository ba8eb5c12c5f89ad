"""Customer lifetime models against the figures that their papers print.

    script/bench clv_papers

Shifted-beta-geometric and beta-discrete-Weibull (Fader & Hardie 2007, 2010; Fader et al.
2018), BG/NBD (Fader, Hardie & Lee 2005) and gamma-gamma (Fader & Hardie 2013), fitted anew
on the published data. A goal is the printed figure, to the digits printed.
"""

import sys
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.clv_data import Figure, cdnow, printed, survivors
from health.calculations.bdw import BDW, likelihood_ratio
from health.calculations.bgnbd import BGNBD
from health.calculations.gamma_gamma import GammaGamma, frequency_value_correlation
from health.calculations.life_table import life_table_from_survivors
from health.calculations.posterior import FLAT
from health.calculations.residual import residual_before_renewal
from health.calculations.sbg import SBG

SBG_FITS = {
    "Regular": {"alpha": "0.704", "beta": "1.182", "survivors.year12": "170"},
    "High-end": {"alpha": "0.668", "beta": "3.806", "survivors.year12": "378"},
}
BDW_FITS = {
    ("Regular", 4): {"alpha": "0.5230", "beta": "0.8943", "c": "1.196", "p": "0.553"},
    ("High-end", 4): {"alpha": "0.2593", "beta": "1.7226", "c": "1.584", "p": "0.029"},
}
TABLE_3 = {
    "case1": (3.80, 15.20, ["3.31", "3.45", "3.59", "3.72", "3.84"]),
    "case2": (1 / 15, 4 / 15, ["7.68", "9.46", "9.86", "10.06", "10.19"]),
}


def main() -> int:
    return printed([*contracts(), *residuals(), *purchases()])


def line(name: str, value: float, goal: str) -> Figure:
    """This will compare a figure with one in print, to the digits printed."""
    digits = len(goal.partition(".")[2])
    return Figure(name, f"{value:.{digits}f}", goal, f"{value:.{digits}f}" == goal)


def contracts() -> Iterator[Figure]:
    """This will fit sBG and BdW to the survivors of both segments."""
    for segment, known in survivors().items():
        name = segment.lower()
        model = SBG(prior=FLAT).fit(life_table_from_survivors(known[:8]))
        found = {
            "alpha": model.alpha_,
            "beta": model.beta_,
            "survivors.year12": 1000 * float(model.survival(12)),
        }
        for key, goal in SBG_FITS[segment].items():
            yield line(f"sbg.{name}.{key}", found[key], goal)
        yield without_goal(f"sbg.{name}.error.years8-12", model, known[8:])
        yield without_goal(
            f"bdw.{name}.error.years8-12",
            BDW(prior=FLAT).fit(life_table_from_survivors(known[:8])),
            known[8:],
        )
    for (segment, years), goals in BDW_FITS.items():
        table = life_table_from_survivors(survivors()[segment][: years + 1])
        wide = BDW(prior=FLAT).fit(table)
        found = {
            "alpha": wide.alpha_,
            "beta": wide.beta_,
            "c": wide.shape_,
            "p": likelihood_ratio(table).p_value,
        }
        for key, goal in goals.items():
            yield near(f"bdw.{segment.lower()}.{key}", found[key], goal)


def near(name: str, value: float, goal: str) -> Figure:
    """This will compare with another program's figure, to 0.5 %."""
    fine = abs(value / float(goal) - 1.0) <= 0.005
    return Figure(name, f"{value:.4f}", goal, fine)


def without_goal(name: str, model: SBG | BDW, real: Sequence[float]) -> Figure:
    """This will tell the mean error of the years that were not learnt from."""
    years = np.arange(13 - len(real), 13)
    errors = np.abs(1000 * model.survival(years) / np.asarray(real) - 1)
    return Figure(name, f"{100 * errors.mean():.1f} %")


def residuals() -> Iterator[Figure]:
    """This will work out table 3 of Fader & Hardie 2010."""
    for case, (alpha, beta, goals) in TABLE_3.items():
        found = residual_before_renewal(
            alpha, beta, renewal=np.arange(1, 6), discount=0.1
        )
        for n, (value, goal) in enumerate(zip(found, goals, strict=True), start=1):
            yield line(f"derl.{case}.renewal{n}", float(value), goal)


def purchases() -> Iterator[Figure]:
    """This will fit BG/NBD and gamma-gamma to CDNOW."""
    people = cdnow()
    model = BGNBD().fit(people.x, people.t_x, people.age)
    yield line("bgnbd.r", model.r_, "0.243")
    yield line("bgnbd.alpha", model.alpha_, "4.414")
    yield line("bgnbd.a", model.a_, "0.793")
    yield line("bgnbd.b", model.b_, "2.426")
    yield line("bgnbd.log-likelihood", model.log_likelihood_, "-9582.4")
    customer = model.expected_purchases(39, 2, 30.43, 38.86)
    yield line("bgnbd.the-papers-customer", float(customer[0]), "1.226")
    ahead = model.expected_purchases(39, people.x, people.t_x, people.age)
    correlation = float(np.corrcoef(ahead, people.later)[0, 1])
    yield line("bgnbd.correlation-with-what-came", correlation, "0.626")
    total = ahead.sum() / people.later.sum()
    yield Figure("bgnbd.total-to-what-came", f"{total:.3f}")
    spend = GammaGamma().fit(people.x, people.value)
    # What is printed is 6.25, 3.74 and 15.44.
    yield near("gamma-gamma.p", spend.p_, "6.250")
    yield near("gamma-gamma.q", spend.q_, "3.744")
    yield near("gamma-gamma.gamma", spend.gamma_, "15.444")
    yield line("gamma-gamma.log-likelihood", spend.log_likelihood_, "-4055.918")
    found = frequency_value_correlation(people.x, people.value)
    yield Figure("cdnow.frequency-value-correlation", f"{found:.2f}")


if __name__ == "__main__":
    sys.exit(main())
