"""The sums of the customers won, the names of groups, and who is in a group."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import User
from billing.models import Plan, SubscriptionChange
from customers.models import Campaign, Customer, Segment
from health.enums import ShardState
from health.models import AcquisitionDay, Standing, ValueCheck
from health.selectors.forecasts import version_in_use

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """What the forecast of a year ago expected of so many customers, and what came in."""

    customers: int
    expected: float
    realised: float


def year_checked() -> Checked:
    """This will sum the check of the version in use. Two queries at most."""
    version = version_in_use()
    if version is None:
        return Checked(0, 0.0, 0.0)
    sums = ValueCheck.objects.filter(version=version).aggregate(
        n=Count("id"), expected=Sum("expected"), realised=Sum("realised")
    )
    return Checked(
        sums["n"], float(sums["expected"] or 0), float(sums["realised"] or 0)
    )


def acquisition_day() -> AcquisitionDay | None:
    """This will return the newest sums that are whole. One query."""
    done = AcquisitionDay.objects.filter(state=ShardState.DONE)
    return done.select_related("run").order_by("-pk").first()


def acquisition_failed() -> AcquisitionDay | None:
    """This will return the newest sums if they failed. One query."""
    newest = AcquisitionDay.objects.defer("content").order_by("-pk").first()
    failed = newest is not None and newest.state == ShardState.FAILED
    return newest if failed else None


def group_names(by: str, groups: Collection[int]) -> dict[int, str]:
    """This will name campaigns, segments or plans. One query; none for the others."""
    rows = {
        "campaign": Campaign.objects.values_list("pk", "name"),
        "segment": Segment.objects.values_list("pk", "name"),
        "plan": Plan.objects.values_list("pk", "name"),
    }
    if by not in rows:
        return {}
    return dict(rows[by].filter(pk__in=groups).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of customers won; `key` is its code, of a source its name."""

    by: str
    key: str
    year: int | None = None


def customers_won(user: User, group: Group) -> QuerySet[Customer]:
    """This will find the customers of a group that a person may see, left or not.

    Those in a group of all others are not looked for: nobody is.
    """
    rows = Customer.objects.visible_to(user)
    if group.year is not None:
        rows = rows.filter(customer_since__year=group.year)
    if group.by == "source":
        own = Q(acquisition_source=group.key)
        led = Q(acquisition_source="", campaign__source=group.key)
        nobody = Q(acquisition_source="", campaign__isnull=True)
        return rows.filter(own | led if group.key else nobody | led)
    number = int(group.key)
    if group.by == "cohort":
        year, quarter = divmod(number, 10)
        begin = dt.date(year, 3 * quarter - 2, 1)
        end = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
        return rows.filter(customer_since__gte=begin, customer_since__lt=end)
    if group.by == "plan":
        rows = rows.annotate(first_plan=_first_plan())
        column = "first_plan"
    else:
        column = f"{group.by}_id"
    return rows.filter(**({column: number} if number else {f"{column}__isnull": True}))


def _first_plan() -> Subquery:
    changes = SubscriptionChange.objects.filter(
        customer=OuterRef("pk"), plan__isnull=False
    )
    return Subquery(changes.order_by("effective_on", "id").values("plan_id")[:1])


@dataclass(frozen=True, slots=True)
class WonCustomer:
    """A customer of a group; its value is not known where it has left."""

    customer: Customer
    clv: float | None
    low: float | None
    high: float | None


def customers_won_page(
    user: User, group: Group, *, behind: int
) -> tuple[list[WonCustomer], int]:
    """This will list a group's customers, newest first, and how many more rows there are.

    Two queries. Newest means: by the order in which they were made.
    """
    rows = customers_won(user, group).order_by("-pk").select_related("segment")
    if behind:
        rows = rows.filter(pk__lt=behind)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    standings = {
        row.customer_id: row
        for row in Standing.objects.visible_to(user)
        .filter(customer__in=shown)
        .only("customer_id", "clv", "clv_p10", "clv_p90")
    }
    lines = [_won_customer(one, standings.get(one.pk)) for one in shown]
    return lines, len(found) - len(shown)


def _won_customer(customer: Customer, standing: Standing | None) -> WonCustomer:
    if standing is None:
        return WonCustomer(customer, None, None, None)
    cost = float(customer.acquisition_cost or 0)
    clv, low, high = (
        float(value) + cost
        for value in (standing.clv, standing.clv_p10, standing.clv_p90)
    )
    return WonCustomer(customer, clv, low, high)
