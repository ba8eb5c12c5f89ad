"""What failed in a time and what became of it, counted and summed in the database.

Everything is of the cases that began in it and that the person sees. Amounts are in the
company's currency by the rate of the day it failed on; what has no rate is counted apart
and in no amount. Cases that were stopped are in no sum and in no rate.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import ExtractDay, TruncMonth

from accounts.models import ExchangeRate, User
from billing.calculations.dunning.recovery import Amounts
from billing.enums import AttemptState, CaseState
from billing.models import DunningAction, DunningCase, PaymentAttempt

# What is annotated here is no column of the model's.
Cases = QuerySet[Any, Any]
MONEY: Any = DecimalField(max_digits=40, decimal_places=6)
REFUSED = (AttemptState.DECLINED, AttemptState.NEEDS_ACTION)
# A customer is lost to it where service ended for it, by us or at the gateway.
ENDED = ("final_pause", "final_cancel")
# Only cases that had so many days are compared with the hold-out: the others may yet pay.
RIPE = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one kind. `failed` and `back` are sums of those that were not stopped."""

    key: Any
    cases: int
    open: int
    recovered: int
    lost: int
    stopped: int
    unrated: int
    failed: Decimal
    back: Decimal
    open_amount: Decimal
    lost_amount: Decimal
    amounts: Amounts

    @property
    def counted(self) -> int:
        """The cases that rates are of."""
        return self.cases - self.stopped


@dataclass(frozen=True, slots=True)
class Arms:
    """The cases that were treated and those left alone, where a policy does both."""

    treated: int
    treated_recovered: int
    alone: int
    alone_recovered: int


def cases_begun(user: User, first: dt.date | None, last: dt.date) -> Cases:
    """This will return the cases that began on days from `first` to `last`, both with."""
    rows: Cases = DunningCase.objects.visible_to(user).filter(began_on__lte=last)
    return rows if first is None else rows.filter(began_on__gte=first)


def rated(rows: Cases, *, own: str) -> Cases:
    """This will add `worth` and `came`: what failed and what came in, in the own currency."""
    newest = ExchangeRate.objects.filter(
        currency=OuterRef("currency"), valid_on__lte=OuterRef("began_on")
    ).order_by("-valid_on")
    rate = Case(
        When(currency=own, then=Value(Decimal(1))),
        default=Subquery(newest.values("rate")[:1]),
        output_field=MONEY,
    )
    found: Cases = rows.annotate(
        worth=ExpressionWrapper(F("failed") * rate, output_field=MONEY),
        came=ExpressionWrapper(F("recovered") * rate, output_field=MONEY),
    )
    return found


def whole_of(rows: Cases) -> Group:
    """This will sum all cases of `rated`. One query."""
    return _group("", rows.aggregate(**_sums()))


def groups_of(rows: Cases, by: str) -> list[Group]:
    """This will sum the cases of `rated` by a column of theirs. One query."""
    found = rows.order_by(by).values(key=F(by)).annotate(**_sums())
    return [_group(row.pop("key"), row) for row in found]


def by_cohort(rows: Cases) -> list[Group]:
    """This will sum the cases by the month in which they failed, oldest first. One query."""
    return groups_of(rows.annotate(cohort=TruncMonth("began_on")), "cohort")


def by_code(rows: Cases) -> list[Group]:
    """This will sum the cases by the gateway's last refusal, None without. One query."""
    refusals = PaymentAttempt.objects.filter(
        invoice=OuterRef("invoice_id"), state__in=REFUSED
    ).order_by("-number")
    code = Subquery(refusals.values("decline_code")[:1])
    return groups_of(rows.annotate(refused_code=code), "refused_code")


def durations(rows: Cases, now: dt.datetime) -> tuple[dict[int, int], dict[int, int]]:
    """This will count cases by whole days until they were paid, and until last seen unpaid.

    What was given up is still waited for; what was stopped was, until then. One query.
    """
    over = Q(state__in=(CaseState.RECOVERED, CaseState.STOPPED))
    until = Case(
        When(over, then=F("closed_at")),
        default=Value(now),
        output_field=DateTimeField(),
    )
    span = ExpressionWrapper(until - F("began_at"), output_field=DurationField())
    counted = (
        rows.order_by()
        .annotate(day=ExtractDay(span))
        .values_list("day")
        .annotate(
            paid=Count("pk", filter=Q(state=CaseState.RECOVERED)),
            every=Count("pk"),
        )
    )
    paid: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for day, came, every in counted:
        # A clock of the gateway's may be ahead of ours.
        place = max(0, day)
        paid[place] = paid.get(place, 0) + came
        waiting[place] = waiting.get(place, 0) + every - came
    return paid, waiting


def arms_of(rows: Cases, *, today: dt.date) -> Arms:
    """This will count the cases of versions that leave some alone. One query.

    Only those that began so long ago that every policy had its time with them.
    """
    ripe = rows.filter(
        version__hold_out__gt=0, began_on__lte=today - dt.timedelta(days=RIPE)
    ).exclude(state=CaseState.STOPPED)
    came, alone = Q(state=CaseState.RECOVERED), Q(held_out=True)
    found = ripe.aggregate(
        treated=Count("pk", filter=~alone),
        treated_recovered=Count("pk", filter=~alone & came),
        alone=Count("pk", filter=alone),
        alone_recovered=Count("pk", filter=alone & came),
    )
    return Arms(**found)


def customers_lost(rows: Cases) -> int:
    """This will count the customers whose service ended because they did not pay.

    One query.
    """
    finals = DunningAction.objects.filter(
        case=OuterRef("pk"), kind="final", skipped=False, reason__in=ENDED
    )
    # One that was called off because the money came just then ended nothing.
    finals = finals.exclude(data__contains={"dropped": True})
    ended = Exists(finals) | Q(reason="ended_unpaid")
    lost = rows.filter(ended, state=CaseState.LOST)
    return lost.order_by().values("customer").distinct().count()


def _sums() -> dict[str, Any]:
    count = {state: Count("pk", filter=Q(state=state)) for state in CaseState.values}
    # No sum may take the name of a column that another one reads.
    told = {f"n_{state}": counted for state, counted in count.items()}
    kept = ~Q(state=CaseState.STOPPED)
    sums = {
        "worth_sum": Sum("worth", filter=kept),
        "came_sum": Sum("came", filter=kept),
        "worth_squares": Sum(F("worth") * F("worth"), filter=kept),
        "came_squares": Sum(F("came") * F("came"), filter=kept),
        "products": Sum(F("worth") * F("came"), filter=kept),
        "open_sum": Sum("worth", filter=Q(state=CaseState.OPEN)),
        "lost_sum": Sum("worth", filter=Q(state=CaseState.LOST)),
    }
    return {
        "n": Count("pk"),
        "unrated": Count("pk", filter=kept & Q(worth=None)),
        **told,
        **sums,
    }


def _group(key: Any, row: Mapping[str, Any]) -> Group:
    def amount(name: str) -> Decimal:
        return (row[name] or Decimal(0)).quantize(Decimal("0.01"))

    kept = row["n"] - row["n_stopped"] - row["unrated"]
    return Group(
        key=key,
        cases=row["n"],
        open=row["n_open"],
        recovered=row["n_recovered"],
        lost=row["n_lost"],
        stopped=row["n_stopped"],
        unrated=row["unrated"],
        failed=amount("worth_sum"),
        back=amount("came_sum"),
        open_amount=amount("open_sum"),
        lost_amount=amount("lost_sum"),
        amounts=Amounts(
            kept,
            float(row["worth_sum"] or 0),
            float(row["came_sum"] or 0),
            float(row["worth_squares"] or 0),
            float(row["came_squares"] or 0),
            float(row["products"] or 0),
        ),
    )
