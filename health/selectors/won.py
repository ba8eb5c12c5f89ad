"""The customers that were won: how, what each brought, and what it may bring still.

Raw SQL by COPY, like the facts of a day: a range of customers is one pass over each of
four tables, at any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from customers.models import Customer
from health.calculations.acquired import own_spread
from health.calculations.landmarks import MONTH_DAYS
from health.calculations.winning import Won
from health.selectors.facts.given_back import LOST, SUMS
from health.selectors.facts.moment import Moment, Window
from health.selectors.facts.rates import RATES
from health.selectors.facts.reading import STREAMED, Reader, Rows, planned

# A customer without a standing left; one that could not be scored is left out.
CUSTOMERS = """
SELECT c.id, c.customer_since, extract(year FROM c.customer_since)::int,
  extract(quarter FROM c.customer_since)::int, coalesce(c.segment_id, 0),
  CASE WHEN c.campaign_id IS NULL THEN 0 WHEN c.campaign_id = ANY(%(campaigns)s)
       THEN c.campaign_id ELSE -1 END,
  CASE WHEN o.at IS NOT NULL THEN o.at::int
       WHEN c.acquisition_source = '' AND coalesce(k.source, '') = '' THEN 0
       ELSE -1 END,
  coalesce(c.acquisition_cost, 0)::float8, s.customer_id IS NOT NULL,
  coalesce(s.clv, 0)::float8, coalesce(s.clv_p10, 0)::float8,
  coalesce(s.clv_p50, 0)::float8, coalesce(s.clv_p90, 0)::float8
FROM customers_customer c
LEFT JOIN customers_campaign k ON k.id = c.campaign_id
LEFT JOIN unnest(%(sources)s::text[]) WITH ORDINALITY o(name, at)
  ON o.name = coalesce(nullif(c.acquisition_source, ''), k.source)
LEFT JOIN health_standing s ON s.customer_id = c.id
WHERE c.id BETWEEN %(first)s AND %(last)s
  AND c.customer_since <= %(as_of)s AND c.recorded_at < %(known)s
  AND (s.customer_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM health_runfailure f
       WHERE f.run_id = %(run)s AND f.customer_id = c.id))
ORDER BY c.id
"""
CUSTOMER_COLUMNS = {
    "customer_id": "bigint",
    "since": "date",
    "year": "integer",
    "quarter": "integer",
    "segment": "bigint",
    "campaign": "bigint",
    "source": "integer",
    "own_cost": "double",
    "here": "boolean",
    "clv": "double",
    "low": "double",
    "mid": "double",
    "high": "double",
}
PLANS = """
SELECT DISTINCT ON (customer_id) customer_id, plan_id FROM billing_subscriptionchange
WHERE customer_id BETWEEN %(first)s AND %(last)s AND plan_id IS NOT NULL
  AND effective_on <= %(as_of)s AND recorded_at < %(known)s
ORDER BY customer_id, effective_on, id
"""
PLAN_COLUMNS = {"customer_id": "bigint", "plan": "bigint"}
# What nobody knows the worth of is left out, and so is what was given back, as in what a
# customer has earned: off the day on which its invoice was paid.
PAID = f"""
WITH {RATES}, {SUMS}
SELECT i.customer_id, i.paid_on, i.total::float8 * r.rate
FROM billing_invoice i JOIN rate r ON r.currency = i.currency
WHERE i.customer_id BETWEEN %(first)s AND %(last)s
  AND i.issued_on <= %(as_of)s AND i.recorded_at < %(known)s
  AND i.paid_on <= %(as_of)s AND i.paid_recorded_at < %(known)s
UNION ALL
SELECT s.customer_id, s.paid_on, -{LOST} FROM sums s JOIN rate r ON r.currency = s.currency
ORDER BY 1
"""
PAID_COLUMNS = {"customer_id": "bigint", "day": "date", "amount": "double"}
TICKETS = """
SELECT customer_id, opened_at FROM customers_supportticket
WHERE customer_id BETWEEN %(first)s AND %(last)s
  AND opened_at < %(known)s AND recorded_at < %(known)s
ORDER BY customer_id
"""
TICKET_COLUMNS = {"customer_id": "bigint", "opened_at": "bigint"}


@dataclass(frozen=True, slots=True)
class Kept:
    """The sources and campaigns that are kept apart; codes of sources count from 1."""

    sources: Sequence[str]
    campaigns: Sequence[int]


@dataclass(frozen=True, slots=True)
class WonPart:
    """A range of the customers won, and how they group."""

    won: Won
    groups: dict[str, NDArray[np.int64]]  # segment, plan, cohort (20261 is its quarter)


def kept_apart(*, most: int) -> Kept:
    """This will name the sources and campaigns that most customers came by. Two queries."""
    source = Case(
        When(acquisition_source="", then=Coalesce(F("campaign__source"), Value(""))),
        default=F("acquisition_source"),
    )
    named = Customer.objects.annotate(by=source).exclude(by="").order_by()
    sources = named.values("by").annotate(n=Count("id")).order_by("-n", "by")
    led = Customer.objects.filter(campaign__isnull=False).order_by()
    campaigns = led.values("campaign_id").annotate(n=Count("id"))
    by_size = campaigns.order_by("-n", "campaign_id")
    return Kept(
        list(sources.values_list("by", flat=True)[:most]),
        list(by_size.values_list("campaign_id", flat=True)[:most]),
    )


def won_part(
    moment: Moment,
    *,
    run_id: int,
    first: int,
    last: int,
    kept: Kept,
    margin: float,
    ticket_cost: float,
) -> WonPart:
    """This will read a range of customers as of a run. Four statements.

    The value of somebody who left is the margin earned, less support; of a customer that
    is here what its standing says, before the cost of winning it.
    """
    with planned(STREAMED) as cursor:
        reader = Reader(cursor, Window(moment), first, last)
        rows = reader.rows(
            CUSTOMERS,
            CUSTOMER_COLUMNS,
            run=run_id,
            sources=list(kept.sources),
            campaigns=list(kept.campaigns),
        )
        plans = reader.rows(PLANS, PLAN_COLUMNS)
        paid, tickets = (
            reader.rows(PAID, PAID_COLUMNS),
            reader.rows(TICKETS, TICKET_COLUMNS),
        )
        opened = reader.window.local_days(tickets["opened_at"])
        day = reader.window.day
    tickets = {
        "customer_id": tickets["customer_id"],
        "day": opened,
        "amount": np.full(len(opened), -ticket_cost),
    }
    paid = {**paid, "amount": paid["amount"] * margin}
    return _part(rows, plans, (paid, tickets), day)


def _part(rows: Rows, plans: Rows, flows: Sequence[Rows], day: int) -> WonPart:
    ids = rows["customer_id"]
    who = np.concatenate([flow["customer_id"] for flow in flows])
    known = np.isin(who, ids)
    place = np.searchsorted(ids, who[known])
    days = np.concatenate([flow["day"] for flow in flows])[known]
    amount = np.concatenate([flow["amount"] for flow in flows])[known]
    month = np.maximum(days - rows["since"][place], 0) // MONTH_DAYS
    earned = np.bincount(place, amount, len(ids))
    here = rows["here"]
    value = np.where(here, rows["clv"] + rows["own_cost"], earned)
    spread = own_spread(rows["low"], rows["mid"], rows["high"])
    none = np.zeros(len(ids))
    won = Won(
        keys=np.column_stack(
            [none, rows["year"], rows["source"], rows["campaign"]]
        ).astype(np.int64),
        sums=np.column_stack(
            [
                none + 1.0,
                value,
                value**2,
                np.where(here, spread, 0.0),
                np.where(here, value - earned, 0.0),
                rows["own_cost"],
            ]
        ),
        tenure=((day - rows["since"]) // MONTH_DAYS).astype(np.int64),
        customer=place,
        month=month.astype(np.int64),
        amount=amount,
    )
    plan = np.zeros(len(ids), dtype=np.int64)
    theirs = np.isin(plans["customer_id"], ids)
    plan[np.searchsorted(ids, plans["customer_id"][theirs])] = plans["plan"][theirs]
    groups = {
        "segment": rows["segment"].astype(np.int64),
        "plan": plan,
        "cohort": (rows["year"] * 10 + rows["quarter"]).astype(np.int64),
    }
    return WonPart(won, groups)
