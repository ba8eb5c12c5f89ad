"""Stripe's numbers: amounts in the smallest unit, moments in seconds, periods in words."""

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal

# docs.stripe.com/currencies: no decimals; ISK and UGX have none either, but Stripe counts
# them in hundredths all the same.
WHOLE = frozenset({
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV",
    "XAF", "XOF", "XPF",
})  # fmt: skip
THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
CENT = Decimal("0.01")
DAYS_OF_A_MONTH = Decimal("365.25") / 12
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}


def amount_of(smallest: int | Decimal, currency: str) -> Decimal:
    """This will return an amount in the currency's main unit."""
    code = currency.upper()
    places = 0 if code in WHOLE else 3 if code in THOUSANDTHS else 2
    return Decimal(smallest).scaleb(-places)


def rounded(amount: Decimal) -> Decimal:
    """This will round to what our columns hold."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def moment(seconds: int) -> dt.datetime:
    """This will return a moment in UTC."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def moment_or_none(seconds: int | None) -> dt.datetime | None:
    """This will return a moment in UTC, if any."""
    return None if seconds is None else moment(seconds)


def whole_months(interval: str, count: int) -> int:
    """This will return how many months an interval has; days and weeks are told as one."""
    return MONTHS[interval] * count if interval in MONTHS else 1


def months_in(interval: str, count: int) -> Decimal:
    """This will return how many months an interval has, of 365.25 / 12 days each."""
    if interval in MONTHS:
        return Decimal(MONTHS[interval] * count)
    return Decimal(DAYS[interval] * count) / DAYS_OF_A_MONTH
