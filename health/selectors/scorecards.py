"""Scorecards and their versions, as the pages read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.db.models import Count

from accounts.models import User
from customers.models import Segment
from health.calculations.scorecard_changes import Change, config_changes
from health.models import Scorecard, ScorecardVersion, Standing

# So many versions stand on a page.
HISTORY = 20


@dataclass(frozen=True, slots=True)
class ScorecardLine:
    """A scorecard in the list."""

    scorecard: Scorecard
    segments: Sequence[Segment]
    live: ScorecardVersion | None
    draft: ScorecardVersion | None
    customers: int  # of those the reader sees, scored by it in the latest run


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment, the scorecard that its customers fall to, and who else names it."""

    segment: Segment
    winner: Scorecard | None
    others: Sequence[Scorecard]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version, and what is different from the one before."""

    version: ScorecardVersion
    changes: Sequence[Change]
    first: bool


def version_live(scorecard: Scorecard) -> ScorecardVersion | None:
    """This will return the version in use. One query."""
    return (
        scorecard.versions.filter(published_at__isnull=False)
        .select_related("author")
        .order_by("-number")
        .first()
    )


def default_live() -> ScorecardVersion | None:
    """This will return the default scorecard's version in use. One query."""
    return (
        ScorecardVersion.objects.filter(
            published_at__isnull=False, scorecard__is_default=True
        )
        .select_related("scorecard")
        .order_by("-number")
        .first()
    )


def draft_of(scorecard: Scorecard) -> ScorecardVersion | None:
    """This will return the draft. One query."""
    return (
        scorecard.versions.filter(published_at__isnull=True)
        .select_related("author", "based_on", "scorecard")
        .first()
    )


def scorecards_without_draft() -> list[Scorecard]:
    """This will list what a file may become the draft of. One query."""
    drafts = ScorecardVersion.objects.filter(published_at__isnull=True)
    rows = Scorecard.objects.filter(retired_at__isnull=True).exclude(
        pk__in=drafts.values("scorecard")
    )
    return list(rows.order_by("is_default", "priority", "id"))


def scorecard_lines(user: User) -> list[ScorecardLine]:
    """This will list the scorecards in the order they are looked at, the retired last.

    Five queries; counting goes once over the standings that the reader sees.
    """
    cards = list(
        Scorecard.objects.order_by("is_default", "priority", "id").prefetch_related(
            "segments"
        )
    )
    cards.sort(key=lambda card: card.retired_at is not None)
    live, drafts = _newest()
    counts = _customers(user)
    return [
        ScorecardLine(
            card,
            sorted(card.segments.all(), key=lambda one: (one.name, one.pk)),
            live.get(card.pk),
            drafts.get(card.pk),
            counts.get(card.pk, 0),
        )
        for card in cards
    ]


def _newest() -> tuple[dict[int, ScorecardVersion], dict[int, ScorecardVersion]]:
    """This will return each scorecard's version in use, and its draft."""
    rows = ScorecardVersion.objects.select_related("author").defer("config")
    published = rows.filter(published_at__isnull=False)
    newest = published.order_by("scorecard_id", "-number").distinct("scorecard_id")
    drafts = rows.filter(published_at__isnull=True).order_by("scorecard_id")
    return (
        {row.scorecard_id: row for row in newest},
        {row.scorecard_id: row for row in drafts},
    )


def _customers(user: User) -> dict[int, int]:
    """This will count customers by the scorecard that scored them last."""
    rows = (
        Standing.objects.visible_to(user)
        .values("scorecard_version")
        .annotate(n=Count("pk"))
        .order_by()
    )
    by_version = {row["scorecard_version"]: row["n"] for row in rows}
    cards = ScorecardVersion.objects.filter(pk__in=by_version).values_list(
        "pk", "scorecard_id"
    )
    counts: dict[int, int] = {}
    for version, card in cards.order_by("pk"):
        counts[card] = counts.get(card, 0) + by_version[version]
    return counts


def segment_lines(lines: Sequence[ScorecardLine]) -> list[SegmentLine]:
    """This will say of every segment which scorecard its customers fall to. One query.

    Only published scorecards that are not retired score anybody.
    """
    counting = [line for line in lines if line.live and not line.scorecard.retired_at]
    default = [line.scorecard for line in counting if line.scorecard.is_default]
    return [
        _segment_line(
            segment,
            [
                line.scorecard
                for line in counting
                if not line.scorecard.is_default and segment in line.segments
            ]
            + default,
        )
        for segment in Segment.objects.order_by("name", "pk")
    ]


def _segment_line(segment: Segment, cards: list[Scorecard]) -> SegmentLine:
    named = [card for card in cards[1:] if not card.is_default]
    return SegmentLine(segment, cards[0] if cards else None, named)


def version_lines(
    scorecard: Scorecard, *, before: int | None = None
) -> tuple[list[VersionLine], int | None]:
    """This will list published versions, the newest first, and where the older begin.

    `before` keeps versions of a lower number. One query.
    """
    rows = scorecard.versions.filter(published_at__isnull=False)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.select_related("author").order_by("-number")[: HISTORY + 1])
    lines = [
        VersionLine(
            version,
            config_changes(earlier.config, version.config) if earlier else [],
            first=earlier is None,
        )
        for version, earlier in zip_longest(found, found[1:])
    ]
    older = found[HISTORY - 1].number if len(found) > HISTORY else None
    return lines[:HISTORY], older
