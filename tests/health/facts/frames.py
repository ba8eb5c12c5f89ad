"""Reading the facts of a day in tests."""

import datetime as dt
from typing import Any

from customers.models import Customer
from health.calculations.facts import Facts
from health.selectors.frame import Moment, SourceAges, facts_of
from tests.world import NOW, TODAY, days_ago

AGES = SourceAges(usage=0, tickets=0, invoices=0)
ALL = 2**62


def end_of(day: dt.date) -> dt.datetime:
    """This will return the first moment after a day, UTC."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)


def facts(
    as_of: dt.date = TODAY, known: dt.datetime = NOW, *, last: int = ALL, **more: Any
) -> Facts:
    moment = Moment(as_of, known, more.pop("zone", "UTC"), "EUR")
    return facts_of(moment, AGES, first=0, last=last, **more)


def row(customer: Customer, **more: Any) -> dict[str, Any]:
    """This will read all customers at once, as the nightly run does, and pick one."""
    got = facts(**more)
    index = got["customer_id"].tolist().index(customer.pk)
    return {name: column[index].item() for name, column in got.items()}


def row_alone(customer: Customer, *, days: int = 0) -> dict[str, Any]:
    """This will read one customer, as on demand, at the end of a day."""
    day = days_ago(days)
    moment = Moment(day, NOW if not days else end_of(day), "UTC", "EUR")
    got = facts_of(moment, AGES, first=customer.pk, last=customer.pk)
    return {name: column[0].item() for name, column in got.items()}
