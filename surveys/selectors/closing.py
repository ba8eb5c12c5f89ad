"""How quickly somebody gets in touch after bad news, and how quickly it is settled."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q

from accounts.models import User
from surveys.models import Response

# Under so many the middle one says nothing a person could use.
ENOUGH = 10
LATELY = dt.timedelta(days=180)


class Median(Aggregate):
    """The middle value; between the two middle ones where their number is even."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Pace:
    """How it goes: of everybody's answers, or of one owner's.

    `due` counts those that have a reply or should have one by now; `in_time` those that
    got it in time. Medians are of those that have got so far, None where nobody has.
    """

    owner: str
    replied: int
    reply_median: dt.timedelta | None
    due: int
    in_time: int
    waiting: int
    closed: int
    close_median: dt.timedelta | None

    @property
    def replied_enough(self) -> bool:
        return self.replied >= ENOUGH

    @property
    def due_enough(self) -> bool:
        return self.due >= ENOUGH

    @property
    def closed_enough(self) -> bool:
        return self.closed >= ENOUGH

    @property
    def in_time_share(self) -> float:
        return self.in_time / self.due if self.due else 0.0


def closing_pace(*, user: User, now: dt.datetime) -> list[Pace]:
    """This will measure the bad news of the last half year: all of it, then by owner.

    Bad news is what has a due time and a person who may be replied to. Two queries.
    """
    rows = Response.objects.visible_to(user).filter(
        reply_due_at__isnull=False,
        counted=True,
        no_reply=False,
        responded_at__range=(now - LATELY, now),
    )
    figures = _figures(now)
    whole = rows.aggregate(**figures)
    owners = (
        rows.order_by()
        .values("customer__owner_id", "customer__owner__name")
        .annotate(**figures)
        .order_by("customer__owner__name", "customer__owner_id")
    )
    return [_pace("", whole)] + [
        _pace(row.pop("customer__owner__name") or "", row) for row in owners
    ]


def _figures(now: dt.datetime) -> dict[str, Any]:
    replied = Q(replied_at__isnull=False)
    closed = Q(resolved_at__isnull=False)
    open_ = ~replied & ~closed
    # What was settled without a reply is neither late nor in time.
    return {
        "replied": Count("id", filter=replied),
        "reply_median": Median(F("replied_at") - F("responded_at"), filter=replied),
        "due": Count("id", filter=replied | (open_ & Q(reply_due_at__lt=now))),
        "in_time": Count("id", filter=replied & Q(replied_at__lte=F("reply_due_at"))),
        "waiting": Count("id", filter=open_),
        "closed": Count("id", filter=closed),
        "close_median": Median(F("resolved_at") - F("responded_at"), filter=closed),
    }


def _pace(owner: str, row: dict[str, Any]) -> Pace:
    names = (
        "replied", "reply_median", "due", "in_time", "waiting", "closed", "close_median",
    )  # fmt: skip
    return Pace(owner=owner, **{name: row[name] for name in names})
