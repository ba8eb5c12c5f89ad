"""Why a parent's score moved that is made of its children's."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

import numpy as np

from accounts.models import ExchangeRate
from accounts.selectors import company as the_company
from billing.models import SubscriptionChange
from customers.models import Customer, ProfileChange
from health.calculations.children import Child, RollUp, roll_up_ledger
from health.calculations.ledger import CHILD, TINY, Ledger, Line
from health.calculations.rollup import REVENUE, of_children
from health.enums import Band
from health.models import Score
from health.selectors.standing import Snapshot


def children_ledger(first: Snapshot, last: Snapshot) -> tuple[Ledger, dict[str, str]]:
    """This will split the difference between two rolled-up days by the children.

    Returns the lines and what each child is called. A child's score is the stored one;
    revenue is read from the log of subscriptions. Where the stored scores differ by more
    than that explains (a child was deleted), the rest is a line without a child. Costs
    four queries, and four more where revenue weighs.
    """
    days = _children(first), _children(last)
    if not all(days):
        found = Ledger(first.score.score, first.score.score, ())
    else:
        found = roll_up_ledger(
            *days, before=_way(first.rules.rollup), after=_way(last.rules.rollup)
        )
    stored = last.score.score - first.score.score
    rest = stored - found.difference
    lines = found.lines
    if abs(rest) > TINY:
        lines = (*lines, Line(CHILD, "", rest))
    names = {
        str(pk): name
        for pk, name in Customer.objects.filter(
            pk__in={*days[0], *days[1]}
        ).values_list("pk", "name")
    }
    return Ledger(first.score.score, last.score.score, lines), names


def _way(how: str) -> RollUp:
    return partial(_rolled, how)


def _rolled(how: str, children: Sequence[Child]) -> float:
    scores = np.array([child.score for child in children])
    return of_children(how, scores, np.array([child.weight for child in children]))


def _children(found: Snapshot) -> dict[int, Child]:
    """This will return the children of a day whose score counted, by id."""
    score = found.score
    known = score.run.known_before
    ids = _children_then(score.customer_id, known)
    rows = Score.objects.filter(customer_id__in=ids, as_of=score.as_of)
    scores = dict(
        rows.exclude(band=Band.UNKNOWN)
        .order_by("customer_id")
        .values_list("customer_id", "score")
    )
    weights: dict[int, float] = {}
    if found.rules.rollup == REVENUE:
        weights = _revenue(list(scores), score.as_of, known)
    return {pk: Child(value, weights.get(pk, 0.0)) for pk, value in scores.items()}


def _children_then(parent_id: int, known: dt.datetime) -> list[int]:
    """This will return whose parent the customer was, as known then.

    Who has no line in the log was what it is.
    """
    log = (
        ProfileChange.objects.filter(recorded_at__lt=known)
        .order_by("customer_id", "-recorded_at", "-id")
        .distinct("customer_id")
    )
    told = dict(
        log.filter(
            customer_id__in=ProfileChange.objects.filter(parent_id=parent_id).values(
                "customer_id"
            )
        ).values_list("customer_id", "parent_id")
    )
    now = Customer.objects.filter(parent_id=parent_id).values_list("pk", flat=True)
    ids = {pk for pk in now if pk not in told}
    return sorted(ids | {pk for pk, parent in told.items() if parent == parent_id})


def _revenue(
    ids: Sequence[int], as_of: dt.date, known: dt.datetime
) -> dict[int, float]:
    """This will return the monthly revenue of customers, as known then."""
    rates: dict[str, float] = {the_company().currency: 1.0}
    for currency, rate in (
        ExchangeRate.objects.filter(valid_on__lte=as_of)
        .order_by("currency", "-valid_on")
        .distinct("currency")
        .values_list("currency", "rate")
    ):
        rates.setdefault(currency, float(rate))
    changes = (
        SubscriptionChange.objects.filter(
            customer_id__in=ids, effective_on__lte=as_of, recorded_at__lt=known
        )
        .order_by("subscription_id", "-effective_on", "-id")
        .distinct("subscription_id")
        .values_list("customer_id", "mrr", "currency")
    )
    found = dict.fromkeys(ids, 0.0)
    for pk, mrr, currency in changes:
        found[pk] += float(mrr) * rates.get(currency, 0.0)
    return found
