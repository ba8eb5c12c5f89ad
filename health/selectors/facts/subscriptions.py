"""What customers subscribed to, what that is worth, and who left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups, Runs
from health.calculations.renewals import days_to_anniversary
from health.selectors.facts.moment import DAY, FAR_DAY
from health.selectors.facts.rates import RATES
from health.selectors.facts.reading import Facts, Reader, Rows

BEFORE, YEAR = 180, 365
STATEMENT = f"""
WITH {RATES}
SELECT c.customer_id, c.subscription_id, c.effective_on, c.kind = 'end', c.mrr::float8,
  coalesce(r.rate, -1), c.quantity::bigint, c.interval_months::int,
  coalesce(c.renews_on, 'infinity'), coalesce(c.discount::float8, -1),
  coalesce(c.plan_id, 0)
FROM billing_subscriptionchange c LEFT JOIN rate r ON r.currency = c.currency
WHERE c.customer_id BETWEEN %(first)s AND %(last)s
  AND c.effective_on <= %(as_of)s AND c.recorded_at < %(known)s
ORDER BY c.customer_id, c.subscription_id, c.effective_on, c.id
"""
COLUMNS = {
    "customer_id": "bigint",
    "subscription_id": "bigint",
    "effective_on": "date",
    "ended": "boolean",
    "amount": "double",
    "rate": "double",
    "seats": "bigint",
    "interval_months": "integer",
    "renews_on": "date",
    "discount": "double",
    "plan_id": "bigint",
}
LEAVES = """
SELECT customer_id, max(left_on),
  coalesce(max(left_on) FILTER (WHERE left_on <= %(year_ago)s), '-infinity')
FROM billing_churnevent
WHERE customer_id BETWEEN %(first)s AND %(last)s
  AND left_on <= %(as_of)s AND recorded_at < %(known)s
GROUP BY customer_id ORDER BY customer_id
"""
LEAVES_COLUMNS = {"customer_id": "bigint", "left_on": "date", "left_before": "date"}


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The facts of subscriptions, and who is a customer still, or again."""

    facts: Facts
    current: NDArray[np.bool_]  # (n,)


def subscription_facts(reader: Reader, ids: NDArray[np.int64]) -> Subscribed:
    """This will tell what subscriptions were worth on the day and 180 days before.

    With a departure all subscriptions begun by then are over, whatever the log says.
    Two statements.
    """
    day = reader.window.day
    year_ago = reader.window.moment.as_of - YEAR * DAY
    leaves = reader.rows(LEAVES, LEAVES_COLUMNS, year_ago=year_ago)
    gone = Groups(ids, leaves["customer_id"])
    left_on = gone.spread(leaves["left_on"][gone.rows], -FAR_DAY)
    left_before = gone.spread(leaves["left_before"][gone.rows], -FAR_DAY)
    rows = reader.rows(STATEMENT, COLUMNS)
    whose = Groups(ids, rows["customer_id"])
    lines = {name: column[whose.rows] for name, column in rows.items()}
    log = Runs(lines["customer_id"], lines["subscription_id"])
    # What each subscription was on the day: its last line, and when it began.
    states = {name: log.last(column) for name, column in lines.items()}
    states["started"] = log.first(lines["effective_on"])
    alive = states["started"] > left_on[log.first(whose.at)]
    now = {name: column[alive] for name, column in states.items()}
    groups = Groups(ids, now["customer_id"])
    lasting = states["started"] > left_before[log.first(whose.at)]
    facts = _money(groups, now) | _terms(groups, now, day)
    facts["mrr_before"] = _before(ids, lines, log, day - BEFORE)
    facts["mrr_year_ago"] = _before(ids, lines, log, day - YEAR, lasting)
    facts["subscribed"] = whose.count() > 0
    facts["downgrade_days"] = _downgrade(whose, lines, alive[log.number], day)
    return Subscribed(facts, (left_on == -FAR_DAY) | (groups.count() > 0))


def _money(groups: Groups, now: Rows) -> Facts:
    """This will add up revenue and seats, and average discounts by revenue."""
    poor, ended = now["rate"] < 0, now["ended"]
    worth = np.where(poor, 0.0, now["amount"] * now["rate"])
    told = ~ended & (now["discount"] >= 0)
    weight = groups.sum(worth * told)
    # Free of charge has no weight: then every subscription counts the same.
    weights = np.where(weight[groups.at] > 0, worth, 1.0) * told
    total = groups.sum(weights)
    with np.errstate(invalid="ignore"):
        mean = groups.sum(weights * now["discount"]) / total
    return {
        "rate_missing": groups.any(poor),
        "mrr": groups.sum(worth),
        "seats": groups.sum(now["seats"] * ~ended).astype(np.int64),
        "discount": np.where(total > 0, mean, -1.0),
    }


def _terms(groups: Groups, now: Rows, day: int) -> Facts:
    """This will find the next renewal, and interval and plan of what brings in most."""
    months, renews_on = now["interval_months"], now["renews_on"]
    given = (renews_on >= day) & (renews_on != FAR_DAY)
    yearly = days_to_anniversary(day, now["started"], months)
    days = np.where(given, renews_on - day, np.where(months > 1, yearly, FAR_DAY))
    days = np.where(now["ended"], FAR_DAY, days)
    soonest = groups.lowest(days, FAR_DAY)
    worth = np.where(now["ended"], -1.0, now["amount"] * np.abs(now["rate"]))
    most = worth == groups.highest(worth, -1.0)[groups.at]
    interval = np.full(groups.size, -1, dtype=np.int32)
    plan = np.zeros(groups.size, dtype=np.int64)
    first = np.flatnonzero(most & ~now["ended"])[::-1]
    interval[groups.at[first]] = months[first]
    plan[groups.at[first]] = now["plan_id"][first]
    return {
        "renewal_days": np.where(soonest == FAR_DAY, -1, soonest).astype(np.int32),
        "interval_months": interval,
        "plan_id": plan,
    }


def _before(
    ids: NDArray[np.int64],
    lines: Rows,
    log: Runs,
    day: int,
    lasting: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """This will add up what subscriptions, or those of a mask, were worth on a day."""
    reached = log.reduce(np.add, (lines["effective_on"] <= day).astype(np.int64))
    some = reached > 0 if lasting is None else (reached > 0) & lasting
    last = log.begins[some] + reached[some] - 1
    rate = lines["rate"][last]
    worth = np.where(rate < 0, 0.0, lines["amount"][last] * rate)
    return Groups(ids, lines["customer_id"][last]).sum(worth)


def _downgrade(
    whose: Groups, lines: Rows, alive: NDArray[np.bool_], day: int
) -> NDArray[np.int32]:
    """This will count the days since revenue of a subscription fell; an end is no fall.

    A change of plan is often told as an end and a new start.
    """
    fell = np.zeros(len(alive), dtype=np.bool_)
    same = lines["subscription_id"][1:] == lines["subscription_id"][:-1]
    fell[1:] = same & (lines["amount"][1:] < lines["amount"][:-1])
    fell &= alive & ~lines["ended"]
    last = whose.highest(np.where(fell, lines["effective_on"], -FAR_DAY), -FAR_DAY)
    return np.where(last == -FAR_DAY, -1, day - last).astype(np.int32)
