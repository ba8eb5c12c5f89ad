"""Who was asked in a period, and how far each of them has come."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, FilteredRelation, Q

from mail.enums import MessageState
from surveys.calculations.estimates import Estimate
from surveys.calculations.satisfaction import share
from surveys.enums import InvitationState
from surveys.models import Click
from surveys.selectors.results import Wanted

ARRIVED = Q(
    first_mail__message__state=MessageState.SENT,
    first_mail__message__bounced_at__isnull=True,
)
# Somebody who has answered has had the mail, whatever the mail server said.
DELIVERED = ARRIVED | Q(response__counted=True)


@dataclass(frozen=True, slots=True)
class SegmentAsked:
    """How many of a segment's mails arrived, and how many were answered."""

    key: str
    name: str
    delivered: int
    confirmed: int


@dataclass(slots=True)
class Asked:
    """The way from "it is their turn" to a comment, in numbers of invitations.

    `waiting` mails have not left yet; the others that did not arrive were refused, came
    back, or were not sent because there was no point any more. `ended` invitations have
    lost their clicks, because these are not kept for ever.
    """

    turns: int = 0
    asked: int = 0
    waiting: int = 0
    delivered: int = 0
    opened: int = 0
    scored: int = 0
    confirmed: int = 0
    commented: int = 0
    ended: int = 0
    drops: dict[str, int] = field(default_factory=dict)
    segments: list[SegmentAsked] = field(default_factory=list)

    @property
    def rate(self) -> Estimate | None:
        """Confirmed of delivered, with its interval."""
        return share(self.confirmed, self.delivered)

    @property
    def undelivered(self) -> int:
        return self.asked - self.delivered - self.waiting


def results_asked(wanted: Wanted) -> Asked:
    """This will count the invitations of a period step by step. Two queries.

    They go by when the turn came, so an answer belongs to the same invitation as its
    mail and the rate never exceeds one.
    """
    found = Asked()
    _count(wanted, found)
    if found.asked:
        _count_clicks(wanted, found)
    return found


def _count(wanted: Wanted, found: Asked) -> None:
    first = FilteredRelation("mails", condition=Q(mails__number=0))
    rows = wanted.invitations().order_by().annotate(first_mail=first)
    grouped = rows.values("customer__segment_id", "customer__segment__name", "drop")
    confirmed = Q(response__counted=True)
    drops: Counter[str] = Counter()
    segments: dict[str, SegmentAsked] = {}
    for row in grouped.annotate(
        n=Count("pk"),
        waiting=Count(
            "pk",
            filter=Q(first_mail__message__state=MessageState.PENDING)
            | Q(first_mail__message__state=MessageState.SENDING)
            | Q(first_mail__isnull=True, state=InvitationState.ASKED),
        ),
        delivered=Count("pk", filter=DELIVERED),
        confirmed=Count("pk", filter=confirmed),
        commented=Count("pk", filter=confirmed & ~Q(response__comment="")),
        ended=Count("pk", filter=Q(ended_at__isnull=False)),
        # Whose clicks are no longer kept has opened the page all the same.
        opened=Count("pk", filter=confirmed & Q(ended_at__isnull=False)),
    ):
        found.turns += row["n"]
        if row["drop"]:
            drops[row["drop"]] += row["n"]
            continue
        found.asked += row["n"]
        for name in (
            "waiting",
            "delivered",
            "confirmed",
            "commented",
            "ended",
            "opened",
        ):
            setattr(found, name, getattr(found, name) + row[name])
        key = str(row["customer__segment_id"] or "")
        segments[key] = SegmentAsked(
            key,
            row["customer__segment__name"] or "",
            row["delivered"],
            row["confirmed"],
        )
    found.drops = dict(drops.most_common())
    found.segments = [segments[key] for key in sorted(segments)]


def _count_clicks(wanted: Wanted, found: Asked) -> None:
    ours = Click.objects.filter(
        invitation__in=wanted.invitations(), invitation__ended_at__isnull=True
    )
    clicks = ours.aggregate(
        opened=Count("invitation", distinct=True),
        scored=Count("invitation", distinct=True, filter=Q(score__isnull=False)),
    )
    found.opened += clicks["opened"]
    found.scored = clicks["scored"]


def results_unconfirmed(wanted: Wanted) -> int:
    """This will count those who followed a score in the period and sent nothing. One query."""
    clicks = Click.objects.visible_to(wanted.user).filter(
        wanted.within("clicked_at"),
        invitation__survey=wanted.survey,
        invitation__response__isnull=True,
        score__isnull=False,
    )
    if wanted.version:
        clicks = clicks.filter(invitation__version__number=wanted.version)
    counted: int = clicks.aggregate(n=Count("invitation", distinct=True))["n"]
    return counted
