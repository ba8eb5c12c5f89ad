"""Which scorecards are in use, now or in a run."""

from typing import Any

from django.db.models import OuterRef, Subquery

from health.calculations.scorecard import rules_from_config
from health.lineup import Lineup
from health.models import Run, Scorecard, ScorecardVersion


def lineup_in_use() -> Lineup:
    """This will return the published versions in their order. Three queries.

    Needs a published default scorecard (`scorecards.scorecard_current` makes one).
    """
    published = ScorecardVersion.objects.filter(
        scorecard=OuterRef("pk"), published_at__isnull=False
    ).order_by("-published_at", "-id")
    cards = (
        Scorecard.objects.filter(retired_at__isnull=True)
        .annotate(live=Subquery(published.values("pk")[:1]))
        .exclude(live__isnull=True)
        .order_by("is_default", "priority", "id")
        .prefetch_related("segments")
    )
    rows = [
        {"version": card.live, "segments": [s.pk for s in card.segments.all()]}
        for card in cards
    ]
    return lineup_from(rows)


def lineup_of(run: Run) -> Lineup:
    """This will return the lineup a run was started with. One query."""
    rows = run.parameters.get("lineup")
    return lineup_from(rows or [{"version": run.scorecard_version_id, "segments": []}])


def lineup_from(rows: list[dict[str, Any]]) -> Lineup:
    """This will read what a run keeps. One query."""
    ids = [row["version"] for row in rows]
    versions = ScorecardVersion.objects.in_bulk(ids)
    return Lineup(
        ids,
        [rules_from_config(versions[pk].config) for pk in ids],
        [row["segments"] for row in rows],
    )
