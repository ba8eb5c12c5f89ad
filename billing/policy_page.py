"""What the pages about dunning policies show."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.dunning_words import reason_words
from billing.enums import CaseState, StepKind
from billing.models import DunningCase, DunningPolicy
from billing.policy_words import (
    Picture,
    bounds_words,
    picture_of,
    policy_words,
    whom_words,
)
from billing.selectors.dunning.policies import Fits, fits_of
from billing.services.dunning.policy_values import PolicyValues, values_of, values_with
from billing.services.dunning.previewing import DAYS, ForeseenCase, PolicyPreview
from common.charts import Figure, daybars
from common.templatetags import ui

WIDE, NARROW, HEIGHT = 920, 300, 150
KINDS = (
    StepKind.RETRY,
    StepKind.MAIL,
    StepKind.LETTER,
    StepKind.TASK,
    StepKind.LIMIT,
    StepKind.FINAL,
)


@dataclass(frozen=True)
class PolicyLine:
    """A policy as the list shows it: whom it is for, what it does, how many use it."""

    policy: DunningPolicy
    values: PolicyValues
    cases: int
    currency: str

    @property
    def whom(self) -> str:
        return whom_words(self.values, self.currency)

    @property
    def does(self) -> list[str]:
        return policy_words(self.values)

    @property
    def bounds(self) -> list[str]:
        return bounds_words(self.values, self.currency)

    @property
    def picture(self) -> Picture:
        return picture_of(self.values)


@dataclass(frozen=True)
class VersionLine:
    """A version in the history: who made it when, why, what it does, how many used it."""

    number: int
    at: dt.datetime
    by: str
    note: str
    does: list[str]
    cases: int


@dataclass(frozen=True)
class Biggest:
    """One of the largest invoices, and what would come to it first."""

    case: ForeseenCase
    steps: list[str]


def is_for_others(policy: DunningPolicy) -> bool:
    """This will tell whether a policy takes what no other one does."""
    return fits_of(policy) == Fits(policy.collection)


def line_of(policy: DunningPolicy, *, cases: int, currency: str) -> PolicyLine:
    """This will return a policy's line. No query if its newest version is at hand."""
    return PolicyLine(policy, values_of(policy), cases, currency)


def versions_of(policy: DunningPolicy) -> list[VersionLine]:
    """This will return a policy's versions, the newest first. Three queries."""
    rows = policy.versions.select_related("created_by").prefetch_related("steps")
    counted = DunningCase.objects.filter(version__policy=policy).order_by()
    used = dict(counted.values_list("version").annotate(Count("pk")))
    return [
        VersionLine(
            row.number,
            row.created_at,
            row.created_by.name if row.created_by else "",
            row.note,
            policy_words(values_with(policy, row)),
            used.get(row.pk, 0),
        )
        for row in rows.order_by("-number")
    ]


def preview_content(
    preview: PolicyPreview,
    values: PolicyValues,
    *,
    currency: str,
    using: Mapping[str, int],
) -> dict[str, object]:
    """This will return what the preview's template needs."""
    return {
        "preview": preview,
        "preview_words": _sentence(preview, currency),
        "preview_figure": _figure(preview),
        "alone": _alone(preview, values, currency),
        "biggest": [Biggest(one, _steps(one)) for one in preview.biggest],
        "passed": [
            (reason_words(reason, {}), count)
            for reason, count in preview.skipped.items()
        ],
        "using": using,
    }


def _sentence(preview: PolicyPreview, currency: str) -> str:
    if not preview.invoices:
        return _("No open invoice of today would fall under it.")
    words = ngettext(
        "%(n)s open invoice of today would fall under it, with %(amount)s owed.",
        "%(n)s open invoices of today would fall under it, with %(amount)s owed.",
        preview.invoices,
    )
    told = {
        "n": ui.number(preview.invoices),
        "amount": ui.money(preview.owing, currency),
    }
    return words % told


def _alone(preview: PolicyPreview, values: PolicyValues, currency: str) -> str:
    """This will say what the hold-out costs, as far as anybody can know."""
    if not values.hold_out or not preview.invoices:
        return ""
    count = round(preview.invoices * values.hold_out)
    words = ngettext(
        "About %(n)s of them would be left alone until the last day: %(amount)s that"
        " nobody asks for until then.",
        "About %(n)s of them would be left alone until the last day: %(amount)s that"
        " nobody asks for until then.",
        count,
    )
    amount = ui.money(preview.owing * Decimal(values.hold_out), currency)
    return words % {"n": ui.number(count), "amount": amount}


def _figure(preview: PolicyPreview) -> Figure | None:
    totals = [day.total for day in preview.days]
    if not any(totals):
        return None

    def draw(width: int, step: int) -> str:
        places = range(0, len(totals), step)
        return daybars(
            totals,
            days=[(place, ui.day(preview.days[place].day)) for place in places],
            width=width,
            height=HEIGHT,
            write=ui.number,
        )

    kinds = [kind for kind in KINDS if preview.kinds.get(kind)]
    done = ", ".join(
        f"{kind.label}: {ui.number(preview.kinds[kind])}" for kind in kinds
    )
    return Figure(
        headline=ngettext(
            "%(n)s step in the next %(days)s days, if nobody pays",
            "%(n)s steps in the next %(days)s days, if nobody pays",
            sum(totals),
        )
        % {"n": ui.number(sum(totals)), "days": DAYS},
        subtitle=done,
        wide=draw(WIDE, 5),
        narrow=draw(NARROW, 15),
        columns=[_("Day"), *(str(kind.label) for kind in kinds)],
        rows=[
            (ui.day(day.day), *(ui.number(day.counts.get(kind, 0)) for kind in kinds))
            for day in preview.days
            if day.total
        ],
    )


def _steps(one: ForeseenCase) -> list[str]:
    """This will say the next three things, with their days."""
    done = [step for step in one.steps if not step.skipped and step.kind != "close"]
    labels: Mapping[str, str] = {kind.value: str(kind.label) for kind in KINDS}
    again = _("Try again")
    told: Sequence[tuple[str, dt.datetime]] = [
        (labels.get(step.kind, again), step.at) for step in done[:3]
    ]
    return [f"{ui.day(at)}: {words}" for words, at in told]


def used_now(policy: DunningPolicy | None) -> dict[str, int]:
    """This will count the open cases by the version they keep. One query."""
    if policy is None:
        return {}
    rows = DunningCase.objects.filter(state=CaseState.OPEN, version__policy=policy)
    counted = rows.order_by("version__number").values_list("version__number")
    return {str(number): n for number, n in counted.annotate(n=Count("pk"))}
