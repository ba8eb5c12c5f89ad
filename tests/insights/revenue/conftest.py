"""A small company that sold something: every kind of movement, two currencies, two owners."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Company, ExchangeRate, User
from billing.enums import ChangeAction, ChangeKind
from billing.models import Plan
from billing.services.ledger import ledger_build
from customers.models import Customer, Segment
from tests import world

Sold = dict[str, Customer]


def day(month: int, number: int, year: int = 2026) -> dt.date:
    """This will return a day of the year of the tests."""
    return dt.date(year, month, number)


@pytest.fixture
def sold(
    company: Company, ana: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> Sold:
    """This will sell to four customers of Ana's and one of Charlie's, and sum it up.

    In June: Brightwater (400 USD = 360 EUR) and Secret (900 EUR) leave, Heron pays 200
    instead of 300, Lark comes back with 250 after it had left in April; in May Kestrel
    goes from 1,000 to 1,500.
    """
    monkeypatch.setattr(timezone, "now", lambda: world.NOW)
    ExchangeRate.objects.create(
        currency="USD", valid_on=day(1, 1, 2024), rate=Decimal("0.9")
    )
    pro = Plan.objects.create(key="pro", name="Pro")
    found = {
        name.split()[0].lower(): world.make_customer(name, owner=owner, **fields)
        for name, owner, fields in (
            ("Kestrel Foods", ana, {"acquisition_source": "Fair", "stage": "mature"}),
            ("Brightwater Logistics", ana, {"persona": "Owner"}),
            ("Heron Labs", ana, {"stage": "adoption"}),
            ("Lark Media", ana, {"stage": "mature"}),
            ("Secret Ltd", charlie, {"acquisition_source": "Fair"}),
        )
    }
    kestrel = world.subscribe(found["kestrel"], mrr="1000", since=day(1, 10, 2025))
    world.change_subscription(
        kestrel, on=day(5, 12), mrr="1500", plan=pro, seats=30,
        action=ChangeAction.UPGRADED,
    )  # fmt: skip
    bright = world.subscribe(
        found["brightwater"], mrr="400", since=day(3, 1, 2025), currency="USD"
    )
    world.change_subscription(bright, on=day(6, 8), mrr="0", kind=ChangeKind.END)
    world.leave(found["brightwater"], days=22, reason="price", preventable=True)
    heron = world.subscribe(found["heron"], mrr="300", since=day(6, 1, 2025))
    world.change_subscription(heron, on=day(6, 15), mrr="200", seats=10)
    lark = world.subscribe(found["lark"], mrr="250", since=day(2, 1, 2025))
    world.change_subscription(lark, on=day(4, 20), mrr="0", kind=ChangeKind.END)
    world.leave(found["lark"], days=71, reason="card", kind="involuntary")
    world.subscribe(found["lark"], mrr="250", since=day(6, 20))
    secret = world.subscribe(found["secret"], mrr="900", since=day(5, 1, 2025))
    world.change_subscription(secret, on=day(6, 3), mrr="0", kind=ChangeKind.END)
    world.leave(found["secret"], days=25, reason="rival", competitor="Rivalsoft")
    enterprise = Segment.objects.create(key="enterprise", name="Enterprise")
    world.profile(found["heron"], days=700, segment=found["heron"].segment)
    world.profile(found["heron"], days=40, segment=enterprise, stage="renewal")
    ledger_build(now=world.NOW)
    return found
