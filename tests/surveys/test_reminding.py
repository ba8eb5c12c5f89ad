"""Reminders: after the mail had gone out, while nobody has answered, and never twice."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company
from customers.models import Contact
from mail.models import OutboxMessage
from surveys.models import Invitation, InvitationMail, Survey
from surveys.services.reminding import survey_remind
from tests.surveys.sending import DAY, HOUR, ask, make_survey, somebody
from tests.world import NOW

pytestmark = pytest.mark.django_db
SENT = NOW + 3 * HOUR
DUE = SENT + 4 * DAY


def sent(survey: Survey, *, at: dt.datetime = SENT, state: str = "sent") -> None:
    """This will say that all mails that wait have gone out."""
    OutboxMessage.objects.filter(state="pending").update(
        state=state, sent_at=at if state == "sent" else None, finished_at=at
    )


def remind(survey: Survey, *, now: dt.datetime = DUE) -> int:
    survey.refresh_from_db()
    return survey_remind(survey=survey, now=now)


def numbers() -> list[int]:
    return list(
        InvitationMail.objects.order_by("invitation", "number").values_list(
            "number", flat=True
        )
    )


@pytest.fixture
def survey(company: Company) -> Survey:
    made = make_survey(reminders=1, reminder_days=4)
    somebody()
    ask(made)
    return made


def test_one_reminder_when_the_mail_has_been_out_for_four_days(survey: Survey) -> None:
    sent(survey)
    assert remind(survey, now=DUE - dt.timedelta(seconds=1)) == 0
    assert remind(survey) == 1
    assert remind(survey) == 0
    sent(survey, at=DUE + HOUR)
    assert remind(survey, now=DUE + 20 * DAY) == 0
    assert numbers() == [0, 1]
    first, again = OutboxMessage.objects.order_by("id")
    row = Invitation.objects.get()
    assert again.effect_key == f"surveys.invitation:{row.pk}:1"
    assert again.data == {**first.data, "number": 1}
    assert (again.to_email, again.contact, again.language, again.sender) == (
        first.to_email, first.contact, first.language, first.sender,
    )  # fmt: skip
    assert (again.expires_at, again.in_working_hours) == (row.expires_at, True)


def test_two_reminders_each_counted_from_the_last_mail(company: Company) -> None:
    survey = make_survey(reminders=2, reminder_days=4)
    somebody()
    ask(survey)
    sent(survey)
    assert remind(survey) == 1
    sent(survey, at=DUE + 10 * HOUR)
    assert remind(survey, now=DUE + 4 * DAY) == 0
    assert remind(survey, now=DUE + 4 * DAY + 10 * HOUR) == 1
    sent(survey, at=DUE + 5 * DAY)
    assert remind(survey, now=DUE + 15 * DAY) == 0
    assert numbers() == [0, 1, 2]


@pytest.mark.parametrize(
    "state", ["pending", "sending", "unknown", "failed", "dropped"]
)
def test_a_mail_that_never_went_out_has_no_reminder(survey: Survey, state: str) -> None:
    OutboxMessage.objects.update(
        state=state,
        claim="00000000-0000-0000-0000-000000000001",
        lease_until=SENT,
    )
    assert remind(survey, now=DUE + 9 * DAY) == 0


@pytest.mark.parametrize("state", ["answered", "expired"])
def test_nobody_is_reminded_after_the_end(survey: Survey, state: str) -> None:
    sent(survey)
    Invitation.objects.update(state=state)
    assert remind(survey) == 0


def test_nobody_is_reminded_of_what_is_over(survey: Survey) -> None:
    sent(survey)
    end = Invitation.objects.get().expires_at
    assert end
    assert remind(survey, now=end) == 0


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_only_a_running_survey_reminds(survey: Survey, state: str) -> None:
    sent(survey)
    Survey.objects.update(state=state)
    assert remind(survey) == 0
    Survey.objects.update(state="running")
    assert remind(survey, now=DUE + 2 * DAY) == 1


def test_a_survey_without_reminders_sends_none_until_it_has_some(
    survey: Survey,
) -> None:
    Survey.objects.update(reminders=0)
    sent(survey)
    assert remind(survey) == 0
    Survey.objects.update(reminders=1)
    assert remind(survey, now=DUE + DAY) == 1


def test_who_is_gone_or_has_no_address_is_passed_over(company: Company) -> None:
    survey = make_survey()
    for name in ("A", "B", "C"):
        somebody(name)
    ask(survey)
    sent(survey)
    Contact.objects.get(name="A").delete()
    Contact.objects.filter(name="B").update(email="")
    assert remind(survey) == 1
    assert OutboxMessage.objects.order_by("-id")[0].to_name == "C"


def test_a_survey_closed_in_between_reminds_nobody(survey: Survey) -> None:
    sent(survey)
    survey.refresh_from_db()
    Survey.objects.update(state="closed")
    assert survey_remind(survey=survey, now=DUE) == 0
    assert numbers() == [0]


def test_it_stops_when_told(survey: Survey) -> None:
    sent(survey)
    survey.refresh_from_db()
    assert survey_remind(survey=survey, now=DUE, go_on=lambda: False) == 0
    survey.refresh_from_db()
    assert survey.reminded_until is None
    assert remind(survey) == 1


def test_a_note_that_comes_late_is_still_seen(survey: Survey) -> None:
    somebody("Late")
    Survey.objects.update(asked_on=None)
    ask(survey)
    late = OutboxMessage.objects.get(to_name="Late")
    OutboxMessage.objects.exclude(pk=late.pk).update(state="sent", sent_at=SENT)
    assert remind(survey, now=DUE + HOUR) == 1
    late.state, late.sent_at = "sent", SENT + dt.timedelta(minutes=30)
    late.save()
    assert remind(survey, now=DUE + HOUR + dt.timedelta(minutes=1)) == 1


def test_when_nothing_is_due_a_look_is_cheap(survey: Survey) -> None:
    sent(survey)
    remind(survey)
    survey.refresh_from_db()
    with CaptureQueriesContext(connection) as captured:
        survey_remind(survey=survey, now=DUE + dt.timedelta(minutes=1))
    # What is due, and how far that was.
    assert len(captured) == 2
