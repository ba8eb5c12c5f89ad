"""Why two conventions say different things of some customers' month."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from billing.calculations.conventions import Conventions
from billing.calculations.ledger import Reasons, reasons
from billing.calculations.ledger.explained import CLOSING
from billing.selectors.ledger_reading import Chosen, gaps_read, log_read, one_snapshot
from billing.selectors.ledger_terms import ledger_terms
from common.dates import POSTGRES_EPOCH

Key = tuple[int, str]  # a customer and a currency


@dataclass(slots=True)
class Because:
    """What a switch moves: kinds of movements, and (at 0) what is paid at the end."""

    code: str
    amounts: dict[int, Decimal] = field(default_factory=dict)

    @property
    def closing(self) -> Decimal:
        return self.amounts.get(CLOSING, Decimal(0))


def reasons_of(
    customers: Sequence[int],
    one: Conventions,
    other: Conventions,
    *,
    month: dt.date,
    until: dt.date,
) -> dict[Key, list[Because]]:
    """This will return what of `one` less `other` each switch accounts for.

    By customer and currency; their amounts add up to the difference. `until` is the last
    day of the sums. Made anew from the customers' change logs: five queries, and a ledger
    for each switch in which the two differ.
    """
    if not customers:
        return {}
    terms = ledger_terms(day=until)
    after = (month + dt.timedelta(days=31)).replace(day=1)
    lates = [
        days for days in (one.past_due_days, other.past_due_days) if days is not None
    ]
    with one_snapshot() as cursor:
        scope = Chosen(customers)
        read = log_read(cursor, scope, terms)
        gaps = gaps_read(cursor, scope, terms, late=min(lates, default=None))
    found = reasons(
        read.log,
        other,
        one,
        gaps=gaps,
        first=(month - POSTGRES_EPOCH).days,
        last=min((after - POSTGRES_EPOCH).days - 1, terms.until),
        until=terms.until,
    )
    return _by_customer(found, read.currencies)


def _by_customer(found: Reasons, currencies: Sequence[str]) -> dict[Key, list[Because]]:
    told: dict[Key, dict[str, Because]] = {}
    columns = (found.code, found.customer, found.currency, found.kind, found.amount)
    for code, customer, currency, kind, cents in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        same = told.setdefault((customer, currencies[currency]), {})
        because = same.setdefault(code, Because(code))
        because.amounts[kind] = Decimal(cents) / 100
    return {key: list(same.values()) for key, same in told.items()}
