"""Which scorecards are in use, now or in a run."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery

from health.calculations.scorecard import rules_from_config
from health.lineup import Lineup
from health.models import Run, Scorecard, ScorecardVersion


def lineup_in_use() -> Lineup:
    """This will return the published versions in their order. Three queries.

    Needs a published default scorecard (`scorecards.scorecard_current` makes one).
    """
    return lineup_from(lineup_rows())


def lineup_rows(*, draft: ScorecardVersion | None = None) -> list[dict[str, Any]]:
    """This will return the lineup in use as a run keeps it; with a draft, as it would be.

    The draft stands in the place of its scorecard's version, or takes that scorecard's
    place where it was never published, or was retired. Two queries.
    """
    drafted = draft.scorecard_id if draft else None
    published = ScorecardVersion.objects.filter(
        scorecard=OuterRef("pk"), published_at__isnull=False
    ).order_by("-number")
    cards = (
        Scorecard.objects.filter(Q(retired_at__isnull=True) | Q(pk=drafted))
        .annotate(live=Subquery(published.values("pk")[:1]))
        .order_by("is_default", "priority", "id")
        .prefetch_related("segments")
    )
    rows = []
    for card in cards:
        version = draft.pk if draft and card.pk == drafted else card.live
        if version is not None:
            segments = sorted(segment.pk for segment in card.segments.all())
            rows.append({"version": version, "segments": segments})
    return rows


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
