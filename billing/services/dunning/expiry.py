"""Telling customers that the card they pay with expires, before a charge fails."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from billing.enums import Collection, MethodKind
from billing.models import CardNotice, DunningPolicy, PaymentMethod, Subscription
from billing.selectors.dunning.policies import policies_in_order, version_in_use
from billing.selectors.people import payers
from billing.services.dunning.policies import policies_ensure
from mail.services.outbox import Draft, messages_queue

EXPIRES = "billing.card_expires"
DAY = dt.timedelta(days=1)
BATCH = 500


def card_notices_queue(*, today: dt.date, now: dt.datetime) -> int:
    """This will ask for the notices that are due, and return how many.

    For the card that is charged, where we collect and something runs on it beyond its last
    day. Once per card, expiry and day of the policy, however often it is called; of days
    that were missed only the nearest is told. A card that was renewed meanwhile expires on
    another day. A few queries, and six per 500 cards.
    """
    policies_ensure(now)
    told = 0
    taken: list[int] = []
    for policy in policies_in_order(Collection.CHARGE):
        # Which amount fails nobody knows yet: policies for amounts say nothing of cards.
        if policy.from_amount is not None:
            continue
        if policy.is_on:
            told += _policy_notices(policy, taken, today, now)
        if policy.segment_id is not None:
            taken.append(policy.segment_id)
    return told


def _policy_notices(
    policy: DunningPolicy, taken: Sequence[int], today: dt.date, now: dt.datetime
) -> int:
    told, behind = 0, -1
    # From the nearest: each day is told to those that no nearer one is for.
    for days in sorted({int(day) for day in version_in_use(policy).notice_days}):
        rows = _expiring(
            first=today + (behind + 1) * DAY, last=today + days * DAY, days=days
        )
        segment = Q(customer__segment=policy.segment_id)
        mine = segment if policy.segment_id else ~Q(customer__segment__in=taken)
        if policy.segment_id is None:
            mine = mine | Q(customer__segment__isnull=True)
        after = 0
        rows = rows.filter(mine).order_by("pk")
        while batch := list(rows.filter(pk__gt=after)[:BATCH]):
            told, after = told + _tell(batch, days, now), batch[-1].pk
        behind = days
    return told


def _expiring(*, first: dt.date, last: dt.date, days: int) -> QuerySet[PaymentMethod]:
    """This will find the cards whose last day is one of these and that are still needed."""
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("expires_on"))
    running = Subscription.objects.filter(
        lasting, customer=OuterRef("customer"), gateway=OuterRef("account")
    )
    noticed = CardNotice.objects.filter(
        method=OuterRef("pk"), expires_on=OuterRef("expires_on"), days_before__lte=days
    )
    return PaymentMethod.objects.filter(
        ~Exists(noticed),
        Exists(running),
        kind=MethodKind.CARD,
        is_default=True,
        removed_at__isnull=True,
        expires_on__range=(first, last),
        account__is_on=True,
        account__collects=True,
        # Who has just entered it knows.
    ).exclude(changed_at__date__gt=F("expires_on") - days * DAY)


@transaction.atomic
def _tell(rows: Sequence[PaymentMethod], days: int, now: dt.datetime) -> int:
    people = payers({row.customer_id for row in rows})
    told = [row for row in rows if row.customer_id in people]
    CardNotice.objects.bulk_create(
        [
            CardNotice(
                method=row,
                customer_id=row.customer_id,
                expires_on=row.expires_on,
                days_before=days,
                asked_at=now,
            )
            for row in told
            if row.expires_on is not None
        ],
        # Somebody else's row wins, also one that is committed meanwhile.
        ignore_conflicts=True,
    )
    notices = CardNotice.objects.filter(
        method__in=told, days_before=days, asked_at=now
    ).select_related("method")
    drafts = [
        Draft(
            kind=EXPIRES,
            to_email=people[one.customer_id].email,
            data={"notice": one.pk},
            effect_key=f"{EXPIRES}:{one.method_id}:{one.expires_on}:{days}",
            contact=people[one.customer_id],
            customer=people[one.customer_id].customer,
        )
        for one in notices.order_by("pk")
        if one.expires_on == one.method.expires_on
    ]
    return len(messages_queue(drafts, now=now))
