"""How much of what failed came back, how soon, and what dunning adds to it.

Cases that were stopped (the invoice was void or written off, the customer had left) are in
no rate: there was nothing to collect. Open ones count as not recovered so far. Every range
is a 95 % one.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from billing.calculations.rates import Rate, Z, wilson

# A share of fewer is told as a number.
FEW = 10


@dataclass(frozen=True, slots=True)
class Amounts:
    """Sums over cases, in one currency: of what failed and came back, and their squares."""

    cases: int
    failed: float
    recovered: float
    failed_squared: float
    recovered_squared: float
    product: float


@dataclass(frozen=True, slots=True)
class Uplift:
    """By how much the share recovered differs from the hold-out's, with its range."""

    treated: Rate
    left_alone: Rate
    difference: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the range leaves out that dunning makes no difference."""
        return self.low > 0 or self.high < 0


def rate_by_count(recovered: int, cases: int) -> Rate | None:
    """This will return the share of cases that were recovered, by Wilson's interval.

    None without cases, no interval under ten.
    """
    if not cases:
        return None
    share = recovered / cases
    return Rate(share, *wilson(recovered, cases)) if cases >= FEW else Rate(share)


def rate_by_amount(sums: Amounts) -> Rate | None:
    """This will return the share of the money that was recovered.

    r = Σrecovered / Σfailed, a ratio of means over cases: s² = Σ(recovered − r·failed)² /
    (n(n − 1)·mean(failed)²), r ± 1.96·s within [0, 1]. No interval under ten cases, nor
    where all or nothing came back, for then the cases' spread says nothing. Source: W. G.
    Cochran, "Sampling Techniques", 3rd ed. (1977), 2.11. None without money.
    """
    if sums.failed <= 0:
        return None
    share = sums.recovered / sums.failed
    off = max(
        0.0,
        sums.recovered_squared
        - 2 * share * sums.product
        + share * share * sums.failed_squared,
    )
    if sums.cases < FEW or off <= 1e-9 * sums.failed_squared:
        return Rate(share)
    error = sqrt(off * sums.cases / (sums.cases - 1)) / sums.failed
    return Rate(share, max(0.0, share - Z * error), min(1.0, share + Z * error))


def uplift(recovered: int, treated: int, alone: int, left_alone: int) -> Uplift | None:
    """This will compare the recovered of the treated with those of the hold-out.

    The difference of two shares with the hybrid score interval: d − √((p₁ − l₁)² +
    (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²) from both Wilson intervals. Source: R. G.
    Newcombe, "Interval Estimation for the Difference Between Independent Proportions:
    Comparison of Eleven Methods", Statistics in Medicine 17 (1998), method 10. None with
    fewer than ten on either side: too few to compare.
    """
    if min(treated, left_alone) < FEW:
        return None
    one, other = recovered / treated, alone / left_alone
    low, high = wilson(recovered, treated)
    other_low, other_high = wilson(alone, left_alone)
    difference = one - other
    return Uplift(
        Rate(one, low, high),
        Rate(other, other_low, other_high),
        difference,
        difference - sqrt((one - low) ** 2 + (other_high - other) ** 2),
        difference + sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )


def involuntary(lost: int, opening: int) -> Rate | None:
    """This will return the customers lost to failed payments, of those there at the start.

    A customer counts once, however many invoices of theirs were given up. None where there
    were none.
    """
    if opening <= 0:
        return None
    share = lost / opening
    if opening < FEW or lost > opening:
        return Rate(share)
    return Rate(share, *wilson(lost, opening))


def converted(amount: Decimal, rate: Decimal | None) -> Decimal | None:
    """This will return an amount in the company's currency, to the cent; None without rate."""
    return None if rate is None else (amount * rate).quantize(Decimal("0.01"))
