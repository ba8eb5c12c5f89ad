"""Who and what may be lost within 90 days, by lifecycle stage."""

from dataclasses import dataclass

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from accounts.models import User
from health.models import Run, Standing


@dataclass(frozen=True, slots=True)
class StageForecast:
    """The customers of a stage: how many, what they pay, and what of it is expected to go.

    `low` and `high` sum the ends of each customer's own range: they hold if all forecasts
    were off the same way at once, and are wider than chance alone would make them.
    """

    stage: str
    customers: int
    mrr: float
    lost: float
    low: float
    high: float
    mrr_lost: float
    failed: float  # of `lost`: because a payment fails


def stage_forecasts(user: User) -> list[StageForecast]:
    """This will sum the chances of leaving by stage. One query, over all that pay.

    Those who buy without a subscription are left out: they have nothing to cancel.
    """
    rows = (
        Standing.objects.visible_to(user)
        .filter(Q(alive__isnull=True), mrr__gt=0)
        .order_by("customer__stage")
        .values("customer__stage")
        .annotate(
            n=Count("pk"),
            paid=Sum("mrr"),
            lost=Sum("churn"),
            low=Sum("churn_low"),
            high=Sum("churn_high"),
            failed=Sum("churn_involuntary"),
            money=Sum(F("churn") * Cast("mrr", FloatField())),
        )
    )
    return [
        StageForecast(
            row["customer__stage"],
            row["n"],
            float(row["paid"]),
            row["lost"],
            row["low"],
            row["high"],
            row["money"],
            row["failed"],
        )
        for row in rows
    ]


def learnt_by(run: Run) -> int | None:
    """This will return the number of the version that a run forecast with; None: assumed."""
    kept = run.parameters.get("forecast") or {}
    found: int | None = kept.get("number")
    return found
