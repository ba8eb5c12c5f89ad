"""What gateways tell us by themselves: stored once, then read by others."""

import datetime as dt
import logging

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from billing.enums import GatewayTrouble
from billing.gateways.objects import Hint
from billing.models import GatewayAccount, GatewayEvent
from billing.services.gateways.wanting import objects_keep, objects_want
from common.jobs import enqueue

__all__ = ["clock_note", "heard_note", "hint_take", "mode_note", "objects_want"]

# How exactly it is noted when something was heard, so that not every event writes there.
NOTE_EVERY = dt.timedelta(minutes=1)
SKEW_STEP = 5
# Where good events come in, an old one is somebody's repetition, and no clock is wrong.
QUIET = dt.timedelta(minutes=10)
logger = logging.getLogger(__name__)


@transaction.atomic
def hint_take(*, account: GatewayAccount, hint: Hint, now: dt.datetime) -> bool:
    """This will store an event and count up what it names; False when it was known.

    Both are one transaction: what was answered with "thank you" is read for certain, and
    what comes eight times is wanted once. Nothing of the event is kept but its ids and
    its type; the state of providers that cannot be asked, until it is written.
    """
    if not _stored(account, hint, now):
        _same(account, hint).update(copies=F("copies") + 1)
        return False
    if hint.carried:
        wanted = objects_keep(account=account, carried=hint.carried)
    else:
        wanted = objects_want(account=account, about=hint.about, now=now)
    if wanted:
        enqueue("billing.gateway_read")
    return True


def _stored(account: GatewayAccount, hint: Hint, now: dt.datetime) -> bool:
    event = GatewayEvent(
        account=account,
        external_id=hint.event_id,
        type=hint.type[:100],
        about=[[str(kind), number] for kind, number in hint.about],
        happened_at=hint.happened_at,
        received_at=now,
    )
    if _same(account, hint).exists():
        return False
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _same(account: GatewayAccount, hint: Hint) -> QuerySet[GatewayEvent]:
    return GatewayEvent.objects.filter(account=account, external_id=hint.event_id)


def heard_note(*, account: GatewayAccount, hint: Hint, now: dt.datetime) -> None:
    """This will note that the gateway was heard, and how far its clock is from ours.

    Outside the event's transaction: all events would wait for this one row.
    """
    skew = round((hint.sent_at - now).total_seconds()) if hint.sent_at else None
    late = account.heard_at is None or now - account.heard_at >= NOTE_EVERY
    moved = skew is not None and abs(skew - (account.skew_seconds or 0)) >= SKEW_STEP
    settled = account.trouble in GatewayTrouble.values
    if not (late or moved or settled):
        return
    rows = GatewayAccount.objects.filter(pk=account.pk)
    rows.update(heard_at=now, skew_seconds=skew)
    rows.filter(trouble__in=GatewayTrouble.values).update(trouble="", trouble_at=None)


def clock_note(*, account: GatewayAccount, seconds: float, now: dt.datetime) -> None:
    """This will note that events are refused only because the clocks are apart.

    They are not lost: the nightly reconciliation lists what the gateway has. Nothing is
    noted where good events come in meanwhile, nor over a trouble of another kind.
    """
    logger.warning("An event of %s was signed %d s away.", account.kind, round(seconds))
    quiet = Q(heard_at=None) | Q(heard_at__lt=now - QUIET)
    trouble = Q(trouble="") | Q(trouble__in=GatewayTrouble.values)
    GatewayAccount.objects.filter(quiet, trouble, pk=account.pk).update(
        trouble=GatewayTrouble.CLOCK, trouble_at=now, skew_seconds=round(seconds)
    )


def mode_note(*, account: GatewayAccount, now: dt.datetime) -> None:
    """This will note that events of the gateway's other mode (live, test) come in."""
    logger.warning("An event of %s is of its other mode, and ignored.", account.kind)
    GatewayAccount.objects.filter(pk=account.pk, trouble="").update(
        trouble=GatewayTrouble.MODE, trouble_at=now
    )
