"""Reminding those who have not answered, a few days after the last mail had gone out."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from mail.enums import MessageState
from surveys.enums import InvitationState, SurveyState
from surveys.models import Invitation, InvitationMail, Survey
from surveys.services.asking import mails_ask

AT_ONCE = 500
# A mail may be noted as sent a little later than it was.
LATE_NOTES = dt.timedelta(hours=1)


def survey_remind(
    *, survey: Survey, now: dt.datetime, go_on: Callable[[], bool] = lambda: True
) -> int:
    """This will ask for the reminders that are due, and return how many.

    Only while the survey runs and the invitation is open: an answer, the end of its time
    or a closed survey ends it. Who has left or wants no more is kept from it by the outbox,
    and a mail that never went out has none. Two queries when nothing is due: which mails
    were looked at is remembered by when they were sent.
    """
    if survey.state != SurveyState.RUNNING or not survey.reminders:
        return 0
    until = now - dt.timedelta(days=survey.reminder_days)
    due, reminded = _due(survey, until=until, now=now), 0
    for first in range(0, len(due), AT_ONCE):
        if not go_on():
            return reminded
        reminded += _part_remind(survey, due[first : first + AT_ONCE], now=now)
    if survey.reminded_until is None or until > survey.reminded_until:
        Survey.objects.filter(pk=survey.pk).update(reminded_until=until)
    return reminded


def _due(
    survey: Survey, *, until: dt.datetime, now: dt.datetime
) -> list[tuple[int, int]]:
    """This will return invitations whose last mail is old enough, and its number.

    All of them at once, put in order here: asked for the first few in an order of its
    own, the database would read every mail there ever was instead of the latest ones.
    """
    later = InvitationMail.objects.filter(
        invitation=OuterRef("invitation"), number__gt=OuterRef("number")
    )
    rows = InvitationMail.objects.filter(
        _since(survey),
        number__lt=survey.reminders,
        invitation__survey=survey,
        invitation__state=InvitationState.ASKED,
        invitation__expires_at__gt=now,
        message__state=MessageState.SENT,
        message__sent_at__lte=until,
    ).exclude(Exists(later))
    return sorted(rows.order_by().values_list("invitation_id", "number"))


def _since(survey: Survey) -> Q:
    if survey.reminded_until is None:
        return Q()
    return Q(message__sent_at__gt=survey.reminded_until - LATE_NOTES)


@transaction.atomic
def _part_remind(
    survey: Survey, part: Sequence[tuple[int, int]], *, now: dt.datetime
) -> int:
    row = (
        Survey.objects.filter(pk=survey.pk, state=SurveyState.RUNNING)
        .select_for_update(of=("self",), no_key=True)
        .select_related("sender")
        .first()
    )
    if row is None:
        return 0
    numbers = {invitation: number + 1 for invitation, number in part}
    # Whoever answers at this very moment holds the row, and needs no reminder.
    waiting = (
        Invitation.objects.filter(pk__in=numbers, state=InvitationState.ASKED)
        .exclude(contact=None)
        .exclude(contact__email="")
        .select_related("contact")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")
    )
    wanted = [(invitation, numbers[invitation.pk]) for invitation in waiting]
    return mails_ask(row, wanted, now=now)
