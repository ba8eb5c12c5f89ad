"""Pushes as they are told: rounded so that they add up, the small ones together."""

from collections.abc import Iterable
from dataclasses import dataclass

from health.calculations.scoring import round_to_sum

# A chance is told in tenths of a percentage point where its pushes are.
TENTHS = 1000


@dataclass(frozen=True, slots=True)
class ToldPush:
    """What one thing adds to the chance of leaving."""

    key: str
    exact: float  # 0..1 as the chance is
    points: float  # percentage points, in tenths


@dataclass(frozen=True, slots=True)
class Told:
    """All pushes of a customer: those told one by one, the upward ones first."""

    start: float  # percentage points: the average customer's chance
    end: float  # the customer's own; start and all points give it to the tenth
    pushes: tuple[ToldPush, ...]
    others: tuple[ToldPush, ...]  # told together

    @property
    def rest(self) -> float:
        """What the others add together, in percentage points."""
        return round(sum(push.points for push in self.others), 1)


def told(
    pushes: Iterable[tuple[str, float]], *, average: float, p: float, most: int
) -> Told:
    """This will tell pushes that add up to `p` − `average`, at most so many one by one.

    Those of one key are one. Rounded by largest remainder; what is rounded to nothing is
    told with the others, and so is a weaker one where there are too many.
    """
    whole: dict[str, float] = {}
    for key, push in pushes:
        whole[key] = whole.get(key, 0.0) + push
    start, end = round(average * TENTHS), round(p * TENTHS)
    tenths = round_to_sum([push * TENTHS for push in whole.values()], end - start)
    all_told = [
        ToldPush(key, push, points / 10)
        for (key, push), points in zip(whole.items(), tenths, strict=True)
    ]
    by_size = sorted(all_told, key=lambda push: (-abs(push.exact), push.key))
    single = {push.key for push in by_size[:most] if push.points}
    # One that would be the only other is told by itself.
    if len(all_told) == len(single) + 1:
        single = set(whole)
    order = sorted(all_told, key=lambda push: (-push.exact, push.key))
    return Told(
        start / 10,
        end / 10,
        tuple(push for push in order if push.key in single),
        tuple(push for push in order if push.key not in single),
    )
