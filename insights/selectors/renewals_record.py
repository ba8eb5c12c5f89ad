"""Renewals that are over: what was said of them before, and what came."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any, Self

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast, Coalesce, Least, TruncMonth

from accounts.models import User
from billing.enums import RenewalView
from billing.models import RenewalCheckpoint
from customers.models.scope import ScopedQuerySet

# The checkpoint whose forecast is held to account.
EARLY, LATE = 180, 90
CHECKPOINTS = (EARLY, LATE)
YEAR = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PastMonth:
    """A month's renewals with a checkpoint: due a month, forecast, its variance, kept."""

    month: dt.date
    count: int
    due: float
    forecast: float
    variance: float
    kept: float
    kept_count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often somebody was right."""

    right: int
    cases: int


@dataclass(frozen=True, slots=True)
class Record:
    """Who was right about renewals at a checkpoint.

    `machine` over all, `person` where the person said something; `apart` is how often the
    machine was right where the two disagreed.
    """

    machine: Tally
    person: Tally
    apart: Tally


def past_checkpoints(
    user: User | None, *, today: dt.date
) -> ScopedQuerySet[RenewalCheckpoint]:
    """This will return checkpoints of a year's renewals that are over, and were in time.

    Those of the customers a person sees, or everybody's (None).
    """
    rows: ScopedQuerySet[RenewalCheckpoint] = RenewalCheckpoint.objects.all()
    if user is not None:
        rows = rows.visible_to(user)
    return rows.filter(
        in_time=True,
        kept__isnull=False,
        renews_on__gte=(today - YEAR).replace(day=1),
        renews_on__lt=today,
    )


def past_months(user: User | None, *, today: dt.date) -> list[PastMonth]:
    """This will compare the forecasts made 90 days before with what came. One query.

    Monthly amounts in the company's currency; more than was due is expansion and does not
    count here.
    """
    chance = Coalesce(F("chance"), 0.0)
    mrr, kept = (Cast(name, FloatField()) for name in ("mrr", "kept_mrr"))
    rows = (
        past_checkpoints(user, today=today)
        .filter(days_before=LATE, chance__isnull=False)
        .annotate(month=TruncMonth("renews_on"))
        .order_by("month")
        .values("month")
        .annotate(
            n=Count("pk"),
            due=Sum(mrr),
            forecast=Sum(mrr * chance, output_field=FloatField()),
            variance=Sum(
                mrr * mrr * chance * (1.0 - chance), output_field=FloatField()
            ),
            came=Sum(Coalesce(Least(kept, mrr), 0.0), output_field=FloatField()),
            stayed=Count("pk", filter=Q(kept=True)),
        )
    )
    names = "month", "n", "due", "forecast", "variance", "came", "stayed"
    return [PastMonth(*(row[name] for name in names)) for row in rows]


def record_of(user: User | None, *, today: dt.date, days_before: int) -> Record:
    """This will count who was right at a checkpoint, and who where they disagreed.

    To warn is right where it did not renew. One query.
    """
    rows = past_checkpoints(user, today=today).filter(days_before=days_before)
    warned = Q(view__in=[RenewalView.AT_RISK, RenewalView.LEAVES])
    calm = Q(view=RenewalView.RENEWS)
    machine = Q(risky=True, kept=False) | Q(risky=False, kept=True)
    person = (warned & Q(kept=False)) | (calm & Q(kept=True))
    apart = (Q(risky=True) & calm) | (Q(risky=False) & warned)
    found = rows.aggregate(
        n=Count("pk"),
        machine=Count("pk", filter=machine),
        said=Count("pk", filter=warned | calm),
        person=Count("pk", filter=person),
        apart=Count("pk", filter=apart),
        machine_apart=Count("pk", filter=apart & machine),
    )
    return Record(
        machine=Tally(found["machine"], found["n"]),
        person=Tally(found["person"], found["said"]),
        apart=Tally(found["machine_apart"], found["apart"]),
    )


@dataclass(frozen=True, slots=True)
class Past:
    """How renewals turned out: the late forecasts by month, and who was right when."""

    months: list[PastMonth]
    records: dict[int, Record]  # by the days before the renewal

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads."""
        return {
            "months": [
                [one.month.isoformat(), *astuple(one)[1:]] for one in self.months
            ],
            "records": {
                str(days): astuple(record) for days, record in self.records.items()
            },
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """This will read what `as_json` returned; {} is a past without any renewal."""
        nothing = ((0, 0), (0, 0), (0, 0))
        kept = told.get("records", {})
        return cls(
            [
                PastMonth(dt.date.fromisoformat(month), *rest)
                for month, *rest in told.get("months", [])
            ],
            {
                days: Record(*(Tally(*one) for one in kept.get(str(days), nothing)))
                for days in CHECKPOINTS
            },
        )


def past_of(user: User | None, *, today: dt.date) -> Past:
    """This will reckon how renewals turned out. Three queries.

    Everybody's (None) take long at size: pages read what the last tick kept.
    """
    return Past(
        past_months(user, today=today),
        {days: record_of(user, today=today, days_before=days) for days in CHECKPOINTS},
    )
