"""What surveys ask of billing, which they do not know (settings.SURVEY_FACTS)."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.selectors import company as the_company
from billing.enums import ChangeKind
from billing.models import ChurnEvent, Plan, Subscription, SubscriptionChange
from insights.selectors.survey_facts_sql import (
    dearest_plans,
    monthly_revenue,
    renewals_of_all,
)
from surveys.extension import PortfolioFacts


class SurveyFacts(PortfolioFacts):
    """Read from the change log of subscriptions, so that no nightly run is needed."""

    def plans(self) -> list[tuple[str, str]]:
        """This will return key and name of every plan, by name. One query."""
        return list(Plan.objects.order_by("name", "id").values_list("key", "name"))

    def on_plans(self, keys: Collection[str], *, on: dt.date) -> QuerySet[Any, Any]:
        """This will return the customers with a running subscription to such a plan."""
        running = _running(on).filter(plan__key__in=list(keys))
        return running.exclude(_left_since(on)).values("customer_id")

    def gone(self, *, on: dt.date) -> QuerySet[Any, Any]:
        """This will return the customers who have left by a day and are not back."""
        back = _running(on).filter(
            customer=OuterRef("customer_id"), started_on__gt=OuterRef("left_on")
        )
        left = ChurnEvent.objects.filter(left_on__lte=on)
        return left.exclude(Exists(back)).values("customer_id")

    def renewals(self, *, first: dt.date, last: dt.date) -> dict[int, dt.date]:
        """This will return the next renewal of customers in a range of days, by id.

        The next one seen from the first of the days. Two queries.
        """
        return renewals_of_all(first=first, last=last, currency=the_company().currency)

    def plan_of(
        self, customers: Collection[int], *, on: dt.date
    ) -> dict[int, tuple[str, str]]:
        """This will return key and name of the dearest plan of each customer."""
        return dearest_plans(customers, on=on, currency=the_company().currency)

    def revenue_of(
        self, customers: Collection[int], *, on: dt.date
    ) -> dict[int, Decimal]:
        """This will return monthly recurring revenue in the company's currency.

        Nothing for whoever pays nothing, or in a currency that has no rate: a sum without
        one of its parts would be a wrong number.
        """
        return monthly_revenue(customers, on=on, currency=the_company().currency)


def _running(on: dt.date) -> QuerySet[Subscription]:
    """This will keep the subscriptions whose last change by a day is not their end."""
    last = SubscriptionChange.objects.filter(
        customer=OuterRef("customer_id"),
        subscription=OuterRef("pk"),
        effective_on__lte=on,
    ).order_by("-effective_on", "-id")
    return Subscription.objects.alias(state=Subquery(last.values("kind")[:1])).filter(
        state__in=[ChangeKind.START, ChangeKind.CHANGE]
    )


def _left_since(on: dt.date) -> Exists:
    left = ChurnEvent.objects.filter(
        customer=OuterRef("customer_id"),
        left_on__range=(OuterRef("started_on"), on),
    )
    return Exists(left)
