"""What surveys want to know of customers that apps above keep (settings.SURVEY_FACTS)."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string


class PortfolioFacts(ABC):
    """Plans, renewals, revenue, and who is no customer any more.

    Sets of customers are querysets of their ids, for use in `customer__in`.
    """

    @abstractmethod
    def plans(self) -> list[tuple[str, str]]:
        """This will return key and name of every plan, by name. One query."""

    @abstractmethod
    def on_plans(self, keys: Collection[str], *, on: dt.date) -> QuerySet[Any, Any]:
        """This will return the customers with a running subscription to such a plan."""

    @abstractmethod
    def gone(self, *, on: dt.date) -> QuerySet[Any, Any]:
        """This will return the customers who have left by a day; nobody asks them."""

    @abstractmethod
    def renewals(self, *, first: dt.date, last: dt.date) -> dict[int, dt.date]:
        """This will return the next renewal of customers in a range of days, by id."""

    @abstractmethod
    def plan_of(
        self, customers: Collection[int], *, on: dt.date
    ) -> dict[int, tuple[str, str]]:
        """This will return key and name of the dearest plan of each customer."""

    @abstractmethod
    def revenue_of(
        self, customers: Collection[int], *, on: dt.date
    ) -> dict[int, Decimal]:
        """This will return monthly recurring revenue in the company's currency.

        Nothing for whoever pays nothing, or in a currency that has no rate.
        """


@cache
def _facts(path: str) -> PortfolioFacts:
    made: PortfolioFacts = import_string(path)()
    return made


def portfolio_facts() -> PortfolioFacts:
    """This will return what the settings name."""
    return _facts(settings.SURVEY_FACTS)
