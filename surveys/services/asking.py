"""Asking: who is asked, when, exactly once.

In parts of a few hundred contacts, each in a transaction of its own that makes the
invitations and asks the outbox for their mails. What is done stands in the rows, so a
worker that is killed leaves whole parts, and whoever comes next goes on behind them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.dates import day_end
from common.errors import KeepwellError
from common.locks import Lock, transaction_lock
from mail.services.outbox import Draft, messages_queue
from surveys.calculations.content import Content, content_read
from surveys.enums import Drop, InvitationState, Schedule, SurveyState
from surveys.models import Invitation, InvitationMail, Survey, SurveyVersion
from surveys.selectors.audience import Verdict, verdicts_of
from surveys.selectors.rules import survey_rules
from surveys.selectors.turns import DAY, Day, Turn, turns_left, turns_now
from surveys.services.versions import version_freeze

KIND = "surveys.invitation"
# How many contacts a customer may have where all of them are asked.
MANY_CONTACTS = 10


class UnableToAsk(KeepwellError):
    """The survey lacks something without which nobody can be asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many were asked and dropped; whether nobody is left whose turn it is."""

    asked: int = 0
    dropped: int = 0
    finished: bool = True


def survey_is_due(survey: Survey, day: Day) -> bool:
    """This will say whether anybody's turn may have come since the survey last asked.

    No query. A survey to everybody asks once, those with dates of their own once a day,
    and what follows events at every tick.
    """
    begun = survey.starts_on is None or survey.starts_on <= day.today
    over = survey.ends_on is not None and survey.ends_on < day.today
    if survey.state != SurveyState.RUNNING or not begun or over:
        return False
    if survey.schedule == Schedule.EVENT or survey.asked_on is None:
        return True
    return survey.schedule != Schedule.ONCE and survey.asked_on < day.today


def survey_ask(
    *, survey: Survey, day: Day, go_on: Callable[[], bool] = lambda: True
) -> Asked:
    """This will ask everybody whose turn it is, or go on with it until told to stop.

    Two of these at once ask everybody once: parts take turns, and each looks at what the
    others did. A survey that is paused or closed meanwhile asks nobody more.
    """
    if not survey_is_due(survey, day):
        return Asked()
    asked = dropped = 0
    turns, size = turns_now(survey, day), _customers_at_once(survey)
    for first in range(0, len(turns), size):
        if not go_on():
            return Asked(asked, dropped, finished=False)
        part = _part_with_patience(survey, turns[first : first + size], day)
        if part is None:
            return Asked(asked, dropped, finished=False)
        asked, dropped = asked + part.asked, dropped + part.dropped
    if survey.schedule != Schedule.EVENT:
        Survey.objects.filter(pk=survey.pk).update(asked_on=day.today)
    return Asked(asked, dropped)


def _customers_at_once(survey: Survey) -> int:
    contacts: int = settings.SURVEY_SLICE_CONTACTS
    return max(1, contacts // (survey.contacts_limit or MANY_CONTACTS))


def _part_with_patience(
    survey: Survey, turns: Sequence[Turn], day: Day
) -> Asked | None:
    try:
        return _part_ask(survey, turns, day)
    except IntegrityError:
        # A contact or customer was erased between our look and our commit.
        return _part_ask(survey, turns, day)


@transaction.atomic
def _part_ask(survey: Survey, turns: Sequence[Turn], day: Day) -> Asked | None:
    """This will ask the contacts of some customers; None when the survey does not run."""
    # All surveys take turns: nobody may be asked by two of them at the same moment.
    transaction_lock(Lock.SURVEY_ASK)
    row = (
        Survey.objects.filter(pk=survey.pk, state=SurveyState.RUNNING)
        .select_for_update(of=("self",), no_key=True)
        .select_related("sender")
        .first()
    )
    if row is None:
        return None
    turns = turns_left(row, turns)
    judged = verdicts_of(row, turns, rules=survey_rules(), day=day)
    # Those behind enough others leave no trace: nothing was kept from them.
    judged = [verdict for verdict in judged if verdict.drop != Drop.ENOUGH]
    if not judged:
        return Asked()
    version = _version_of(row)
    made = _invite(row, version, judged, day)
    if made:
        version_freeze(version, now=day.now)
        _mail(row, made, now=day.now)
    return Asked(len(made), sum(not verdict.is_asked for verdict in judged))


def _version_of(survey: Survey) -> SurveyVersion:
    version = survey.versions.order_by("-number").first()
    if version is None:
        raise UnableToAsk(_("The survey has no words yet. Write its question."))
    return version


def _invite(
    survey: Survey, version: SurveyVersion, judged: Iterable[Verdict], day: Day
) -> list[Invitation]:
    """This will save a row for each contact and return those who are to get a mail."""
    content = content_read(version.content)
    expires_at = invitation_end(survey, day)
    rows = [
        Invitation(
            survey=survey,
            version=version,
            customer_id=verdict.turn.customer_id,
            contact=verdict.contact,
            round=verdict.turn.round,
            state=(
                InvitationState.ASKED if verdict.is_asked else InvitationState.DROPPED
            ),
            drop=verdict.drop,
            language=_language(content, verdict.contact.language),
            created_at=day.now,
            expires_at=expires_at if verdict.is_asked else None,
        )
        for verdict in judged
    ]
    # A contact that has moved to another customer within the round was asked there.
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    made = Invitation.objects.filter(
        survey=survey,
        round__in={row.round for row in rows},
        contact__in=[row.contact_id for row in rows],
        state=InvitationState.ASKED,
        mails=None,
    )
    return list(made.select_related("contact").order_by("id"))


def _language(content: Content, wanted: str) -> str:
    """This will return the language that the contact will read."""
    return content.chosen(wanted or content.default_language)[0]


def invitation_end(survey: Survey, day: Day) -> dt.datetime:
    """This will return when an invitation of today expires: at the end of a local day."""
    last = day.today + survey.expires_days * DAY
    if survey.ends_on is not None:
        last = min(last, survey.ends_on)
    return day_end(last, day.zone)


def _mail(survey: Survey, made: Iterable[Invitation], *, now: dt.datetime) -> None:
    mails_ask(survey, [(invitation, 0) for invitation in made], now=now)


def mails_ask(
    survey: Survey, wanted: Iterable[tuple[Invitation, int]], *, now: dt.datetime
) -> int:
    """This will ask the outbox for the mails of invitations, by number; how many are new.

    Call it in the transaction of what makes them due.
    """
    drafts = [
        Draft(
            kind=KIND,
            to_email=invitation.contact.email,
            data={
                "invitation": invitation.pk,
                "number": number,
                "contact_id": invitation.contact_id,
            },
            effect_key=f"{KIND}:{invitation.pk}:{number}",
            language=invitation.language,
            contact=invitation.contact,
            sender=survey.sender,
            in_working_hours=True,
            expires_at=invitation.expires_at,
        )
        for invitation, number in wanted
        if invitation.contact is not None
    ]
    messages = messages_queue(drafts, now=now)
    InvitationMail.objects.bulk_create(
        InvitationMail(
            invitation_id=message.data["invitation"],
            number=message.data["number"],
            message=message,
        )
        for message in messages
    )
    return len(messages)
