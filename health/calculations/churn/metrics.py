"""How good a model was on what it had not seen, and what its features added."""

from dataclasses import dataclass

from health.calculations.accuracy.report import Calibrated, Ranked, Verdict
from health.calculations.backtest import Range

# A real company's departures are not foretold better than this: something leaks.
TOO_GOOD = 0.95


@dataclass(frozen=True, slots=True)
class Gain:
    """What a feature adds to the area under the curve; `nothing` if its range holds 0."""

    name: str
    auc: Range

    @property
    def nothing(self) -> bool:
        return self.auc.low <= 0.0


@dataclass(frozen=True, slots=True)
class Challenger:
    """Gradient boosting beside the regression; above 0 the trees are better.

    Where they are clearly `better` (`challenger.challenge`) they are what is used.
    """

    auc: Range
    skill: Range  # Brier skill
    better: bool
    loss: Range | None = None  # log-loss that is saved; None in older versions
    rounds: int = 0  # how many trees


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a reader has to know: `too_good` (look for a leak) or `not_out_of_time`.

    `feature` names the one that tells nearly everything alone; empty for all together.
    """

    code: str
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Measured on forecasts made without the customer, each departure counted once."""

    out_of_time: bool  # or only without the customer, where the history is short
    ranked: Ranked
    calibrated: Calibrated
    contract: Range | None  # AUC without the features, from facts of the contract
    behaviour: Range | None  # what the features add to it
    gains: tuple[Gain, ...]
    challenger: Challenger | None
    losses: tuple[tuple[float, float], ...]  # strength, mean log-loss
    cautions: tuple[Caution, ...]

    @property
    def signal(self) -> bool:
        """Whether leavers are foretold, and the features do more of it than the contract."""
        if self.behaviour is None or self.ranked.verdict != Verdict.SIGNAL:
            return False
        return self.behaviour.low > 0.0
