"""The healthiest customers: whom to ask for what, and who was asked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from health.calculations.asking import EXPANSION, REFERENCE, REVIEW
from health.calculations.scorecard import rules_from_config
from health.enums import AskKind, Band
from health.models import Ask, Board, Score
from health.models.board import BoardQuerySet
from health.readings import unpack
from health.scoring import at_codes, score_readings, top_measures

BITS = {
    AskKind.REFERENCE: REFERENCE,
    AskKind.REVIEW: REVIEW,
    AskKind.EXPANSION: EXPANSION,
}
# Nobody is asked for anything twice in a quarter, nor for the same twice in a year.
QUIET_DAYS, SAME_DAYS = 90, 365
# What the index of the board is ordered by: health times revenue.
PLACE = F("score") * Cast("mrr", FloatField())


def askable(
    *, user: User, kind: AskKind, today: dt.date, now: dt.datetime
) -> BoardQuerySet:
    """This will return whom the person may ask for something, each with its `place`.

    Left out is who was asked lately, is hidden, at risk, unknown, or scored on late data.
    """
    rows = _approachable(user, today, now)
    rows = rows.annotate(bit=F("asks").bitand(BITS[kind])).filter(_wanted(kind, now))
    return rows.annotate(place=PLACE)


def askable_counts(
    *, user: User, today: dt.date, now: dt.datetime
) -> dict[AskKind, int]:
    """This will count all three lists. One query."""
    rows = _approachable(user, today, now)
    counts = {}
    for kind, bit in BITS.items():
        rows = rows.annotate(**{f"bit_{kind}": F("asks").bitand(bit)})
        chosen = _wanted(kind, now, bit=f"bit_{kind}")
        counts[str(kind.value)] = Count(Value(1), filter=chosen)
    found = rows.aggregate(**counts)
    return {kind: found[kind.value] for kind in BITS}


def _approachable(user: User, today: dt.date, now: dt.datetime) -> BoardQuerySet:
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today)
    lately = Ask.objects.filter(
        customer_id=OuterRef("customer_id"),
        asked_at__gt=now - dt.timedelta(days=QUIET_DAYS),
    )
    return Board.objects.visible_to(user).filter(
        ~Exists(lately), awake, asks__gt=0, at_risk=False, late=False,
        band__gt=Band.AT_RISK,
    )  # fmt: skip


def _wanted(kind: AskKind, now: dt.datetime, *, bit: str = "bit") -> Q:
    """This will keep whom a kind is for, and who was not asked for it within a year.

    The band is looked at again: children or a person may have changed it since the rule.
    """
    same = Ask.objects.filter(
        customer_id=OuterRef("customer_id"),
        kind=kind,
        asked_at__gt=now - dt.timedelta(days=SAME_DAYS),
    )
    healthy = Q() if kind == AskKind.REVIEW else Q(band=Band.HEALTHY)
    return Q(~Exists(same), healthy, **{f"{bit}__gt": 0})


@dataclass(frozen=True, slots=True)
class Lift:
    """A measure that lifts a score: its code, what was read, and what before."""

    code: int
    value: float
    before: float


def lifts_of(customer_ids: Sequence[int], *, as_of: dt.date) -> dict[int, list[Lift]]:
    """This will name the two measures that lift each score most, from kept readings.

    For a page of customers: one query, and one vector calculation per scorecard version.
    """
    rows = Score.objects.filter(customer_id__in=customer_ids, as_of=as_of)
    by_version: dict[tuple[int, int], list[Score]] = {}
    for row in rows.select_related("run", "scorecard_version").order_by("customer_id"):
        by_version.setdefault((row.run_id, row.scorecard_version_id), []).append(row)
    found: dict[int, list[Lift]] = {}
    for scores in by_version.values():
        found |= _lifts(scores)
    return found


def _lifts(scores: Sequence[Score]) -> dict[int, list[Lift]]:
    """This will do it for customers of one run and one version."""
    run, version = scores[0].run, scores[0].scorecard_version
    readings = unpack(
        run.parameters["measures"],
        [bytes(score.values) for score in scores],
        [bytes(score.before) for score in scores],
        [bytes(score.ages) for score in scores],
        [score.tenure for score in scores],
    )
    rules = rules_from_config(version.config)
    frame = score_readings(readings, rules, late=run.parameters.get("late"))
    codes = top_measures(frame, lifting=True)
    values = at_codes(frame, codes, readings.value)
    before = at_codes(frame, codes, readings.before)
    return {
        score.customer_id: [
            Lift(code, value, earlier)
            for code, value, earlier in zip(*cells, strict=True)
            if code >= 0
        ]
        for score, *cells in zip(
            scores, codes.tolist(), values.tolist(), before.tolist(), strict=True
        )
    }


@dataclass(frozen=True, slots=True)
class AskedEdge:
    """The row a page of the asked begins behind."""

    asked_at: dt.datetime
    pk: int

    def encode(self) -> str:
        return f"{self.asked_at.isoformat()}|{self.pk}"


def asked_edge_from(text: str) -> AskedEdge | None:
    """This will read an edge; None (the first page) for anything that is not one."""
    moment, _, pk = text.partition("|")
    try:
        edge = AskedEdge(dt.datetime.fromisoformat(moment), int(pk))
    except ValueError:
        return None
    moment_is_sound = (
        edge.asked_at.tzinfo is not None and 1900 <= edge.asked_at.year < 2200
    )
    return edge if moment_is_sound and 0 <= edge.pk < 2**63 else None


def asked_page(
    *, user: User, now: dt.datetime, edge: AskedEdge | None, limit: int
) -> list[Ask]:
    """This will list who was asked in a year, the newest first, one more than `limit`."""
    since = now - dt.timedelta(days=SAME_DAYS)
    rows: QuerySet[Ask] = Ask.objects.visible_to(user).filter(asked_at__gt=since)
    if edge:
        older = Q(asked_at__lt=edge.asked_at) | Q(pk__lt=edge.pk)
        rows = rows.filter(older, asked_at__lte=edge.asked_at)
    rows = rows.select_related("customer__owner", "author")
    return list(rows.order_by("-asked_at", "-id")[: limit + 1])


def yearly(board: Board) -> Decimal:
    """This will return a customer's recurring revenue of a year."""
    return Decimal(board.mrr * 12)
