"""What a hand-over would move."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from accounts.models import User
from customers.enums import TaskState
from customers.models import Customer, Task
from customers.models.customer import CustomerQuerySet
from customers.selectors.owners import owners_possible
from customers.selectors.search import customers_named
from health.models import Board

SHOWN = 100
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Load:
    """Some of a person's customers, counted, and what they are worth a year."""

    customers: int
    tasks: int
    at_risk: int
    value_at_risk: Decimal
    yearly: Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """Customers to choose from: the chosen ones first, then the most valuable."""

    rows: list[Customer]
    more: int


def load_of(giver: User, customers: CustomerQuerySet) -> Load:
    """This will count what would move with these of the giver's customers. Three queries."""
    ids = customers.values("pk")
    tasks = Task.objects.filter(
        customer__in=ids, assignee=giver, state=TaskState.OPEN
    ).count()
    sums = Board.objects.filter(pk__in=ids).aggregate(
        endangered=Count("pk", filter=Q(at_risk=True)),
        value=Sum("value_at_risk", filter=Q(at_risk=True)),
        monthly=Sum("mrr"),
    )
    return Load(
        customers=customers.count(),
        tasks=tasks,
        at_risk=sums["endangered"],
        value_at_risk=sums["value"] or Decimal(0),
        yearly=(sums["monthly"] or Decimal(0)) * MONTHS,
    )


def tasks_elsewhere(giver: User) -> int:
    """This will count a person's open tasks at customers of others. One query."""
    own = Task.objects.filter(assignee=giver, state=TaskState.OPEN)
    return own.exclude(customer__owner=giver).count()


def customers_to_choose(
    customers: CustomerQuerySet, *, words: str, chosen: Collection[int]
) -> Found:
    """This will list customers by name when words are given, chosen ones always.

    The most value at risk first; at most 100 that are not chosen. Three queries.
    """
    board = Board.objects.filter(pk=OuterRef("pk"))
    tasks = Task.objects.filter(
        customer=OuterRef("pk"), assignee=OuterRef("owner"), state=TaskState.OPEN
    )
    counted = tasks.order_by().values("customer").annotate(n=Count("pk")).values("n")
    rows = customers.annotate(
        value=Subquery(board.values("value_at_risk")[:1]),
        yearly=Subquery(board.values("mrr")[:1]) * MONTHS,
        open_tasks=Subquery(counted),
    ).select_related("segment")
    rows = rows.order_by(F("value").desc(nulls_last=True), "name", "pk")
    others = rows.exclude(pk__in=chosen)
    if words:
        others = others.filter(pk__in=customers_named(words).values("pk"))
    shown = list(others[: SHOWN + 1])
    more = 0 if len(shown) <= SHOWN else others.count() - SHOWN
    picked = list(rows.filter(pk__in=chosen)) if chosen else []
    return Found([*picked, *shown[:SHOWN]], more)


def receivers_for(giver: User) -> "models.QuerySet[User]":
    """This will keep the people who can take customers over."""
    people = User.objects.filter(owners_possible()).exclude(pk=giver.pk)
    return people.select_related("team").order_by("name", "pk")
