"""The columns of subscriptions that repeat what their logs say of today.

What is booked for later takes effect by itself, because every reckoning reads the log.
These columns serve lists and counts only; the tick brings them in step on the day.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from billing.enums import ChangeKind, SubscriptionState
from billing.models import Subscription, SubscriptionChange


@transaction.atomic
def subscriptions_settle(*, today: dt.date) -> int:
    """This will bring those in step for which something took effect by a day.

    Returns how many. One statement; done twice it changes nothing.
    """
    return columns_settle(Subscription.objects.filter(next_on__lte=today), today=today)


def columns_settle(rows: QuerySet[Subscription], *, today: dt.date) -> int:
    """This will write plan, price, interval and trial as the log has them on a day."""
    log = SubscriptionChange.objects.filter(
        customer_id=OuterRef("customer_id"), subscription_id=OuterRef("pk")
    )
    reached = Case(When(effective_on__lte=today, then=F("effective_on")))
    trial = Q(state=SubscriptionState.TRIAL) & ~Q(kind=ChangeKind.END)
    # The last line by the day; before the start, what it starts with.
    line = log.annotate(
        trial=Case(When(trial, then=Value(True)), default=Value(False))
    ).order_by(reached.desc(nulls_last=True), "effective_on", "-id")
    later = log.filter(effective_on__gt=today).order_by("effective_on", "id")
    return rows.update(
        plan_id=Coalesce(Subquery(line.values("plan_id")[:1]), F("plan_id")),
        price_id=Subquery(line.values("price_id")[:1]),
        interval_months=Subquery(line.values("interval_months")[:1]),
        is_trial=Subquery(line.values("trial")[:1]),
        next_on=Subquery(later.values("effective_on")[:1]),
    )
