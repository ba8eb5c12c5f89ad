"""What was spent on winning customers, in the company's currency, and lists of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields import FloatField
from django.db.models.functions import Cast, Coalesce, ExtractYear

from accounts.models import ExchangeRate
from customers.models import AcquisitionSpend, Campaign
from health.calculations.winning import Spend

PAGE_SIZE = 50
MOST_CAMPAIGNS, MOST_SOURCES = 200, 300


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Spend in a currency that has no exchange rate of its day, so nobody counts it."""

    currency: str
    rows: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Spent:
    """All that was spent, by source, campaign and year; sources count from 1, as named."""

    rows: list[Spend]
    sources: list[str]
    uncounted: list[Uncounted]


def _converted(currency: str) -> QuerySet[Any]:
    """This will put the rate of its day beside each row; None where there is none."""
    rates = ExchangeRate.objects.filter(
        currency=OuterRef("currency"), valid_on__lte=OuterRef("spent_on")
    ).order_by("-valid_on", "-id")
    return AcquisitionSpend.objects.annotate(
        worth=Case(
            When(currency=currency, then=Value(1.0)),
            default=Cast(Subquery(rates.values("rate")[:1]), FloatField()),
            output_field=FloatField(),
        ),
        by=Case(
            When(source="", then=Coalesce(F("campaign__source"), Value(""))),
            default=F("source"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """The sources and campaigns that sums keep apart, and whether there are others."""

    sources: Sequence[str]
    campaigns: Sequence[int]
    other_sources: bool = False
    other_campaigns: bool = False


def spend_sums(*, currency: str, known: Known) -> Spent:
    """This will sum spend by source, campaign and year. Two queries.

    What was spent on others counts with the customers of others, where there are any;
    else on what brought nobody: such sources follow behind the known ones.
    """
    rows = _converted(currency)
    summed = (
        rows.filter(worth__isnull=False)
        .order_by()
        .values("by", "campaign_id", year=ExtractYear("spent_on"))
        .annotate(total=Sum(F("amount") * F("worth"), output_field=FloatField()))
    )
    names = list(known.sources)
    codes = {"": 0} | {name: place for place, name in enumerate(names, start=1)}
    found = []
    for row in summed.order_by("by", "campaign_id", "year"):
        source, campaign = row["by"], row["campaign_id"] or 0
        if source not in codes:
            codes[source] = -1 if known.other_sources else len(names) + 1
            names += [] if known.other_sources else [source]
        if campaign and known.other_campaigns and campaign not in known.campaigns:
            campaign = -1
        found.append(Spend(codes[source], campaign, row["year"], row["total"]))
    poor = rows.filter(worth__isnull=True).order_by().values("currency")
    counted = poor.annotate(n=Count("id"), total=Sum("amount")).order_by("currency")
    return Spent(
        found, names, [Uncounted(x["currency"], x["n"], x["total"]) for x in counted]
    )


@dataclass(frozen=True, slots=True)
class SpendEdge:
    """Where a page of the list begins: behind this row."""

    spent_on: dt.date
    pk: int


def spend_page(*, behind: SpendEdge | None) -> list[AcquisitionSpend]:
    """This will list spend, newest first, with one row more than a page. One query."""
    rows = AcquisitionSpend.objects.select_related("campaign", "created_by")
    if behind is not None:
        older = Q(spent_on=behind.spent_on, pk__lt=behind.pk)
        rows = rows.filter(older | Q(spent_on__lt=behind.spent_on))
    return list(rows.order_by("-spent_on", "-pk")[: PAGE_SIZE + 1])


def campaigns_listed() -> list[Campaign]:
    """This will list the campaigns, the newest first. One query."""
    newest = F("starts_on").desc(nulls_last=True)
    return list(Campaign.objects.order_by(newest, "name", "pk")[:MOST_CAMPAIGNS])


def sources_named(won: Sequence[str]) -> list[str]:
    """This will list sources: of the customers `won`, of campaigns and spend. One query."""
    campaigns = Campaign.objects.exclude(source="").order_by().values_list("source")
    spent = AcquisitionSpend.objects.exclude(source="").order_by().values_list("source")
    named = campaigns.union(spent)
    return sorted({*won, *(name for (name,) in named)})[:MOST_SOURCES]
