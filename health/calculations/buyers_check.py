"""What buyers brought in the year after a day, beside what was expected of them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from health.calculations.acquired import believed_miss
from health.calculations.buyers import Bought, Buyers
from health.calculations.buyers_forecast import Terms, buyers_forecast
from health.calculations.conformal import Ranges, learn_widening
from health.calculations.scoring import Floats

# What comes in over a year comes, on average, in its middle.
MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class BoughtSince:
    """n buyers as they stood a year ago, and what they bought since, (n,) each."""

    then: Bought
    amount: Floats


def buyers_checked(
    buyers: Buyers, before: Buyers, since: BoughtSince, terms: Terms
) -> Buyers:
    """This will widen ranges by what a forecast of a year ago, by `before`, has missed.

    `terms` are those of twelve months. What was bought brings its margin, less the tickets
    that come with so many purchases on average. Cost: one forecast.
    """
    found = buyers_forecast(before, since.then, terms)
    each = np.divide(
        found.worth, found.spend, out=np.zeros_like(found.worth), where=found.spend > 0
    )
    came = since.amount * each * (1.0 + terms.discount_rate) ** -MIDDLE
    good = found.staying > 0.0
    return replace(
        buyers,
        widening=learn_widening(
            Ranges(found.low[good], found.mid[good], found.high[good]),
            came[good],
            found.staying[good],
            np.zeros(int(good.sum()), dtype=np.int64),
            customers_now=buyers.purchases.customers_,
        ),
        miss=believed_miss(float(found.expected.sum()), float(came.sum())),
    )


def bought_since(
    then: Bought,
    ids: NDArray[np.int64],
    who: NDArray[np.int64],
    amount: Floats,
) -> BoughtSince:
    """This will put what some (`who`, rising) bought beside all that were there then."""
    place = np.searchsorted(who, ids)
    known = np.append(who, -1)[place] == ids
    return BoughtSince(then, np.where(known, np.append(amount, 0.0)[place], 0.0))
