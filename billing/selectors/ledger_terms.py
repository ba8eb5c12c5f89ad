"""What the ledger is reckoned with beside the log."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accounts.models import ExchangeRate
from accounts.selectors import company as the_company
from billing.calculations.conventions import PRESETS, Conventions
from billing.calculations.revenue.rates import Rates
from billing.selectors.ledger_rates_sql import rates_fingerprint
from billing.selectors.ledger_state import conventions_in_use
from common.dates import POSTGRES_EPOCH

# Raised when the same log comes to other sums, or parts are kept in another way.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """The last day that is reckoned, the company's clock and money, and the conventions."""

    day: dt.date
    zone: str
    currency: str
    conventions: Conventions

    @property
    def until(self) -> int:
        """The day as a number."""
        return (self.day - POSTGRES_EPOCH).days


def ledger_terms(*, day: dt.date) -> Terms:
    """This will return what the ledger of a day is reckoned with. Two queries."""
    company = the_company()
    return Terms(
        day=day,
        zone=company.time_zone,
        currency=company.currency,
        conventions=conventions_in_use(),
    )


def made_with(terms: Terms) -> str:
    """This will return a fingerprint of all that sums are made with beside the log.

    One query, over the exchange rates.
    """
    told = [
        FORMAT,
        terms.day.isoformat(),
        terms.zone,
        terms.currency,
        terms.conventions.as_json(),
        {name: preset.as_json() for name, preset in PRESETS.items()},
        rates_fingerprint(terms.day),
    ]
    return hashlib.md5(json.dumps(told).encode(), usedforsecurity=False).hexdigest()


def rates_for(terms: Terms, currencies: Iterable[str]) -> Rates:
    """This will return the dated rates of some currencies up to the terms' day.

    One query, none where there is but the company's own.
    """
    others = sorted(set(currencies) - {terms.currency})
    found: dict[str, list[tuple[dt.date, float]]] = {}
    if others:
        rows = ExchangeRate.objects.filter(
            currency__in=others, valid_on__lte=terms.day
        ).order_by("currency", "valid_on")
        for currency, day, rate in rows.values_list("currency", "valid_on", "rate"):
            found.setdefault(currency, []).append((day, float(rate)))
    return Rates(
        own=terms.currency,
        steps={
            currency: (
                np.array([(day - POSTGRES_EPOCH).days for day, _ in steps]),
                np.array([rate for _, rate in steps]),
            )
            for currency, steps in found.items()
        },
    )
