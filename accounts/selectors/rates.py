"""Reads about exchange rates."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min

from accounts.models import ExchangeRate


@dataclass(frozen=True, slots=True)
class CurrencyRates:
    """A currency with the rate that counts on a day; none when all are still to come."""

    currency: str
    rates: int
    first_on: dt.date
    last_on: dt.date
    valid_on: dt.date | None
    rate: Decimal | None


def currencies_with_rates(*, today: dt.date) -> list[CurrencyRates]:
    """This will list the currencies that have rates. Two queries."""
    counted = (
        ExchangeRate.objects.values("currency")
        .annotate(rates=Count("id"), first_on=Min("valid_on"), last_on=Max("valid_on"))
        .order_by("currency")
    )
    current = {
        rate.currency: rate
        for rate in ExchangeRate.objects.filter(valid_on__lte=today)
        .order_by("currency", "-valid_on")
        .distinct("currency")
    }
    return [
        CurrencyRates(
            **row,
            valid_on=found.valid_on if found else None,
            rate=found.rate if found else None,
        )
        for row in counted
        for found in [current.get(row["currency"])]
    ]


def rates_page(
    *, currency: str, before: dt.date | None, size: int = 100
) -> tuple[list[ExchangeRate], dt.date | None]:
    """This will return a currency's rates, newest first, and where the next page begins."""
    rates = ExchangeRate.objects.filter(currency=currency).order_by("-valid_on", "-id")
    if before:
        rates = rates.filter(valid_on__lt=before)
    found = list(rates[: size + 1])
    older = found[size - 1].valid_on if len(found) > size else None
    return found[:size], older
