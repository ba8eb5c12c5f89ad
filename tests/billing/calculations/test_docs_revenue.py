"""The worked example of docs/revenue.md, run: a wrong cent fails here."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from billing.calculations.conventions import PRESETS
from billing.calculations.ledger import (
    CODES,
    EVERY_DISCOUNT,
    Movements,
    closings,
    differences_explained,
    movements,
)
from billing.calculations.ledger.log import UNKNOWN
from tests.billing.calculations.logs import (
    CURRENCIES,
    EPOCH,
    NAMES,
    Line,
    day,
    gaps_of,
    log_of,
    moment,
)
from tests.health.docs import Rows, tables_of
from tests.processes import ROOT

TABLES = tables_of("revenue.md")
LINES = TABLES["example revenue log"]
CUSTOMERS = list(dict.fromkeys(row["customer"] for row in LINES))
SUBSCRIPTIONS = list(dict.fromkeys(row["subscription"] for row in LINES))
KINDS, STATES = ("start", "change", "end"), ("active", "trial", "paused")
UNTIL = day("2025-03-31")
# Euros for a dollar; a euro is a euro.
RATES = [
    (day("2024-01-01"), Decimal("0.90")),
    (day("2024-08-01"), Decimal("0.94")),
    (day("2025-02-01"), Decimal("0.96")),
]
# Kapok's invoice: due, paid.
GAPS = gaps_of(
    (SUBSCRIPTIONS.index("K1"), day("2024-09-10"), day("2024-10-08")),
)
COLUMNS = {
    "new": (1,),
    "came back": (2,),
    "expansion": (3,),
    "contraction": (4,),
    "churn": (5,),
}


def cents(cell: str) -> int:
    """This will read an amount; an empty cell is an amount that nobody told."""
    if not cell:
        return UNKNOWN
    return int(Decimal(cell.replace("\N{MINUS SIGN}", "-").replace(",", "")) * 100)


def line(row: dict[str, str]) -> Line:
    return Line(
        day(row["from"]),
        max(0, cents(row["net"])),
        KINDS.index(row["line"]),
        CUSTOMERS.index(row["customer"]),
        SUBSCRIPTIONS.index(row["subscription"]),
        CURRENCIES.index(row["currency"]),
        moment(row["recorded"]) if row["recorded"] else UNKNOWN,
        STATES.index(row["state"]) if row["state"] else 0,
        cents(row["list"]),
        float(row["discount"]) if row["discount"] else UNKNOWN,
        day(row["until"]) if row["until"] else UNKNOWN,
    )


LOG = log_of(map(line, LINES))


def ledger(preset: str) -> Movements:
    return movements(LOG, PRESETS[preset], gaps=GAPS, until=UNTIL)


def months() -> Iterator[tuple[str, int, int]]:
    """This will yield (2024-01, first day, last day) for fifteen months."""
    for place in range(15):
        first = dt.date(2024 + place // 12, place % 12 + 1, 1)
        following = (first + dt.timedelta(days=31)).replace(day=1)
        yield (
            f"{first:%Y-%m}",
            (first - EPOCH).days,
            (following - EPOCH).days - 1,
        )


def euros(amount: int, currency: int, on: int) -> int:
    """This will convert cents at the rate of a day; here that is never a part of a cent."""
    if CURRENCIES[currency] == "EUR":
        return amount
    rate = [rate for since, rate in RATES if since <= on][-1]
    found = amount * rate
    assert found == int(found)
    return int(found)


def shown(amount: int) -> str:
    return f"{Decimal(amount) / 100:,.2f}".replace("-", "\N{MINUS SIGN}")


@pytest.mark.parametrize("preset", ["chartmogul", "profitwell", "stripe"])
def test_the_months_come_out_to_the_cent(preset: str) -> None:
    lines = ledger(preset)
    days = np.array([last for _name, _first, last in months()])
    ends = closings(LOG, PRESETS[preset], GAPS, days, currencies=2, until=UNTIL)
    got: Rows = []
    opening = 0
    for place, (name, first, last) in enumerate(months()):
        inside = lines.take((lines.day >= first) & (lines.day <= last))
        amounts = [
            euros(int(amount), int(currency), int(on))
            for amount, currency, on in zip(
                inside.amount, inside.currency, inside.day, strict=True
            )
        ]
        closing = sum(
            euros(int(amount), currency, last)
            for currency, amount in enumerate(ends.amounts[place])
        )
        lost = set(inside.take(inside.kind == 5).customer.tolist())
        # A customer that leaves twice in a month would be lost twice: here none does.
        assert len(lost) == np.count_nonzero(inside.kind == 5)
        row = {
            column: sum(
                amount
                for amount, kind in zip(amounts, inside.kind, strict=True)
                if kind in kinds
            )
            for column, kinds in COLUMNS.items()
        }
        got.append(
            {
                "month": name,
                "opening": shown(opening),
                **{column: shown(amount) for column, amount in row.items()},
                "revaluation": shown(closing - opening - sum(row.values())),
                "closing": shown(closing),
                "customers lost": str(len(lost)),
            }
        )
        opening = closing
    assert got == TABLES[f"example revenue {preset}"]


def test_the_log_of_every_customer_differs_where_the_page_says() -> None:
    presets = ("chartmogul", "profitwell", "stripe")
    ledgers = {preset: ledger(preset) for preset in presets}
    got: Rows = []
    for customer, who in enumerate(CUSTOMERS):
        for name, first, last in months():
            cells = {
                preset: told(ledgers[preset], customer, first, last)
                for preset in presets
            }
            if len(set(cells.values())) > 1:
                reason = why(customer, first, last)
                got.append({"customer": who, "month": name, **cells, "reason": reason})
    assert got == TABLES["example revenue differences"]


def told(lines: Movements, customer: int, first: int, last: int) -> str:
    inside = lines.take(
        (lines.customer == customer) & (lines.day >= first) & (lines.day <= last)
    )
    pairs = zip(inside.kind.tolist(), inside.amount.tolist(), strict=True)
    return ", ".join(f"{NAMES[kind]} {shown(amount)}" for kind, amount in pairs)


def why(customer: int, first: int, last: int) -> str:
    """This will return the one reason for which a customer's month differs."""
    own = LOG.take(LOG.customer == customer)
    month = {"first": first, "last": last, "until": UNTIL, "gaps": GAPS}
    found = [
        code
        for other in ("profitwell", "stripe")
        for codes in differences_explained(
            own, PRESETS["chartmogul"], PRESETS[other], **month
        ).values()
        for code in codes
    ]
    (reason,) = set(found)
    return reason


def test_every_code_is_on_the_page() -> None:
    text = (Path(ROOT) / "docs" / "revenue.md").read_text(encoding="utf-8")
    for code in (*CODES.values(), EVERY_DISCOUNT):
        assert f"| `{code}` | " in text
