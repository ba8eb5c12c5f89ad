"""What can be measured: every measure there is, and where it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from health.measures import MEASURES
from health.measures.base import Measure, Text
from health.models import Scorecard
from health.scorecard_words import (
    anchors_words,
    freshness_words,
    group_label,
    percent,
)
from health.selectors.catalogue import Weighing, scorecards_weighing
from health.selectors.presence import measure_presence
from health.selectors.standing import latest_run

SOURCE_LABELS: dict[str, Text] = {
    "usage": _("Usage"),
    "tickets": _("Support tickets"),
    "answers": _("Answers to surveys"),
    "invoices": _("Invoices"),
    "payments": _("Payments"),
    "subscriptions": _("Subscriptions"),
    "interactions": _("Contacts noted"),
    "contacts": _("People at the customer"),
    "tasks": _("Tasks"),
    "profile": _("The customer itself"),
}


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure in words; `known` is the share of customers that have it."""

    measure: Measure
    source: Text
    anchors: str
    freshness: str
    scored: bool  # whether the latest run read it
    known: float | None  # None: it applies to nobody
    counts: Sequence[tuple[Scorecard, str]]  # with its share of the whole


@require_safe
def measures(request: PersonalRequest) -> HttpResponse:
    """This will list the measures by group, with how many customers have each."""
    run = latest_run()
    presence = measure_presence(run, sample=True) if run else {}
    cards = scorecards_weighing()
    groups: dict[str, list[MeasureLine]] = {}
    for measure in MEASURES.values():
        line = _line(measure, presence, cards)
        groups.setdefault(measure.group, []).append(line)
    content = {
        "groups": [(key, group_label(key), lines) for key, lines in groups.items()],
        "total": len(MEASURES),
        "run": run,
        "cards": cards,
    }
    return render(request, "health/measures.html", content)


def _line(
    measure: Measure, presence: dict[str, float | None], cards: Sequence[Weighing]
) -> MeasureLine:
    age = measure.freshness
    return MeasureLine(
        measure=measure,
        source=SOURCE_LABELS[measure.source],
        anchors=anchors_words(measure.anchors),
        freshness=freshness_words((age.full, age.half_life, age.maximum)),
        scored=measure.key in presence,
        known=presence.get(measure.key),
        counts=[
            (card.scorecard, percent(card.shares[measure.key]))
            for card in cards
            if measure.key in card.shares
        ],
    )
