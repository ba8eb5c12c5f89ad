"""Who answers and who does not, and what the score would be had all answered alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.calculations.estimates import Estimate
from surveys.calculations.satisfaction import share
from surveys.calculations.weighting import weighted_nps

# Under so many answers a part of the customers can not speak for its silent ones.
THIN = 5
# Under so many expected in a cell the chi-square distribution is not to be trusted.
EXPECTED = 5
Ints = npt.NDArray[np.int64]

DRAWS = 9_999
SEED = 20_160_127
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of those who were asked: the mails that arrived, who answered, and how."""

    key: str
    delivered: int
    answered: int
    high: int = 0
    middle: int = 0
    low: int = 0

    @property
    def rate(self) -> Estimate | None:
        """The response rate with its interval by Wilson."""
        return share(self.answered, self.delivered)

    @property
    def answers(self) -> int:
        return self.high + self.middle + self.low


@dataclass(frozen=True, slots=True)
class RateTest:
    """Whether the response rates differ by more than chance makes.

    `drawn` says that the p-value was drawn, because counts are too small for the formula.
    """

    p: float
    drawn: bool

    @property
    def differ(self) -> bool:
        return self.p < SURE


@dataclass(frozen=True, slots=True)
class Reweighted:
    """The score had every part answered as its share of those asked.

    `joined` are the parts too thin to stand alone, taken together.
    """

    estimate: Estimate
    joined: tuple[str, ...]


def rates_differ(strata: Sequence[Stratum]) -> RateTest | None:
    """This will test whether all parts answer equally often; None where nothing can differ.

    Pearson's chi-square over parts × (answered, silent). Where a cell expects fewer than
    five (Cochran's rule), the p-value is drawn: 9,999 tables with the same margins and a
    fixed seed, p = (1 + as extreme)/(1 + drawn). Source: A. Hope, "A Simplified Monte
    Carlo Significance Test Procedure", JRSS B 30 (1968).
    """
    asked = np.array(
        [part.delivered for part in strata if part.delivered], dtype=np.int64
    )
    answered = np.array(
        [part.answered for part in strata if part.delivered], dtype=np.int64
    )
    total = int(answered.sum())
    if len(asked) < 2 or total in {0, int(asked.sum())}:
        return None
    rate = total / int(asked.sum())
    found = float(_chi_square(answered, asked, rate))
    if min(asked.min() * rate, asked.min() * (1 - rate)) >= EXPECTED:
        # scipy.stats, which says the same, takes 80 MB in every process.
        from scipy.special import chdtrc  # noqa: PLC0415

        return RateTest(float(chdtrc(len(asked) - 1, found)), drawn=False)
    draw = np.random.default_rng(SEED)
    tables = draw.multivariate_hypergeometric(asked, total, size=DRAWS)
    extreme = int((_chi_square(tables, asked, rate) >= found - 1e-9).sum())
    return RateTest((1 + extreme) / (1 + DRAWS), drawn=True)


def _chi_square(answered: Ints, asked: Ints, rate: float) -> npt.NDArray[np.float64]:
    """This will return Pearson's statistic of one table, or of many."""
    parts = (answered - asked * rate) ** 2 / (asked * rate * (1 - rate))
    return np.asarray(parts.sum(axis=-1), dtype=np.float64)


def reweighted_nps(strata: Sequence[Stratum]) -> Reweighted | None:
    """This will post-stratify the score to the mix of those who were asked.

    Σ W·NPS over the parts, W being a part's share of the mails that arrived. Parts with
    fewer than five answers are joined, and with the next smallest one if that is not
    enough; None where fewer than two parts are left, for then nothing can be said. The
    interval takes the effective number of answers for the weights W/n (Kish), as
    weighted_nps does. Source: D. Holt and T. Smith, "Post Stratification", JRSS A 142
    (1979); joining of thin parts: G. Kalton and I. Flores-Cervantes, "Weighting
    Methods", Journal of Official Statistics 19 (2003).
    """
    parts, joined = _joined([part for part in strata if part.delivered])
    if len(parts) < 2:
        return None
    counts = np.array([(part.high, part.middle, part.low) for part in parts], float)
    share_asked = np.array([part.delivered for part in parts], float)
    share_asked /= share_asked.sum()
    each = share_asked / counts.sum(axis=1)
    signs = np.tile([1.0, 0.0, -1.0], len(parts))
    repeats = counts.astype(int).ravel()
    weighted = weighted_nps(
        np.repeat(signs, repeats), np.repeat(np.repeat(each, 3), repeats)
    )
    return Reweighted(weighted.estimate, joined) if weighted else None


def _joined(strata: Sequence[Stratum]) -> tuple[list[Stratum], tuple[str, ...]]:
    """This will take thin parts together until every part has enough answers."""
    ordered = sorted(strata, key=lambda part: (part.answers, part.key))
    thin = [part for part in ordered if part.answers < THIN]
    fat = ordered[len(thin) :]
    while thin and fat and sum(part.answers for part in thin) < THIN:
        thin.append(fat.pop(0))
    if not thin:
        return fat, ()
    together = Stratum(
        "",
        delivered=sum(part.delivered for part in thin),
        answered=sum(part.answered for part in thin),
        high=sum(part.high for part in thin),
        middle=sum(part.middle for part in thin),
        low=sum(part.low for part in thin),
    )
    return [*fat, together], tuple(part.key for part in thin)
