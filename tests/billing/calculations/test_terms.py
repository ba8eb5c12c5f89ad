"""What terms are worth."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from billing.calculations.terms import Terms

TEAM = Terms(
    plan=1,
    price=1,
    amount=Decimal("20.00"),
    interval_months=1,
    anchored_on=dt.date(2026, 1, 31),
    quantity=10,
)


@pytest.mark.parametrize(
    ("amount", "quantity", "months", "discount", "mrr", "listed", "charge"),
    [
        ("2000", 1, 12, None, "166.67", "166.67", "2000.00"),
        ("20", 10, 1, "0.1", "180.00", "200.00", "180.00"),
        # Rounded once: 166.666… less half is 83.33 and not half of 166.67.
        ("2000", 1, 12, "0.5", "83.33", "166.67", "1000.00"),
        ("0.01", 1, 2, None, "0.01", "0.01", "0.01"),
        ("99.99", 3, 3, "1", "0.00", "99.99", "0.00"),
        # Without a number of seats it is one subscription.
        ("50", 0, 1, None, "50.00", "50.00", "50.00"),
    ],
)
def test_money(
    amount: str,
    quantity: int,
    months: int,
    discount: str | None,
    mrr: str,
    listed: str,
    charge: str,
) -> None:
    terms = replace(
        TEAM,
        amount=Decimal(amount),
        quantity=quantity,
        interval_months=months,
        discount=None if discount is None else Decimal(discount),
    )
    found = (terms.mrr, terms.list_mrr, terms.charge)
    assert found == (Decimal(mrr), Decimal(listed), Decimal(charge))


def test_trials_pauses_and_ends_bring_nothing() -> None:
    found = [
        (terms.mrr, terms.list_mrr, terms.rate)
        for terms in (
            replace(TEAM, state="trial"),
            replace(TEAM, state="paused"),
            replace(TEAM, ended=True),
        )
    ]
    full = Decimal("200.00")
    assert found == [(0, full, full), (0, full, full), (0, 0, full)]


def test_an_imported_amount_stays_one_to_the_cent() -> None:
    told = Decimal("10.00")
    terms = replace(
        TEAM,
        price=None,
        quantity=7,
        amount=told / (1 - Decimal("0.3333")) / 7,
        discount=Decimal("0.3333"),
    )
    assert terms.mrr == told


def test_what_differs_is_named_by_what_belongs_together() -> None:
    other = replace(
        TEAM, quantity=11, interval_months=12, ended=True, discount_until=dt.date.max
    )
    assert other.differs(TEAM) == {"quantity", "plan", "ended", "discount"}
    assert TEAM.differs(TEAM) == set()
