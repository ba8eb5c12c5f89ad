"""What an importer is told about the load it takes part in."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN_CUSTOMER = (
    "NOT EXISTS (SELECT 1 FROM customers_customer c "
    "WHERE c.external_id = s.customer_id)"
)


@dataclass(frozen=True)
class Check:
    """A reason to reject rows of import_stage (`s`), judged in one statement.

    `where` and `reason` are SQL; `column` is the layout column that is to blame.
    """

    column: str
    where: str
    reason: str
    using: str = ""


def customer_known(noun: str = "customer") -> Check:
    """This will reject rows of customers that neither the folder nor we know."""
    return Check(
        "customer_id",
        UNKNOWN_CUSTOMER,
        f"format('{noun} %%L is not known', s.customer_id)",
    )


def contact_known() -> Check:
    """This will reject rows of contacts that the customer does not have."""
    return Check(
        "contact_id",
        "s.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers_contact k "
        "JOIN customers_customer c ON c.id = k.customer_id "
        "WHERE c.external_id = s.customer_id AND k.external_id = s.contact_id)",
        "format('contact %%L of customer %%L is not known', s.contact_id, s.customer_id)",
    )


def currency_known(day: str) -> Check:
    """This will reject amounts in a currency without an exchange rate on that day."""
    return Check(
        "currency",
        "s.currency <> %(currency)s AND NOT EXISTS (SELECT 1 FROM accounts_exchangerate x "
        f"WHERE x.currency = s.currency AND x.valid_on <= {day})",
        "format('there is no exchange rate for %%s on or before %%s; add one in the "
        "company''s settings and import again', s.currency, "
        f"({day})::date)",
    )


@dataclass(frozen=True)
class Load:
    """One table's load: the time, the company's ways, and what the file carries.

    `present` names the layout columns of the file, `tables` the tables of the folder.
    """

    now: dt.datetime
    today: dt.date
    zone: str
    currency: str
    present: frozenset[str]
    tables: frozenset[str]
    aggregate: bool
    warn: Callable[[str, int], None]

    def parameters(self, **more: Any) -> Mapping[str, Any]:
        """This will give what the importers' SQL refers to by name."""
        return {
            "now": self.now,
            "today": self.today,
            "zone": self.zone,
            "currency": self.currency,
            **more,
        }
