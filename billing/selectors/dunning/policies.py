"""Dunning policies as they are used and shown."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection as Some
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import Company, ExchangeRate
from accounts.selectors import company as the_company
from billing.calculations.dunning.situation import Policy, Step
from billing.enums import CaseState, Collection
from billing.models import DunningCase, DunningPolicy, DunningVersion, Invoice

VERSION_FIELDS = (
    "most_attempts",
    "most_days",
    "from_hour",
    "until_hour",
    "working_days_only",
    "task_from",
    "final_action",
    "hold_out",
    "notice_days",
)
POLICY_FIELDS = ("name", "collection", "segment_id", "from_amount", "position", "is_on")


def policies_in_order(collection: str = "") -> "QuerySet[DunningPolicy]":
    """This will list the policies in use, in the order in which they are tried.

    The one that fits whatever no other does comes last. Each has its newest version as
    `versions.all()[0]`, with steps. Three queries.
    """
    newest: Any = Prefetch(
        "versions",
        queryset=DunningVersion.objects.filter(
            number=Subquery(
                DunningVersion.objects.filter(policy=OuterRef("policy"))
                .values("policy")
                .annotate(newest=Max("number"))
                .values("newest")
            )
        ).prefetch_related("steps"),
    )
    rows = DunningPolicy.objects.filter(retired_at__isnull=True)
    if collection:
        rows = rows.filter(collection=collection)
    default = Q(segment__isnull=True, from_amount__isnull=True)
    return (
        rows.select_related("segment")
        .annotate(is_default=default)
        .order_by("collection", "is_default", "position", "pk")
        .prefetch_related(newest)
    )


def version_in_use(policy: DunningPolicy) -> DunningVersion:
    """This will return a policy's newest version. One query, or none if it is at hand."""
    at_hand = getattr(policy, "_prefetched_objects_cache", {}).get("versions")
    if at_hand:
        newest: DunningVersion = at_hand[0]
        return newest
    return policy.versions.order_by("-number")[0]


def policy_of(version: DunningVersion, company: Company | None = None) -> Policy:
    """This will return what a version says, as the calculations take it.

    One query for the steps unless they are at hand, and one for the company unless told.
    """
    company = company or the_company()
    # ISO counts from Monday = 1, the calculations from 0.
    week = frozenset(day - 1 for day in company.working_days)
    return Policy(
        steps=tuple(Step(step.kind, step.day) for step in version.steps.all()),  # type: ignore[arg-type]
        most_attempts=version.most_attempts,
        most_days=version.most_days,
        from_hour=version.from_hour,
        until_hour=version.until_hour,
        working_days=(week or None) if version.working_days_only else None,
        task_from=version.task_from,
        final_action=version.final_action,  # type: ignore[arg-type]
    )


def versions_with_steps(ids: Some[int]) -> dict[int, DunningVersion]:
    """This will read versions with their steps and policies, by id. Two queries."""
    rows = DunningVersion.objects.filter(pk__in=ids).select_related("policy")
    return {row.pk: row for row in rows.prefetch_related("steps")}


def policy_digest(policy: DunningPolicy) -> str:
    """This will return what stands for a policy as it was shown, its newest steps included.

    A form carries it; a policy whose digest is another by then was changed meanwhile.
    """
    version = version_in_use(policy)
    steps = sorted((step.day, step.kind) for step in version.steps.all())
    told = [
        [str(getattr(policy, name)) for name in POLICY_FIELDS],
        [str(getattr(version, name)) for name in VERSION_FIELDS],
        version.number,
        steps,
    ]
    text = json.dumps(told, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def cases_by_policy() -> dict[int, int]:
    """This will count the open cases of each policy, by its id. One query."""
    rows = DunningCase.objects.filter(state=CaseState.OPEN)
    counted = rows.values_list("version__policy_id").annotate(count=Count("pk"))
    return dict(counted.order_by("version__policy_id"))


@dataclass(frozen=True, slots=True)
class Fits:
    """Whom a policy is for. Nothing told: everybody no other policy is for."""

    collection: str
    segment_id: int | None = None
    from_amount: Decimal | None = None

    def takes(
        self, *, collection: str, segment_id: int | None, amount: Decimal | None
    ) -> bool:
        """This will say whether an invoice is one of these; `amount` is converted."""
        if self.collection != collection:
            return False
        if self.segment_id is not None and self.segment_id != segment_id:
            return False
        # What has no rate is taken for small: a costly policy asks for a known amount.
        return self.from_amount is None or (
            amount is not None and amount >= self.from_amount
        )


def fits_of(policy: DunningPolicy) -> Fits:
    """This will say whom a policy is for."""
    return Fits(policy.collection, policy.segment_id, policy.from_amount)


class Rates:
    """Exchange rates into the company's currency. One query, none for its own currency."""

    def __init__(self, currencies: Iterable[str], company: Company) -> None:
        self._own = company.currency
        self._rates: dict[str, list[tuple[dt.date, Decimal]]] = {}
        others = set(currencies) - {self._own}
        if not others:
            return
        rows = ExchangeRate.objects.filter(currency__in=others)
        for row in rows.order_by("currency", "-valid_on"):
            told = self._rates.setdefault(row.currency, [])
            told.append((row.valid_on, row.rate))

    def convert(self, amount: Decimal, currency: str, on: dt.date) -> Decimal | None:
        """This will convert by the last rate on or before a day; None without one."""
        if currency == self._own:
            return amount
        for valid_on, rate in self._rates.get(currency, ()):
            if valid_on <= on:
                return (amount * rate).quantize(Decimal("0.01"))
        return None


def converted(invoice: Invoice, amount: Decimal, rates: Rates) -> Decimal | None:
    """This will convert an amount of an invoice by the rate of the day it was issued."""
    return rates.convert(amount, invoice.currency, invoice.issued_on)


def default_of(collection: str) -> "QuerySet[DunningPolicy]":
    """This will return the policy that fits whatever no other does, if there is one."""
    return DunningPolicy.objects.filter(
        collection=Collection(collection),
        segment__isnull=True,
        from_amount__isnull=True,
        retired_at__isnull=True,
    )
