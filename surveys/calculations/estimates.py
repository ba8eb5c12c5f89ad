"""A figure with its interval, whatever is measured."""

from dataclasses import dataclass

from surveys.calculations.nps import ENOUGH, QUANTILE


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, its 95 % interval, and the answers behind it."""

    value: float
    low: float
    high: float
    answers: int

    @property
    def enough(self) -> bool:
        """Whether the figure may be shown; else it is "too few"."""
        return self.answers >= ENOUGH

    @property
    def missing(self) -> int:
        """How many answers are missing until it may be shown."""
        return max(0, ENOUGH - self.answers)


@dataclass(frozen=True, slots=True)
class Change:
    """How far a figure moved between two periods, with the interval of the difference.

    `value` is the difference of the two figures as they are shown. The interval is that
    of the adjusted figures, so its middle may lie beside it.
    """

    value: float
    low: float
    high: float

    @property
    def direction(self) -> int:
        """1 or −1 where the interval leaves out nought; else 0: no arrow."""
        if self.low > 0:
            return 1
        return -1 if self.high < 0 else 0

    @property
    def z(self) -> float:
        """How many standard errors the difference is away from nought (z test)."""
        return QUANTILE * (self.low + self.high) / (self.high - self.low)
