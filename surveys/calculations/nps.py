"""The Net Promoter Score and how sure it is."""

from dataclasses import dataclass
from math import sqrt

# Under so many answers the interval says nothing a person could use.
ENOUGH = 10
# Three answers are added, ¾ to both promoters and detractors, before the interval is drawn.
ADDED = 3
QUANTILE = 1.96


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
    The American Statistician 70 (2016).
    """
    answers = promoters + passives + detractors
    if not answers:
        return None
    size = answers + ADDED
    up, down = (promoters + ADDED / 4) / size, (detractors + ADDED / 4) / size
    middle = up - down
    reach = QUANTILE * sqrt((up + down - middle**2) / size)
    return NetPromoterScore(
        100 * (promoters - detractors) / answers,
        max(-100.0, 100 * (middle - reach)),
        min(100.0, 100 * (middle + reach)),
        answers,
    )
