"""The demo's survey programme: half a year of mails, clicks, answers and themes.

The answers are those the simulation wrote and the import took in; here they get the mail
that they answer. Those who were asked and did not answer are made up beside them.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from accounts.actor import CONSOLE
from accounts.selectors import company
from common.dates import local_day
from customers.models import Contact
from demo.calculations.draws import pick, stream
from demo.calculations.people import ROLES
from demo.services.followed_up import answers_followed_up
from demo.services.pain import themes_made
from demo.services.turns import LOOKING_BACK, Turn, turns_answered, turns_silent
from demo.texts.programme import SURVEY
from mail.enums import MessageState
from mail.models import OutboxMessage
from surveys.calculations.scales import scale_of
from surveys.enums import Flag, InvitationState, ResponseSource, SurveyKind
from surveys.models import (
    Click,
    Invitation,
    InvitationMail,
    Response,
    ResponseEdit,
    Survey,
    SurveyVersion,
)
from surveys.selectors.turns import Day, cycles_between, day_of, round_of
from surveys.selectors.versions import version_newest
from surveys.services.states import survey_start
from surveys.services.surveys import survey_create
from surveys.services.versions import version_freeze

EVERY = 182
# The second cycle began so long ago; who was asked before belongs to the first.
INTO_CYCLE = 60
EXPIRES = dt.timedelta(days=30)
# Of those who did not answer: opened the link with a score; a machine did.
OPENED, SCANNED = 0.08, 0.03
# Of the answers without a sentence: came so fast that they wait for somebody's word.
DOUBTFUL = 0.03
AGENTS = ("Firefox", "Chrome", "Safari", "Edge")


@transaction.atomic
def programme_made(*, now: dt.datetime, seed: int) -> Survey | None:
    """This will make the survey, its past and the themes; None when it is there.

    Costs some 30 queries and a few for each answer that is bad news.
    """
    if Survey.objects.filter(name=SURVEY).exists():
        return None
    rng = stream(seed, "programme")
    today = local_day(now, ZoneInfo(company().time_zone))
    survey, version = _survey(today=today, now=now)
    day = day_of(now)
    turns = sorted(
        [*turns_answered(now), *turns_silent(rng, now, today)],
        key=lambda turn: (turn.asked_at, turn.contact.pk),
    )
    invitations = _invitations(survey, version, turns, day)
    _mails(turns, invitations)
    _clicks(rng, turns, invitations)
    _answers(rng, version, turns, invitations)
    answers_followed_up(rng, now=now)
    themes_made(rng, now=now)
    return survey


def _survey(*, today: dt.date, now: dt.datetime) -> tuple[Survey, SurveyVersion]:
    """This will make and start the survey, as if that had been eight months ago."""
    survey = survey_create(name=SURVEY, kind=SurveyKind.NPS, by=CONSOLE, now=now)
    began = now - dt.timedelta(days=EVERY + INTO_CYCLE)
    survey.starts_on = today - dt.timedelta(days=EVERY + INTO_CYCLE)
    survey.roles = [ROLES[key] for key in ("champion", "executive", "planner", "it")]
    survey.contacts_limit, survey.created_at = 2, began
    survey.save()
    survey_start(survey=survey, by=CONSOLE, now=now)
    Survey.objects.filter(pk=survey.pk).update(started_at=began)
    version = version_newest(survey)
    version_freeze(version, now=began)
    survey.refresh_from_db()
    return survey, version


def _invitations(
    survey: Survey, version: SurveyVersion, turns: list[Turn], day: Day
) -> list[Invitation]:
    began = day.today - dt.timedelta(days=LOOKING_BACK + 1)
    cycles = cycles_between(survey, day, first=began, last=day.today)
    rows = []
    for turn in turns:
        asked_on = turn.asked_at.astimezone(day.zone).date()
        cycle = [one for one in cycles if one.days[0] <= asked_on or one is cycles[0]]
        ends, state = turn.asked_at + EXPIRES, InvitationState.ASKED
        if turn.answer:
            state = InvitationState.ANSWERED
        elif ends < day.now:
            state = InvitationState.EXPIRED
        rows.append(
            Invitation(
                survey=survey,
                version=version,
                customer=turn.contact.customer,
                contact=turn.contact,
                round=round_of(survey, cycle[-1], day),
                state=state,
                language=turn.contact.language or "en",
                created_at=turn.asked_at,
                expires_at=ends,
                answered_at=turn.answer.responded_at if turn.answer else None,
            )
        )
    return Invitation.objects.bulk_create(rows)


def _mails(turns: list[Turn], invitations: list[Invitation]) -> None:
    messages = OutboxMessage.objects.bulk_create(
        _message(invitation, turn.contact)
        for turn, invitation in zip(turns, invitations, strict=True)
    )
    InvitationMail.objects.bulk_create(
        InvitationMail(invitation=invitation, number=0, message=message)
        for invitation, message in zip(invitations, messages, strict=True)
    )


def _message(invitation: Invitation, contact: Contact) -> OutboxMessage:
    at = invitation.created_at
    return OutboxMessage(
        effect_key=f"surveys.invitation:{invitation.pk}:0",
        kind="surveys.invitation",
        category="survey",
        data={
            "invitation": invitation.pk,
            "number": 0,
            "contact_id": contact.pk,
        },
        to_email=contact.email,
        to_name=contact.name,
        domain=contact.email.rpartition("@")[2],
        language=invitation.language,
        customer_id=invitation.customer_id,
        contact=contact,
        message_id=f"demo-{invitation.pk}@fleetlane.example",
        in_working_hours=True,
        created_at=at,
        due_at=at,
        state=MessageState.SENT,
        attempts=1,
        sent_at=at,
        finished_at=at,
    )


def _clicks(
    rng: np.random.Generator, turns: list[Turn], invitations: list[Invitation]
) -> None:
    """This will open the link of everybody who answered, and of some who did not."""
    clicks = []
    for turn, invitation in zip(turns, invitations, strict=True):
        chance = float(rng.random())
        if turn.answer:
            seconds = (turn.answer.responded_at - turn.asked_at).total_seconds()
            clicks.append(_click(rng, invitation, turn.answer.score, int(seconds)))
        elif chance < SCANNED:
            clicks += [
                _click(rng, invitation, score, 3 + score, machine=True)
                for score in scale_of(SurveyKind.NPS)[:4]
            ]
        elif chance < SCANNED + OPENED:
            after = int(rng.integers(300, 90_000))
            clicks.append(_click(rng, invitation, int(rng.integers(3, 11)), after))
    Click.objects.bulk_create(clicks)


def _click(
    rng: np.random.Generator,
    invitation: Invitation,
    score: int,
    seconds: int,
    *,
    machine: bool = False,
) -> Click:
    return Click(
        invitation=invitation,
        clicked_at=invitation.created_at + dt.timedelta(seconds=seconds),
        score=score,
        seconds=seconds,
        agent="" if machine else pick(rng, AGENTS),
        network="203.0.113.0/24",
        flags=[Flag.FAST, Flag.MANY] if machine else [],
    )


def _answers(
    rng: np.random.Generator,
    version: SurveyVersion,
    turns: list[Turn],
    invitations: list[Invitation],
) -> None:
    """This will tie the answers to their invitations."""
    rows, edits = [], []
    for turn, invitation in zip(turns, invitations, strict=True):
        row = turn.answer
        if row is None:
            continue
        touched = not row.comment
        row.version, row.invitation = version, invitation
        row.language = invitation.language
        row.source = ResponseSource.GESTURE if touched else ResponseSource.SENT
        if touched and rng.random() < DOUBTFUL:
            row.flags, row.counted = [Flag.FAST], False
        rows.append(row)
        edits.append(
            ResponseEdit(
                response=row,
                score=row.score,
                comment=row.comment,
                source=row.source,
                edited_at=row.responded_at,
            )
        )
    fields = ["version", "invitation", "language", "source", "flags", "counted"]
    Response.objects.bulk_update(rows, fields)
    ResponseEdit.objects.bulk_create(edits)
