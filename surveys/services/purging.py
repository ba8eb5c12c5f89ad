"""Ending links whose time is over, and forgetting what came in by them."""

import datetime as dt

from django.db import transaction

from surveys.enums import InvitationState
from surveys.models import Click, Invitation
from surveys.selectors.rules import survey_rules

AT_ONCE = 500
OVER = (InvitationState.ANSWERED, InvitationState.EXPIRED)


@transaction.atomic
def links_end(*, now: dt.datetime) -> int:
    """This will end some of the links that are due, delete their clicks, and count them.

    Answers stay. What is left over is for the next tick. Three queries, or one when
    nothing is due (two with the rules).
    """
    last = now - dt.timedelta(days=survey_rules().keep_days)
    due = Invitation.objects.filter(
        state__in=OVER, ended_at__isnull=True, expires_at__lt=last
    )
    ids = list(due.order_by("expires_at", "id").values_list("id", flat=True)[:AT_ONCE])
    if ids:
        Click.objects.filter(invitation__in=ids).delete()
        Invitation.objects.filter(pk__in=ids).update(ended_at=now)
    return len(ids)
