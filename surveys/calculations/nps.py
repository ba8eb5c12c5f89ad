"""The Net Promoter Score and how sure it is."""

from dataclasses import dataclass
from math import sqrt

# Under so many answers the interval says nothing a person could use.
ENOUGH = 10
# Three answers are added, ¾ to both promoters and detractors, before the interval is drawn.
ADDED = 3
QUANTILE = 1.96
# Student's 97.5 % quantiles with 3 to 11 degrees of freedom, for one to nine answers.
SMALL_QUANTILES = (3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201)


@dataclass(frozen=True, slots=True)
class NetPromoterScore:
    """The score from −100 to 100, its 95 % interval, and the answers behind it."""

    score: float
    low: float
    high: float
    answers: int

    @property
    def enough(self) -> bool:
        return self.answers >= ENOUGH


def net_promoter_score(
    *, promoters: int, passives: int, detractors: int
) -> NetPromoterScore | None:
    """This will return the score with its interval by adjusted Wald, None without answers.

    n' = n + 3, p' = (P + ¾)/n', d' = (D + ¾)/n',
    (p' − d') ± 1.96·√((p' + d' − (p' − d')²)/n'), in points. The adjusted estimate is the
    middle of the interval, so it may lie beside the score itself. The ends stay within
    −100 and 100. Source: B. Rocks, "Interval Estimation for the Net Promoter Score",
    The American Statistician 70 (2016). Under ten answers, where no figure is shown,
    Student's quantile with n' − 1 degrees of freedom stands for 1.96 (docs/adr/0012).
    """
    answers = promoters + passives + detractors
    if not answers:
        return None
    low, high = nps_interval(
        mean=(promoters - detractors) / answers,
        square=(promoters + detractors) / answers,
        size=answers,
    )
    return NetPromoterScore(
        100 * (promoters - detractors) / answers, low, high, answers
    )


def nps_interval(*, mean: float, square: float, size: float) -> tuple[float, float]:
    """This will return the interval in points, within −100 and 100.

    `mean` and `square` are the averages of the votes (1, 0, −1) and of their squares;
    `size` is how many answers they are worth, which weights make fewer than there are.
    """
    middle, error = nps_moments(mean=mean, square=square, size=size)
    reach = nps_quantile(size) * error
    return max(-100.0, middle - reach), min(100.0, middle + reach)


def nps_moments(*, mean: float, square: float, size: float) -> tuple[float, float]:
    """This will return the adjusted estimate and its standard error, in points."""
    grown = size + ADDED
    middle = size * mean / grown
    spread = (size * square + ADDED / 2) / grown
    return 100 * middle, 100 * sqrt(max(0.0, spread - middle**2) / grown)


def nps_quantile(size: float) -> float:
    """This will return by how many standard errors 95 % reach to each side."""
    if size >= ENOUGH:
        return QUANTILE
    return SMALL_QUANTILES[max(0, int(size) - 1)]
