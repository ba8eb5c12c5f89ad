"""Which lever is worth most: each made better by the same share of what it is.

As Gupta, Lehmann & Stuart (2004), Valuing customers, Journal of Marketing Research 41,
compare them: 1 % of retention, price, margin and cost to serve. The discount rate and the
horizon are ways of reckoning and bring no money, so they are none.
"""

from dataclasses import dataclass
from enum import StrEnum

from health.calculations.economics import MOST_RETENTION
from health.calculations.what_if import Assumptions, Change, Paths, what_if, worth

STEP = 0.01
POINT = 0.01


class Lever(StrEnum):
    """What a company can work on."""

    RETENTION = "retention"
    PRICE = "price"
    MARGIN = "margin"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Pull:
    """What a step of a lever brings over the horizon.

    `before` and `after` are shares where the lever is one (retention, margin), else None.
    """

    lever: Lever
    gain: float
    before: float | None = None
    after: float | None = None


def pulls(paths: Paths, assumptions: Assumptions, *, step: float = STEP) -> list[Pull]:
    """This will pull every lever by a share of what it is, the one worth most first."""
    now = worth(paths, assumptions).whole
    kept, margin = now.kept, assumptions.margin
    more_kept = max(kept, min(kept * (1.0 + step), MOST_RETENTION))
    more_margin = min(margin * (1.0 + step), 1.0)
    tried = {
        Lever.RETENTION: Change(retention=more_kept - kept),
        Lever.PRICE: Change(price=step),
        Lever.MARGIN: Change(margin=more_margin - margin),
        Lever.SERVICE: Change(ticket_cost=-step),
    }
    ends = {Lever.RETENTION: (kept, more_kept), Lever.MARGIN: (margin, more_margin)}
    found = [
        Pull(
            lever,
            what_if(paths, assumptions, change).whole.total - now.total,
            *ends.get(lever, (None, None)),
        )
        for lever, change in tried.items()
    ]
    return sorted(found, key=lambda pull: -pull.gain)


def price_for_a_point(paths: Paths, assumptions: Assumptions) -> float | None:
    """This will return the higher price that brings as much as 1 point more retention.

    As a share of today's; exact, since the value grows evenly with the price. None where
    there is no revenue or nobody more to keep.
    """
    now = worth(paths, assumptions).whole.total
    point = what_if(paths, assumptions, Change(retention=POINT)).whole.total - now
    price = what_if(paths, assumptions, Change(price=POINT)).whole.total - now
    return POINT * point / price if price > 0.0 and point > 0.0 else None
